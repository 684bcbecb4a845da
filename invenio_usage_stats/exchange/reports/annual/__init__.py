# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Annual reports: the figures of a year beside those of the year before, with definitions."""

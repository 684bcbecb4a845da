# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Demo data: content through the services, set back in time, and two years of usage."""

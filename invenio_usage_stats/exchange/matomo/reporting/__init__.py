# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Reading what was reported, as Matomo's reporting API tells it.

The numbers are counted from the events themselves at each request, so those of today are there.
"""

# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""How runs are kept safe: leases, failures, bookmarks and the journal."""

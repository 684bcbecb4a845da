# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Aggregation: from the ledger and the usage events to deltas and snapshots."""

# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Snapshots: deltas folded into states, at the ends of months or of all days."""

# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Reports of usage for spreadsheets: who uses what, how much, and when last."""

# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Sheets: the compact form of a scope's usage in a day, a month or a year, for reading."""

# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Passing views on: share links, panels for other sites, code and snippets."""

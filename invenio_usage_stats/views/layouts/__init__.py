# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Layouts: dashboards as configured, and what is right of their settings."""

# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A door for programs that speak with Matomo: they report downloads here, and read the numbers."""

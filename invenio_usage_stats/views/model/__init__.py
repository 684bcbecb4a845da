# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The view model: what a page shows, as plain data in the reader's language."""

# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Usage as DataCite tells it, and as it is told to DataCite."""

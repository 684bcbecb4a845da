# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Exact record and usage statistics for InvenioRDM repositories and their communities."""

from .ext import InvenioUsageStats

__version__ = "0.1.0"

__all__ = ("InvenioUsageStats", "__version__")

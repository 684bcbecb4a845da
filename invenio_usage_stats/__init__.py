# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Exact record and usage statistics for InvenioRDM repositories and their communities."""

from .ext import InvenioUsageStats

__version__ = "0.1.0"

__all__ = ("InvenioUsageStats", "__version__")


def __getattr__(name: str) -> object:
    """Return the blueprint, which is only imported where pages are shown."""
    if name == "blueprint":
        from .views.blueprint import blueprint

        return blueprint
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

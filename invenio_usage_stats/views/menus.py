# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Entries of menus."""

from flask import Flask


def finalize_app(app: Flask) -> None:
    """Add our entries to the menus."""

# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The pages."""

from flask import Blueprint, Flask

blueprint = Blueprint("invenio_usage_stats", __name__, template_folder="../templates")


def create_blueprint(app: Flask) -> Blueprint:
    """Return the blueprint of the pages."""
    return blueprint


__all__ = ("blueprint", "create_blueprint")

# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Costs: what is too much for one answer."""

from flask import current_app

from ..errors import CostError


def check_cost(days: int, values: int) -> None:
    """Raise ``CostError`` when so many values for each of so many days cost too much."""
    limit = current_app.config["USAGE_STATS_MAX_COST"]
    if days * values > limit:
        raise CostError(days * values, limit)

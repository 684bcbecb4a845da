# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""How often may be asked: by user or by IP address, counted by the instance's own limiter."""

from typing import Any

from flask import current_app, request
from flask_login import current_user
from invenio_app.ext import limiter

from ..queries import check_body

SCOPE = "usage-stats"
POST_BLUEPRINT = "invenio_stats"
"""The blueprint of ``POST /api/stats``."""


def who() -> str:
    """Return whose requests are counted together.

    The limiter's own key changes with the User-Agent, so anybody could get round it.
    """
    if current_user and current_user.is_authenticated:
        return f"user:{current_user.get_id()}"
    return f"address:{request.remote_addr}"


def allowed() -> str:
    """Return the limit of the present reader in the limiter's notation; empty for none."""
    limits = current_app.config["USAGE_STATS_RATE_LIMIT"]
    known = current_user and current_user.is_authenticated
    return limits.get("user" if known else "guest") or ""


def body_of_post() -> Any:
    """Return the body of ``POST /api/stats``; none of other requests, and none that is no JSON."""
    if request.blueprint != POST_BLUEPRINT:
        return None
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None


def questions() -> int:
    """Return as how many requests the present one counts: each of several queries is one."""
    body = body_of_post()
    return max(1, len(body)) if isinstance(body, dict) else 1


@limiter.shared_limit(allowed, scope=SCOPE, key_func=who, cost=questions)
def count_request() -> None:
    """Count a request; raises ``RateLimitExceeded`` (429) when there were too many."""


def check_post() -> None:
    """Count the queries of ``POST /api/stats``, if the request goes there, and their cost.

    Raises ``CostError`` (422), too.
    """
    if request.blueprint == POST_BLUEPRINT:
        count_request()
        check_body(body_of_post())

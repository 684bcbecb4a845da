# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""How often may be asked: by user or by IP address, counted by the instance's own limiter."""

from flask import current_app, request
from flask_login import current_user
from invenio_app.ext import limiter

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


@limiter.shared_limit(allowed, scope=SCOPE, key_func=who)
def count_request() -> None:
    """Count a request; raises ``RateLimitExceeded`` (429) when there were too many."""


def count_post() -> None:
    """Count a request if it goes to ``POST /api/stats``."""
    if request.blueprint == POST_BLUEPRINT:
        count_request()

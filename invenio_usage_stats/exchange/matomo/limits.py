# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""How often somebody may report: counted by IP address, apart from all other limits."""

import math
import time
from functools import lru_cache

from flask import current_app
from invenio_app.ext import limiter
from limits import RateLimitItem, parse_many

SCOPE = "usage-stats-matomo"


def seconds_to_wait(address: str) -> int:
    """Count a request; return after how many seconds to try again, 0 when it is allowed."""
    for limit in _limits(current_app.config["USAGE_STATS_MATOMO_RATE_LIMIT"]):
        if limiter.enabled and not limiter.limiter.hit(limit, SCOPE, address):
            reset = limiter.limiter.get_window_stats(limit, SCOPE, address).reset_time
            return max(1, math.ceil(reset - time.time()))
    return 0


@lru_cache(8)
def _limits(text: str) -> list[RateLimitItem]:
    """Return limits in the notation of flask-limiter; an empty text is none."""
    return parse_many(text) if text else []

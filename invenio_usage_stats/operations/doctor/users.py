# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Check of use by user: whether every event is heard and counted, if that is wanted at all."""

from flask import current_app

from ...exchange.reports.users.consumer import STEP
from ...exchange.reports.users.stream import EAR
from ...exchange.reports.users.switching import is_on, was_on
from ...ext import USERS_BEAT_ENTRY
from .base import Finding
from .ears import listening, silent


def queue() -> Finding:
    """Check that our queue gets events, and that they are taken from it; or that there is none."""
    if not is_on():
        return silent(EAR, was_on())
    wanted = current_app.config["USAGE_STATS_PER_USER_SCHEDULE"]
    return listening(EAR, STEP, [USERS_BEAT_ENTRY] if wanted else [])

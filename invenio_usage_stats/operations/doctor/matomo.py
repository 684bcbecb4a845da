# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Check of reported use: whether what comes is kept and taken, if that is wanted at all."""

from flask import current_app

from ...errors import ConsumerError
from ...exchange.matomo.consumers import SETTING, registered
from ...exchange.matomo.sending import EAR
from ...exchange.matomo.switching import is_on, was_on
from ...exchange.matomo.taking import STEP
from ...ext import MATOMO_BEAT_ENTRY
from .base import Finding
from .ears import listening, silent


def queue() -> Finding:
    """Check the queue and the programs of the configuration; or that there is no queue."""
    if not is_on():
        return silent(EAR, was_on())
    try:
        registered()
    except ConsumerError as error:
        return Finding(f"{SETTING}: {error}", "Correct the configuration: nothing is stored.")
    wanted = current_app.config["USAGE_STATS_MATOMO_SCHEDULE"]
    return listening(EAR, STEP, [MATOMO_BEAT_ENTRY] if wanted else [])

# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Commands of what is counted by the Code of Practice for Research Data."""

from ..errors import SetupError
from ..exchange.switch import is_on
from ..readiness import require_setup
from .group import usage_stats


@usage_stats.group()
def counter() -> None:
    """Usage by the Code of Practice for Research Data."""


def require_on() -> None:
    """Raise ``SetupError`` when nothing is counted by the Code of Practice."""
    require_setup()
    if not is_on():
        raise SetupError("USAGE_STATS_COUNTER is off.")

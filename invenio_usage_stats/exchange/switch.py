# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Whether usage is counted by the Code of Practice at all."""

from flask import abort, current_app

from ..errors import SetupError
from ..readiness import require_setup


def is_on() -> bool:
    """Tell whether it is."""
    return bool(current_app.config["USAGE_STATS_COUNTER"])


def require_on() -> None:
    """Raise ``SetupError`` when nothing is counted by the Code of Practice, or before setup."""
    require_setup()
    if not is_on():
        raise SetupError("USAGE_STATS_COUNTER is off.")


def refuse_when_off() -> None:
    """Answer 404 to requests for what is not counted."""
    if not is_on():
        abort(404)

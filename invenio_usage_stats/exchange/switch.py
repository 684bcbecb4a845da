# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Switches: whether usage is counted by the Code of Practice, or by user, at all."""

from flask import abort, current_app

from ..errors import SetupError
from ..readiness import require_setup


class Switch:
    """Be a setting without which a part of the exchange is not there."""

    def __init__(self, setting: str) -> None:
        self.setting = setting

    def is_on(self) -> bool:
        """Tell whether it is switched on."""
        return bool(current_app.config[self.setting])

    def require_on(self) -> None:
        """Raise ``SetupError`` when it is off, or before setup."""
        require_setup()
        if not self.is_on():
            raise SetupError(f"{self.setting} is off.")

    def refuse_when_off(self) -> None:
        """Answer 404 to requests for what is not counted."""
        if not self.is_on():
            abort(404)


COUNTER = Switch("USAGE_STATS_COUNTER")
is_on, require_on, refuse_when_off = COUNTER.is_on, COUNTER.require_on, COUNTER.refuse_when_off

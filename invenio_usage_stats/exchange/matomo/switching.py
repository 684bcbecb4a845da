# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Whether there is a door for programs that speak with Matomo."""

from flask import abort, current_app


def is_on() -> bool:
    """Tell whether it is open."""
    return bool(current_app.config["USAGE_STATS_MATOMO"])


def refuse_when_off() -> None:
    """Answer 404 to requests for what is not there."""
    if not is_on():
        abort(404)

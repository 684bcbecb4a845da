# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Whether usage is counted by the Code of Practice at all."""

from flask import abort, current_app


def is_on() -> bool:
    """Tell whether it is."""
    return bool(current_app.config["USAGE_STATS_COUNTER"])


def refuse_when_off() -> None:
    """Answer 404 to requests for what is not counted."""
    if not is_on():
        abort(404)

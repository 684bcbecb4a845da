# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Automated clients: what programs fetch is nobody's use, whosever account they have.

The mark travels in the field for the session. The repository's own pipeline does not look at it
where there is a user, so its events, visitors and counts stay what they are.
"""

from collections.abc import Mapping
from typing import Any

from flask import current_app, request
from flask_login import current_user

AUTOMATED = "usage-stats:automated"
PARAMETER, HEADER = "tracking", "X-Usage-Tracking"
OFF = {PARAMETER: "false", HEADER: "off"}
BUILDER = f"{__name__}:mark"
BUILDERS = "event_builders"


def mark(event: dict[str, Any], *_args: Any, **_details: Any) -> dict[str, Any]:
    """Mark an event of somebody signed in that a program has caused."""
    if event.get("user_id") and is_automated():
        return {**event, "session_id": AUTOMATED}
    return event


def is_automated() -> bool:
    """Tell whether the caller is a program: it says so itself, or the repository knows."""
    return _says_so() or _is_service_account() or _client() in _clients()


def _says_so() -> bool:
    """Tell whether a request asks not to be counted as somebody's use."""
    said = request.args.get(PARAMETER), request.headers.get(HEADER, "").lower()
    return said[0] == OFF[PARAMETER] or said[1] == OFF[HEADER]


def _is_service_account() -> bool:
    """Tell whether the caller's account has the role of programs."""
    role = current_app.config["USAGE_STATS_PER_USER_AUTOMATED_ROLE"]
    return bool(role) and current_user.has_role(role)


def _client() -> str | None:
    """Return the OAuth client that a request comes from, if it has a token."""
    token = getattr(getattr(request, "oauth", None), "access_token", None)
    return token and token.client_id


def _clients() -> list[str]:
    """Return the OAuth clients that are programs."""
    return current_app.config["USAGE_STATS_PER_USER_AUTOMATED_CLIENTS"]


def marking(events: Mapping[str, Any]) -> dict[str, Any]:
    """Return the configuration of events, with those that people cause marked at their end."""
    return {name: _marked(event) if BUILDERS in event else event for name, event in events.items()}


def _marked(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return the configuration of one kind of events."""
    builders = [one for one in event[BUILDERS] if one != BUILDER]
    return {**event, BUILDERS: [*builders, BUILDER]}

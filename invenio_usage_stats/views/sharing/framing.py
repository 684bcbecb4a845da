# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Views that other sites may show in a frame."""

from collections.abc import Callable, Mapping
from functools import update_wrapper
from typing import Any

from flask import current_app

ANCESTORS = "frame-ancestors"
ENABLED = "USAGE_STATS_EMBED_ENABLED"
SITES = "USAGE_STATS_EMBED_SITES"


class Framed:
    """Be a view whose answers the allowed sites may frame; all other headers stay as they are.

    Flask-Talisman asks the view itself for its options, after every request.
    """

    def __init__(self, view: Callable[..., Any]) -> None:
        update_wrapper(self, view)
        self.view = view

    def __call__(self, **values: Any) -> Any:
        """Answer a request."""
        return self.view(**values)

    @property
    def talisman_view_options(self) -> dict[str, Any]:
        """Return what differs from the security headers of other views."""
        if not current_app.config[ENABLED]:
            return {}
        talisman = current_app.extensions["invenio-app"].talisman
        policy = _parts(getattr(talisman, "content_security_policy", None))
        return {"frame_options": None, "content_security_policy": {**policy, ANCESTORS: sites()}}


def sites() -> list[str]:
    """Return who may frame a view, as the policy says it: our own pages, and the listed sites."""
    return ["'self'", *current_app.config[SITES]]


def _parts(policy: str | Mapping[str, Any] | None) -> dict[str, Any]:
    """Return a content security policy by its directives."""
    if not isinstance(policy, str):
        return dict(policy or {})
    directives = (part.split(maxsplit=1) for part in policy.split(";") if part.strip())
    return {name: " ".join(values) for name, *values in directives}

# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Landing pages of communities: each page of one that is shown emits a visit."""

from typing import Any

from flask import Response, current_app, request
from invenio_stats.proxies import current_stats

from .events import NAME, is_on

LANDING = {
    True: "invenio_app_rdm_communities.communities_home",
    False: "invenio_app_rdm_communities.communities_detail",
}
"""The landing page of a community with a theme of its own, and of one without.

The home page of a community without a theme leads to its records; that of one with a theme does
not, and the list of its records is another page.
"""


def emit_visit(response: Response) -> Response:
    """Emit a visit if the answer shows a community's landing page, and return the answer."""
    community = getattr(request, "community", None)
    if community and is_on() and _is_shown(response) and request.endpoint == _landing(community):
        emit = current_stats.get_event_emitter(NAME)
        emit(current_app, community_id=str(community["id"]))
    return response


def _is_shown(response: Response) -> bool:
    """Tell whether an answer is a page that somebody looks at."""
    return request.method == "GET" and response.status_code == 200


def _landing(community: dict[str, Any]) -> str:
    """Return the endpoint of a community's landing page."""
    return LANDING[bool((community.get("theme") or {}).get("enabled"))]

# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What may be kept, by whom, and when a repeated question needs no new answer."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

from flask import Response, current_app, request
from flask_login import current_user
from werkzeug.http import quote_etag, unquote_etag

from .. import __version__
from ..catalog import Catalog
from ..reader.periods import today

VARY = "Accept, Accept-Language, Authorization, Cookie"
NOT_MODIFIED = 304


def etag(catalog: Catalog, *parts: Any) -> str:
    """Return the tag of an answer: the same as long as nothing that it depends on has changed.

    Beside what is given these are the day (periods by name move with it), the catalog, our
    settings and our version.
    """
    settings = sorted(
        (name, repr(value))
        for name, value in current_app.config.items()
        if name.startswith("USAGE_STATS_")
    )
    ids = [*catalog.metrics, *catalog.dimensions]
    whole = repr((today(), __version__, ids, settings, parts))
    return sha256(whole.encode()).hexdigest()[:32]


def cache_headers(tag: str, public: bool) -> dict[str, str]:
    """Return the headers of an answer that everybody may read, or only some.

    The tag is weak: compression on the way changes the bytes.
    """
    return {"ETag": quote_etag(tag, weak=True), "Cache-Control": _control(public), "Vary": VARY}


def _control(public: bool) -> str:
    """Return how long who may keep an answer."""
    age: timedelta = current_app.config["USAGE_STATS_PUBLIC_CACHE"]
    anonymous = not (current_user and current_user.is_authenticated)
    if public and anonymous and age:
        return f"public, max-age={int(age.total_seconds())}"
    return "private, no-cache"


def known(headers: dict[str, str]) -> bool:
    """Tell whether the reader has the answer with these headers already."""
    tag, _weak = unquote_etag(headers["ETag"])
    return request.if_none_match.contains_weak(tag)


def not_modified(headers: dict[str, str]) -> Response:
    """Return the answer that nothing has changed."""
    return Response(status=NOT_MODIFIED, headers=headers)

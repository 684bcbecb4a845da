# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What trackers send: read as leniently as Matomo does, and made safe to be stored.

Parameters come in the query, in a form, or as lists of either in JSON (*bulk*). Only those are
kept that mean something here.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import msgspec
from werkzeug import Request
from werkzeug.exceptions import RequestEntityTooLarge

from ...errors import UnreadableReportError

Parameters = dict[str, str]
TOKEN = "token_auth"
SEND_IMAGE = "send_image"
SITE, RECORDED, TIME, ADDRESS = "idsite", "rec", "cdt", "cip"
VISITOR, GOAL, USER = "cid", "idgoal", "uid"
CHECKED = (SITE, RECORDED, TIME, "cdo", ADDRESS, VISITOR, GOAL, USER, "_id", "country")
"""What the hit is about, and what not everybody may say."""
USED = ("url", "urlref", "download", "link", "action_name", "search", "e_c", "e_a", "e_n")
USED += ("uadata", "ua", "lang", "ping", "ca", "c_n", "bw_bytes")
"""What was done, and by which program."""
KNOWN = frozenset((*CHECKED, *USED, TOKEN, SEND_IMAGE))
LONGEST = 2_048
"""So many letters of a value are read."""
MOST_PARAMETERS = 500
MOST_HITS = 2_000
"""So many hits a request may bring."""
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
"""What neither a database nor UTF-8 takes."""
_QUOTED = (b'"requests"', b"'requests'")


class Asked(NamedTuple):
    """Be what one request reports."""

    hits: list[Parameters]
    token: str = ""
    """That of the request as a whole."""
    bulk: bool = False
    image: bool = True
    """Whether an image is wanted as the answer, or any JSON for bulk."""


def asked(request: Request) -> Asked:
    """Return what a request reports.

    Raises ``UnreadableReportError`` when that cannot be told, and ``RequestEntityTooLarge``.
    """
    token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    body = _body(request)
    if any(body.find(word) > 0 for word in _QUOTED):
        return _bulk(body, _query(request.query_string).get(TOKEN) or token)
    told = {**_known(request.form.items(multi=True)), **_query(request.query_string)}
    image = told.pop(SEND_IMAGE, "") != "0"
    some = bool(request.query_string or request.form)
    return Asked([told] if some else [], told.pop(TOKEN, "") or token, image=image)


def _body(request: Request) -> bytes:
    """Return the body of a request; one that comes in parts is cut off where it is too large."""
    body = request.get_data(parse_form_data=False)
    if request.max_content_length is not None and len(body) >= request.max_content_length:
        raise RequestEntityTooLarge
    return body


def _query(text: bytes | str) -> Parameters:
    """Return the parameters of a query; the last one of a name counts."""
    plain = text.decode(errors="replace") if isinstance(text, bytes) else text
    try:
        pairs = parse_qsl(plain, keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
    except ValueError as error:
        raise UnreadableReportError(f"{error}") from error
    return _known(pairs)


def _known(pairs: Iterable[tuple[str, Any]]) -> Parameters:
    """Return the parameters that mean something, as safe texts."""
    texts = ((name, _text(value)) for name, value in pairs if name in KNOWN)
    return {name: text for name, text in texts if text is not None}


def _text(value: Any) -> str | None:
    """Return a value of JSON as it would stand in a query; none when it could not."""
    if isinstance(value, Mapping | list):
        value = msgspec.json.encode(value).decode()
    elif isinstance(value, bool):
        value = str(int(value))
    elif isinstance(value, int | float):
        value = repr(value)[:LONGEST]
    return safe(value) if isinstance(value, str) else None


def safe(text: str) -> str:
    """Return a text that can be stored, and is not too long."""
    return _UNSAFE.sub(" ", text[:LONGEST]).strip()


def _bulk(body: bytes, token: str) -> Asked:
    """Return what a bulk request reports; hits without any parameter are left out."""
    try:
        sent = msgspec.json.decode(body.strip(), type=dict[str, Any])
        items = sent.get("requests")
        items = list(items.values()) if isinstance(items, dict) else items
        if not isinstance(items, list) or not items:
            raise UnreadableReportError("It has no requests.")
        if len(items) > MOST_HITS:
            raise RequestEntityTooLarge(f"At most {MOST_HITS} hits at once.")
        hits = [hit for hit in map(_item, items) if hit is not None]
        whole = _known((name, sent.get(name)) for name in (TOKEN, SEND_IMAGE))
    except (msgspec.MsgspecError, UnicodeError, RecursionError, ValueError) as error:
        raise UnreadableReportError(f"{error}") from error
    return Asked(hits, whole.get(TOKEN) or token, True, whole.get(SEND_IMAGE) not in ("0", ""))


def _item(item: Any) -> Parameters | None:
    """Return the parameters of one hit of a bulk request; none when there are none at all."""
    if isinstance(item, str):
        query = item.partition("#")[0].partition("?")[2]
        return _query(query) if query else None
    return _known(item.items()) if isinstance(item, Mapping) and item else None

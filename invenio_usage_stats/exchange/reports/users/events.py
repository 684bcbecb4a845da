# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""From a raw event to what somebody used: as the repository judges it, and only if it counts.

The repository's own preprocessors say whether it counts an event, and which event it takes for the
same. So a user never has more than there is.
"""

from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec
from flask import current_app
from invenio_base.utils import obj_or_import_string
from invenio_stats.proxies import current_stats

from ....aggregations.usage.events import UsageEvent, counts
from ....errors import UnreadableEventError
from ....ledger.history import GLOBAL, History, day_date
from ....ledger.reading import seconds
from ...counter.events import RawEvent
from ...ear import KINDS
from .automated import AUTOMATED

FILE, RECORD, COMMUNITY = "file", "record", "community"
WINDOW = 10
"""Within so many seconds the repository takes the same use by the same visitor for one."""
ID_BYTES = 20
UNUSUAL = (AttributeError, LookupError, TypeError, ValueError)
"""What preprocessors raise for events that are not as they must be."""


class Heard(NamedTuple):
    """Be an event that counts for a user."""

    id: str
    """The same for all that the repository takes for one event."""
    kind: str
    user_id: int
    recid: str
    file: str | None
    size: int
    at: int
    """Seconds since 1970."""

    @property
    def day(self) -> date:
        """Return the day on which it happened."""
        return day_date(self.at // 86_400)


class Use(NamedTuple):
    """Be how often and how much something was used."""

    views: int = 0
    downloads: int = 0
    volume: int = 0

    def plus(self, other: "Use") -> "Use":
        """Return both together."""
        return Use(*map(sum, zip(self, other, strict=True)))


def heard(body: bytes | str, key: str) -> Heard | None:
    """Return what a message says of a user; none when it says nothing, or does not count.

    Raises ``UnreadableEventError``.
    """
    try:
        raw = msgspec.json.decode(body, type=dict[str, Any])
        user = raw.get("user_id")
        if not str(user or "").isdecimal() or raw.get("session_id") == AUTOMATED:
            return None
        told = msgspec.convert(raw, RawEvent, strict=False)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UnreadableEventError("It is no event.") from error
    stored = _as_stored(key.removeprefix("stats-"), raw)
    if stored is None or not counts(KINDS[key], stored):
        return None
    at = seconds(told.moment.isoformat())
    file = told.file_key if KINDS[key] == "download" else None
    id_ = _id(key, stored, at)
    return Heard(id_, KINDS[key], int(user), told.recid, file, told.size or 0, at)


def _as_stored(name: str, raw: dict[str, Any]) -> UsageEvent | None:
    """Return an event as the repository stores it; none when it does not."""
    event: dict[str, Any] | None = deepcopy(raw)
    for one in current_stats.events[name].params.get("preprocessors", ()):
        try:
            event = obj_or_import_string(one)(event)
        except UNUSUAL as error:
            raise UnreadableEventError("The repository cannot read it.") from error
        if event is None:
            return None
    return msgspec.convert(event, UsageEvent)


def _id(key: str, stored: UsageEvent, at: int) -> str:
    """Return a keyed hash of what the repository makes the id of an event of."""
    params = current_stats.events[key.removeprefix("stats-")].params
    window = params.get("double_click_window", WINDOW) or 1
    text = repr((key, stored.unique_id, stored.visitor_id, at // window))
    secret = blake2b(str(current_app.config["SECRET_KEY"]).encode()).digest()
    return blake2b(text.encode(), digest_size=ID_BYTES, key=secret).hexdigest()


def uses_of(one: Heard, history: History) -> Iterator[tuple[str, str, Use]]:
    """Yield type and id of all that an event is a use of, where the ledger knows its record."""
    download = one.kind == "download"
    if download and history.drafted <= one.at < history.published_at:
        return
    use = Use(0, 1, one.size) if download else Use(1)
    yield RECORD, one.recid, use
    if download:
        yield FILE, f"{one.recid}/{one.file}", use
        for scope in history.scopes:
            if scope != GLOBAL and _is_in(history, scope, one.at):
                yield COMMUNITY, scope, use


def _is_in(history: History, scope: str, at: int) -> bool:
    """Tell whether a record belonged to a community at a second."""
    return any(start <= at < end for start, end in history.membership(scope))

# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""From a raw event to what somebody used: as the repository judges it, and only if it counts.

The repository's own preprocessors say whether it counts an event, and which event it takes for the
same. So a user never has more than there is.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec
from flask import current_app
from invenio_base.utils import obj_or_import_string
from invenio_stats.proxies import current_stats

from ....aggregations.usage.events import counts
from ....errors import UnreadableEventError
from ....ledger.history import DAY, GLOBAL, History, day_date, second_of
from ...ear import KINDS, PREFIX
from .automated import AUTOMATED

FILE, RECORD, COMMUNITY = "file", "record", "community"
WINDOW = 10
"""Within so many seconds the repository takes the same use by the same visitor for one."""
ID_BYTES = 20
UNUSUAL = (AttributeError, LookupError, TypeError, ValueError, msgspec.MsgspecError)
"""What is raised for events that are not as they must be."""


class Told(msgspec.Struct):
    """Be what is of use of a raw event: when it happened, and what was used."""

    timestamp: datetime
    recid: str = ""
    community_id: str = ""
    """Of a visit to a page of a community."""
    file_key: str = ""
    size: int | None = None

    @property
    def at(self) -> int:
        """Return when it happened, in seconds since 1970."""
        moment = self.timestamp
        return second_of(moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment)


class Stored(msgspec.Struct):
    """Be what is of use of an event as the repository stores it."""

    unique_id: str
    visitor_id: str
    via_api: bool | None = None
    is_robot: bool | None = None


class Heard(NamedTuple):
    """Be an event that counts for a user."""

    id: str
    """The same for all that the repository takes for one event."""
    kind: str
    user_id: int
    told: Told

    @property
    def day(self) -> date:
        """Return the day on which it happened."""
        return day_date(self.told.at // DAY)


class Used(NamedTuple):
    """Be what was used, and in which scope it counts."""

    scope: str
    type: str
    item: str


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
        user = str(raw.get("user_id") or "")
        if not user.isdecimal() or raw.get("session_id") == AUTOMATED:
            return None
        told, event = msgspec.convert(raw, Told), current_stats.events[key.removeprefix(PREFIX)]
        stored = _as_stored(event, raw)
    except UNUSUAL as error:
        raise UnreadableEventError("It is no event.") from error
    kind = KINDS[key]
    if stored is None or not counts(kind, stored):
        return None
    window = event.params.get("double_click_window", WINDOW) or 1
    id_ = _keyed(repr((key, stored.unique_id, stored.visitor_id, told.at // window)))
    return Heard(id_, kind, int(user), told)


def _as_stored(event: Any, raw: dict[str, Any]) -> Stored | None:
    """Return a raw event as the repository stores it, which says how; none when it does not."""
    steps = event.params.get("preprocessors")
    found: dict[str, Any] | None = raw
    for one in event.cls.default_preprocessors if steps is None else steps:
        found = obj_or_import_string(one)(found)
        if found is None:
            return None
    return msgspec.convert(found, Stored)


def _keyed(text: str) -> str:
    """Return a hash from which nothing can be found out without our key."""
    secret = blake2b(str(current_app.config["SECRET_KEY"]).encode()).digest()
    return blake2b(text.encode(), digest_size=ID_BYTES, key=secret).hexdigest()


def uses_of(one: Heard, histories: Mapping[str, History]) -> Iterator[tuple[Used, Use]]:
    """Yield everything that an event is a use of.

    ``histories``: of records that the ledger knows; what it does not know has no row in reports.
    """
    told, history = one.told, histories.get(one.told.recid)
    if told.community_id:
        yield Used(GLOBAL, COMMUNITY, told.community_id), Use(1)
    elif history and one.kind == "view":
        for scope in _scopes(history, told.at):
            yield Used(scope, RECORD, told.recid), Use(1)
    elif history and not history.drafted <= told.at < history.published_at:
        yield from _downloaded(told, _scopes(history, told.at))


def _downloaded(told: Told, scopes: Sequence[str]) -> Iterator[tuple[Used, Use]]:
    """Yield what a download is a use of: a file, its record, and its communities."""
    use = Use(0, 1, told.size or 0)
    for scope in scopes:
        yield Used(scope, RECORD, told.recid), use
        yield Used(scope, FILE, f"{told.recid}/{told.file_key}"), use
        if scope != GLOBAL:
            yield Used(GLOBAL, COMMUNITY, scope), use


def _scopes(history: History, at: int) -> list[str]:
    """Return the scopes of a record at a second: the repository, and its communities then."""
    others = [scope for scope in history.scopes if scope != GLOBAL]
    return [GLOBAL, *(scope for scope in others if _is_in(history, scope, at))]


def _is_in(history: History, scope: str, at: int) -> bool:
    """Tell whether a record belonged to a community at a second."""
    return any(start <= at < end for start, end in history.membership(scope))

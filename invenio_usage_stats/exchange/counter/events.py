# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""From a raw event to its document: judged, made anonymous, and under an id of its own.

The repository's raw events say who caused them: an address, a user agent, a session, a user. None
of these is stored. The ids of visitors and sessions are made as the repository makes them, by its
function and with its salt of the day, which is thrown away after a day.
"""

from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from ipaddress import ip_address
from typing import Any, NamedTuple

import msgspec
from flask import current_app
from invenio_stats.processors import anonymize_user

from ...errors import UnreadableEventError
from ...indices import full_name
from ..ear import KINDS as HEARD
from .agent_lists import NO_AGENT, AgentList
from .fields import EVENTS

INVESTIGATION, REQUEST = "investigation", "request"
KINDS = {"view": INVESTIGATION, "download": REQUEST}
"""What the Code of Practice for Research Data calls the repository's kinds of events."""
KEYS = {key: KINDS[kind] for key, kind in HEARD.items() if kind in KINDS}
"""The routing keys under which invenio-stats publishes, by the kind of what comes so."""
EARLIEST = datetime(2000, 1, 1)
AHEAD = timedelta(days=1)
"""How far the clock of a web server may be ahead."""
ID_BYTES = 14
HINT_BYTES = 2
"""So few bytes of an id depend on who caused an event that nobody can be found by them."""
SAFE = ("timestamp", "recid", "parent_recid", "bucket_id", "file_key", "size")
"""What may be kept of an event that cannot be read."""


class RawEvent(msgspec.Struct):
    """Be an event as the repository publishes it; what is not named here is of no use."""

    timestamp: datetime
    recid: str
    parent_recid: str
    bucket_id: str | None = None
    file_key: str | None = None
    size: int | None = None
    ip_address: str | None = None
    user_agent: str | None = None
    user_id: str | int | None = None
    session_id: str | None = None

    @property
    def moment(self) -> datetime:
        """Return when it happened, in naive UTC."""
        at = self.timestamp
        return at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo else at


class Prepared(NamedTuple):
    """Be an event that is ready to be stored."""

    index: str
    id: str
    document: dict[str, Any]


def prepared(body: bytes | str, key: str, judge: AgentList) -> Prepared:
    """Return what is to be stored of a message; raise ``UnreadableEventError`` when nothing is."""
    kind = KEYS.get(key)
    if kind is None:
        raise UnreadableEventError(f"Nobody knows the events of {key!r}.")
    try:
        event = msgspec.json.decode(body, type=RawEvent)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UnreadableEventError(f"{error}") from error
    _check(event, kind)
    place = f"{EVENTS}-{event.moment:%Y-%m}"
    return Prepared(full_name(place), document_id(event, kind), _document(event, kind, judge))


def _check(event: RawEvent, kind: str) -> None:
    """Raise ``UnreadableEventError`` when an event says what cannot be."""
    latest = datetime.now(UTC).replace(tzinfo=None) + AHEAD
    if not EARLIEST <= event.moment <= latest:
        raise UnreadableEventError("It claims a time before 2000 or after tomorrow.")
    if kind == REQUEST and not (event.bucket_id and event.file_key):
        raise UnreadableEventError("It does not say which file was requested.")
    if event.size is not None and event.size < 0:
        raise UnreadableEventError("Its file has fewer than no bytes.")


def document_id(event: RawEvent, kind: str) -> str:
    """Return the id of an event's document, the same whenever it is delivered.

    Times have microseconds, so what and when tell nearly all events apart. Two people in the same
    microsecond are told apart by two bytes of a keyed hash, which thousands of addresses share.
    """
    what = (event.moment.isoformat(), kind, event.recid, event.bucket_id, event.file_key)
    who = (event.ip_address, event.user_agent, event.user_id, event.session_id)
    return _digest(what, ID_BYTES) + fingerprint(repr(who).encode())


def fingerprint(text: bytes, size: int = HINT_BYTES) -> str:
    """Return a hash of something that must not be found out from it."""
    key = blake2b(str(current_app.config["SECRET_KEY"]).encode()).digest()
    return blake2b(text, digest_size=size, key=key).hexdigest()


def _digest(parts: tuple[Any, ...], size: int) -> str:
    """Return a hash of some parts."""
    return blake2b(repr(parts).encode(), digest_size=size).hexdigest()


def _document(event: RawEvent, kind: str, judge: AgentList) -> dict[str, Any]:
    """Return the document of an event."""
    robot, machine, agent = judge.judge(event.user_agent)
    requested = kind == REQUEST
    who = _anonymous(event)
    country = {"country": who["country"].upper()} if who.get("country") else {}
    return {
        "timestamp": event.moment.isoformat(),
        "kind": kind,
        "recid": event.recid,
        "parent_recid": event.parent_recid,
        "visitor": who["visitor_id"],
        "session": who["unique_session_id"],
        "url": _digest((event.bucket_id, event.file_key), 16) if requested else event.recid,
        "size": event.size or 0 if requested else 0,
        **country,
        "is_machine": machine,
        "is_robot": robot,
        "agent": agent,
        "list_version": judge.version,
    }


def _anonymous(event: RawEvent) -> dict[str, Any]:
    """Return ids of visitor and session, and the country, as the repository makes them.

    Without a user agent its function takes all people of a day for one, so we give it a word.
    """
    return anonymize_user(
        {
            "timestamp": event.moment.isoformat(),
            "ip_address": _address(event.ip_address),
            "user_agent": event.user_agent or NO_AGENT,
            "user_id": str(event.user_id) if event.user_id is not None else "",
            "session_id": event.session_id or "",
        }
    )


def _address(text: str | None) -> str | None:
    """Return an address that can be looked up; none when it is not one."""
    try:
        return str(ip_address(text)) if text else None
    except ValueError:
        return None


def what_is_safe(body: bytes | str) -> dict[str, Any]:
    """Return what an event that cannot be read says of all but who caused it."""
    try:
        found = msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return {}
    return {name: str(found[name])[:200] for name in SAFE if found.get(name) is not None}

# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Hits: what is checked of them before they are answered, and what is sent to the queue.

A hit that Matomo refuses is refused for the same reasons (HTTP reference of its tracking API).
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Literal

import msgspec

from ...errors import RefusedHitError
from .parameters import ADDRESS, GOAL, RECORDED, SITE, TIME, USED, USER, VISITOR, Parameters
from .rights import Trust
from .sites import Site

Reason = Literal[
    "unwanted", "prefetch", "robot", "ping", "unsupported", "nonsense", "unindexable", "unreadable"
]
REASONS: dict[str, str] = {
    "site": "names a site that does not exist",
    "address": "names another IP address without a token, or what is none",
    "visitor": "names a visitor by other than 16 characters",
    "time": "names a time more than a day ago without a token",
    "goal": "names a goal, of which there are none",
    "unwanted": "does not ask to be recorded (rec=1)",
    "prefetch": "was sent by a browser that loads ahead",
    "robot": "came from a robot that is no registered consumer",
    "ping": "says only that a page is still open",
    "unsupported": "is of a kind that is not kept (shops, contents, custom actions)",
    "nonsense": "names no address under which anything could be",
    "unindexable": "was not taken by the search engine",
    "unreadable": "could not be read from the queue",
}
"""Why hits are not stored, as ends of a sentence; the first are refused with 400 at once."""
RECENT = timedelta(days=1)
"""How old a time may be that anybody names."""
OLDEST = timedelta(days=20 * 365)
"""Older times are not believed, as if none was named."""
ID_LENGTH = 16
NEEDED = frozenset((*USED, RECORDED, GOAL))
"""The parameters that are needed when a hit is judged."""
_SECONDS = re.compile(r"[0-9]+(?:\.[0-9]+)?")


class Hit(msgspec.Struct, omit_defaults=True):
    """Be one thing that was reported."""

    site: int
    told: Parameters
    """The parameters that say what was done, and by which program."""
    at: datetime | None = None
    """When it happened, if not when it was sent."""
    address: str = ""
    """From where, if not from where it was sent."""
    country: str = ""
    community: str | None = None
    """That of the site."""
    visitor: str = ""
    """Who it was, as the tracker calls them."""
    consumer: str = ""
    """Whose token was shown."""


class Message(msgspec.Struct, omit_defaults=True):
    """Be what the queue holds of one request; raw addresses lie in it for a short time."""

    id: str
    at: datetime
    """When it was sent, in naive UTC."""
    address: str = ""
    agent: str = ""
    referer: str = ""
    prefetched: bool = False
    hits: list[Hit] = []
    refused: dict[str, int] = {}
    """How many hits were refused at once, by reason."""

    @property
    def received(self) -> int:
        """Return how many hits came."""
        return len(self.hits) + sum(self.refused.values())


def checked(
    told: Parameters, now: datetime, site_of: Callable[[str], Site | None], trust: Trust
) -> Hit:
    """Return a hit that is well-formed; raise ``RefusedHitError`` for others.

    ``trust``: what may be believed for the token that was shown.
    """
    site = site_of(told.get(SITE, ""))
    if site is None:
        raise RefusedHitError("site")
    hit = Hit(site.id, _used(told), community=site.community_id, consumer=trust.consumer)
    hit.address = _address(told, trust)
    if told.get(RECORDED) != "1":
        return hit
    hit.visitor = _visitor(told)
    hit.at = _time(told, now, trust)
    if _number(told.get(GOAL, "")) > 0:
        raise RefusedHitError("goal")
    if trust.known:
        hit.country = told.get("country", "")[:2].upper()
    return hit


def _used(told: Parameters) -> Parameters:
    """Return what is needed later."""
    return {name: value for name, value in told.items() if value and name in NEEDED}


def _address(told: Parameters, trust: Trust) -> str:
    """Return the address that a hit names; empty for the sender's."""
    named = told.get(ADDRESS, "")
    if not named:
        return ""
    try:
        address = str(ip_address(named))
    except ValueError:
        raise RefusedHitError("address") from None
    if not trust.known:
        raise RefusedHitError("address")
    return address


def _visitor(told: Parameters) -> str:
    """Return who a hit says it was; empty when it does not."""
    if user := told.get(USER):
        return f"user {user}"
    if forced := told.get(VISITOR):
        if len(forced) != ID_LENGTH:
            raise RefusedHitError("visitor")
        return forced
    known = told.get("_id", "")
    return known[:ID_LENGTH] if len(known) >= ID_LENGTH else ""


def _time(told: Parameters, now: datetime, trust: Trust) -> datetime | None:
    """Return the time that a hit names; none for now."""
    ago = timedelta(seconds=min(abs(_number(told.get("cdo", ""))), OLDEST.total_seconds()))
    named = _moment(told[TIME]) if told.get(TIME) else now
    if named is None or abs(now - named) > OLDEST or not now - OLDEST < named - ago <= now:
        return None
    if now - (named - ago) >= RECENT and not trust.known:
        raise RefusedHitError("time")
    return None if named - ago == now else named - ago


def _moment(text: str) -> datetime | None:
    """Return a time as seconds since 1970, or as a date with or without a time; none of others."""
    try:
        if _SECONDS.fullmatch(text):
            return datetime.fromtimestamp(float(text), UTC).replace(tzinfo=None)
        at = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None
    return at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo else at


def _number(text: str) -> int:
    """Return a whole number; 0 for what is none."""
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdecimal() and len(digits) < 16 else 0

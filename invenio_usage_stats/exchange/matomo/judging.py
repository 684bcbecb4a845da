# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""From a hit to what is stored of it: judged, and made anonymous.

A hit says who sent it: an address, a user agent, a name. None of these is stored. The ids of
visitors are made as the repository makes them, with its salt of the day.
"""

from datetime import datetime
from functools import lru_cache
from hashlib import sha224
from typing import NamedTuple
from urllib.parse import urlsplit

from flask import current_app
from invenio_stats.utils import get_anonymization_salt, get_geoip

from ..counter import agents
from ..counter.agent_lists import AgentList, bundled
from .actions import Done, done
from .consumers import registered
from .events import Report
from .hits import Hit, Message, Reason
from .parameters import RECORDED
from .programs import Programs

REMEMBERED, REMEMBERED_DAYS = 10_000, 1_000
"""Of so many addresses the country, and of so many days the salt, are remembered."""


class Judge:
    """Judge hits by what is registered and configured at one moment."""

    def __init__(self) -> None:
        self._programs = Programs(registered())
        self._agents = _list()
        self._host = urlsplit(current_app.config["SITE_UI_URL"]).netloc.lower()
        self._visitors = _Anonymizer()

    def report(self, message: Message, hit: Hit) -> Report | Reason:
        """Return what is stored of a hit but for its visit and record, or why nothing is."""
        if hit.told.get(RECORDED) != "1":
            return "unwanted"
        if message.prefetched:
            return "prefetch"
        agent = hit.told.get("ua") or message.agent
        named = self._programs.named(hit.told.get("uadata", ""), agent, hit.consumer)
        verdict = self._agents.judge(agent)
        if verdict.is_robot and not named.registered:
            return "robot"
        found = done(_with_page(hit.told, message.referer), self._host)
        if not isinstance(found, Done):
            return found
        report = self._report(message, hit, agent, found)
        named_so = {"consumer": named.consumer, "consumer_version": named.version}
        return report._replace(is_machine=verdict.is_machine, **named_so)

    def _report(self, message: Message, hit: Hit, agent: str, found: Done) -> Report:
        """Return what was done, when, where, and by somebody whom nobody can find."""
        at = _whole_milliseconds(hit.at or message.at)
        who = self._visitors.of(at, *_who(message, hit, agent))
        return Report(
            at,
            **found._asdict(),
            visitor_id=who.visitor,
            visit_id="",
            unique_session_id=who.session,
            site=hit.site,
            community_id=hit.community,
            country=hit.country or who.country,
            bytes=_bytes(hit.told),
        )


class _Anonymous(NamedTuple):
    """Be somebody whom nobody can find."""

    visitor: str
    session: str
    country: str | None


def _list() -> AgentList:
    """Return the list of robots by which usage is counted; the installed one where none is used."""
    if agents.versions():
        return agents.current()
    version, patterns = bundled()
    return _bundled(version, patterns.robots, patterns.machines)


@lru_cache(1)
def _bundled(version: str, robots: tuple[str, ...], machines: tuple[str, ...]) -> AgentList:
    """Return the list that is installed, made once in the life of a process."""
    return AgentList(version, robots, machines)


def _with_page(told: dict[str, str], referer: str) -> dict[str, str]:
    """Return parameters with the page of an image that says nothing else of it."""
    if referer and not told.get("url") and not told.get("urlref"):
        return {**told, "url": referer}
    return told


def _who(message: Message, hit: Hit, agent: str) -> tuple[str, str]:
    """Return from which address somebody came, and what tells them from all others of a day."""
    address = hit.address or message.address
    return address, hit.visitor or f"{address}|{agent}|{hit.told.get('lang', '')}"


class _Anonymizer:
    """Make visitors anonymous as the repository does, with its salt of each day read once.

    The repository gives those without a name another id each hour, which would cut visits in two:
    so everybody has a name here, made of what is known.
    """

    def __init__(self) -> None:
        self._salt = lru_cache(REMEMBERED_DAYS)(get_anonymization_salt)
        self._country = lru_cache(REMEMBERED)(_country)

    def of(self, at: datetime, address: str, who: str) -> _Anonymous:
        """Return somebody's ids on a day and in an hour, and their country."""
        salt = self._salt(at.replace(hour=0, minute=0, second=0, microsecond=0))
        return _Anonymous(
            sha224(f"{salt}{who}".encode()).hexdigest(),
            sha224(f"{salt}{who}|{at:%Y%m%d%H}".encode()).hexdigest(),
            self._country(address) if address else None,
        )


def _country(address: str) -> str | None:
    """Return the country of an address, as far as that is known; proxies may call it anything."""
    try:
        found = get_geoip(address)
    except ValueError:
        return None
    return found.upper() if found else None


def _whole_milliseconds(at: datetime) -> datetime:
    """Return a time as precise as the index holds it."""
    return at.replace(microsecond=at.microsecond // 1_000 * 1_000)


def _bytes(told: dict[str, str]) -> int | None:
    """Return how many bytes were sent, where a hit tells it."""
    text = told.get("bw_bytes", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None

# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Which program has sent a hit, by what it says of itself.

The literal address of the documentation loses its ``uadata`` behind an unencoded ``#``, so the
user agent must do.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import msgspec

from ..counter.naming import BROWSER, program
from .consumers import Consumer, consumer_id
from .events import UNKNOWN

BRANDS = ("fullVersionList", "brands")
"""Where client hints name the program, the exact one first."""
ENGINE = "chromium"
"""What browsers name beside themselves."""
BROWSERS = {
    "Edg": "microsoft edge",
    "OPR": "opera",
    "Firefox": "firefox",
    "Chrome": "google chrome",
    "Safari": "safari",
}
"""Browsers by the words of their user agents, the telling ones first; as client hints call them."""
LONGEST_VERSION = 40
_FILLER = re.compile(r"not[^a-z]?a[^a-z]?brand", re.IGNORECASE)
"""A brand that browsers make up, so that nobody relies on there being one only."""
_VERSION = re.compile(r"[\s/_-]*v?([0-9][\w.+-]*)")


class Named(NamedTuple):
    """Be the program that sent a hit."""

    consumer: str
    version: str | None = None
    registered: bool = False


class Programs:
    """Tell which program has sent a hit, among all, and with those that are registered."""

    def __init__(self, registered: Mapping[str, Consumer]) -> None:
        self._registered = registered

    def named(self, uadata: str, agent: str, shown: str = "") -> Named:
        """Return the program; ``shown``: the id of the consumer whose token was shown."""
        found = _by_brand(uadata)
        if shown:
            found = Named(shown, found.version if found else _version(agent, shown))
        found = found or self._by_pattern(agent) or _by_agent(agent)
        return found._replace(registered=found.consumer in self._registered)

    def _by_pattern(self, agent: str) -> Named | None:
        """Return the registered program that has a user agent."""
        for one in self._registered.values():
            if agent and one.is_agent(agent):
                return Named(one.id, _version(agent, one.id) or _version(agent, _first(agent)))
        return None


def _by_brand(uadata: str) -> Named | None:
    """Return the program that client hints name; the most telling one of several."""
    brands = [one for one in map(_brand, _brands(uadata)) if one is not None]
    return min(brands, key=lambda one: one.consumer == ENGINE, default=None)


def _brands(uadata: str) -> Iterable[Any]:
    """Return the brands of client hints."""
    try:
        hints = msgspec.json.decode(uadata, type=dict[str, Any]) if uadata else {}
    except (msgspec.MsgspecError, RecursionError):
        return ()
    found = next((hints[name] for name in BRANDS if hints.get(name)), ())
    return found if isinstance(found, list) else ()


def _brand(told: Any) -> Named | None:
    """Return the program that one brand names."""
    brand = told.get("brand") if isinstance(told, dict) else None
    if not isinstance(brand, str) or _FILLER.search(brand):
        return None
    name, version = consumer_id(brand), told.get("version")
    text = str(version).strip()[:LONGEST_VERSION] if isinstance(version, str | int | float) else ""
    return Named(name, text or None) if name else None


def _by_agent(agent: str) -> Named:
    """Return the program that a user agent names first; a browser by its family."""
    name = program(agent, None) if agent.strip() else ""
    if name:
        return Named(consumer_id(name), _version(agent, name))
    if BROWSER.match(agent):
        for word, browser in BROWSERS.items():
            if f"{word}/" in agent:
                return Named(browser, _version(agent, word))
    return Named(UNKNOWN)


def _first(agent: str) -> str:
    """Return the first word of a user agent."""
    return program(agent, None) or agent[:1]


def _version(agent: str, name: str) -> str | None:
    """Return the version that stands behind a name in a user agent."""
    place = agent.lower().find(name.lower())
    found = _VERSION.match(agent, place + len(name)) if place >= 0 and name else None
    return found[1][:LONGEST_VERSION] if found else None

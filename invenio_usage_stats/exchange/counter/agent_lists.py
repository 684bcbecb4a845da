# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Lists of robots and machines: what they are made of, and how they judge a user agent.

The Code of Practice for Research Data excludes robots, which crawl, and counts machines, which are
programs that people let fetch data, for themselves (sections 10.5 and 10.6). Patterns are matched
without regard to case.
"""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from counter_robots import __version__ as package_version

from ...errors import AgentListError
from .naming import program

NO_AGENT = "no_user_agent"
"""How the lists name a program that does not say what it is."""
SCRIPTS = (
    "python-requests/2.31.0",
    "python-httpx/0.27.0",
    "curl/8.5.0",
    "Wget/1.21.4",
    "Java/17.0.1",
    "Apache-HttpClient/4.5.14 (Java/17.0.1)",
    "Jersey/2.35 (HttpUrlConnection 11.0.2)",
    "ReactorNetty/1.1.0",
    "okhttp/4.12.0",
    "axios/1.6.2",
    "RestSharp/106.15.0.0",
    "Go-http-client/1.1",
    "libwww-perl/6.67",
    "Typhoeus - https://github.com/typhoeus/typhoeus",
    "insomnia/8.6.1",
    NO_AGENT,
)
"""Programs by which people fetch data: no list of robots may have them (CoP RD section 10.5)."""
BROWSERS = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Safari/605.1.15",
    "Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/125.0.0.0 Mobile Safari/537.36",
)
"""Browsers, which no list may have: one that has them would throw away everybody's use."""
CRAWLERS = (
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
)
"""Robots that every list knows; what does not know them is something else."""
KNOWN = 20_000
"""So many user agents are remembered with their verdicts."""
_JSON = re.compile(r"\s*\[\s*[\"{]")
CHANGED = "last_changed"
"""How the official list says when a pattern was changed."""


class Verdict(NamedTuple):
    """Say what a user agent is, and the name of its program."""

    is_robot: bool
    is_machine: bool
    agent: str


class Patterns(NamedTuple):
    """Be the patterns of robots and of machines, and of which day they are."""

    robots: tuple[str, ...]
    machines: tuple[str, ...]
    dated: date


class AgentList:
    """Judge user agents by one version of the lists."""

    def __init__(self, version: str, robots: Iterable[str], machines: Iterable[str]) -> None:
        self.version = version
        self._robot, self._machine = _compiled(robots), _compiled(machines)
        self.judge = lru_cache(KNOWN)(self._judge)

    def _judge(self, user_agent: str | None) -> Verdict:
        """Return the verdict on a user agent; one that is empty counts as ``no_user_agent``."""
        text = (user_agent or "").strip() or NO_AGENT
        robot, machine = self._robot.search(text), self._machine.search(text)
        return Verdict(robot is not None, machine is not None, program(text, robot or machine))

    def judge_program(self, agent: str) -> tuple[bool, bool]:
        """Return whether the program of a stored name is a robot, and whether it is a machine.

        Patterns may want a version behind the name, of which none is stored.
        """
        names = (agent, f"{agent}/1.0") if agent else ()
        return any(map(self._robot.search, names)), any(map(self._machine.search, names))


def _compiled(patterns: Iterable[str]) -> re.Pattern[str]:
    """Return an expression that matches what any of some patterns matches."""
    return re.compile("|".join(f"(?:{one})" for one in patterns) or r"(?!)", re.IGNORECASE)


def separated(patterns: Iterable[str], machines: Iterable[str], dated: date) -> Patterns:
    """Part the patterns of all automatic agents into robots and machines.

    The list of Project COUNTER has both. Machines are those of the second list, and whatever
    matches a program by which people fetch data (CoP RD section 10.5).
    """
    own = tuple(dict.fromkeys(machines))
    known = set(map(_plain, own))
    rest = [one for one in dict.fromkeys(patterns) if _plain(one) not in known]
    scripts = [one for one in rest if _matches_any(one, SCRIPTS)]
    robots = tuple(one for one in rest if one not in scripts)
    return Patterns(robots, (*own, *scripts), dated)


def _plain(pattern: str) -> str:
    """Return a pattern in the form in which those of two lists are compared."""
    return pattern.replace("\\", "").lower()


def _matches_any(pattern: str, user_agents: Iterable[str]) -> bool:
    """Tell whether a pattern matches one of some user agents."""
    try:
        return any(re.search(pattern, one, re.IGNORECASE) for one in user_agents)
    except re.error as error:
        raise AgentListError(f"{pattern!r} is no regular expression: {error}.") from error


def check(patterns: Patterns) -> None:
    """Raise ``AgentListError`` when patterns are no expressions, or would match any browser."""
    if not patterns.robots or not patterns.machines:
        raise AgentListError("A list without robots or without machines cannot be right.")
    for one in (*patterns.robots, *patterns.machines):
        if _matches_any(one, BROWSERS):
            raise AgentListError(f"{one!r} matches a browser that people use.")


def check_published(patterns: Patterns) -> None:
    """Raise ``AgentListError`` when patterns do not know the robots that every list knows."""
    check(patterns)
    if not all(map(_compiled(patterns.robots).search, CRAWLERS)):
        raise AgentListError("This is no list of robots: it does not know the largest ones.")


def bundled() -> tuple[str, Patterns]:
    """Return version and patterns of the lists that come with counter-robots."""
    data = files("counter_robots") / "data"
    robots, machines = (
        list(_lines((data / name).read_text(encoding="utf-8")))
        for name in ("robot.txt", "machine.txt")
    )
    dated = datetime.strptime(package_version[:7], "%Y.%m").date()
    return f"counter-robots-{package_version}", separated(robots, machines, dated)


def parsed(text: str, today: date) -> tuple[list[str], date]:
    """Return the patterns of a published list, and of which day they are.

    It has one pattern a line, or is JSON as Project COUNTER publishes it; other lists do not say
    of which day they are, and count as of today.
    """
    if not _JSON.match(text):
        return list(_lines(text)), today
    try:
        rows = [_row(one) for one in json.loads(text)]
    except ValueError as error:
        raise AgentListError(f"This is broken JSON: {error}.") from error
    days = [row[CHANGED] for row in rows if row.get(CHANGED)]
    return [row["pattern"] for row in rows], date.fromisoformat(max(days)) if days else today


def _row(entry: Any) -> dict[str, str]:
    """Return an entry of the official list; a text stands for its pattern."""
    row = {"pattern": entry} if isinstance(entry, str) else entry
    if not isinstance(row, dict) or not isinstance(row.get("pattern"), str):
        raise AgentListError(f"An entry without a pattern: {entry!r}"[:200])
    return row


def _lines(text: str) -> Iterator[str]:
    """Yield the patterns of a text, without comments."""
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip()

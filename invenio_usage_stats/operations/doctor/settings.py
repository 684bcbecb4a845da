# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Check of the configuration: unknown names and values that cannot work."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from celery.schedules import BaseSchedule
from flask import current_app
from limits import parse_many

from ... import config
from ...ext import BEAT_ENTRIES, COUNTER_BEAT_ENTRIES
from .base import Finding, some

OURS = "USAGE_STATS_"
POLICIES = ("monthly", "daily")
READERS = ("readers", "members", "managers")
CARDS = ("record", "community")
SITE = re.compile(r"\*|https?://(\*\.)?[\w.-]+(:(\d+|\*))?", re.ASCII)
"""A site as content security policies name it."""
ORIGIN = re.compile(r"\*|https?://[\w.-]+(:\d+)?", re.ASCII)
"""A site as browsers name it that send a request."""
ADDRESS = re.compile(r"https?://\S+")
SOMETHING = re.compile(r".*\S.*")
LEAST_MEMORY = 16 << 20
"""Bytes with which days are still read in lots of tens of thousands of events."""
RETENTION = 'a dictionary {"daily": timedelta or None}'
SCHEDULE = (timedelta, BaseSchedule, int, float)

Rule = Callable[[Any], str]
"""Return what is allowed as a value, unless this value is; else nothing."""


def settings() -> Finding:
    """Check that settings have known names and values that can work."""
    names = sorted(name for name in current_app.config if name.startswith(OURS))
    wrong = [text for name in names if (text := _problem(name, current_app.config[name]))]
    if wrong:
        return Finding(some(wrong), "Correct them in invenio.cfg.")
    return Finding(f"{len(names)}, all of them known")


def _problem(name: str, value: Any) -> str:
    """Return what is wrong with a setting; nothing when all is well."""
    if not hasattr(config, name):
        return f"{name} is not known"
    if name in RULES:
        allowed = RULES[name](value)
        return f"{name} must be {allowed}" if allowed else ""
    kind = type(getattr(config, name))
    right = value is getattr(config, name) or (
        isinstance(value, kind) and not (kind is int and isinstance(value, bool))
    )
    return "" if right else f"{name} must be of type {kind.__name__}"


def _schedule(value: Any) -> str:
    """Return what is allowed as schedules, unless the value is."""
    own = value if isinstance(value, dict) else {"aggregate": value}
    if set(own) <= set(BEAT_ENTRIES) and _are_schedules(own):
        return ""
    return f"a schedule, or a dictionary of schedules for {', '.join(BEAT_ENTRIES)}"


def _are_schedules(value: dict[str, Any]) -> bool:
    """Tell whether all values are schedules, or none."""
    return all(when is None or isinstance(when, SCHEDULE) for when in value.values())


def _one_schedule(value: Any) -> str:
    """Return what is allowed as a schedule, unless the value is."""
    return "" if _are_schedules({"": value}) else "a schedule, or none"


def _age(value: Any) -> str:
    """Return what is allowed as an age, unless the value is."""
    right = value is None or (isinstance(value, timedelta) and value > timedelta())
    return "" if right else "a timedelta, or none"


def _counter_schedule(value: Any) -> str:
    """Return what is allowed as schedules of counting, unless the value is."""
    known = isinstance(value, dict) and set(value) <= set(COUNTER_BEAT_ENTRIES)
    if known and _are_schedules(value):
        return ""
    return f"a dictionary of schedules for {', '.join(COUNTER_BEAT_ENTRIES)}"


def _throttle(value: Any) -> str:
    """Return what is allowed as a share, unless the value is."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return "" if number and 0 < value <= 1 else "a number above 0 and up to 1"


def _whole(least: int, unit: str = "") -> Rule:
    """Return the rule of whole numbers from a least one on."""

    def rule(value: Any) -> str:
        number = isinstance(value, int) and not isinstance(value, bool)
        return "" if number and value >= least else f"a whole number, at least {least}{unit}"

    return rule


def _lasting(least: timedelta) -> Rule:
    """Return the rule of times from a shortest one on."""

    def rule(value: Any) -> str:
        right = isinstance(value, timedelta) and value >= least
        return "" if right else f"a timedelta of {least} or more"

    return rule


def _all_like(pattern: re.Pattern, allowed: str) -> Rule:
    """Return the rule of lists of texts that have a form."""

    def rule(value: Any) -> str:
        texts = value if isinstance(value, list) else [None]
        right = all(isinstance(text, str) and pattern.fullmatch(text) for text in texts)
        return "" if right else allowed

    return rule


def _retention(value: Any) -> str:
    """Return what is allowed as retention, unless the value is."""
    right = isinstance(value, dict) and set(value) <= {"daily"} and not _age(value.get("daily"))
    return "" if right else RETENTION


def _policy(value: Any) -> str:
    """Return what is allowed as policy, unless the value is."""
    return "" if value in POLICIES else f"one of {', '.join(POLICIES)}"


def _class(value: Any) -> str:
    """Return what is allowed as a class, unless the value is one."""
    right = isinstance(value, type) or (isinstance(value, str) and ":" in value)
    return "" if right else 'a class, or where it is, as in "my_site.module:Class"'


def _readers(value: Any) -> str:
    """Return who may read the numbers of a community, unless the value is."""
    return "" if value in READERS else f"one of {', '.join(READERS)}"


def _year_start(value: Any) -> str:
    """Return what is allowed as the first day of a year, unless the value is."""
    try:
        date.fromisoformat(f"2023-{value}")
    except ValueError:
        return 'a month and a day, as in "04-01"'
    return ""


def _rate_limit(value: Any) -> str:
    """Return what is allowed as limits of requests, unless the value is."""
    if isinstance(value, dict) and set(value) <= set(config.USAGE_STATS_RATE_LIMIT):
        return next(filter(None, map(_one_limit, value.values())), "")
    return f"a dictionary of limits for {', '.join(config.USAGE_STATS_RATE_LIMIT)}"


def _one_limit(value: Any) -> str:
    """Return what is allowed as a limit of requests, unless the value is."""
    try:
        parse_many(value or "1 per second")
    except (TypeError, ValueError):
        return 'limits such as "100 per minute"'
    return ""


def _prefix(value: Any) -> str:
    """Return what is allowed before a path, unless the value is."""
    right = value == "" or (isinstance(value, str) and value.startswith("/"))
    return "" if right else 'empty, or the beginning of a path such as "/matomo"'


def _cards(value: Any) -> str:
    """Return whose pages can have cards, unless the value is."""
    right = isinstance(value, list | tuple | set) and set(value) <= set(CARDS)
    return "" if right else f"a list of {', '.join(CARDS)}"


def _address(value: Any) -> str:
    """Return what is allowed as an address, unless the value is."""
    right = isinstance(value, str) and ADDRESS.fullmatch(value)
    return "" if right else 'an address such as "https://api.example.org"'


CLASSES = (
    "USAGE_STATS_PERMISSION_POLICY",
    "USAGE_STATS_RESOURCE",
    "USAGE_STATS_RESOURCE_CONFIG",
    "USAGE_STATS_SHARES_RESOURCE",
    "USAGE_STATS_SHARES_RESOURCE_CONFIG",
    "USAGE_STATS_ANNUAL_RESOURCE",
    "USAGE_STATS_ANNUAL_RESOURCE_CONFIG",
    "USAGE_STATS_REPORTS_RESOURCE",
    "USAGE_STATS_REPORTS_RESOURCE_CONFIG",
    "USAGE_STATS_COUNTER_RESOURCE",
    "USAGE_STATS_COUNTER_RESOURCE_CONFIG",
    "USAGE_STATS_COUNTER_SUSHI",
    "USAGE_STATS_COUNTER_SUSHI_CONFIG",
)
SITES = 'a list of sites such as "https://example.org", or ["*"]'
RULES: dict[str, Rule] = {
    "USAGE_STATS_TOP_SIZE": _whole(1),
    "USAGE_STATS_SCHEDULE": _schedule,
    "USAGE_STATS_COUNTER_SCHEDULE": _counter_schedule,
    "USAGE_STATS_PER_USER_SCHEDULE": _one_schedule,
    "USAGE_STATS_PER_USER_RETENTION": _age,
    "USAGE_STATS_PER_USER_AUTOMATED_CLIENTS": _all_like(SOMETHING, "a list of ids"),
    "USAGE_STATS_MATOMO_SCHEDULE": _one_schedule,
    "USAGE_STATS_MATOMO_RATE_LIMIT": _one_limit,
    "USAGE_STATS_MATOMO_PREFIX": _prefix,
    "USAGE_STATS_THROTTLE": _throttle,
    "USAGE_STATS_MAX_MEMORY": _whole(LEAST_MEMORY, " bytes"),
    "USAGE_STATS_MAX_DAYS": _whole(1),
    "USAGE_STATS_MAX_COST": _whole(1),
    "USAGE_STATS_MIN_CELL": _whole(0),
    "USAGE_STATS_RETENTION": _retention,
    "USAGE_STATS_SNAPSHOT_POLICY": _policy,
    "USAGE_STATS_COMMUNITY_READERS": _readers,
    "USAGE_STATS_YEAR_START": _year_start,
    "USAGE_STATS_RATE_LIMIT": _rate_limit,
    "USAGE_STATS_PUBLIC_CACHE": _lasting(timedelta()),
    "USAGE_STATS_SHARE_LIFETIME": _lasting(timedelta(days=1)),
    "USAGE_STATS_CARDS": _cards,
    "USAGE_STATS_CORS_ORIGINS": _all_like(ORIGIN, SITES),
    "USAGE_STATS_EMBED_SITES": _all_like(SITE, SITES),
    "USAGE_STATS_COUNTER_CLOSES_AFTER": _whole(0),
    "USAGE_STATS_COUNTER_RESOURCE_TYPES": _all_like(SOMETHING, "a list of ids"),
    "USAGE_STATS_COUNTER_HUB_URL": _address,
    **dict.fromkeys(CLASSES, _class),
}
"""Where more is to be checked than the type of the default."""

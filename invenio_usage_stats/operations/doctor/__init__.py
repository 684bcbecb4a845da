# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The doctor: checks that say what is well, and what to do about what is not."""

from collections.abc import Callable, Iterator

from flask import current_app

from ...errors import SetupError
from ...servers import SERVERS
from .base import Finding, Outcome
from .counter import arrivals, lists, quarantined
from .counter import queue as counter_queue
from .events import countries, dates, queues, removed_events
from .hub import hub
from .indices import aliases, blocks, health, mappings
from .layouts import dashboards
from .matomo import queue as matomo_queue
from .records import dates_of_entries, publication_dates, used_records
from .running import clocks, failures, ledger, months, night, projection, schedule, steps
from .setting_up import database, search_engine, tables, templates
from .settings import settings
from .users import queue as users_queue

CHECKS: dict[str, Callable[[], Finding]] = {
    "settings": settings,
    "dashboards": dashboards,
    "database": database,
    "search engine": search_engine,
    "tables": tables,
    "templates": templates,
    "indices": mappings,
    "aliases": aliases,
    "health": health,
    "blocks": blocks,
    "clocks": clocks,
    "ledger": ledger,
    "projection": projection,
    "schedule": schedule,
    "night": night,
    "runs": steps,
    "failures": failures,
    "backfill": months,
    "queues": queues,
    "dates of events": dates,
    "removed events": removed_events,
    "countries": countries,
    "used records": used_records,
    "publication dates": publication_dates,
    "dates of entries": dates_of_entries,
    "counter queue": counter_queue,
    "counter events": arrivals,
    "quarantine": quarantined,
    "lists of robots": lists,
    "hub": hub,
    "users queue": users_queue,
    "reported use": matomo_queue,
}
"""What is looked at, by the name that a finding has."""
REQUIRED = ("database", "search engine", "tables", "templates")
"""Checks without whose success the rest makes no sense."""

FIRST = "Do that first: all others wait for it."
"""What is advised when something is missing that ``setup`` makes."""


def examine() -> Iterator[Finding]:
    """Yield the finding of each check; checks that need what is missing are left out."""
    for name, check in CHECKS.items():
        finding = _examined(name, check)._replace(check=name)
        yield finding
        if not finding.ok and name in REQUIRED:
            return


def _examined(name: str, check: Callable[[], Finding]) -> Finding:
    """Return the finding of a check; that it cannot be examined is a finding, too."""
    try:
        return check()
    except SetupError as error:
        return Finding(str(error), FIRST)
    except SERVERS as error:
        return _unexamined(error, "Start the server, or see its log.")
    except Exception as error:
        # Whatever one check meets, an operator needs the findings of all the others.
        current_app.logger.debug("Usage statistics: check %r failed.", name, exc_info=True)
        advice = "The check itself failed, which is an error to report; the log (DEBUG) has more."
        return _unexamined(error, advice)


def _unexamined(error: Exception, advice: str) -> Finding:
    """Return the finding that something cannot be examined."""
    text = str(error).splitlines()[0][:200] if str(error) else ""
    state = f"cannot be examined: {type(error).__name__} {text}".rstrip()
    return Finding(state, advice, examined=False)


def exit_code(findings: list[Finding]) -> int:
    """Return 0 when all is well, 1 when something is to be done, 2 when something is unknown."""
    return max((finding.outcome.code for finding in findings), default=0)


__all__ = ("CHECKS", "SERVERS", "Finding", "Outcome", "examine", "exit_code")

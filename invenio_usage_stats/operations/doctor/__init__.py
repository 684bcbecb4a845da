# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The doctor: checks that say what is well, and what to do about what is not."""

from collections.abc import Callable, Iterator

from amqp.exceptions import AMQPError
from invenio_search.engine import search
from kombu.exceptions import KombuError
from sqlalchemy.exc import SQLAlchemyError

from .base import Finding, Outcome
from .events import countries, dates, queues
from .indices import aliases, blocks, health, mappings
from .records import dates_of_entries, publication_dates, used_records
from .running import clocks, failures, ledger, months, projection, schedule, steps
from .setting_up import database, search_engine, tables, templates
from .settings import settings

CHECKS: tuple[Callable[[], Finding], ...] = (
    settings,
    database,
    search_engine,
    tables,
    templates,
    mappings,
    aliases,
    health,
    blocks,
    clocks,
    ledger,
    projection,
    schedule,
    steps,
    failures,
    months,
    queues,
    dates,
    countries,
    used_records,
    publication_dates,
    dates_of_entries,
)
REQUIRED = (database, search_engine, tables, templates)
"""Checks without whose success the rest makes no sense."""

UNEXAMINED = (search.OpenSearchException, SQLAlchemyError, AMQPError, KombuError, OSError)


def examine() -> Iterator[Finding]:
    """Yield the finding of each check; checks that need what is missing are left out."""
    for check in CHECKS:
        finding = _examined(check)
        yield finding
        if not finding.ok and check in REQUIRED:
            return


def _examined(check: Callable[[], Finding]) -> Finding:
    """Return the finding of a check; a server that does not answer is a finding too."""
    try:
        return check()
    except UNEXAMINED as error:
        name = check.__name__.replace("_", " ")
        text = str(error).splitlines()[0][:200] if str(error) else ""
        return Finding(
            name,
            f"cannot be examined: {type(error).__name__} {text}".rstrip(),
            "Start the server, or see its log.",
            examined=False,
        )


def exit_code(findings: list[Finding]) -> int:
    """Return 0 when all is well, 1 when something is to be done, 2 when something is unknown."""
    return max((finding.outcome.code for finding in findings), default=0)


__all__ = ("CHECKS", "Finding", "Outcome", "examine", "exit_code")

# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Visits as a whole, and by the program that they came from."""

from collections.abc import Callable
from datetime import timedelta
from operator import itemgetter
from typing import Any

from ....errors import MatomoError
from ....ledger.models import utc_now
from .actions import visitors
from .addresses import segment_of
from .call import Call
from .options import Choice, shaped
from .tables import Columns, Row
from .tallies import Rows, Span, Tallies, Tally

MINUTES = range(1, 2881)
"""How far back counters look."""
NOTHING = Tally()
EVERYTHING = Rows((), lambda _of: "")
"""A single row."""


def summary(call: Call) -> Any:
    """Answer ``VisitsSummary.get``."""
    choice = Choice.read(call.asked)

    def cell(found: Tallies) -> Any:
        if not found and call.dates.several:
            return []
        return choice.of(_summed(found.get("", NOTHING)))

    return call.tallied(EVERYTHING._replace(timed=True), [], cell)


def single(number: Callable[[Tally], int]) -> Callable[[Call], Any]:
    """Return what answers one number of the summary."""

    def answer(call: Call) -> Any:
        return call.tallied(EVERYTHING, [], lambda found: number(found.get("", NOTHING)))

    return answer


def _summed(tally: Tally) -> Columns:
    """Return all numbers of visits."""
    visits = tally.visits or 1
    return {
        "nb_uniq_visitors": tally.visitors,
        "nb_users": 0,
        "nb_visits": tally.visits,
        "nb_actions": tally.actions,
        "nb_visits_converted": 0,
        "bounce_count": tally.bounces,
        "sum_visit_length": tally.seconds,
        "max_actions": tally.most_actions,
        "bounce_rate": f"{round(100 * tally.bounces / visits)}%",
        "nb_actions_per_visit": round(tally.actions / visits, 1),
        "avg_time_on_site": round(tally.seconds / visits),
    }


def counters(call: Call) -> Any:
    """Answer ``Live.getCounters``: what happened in the last minutes, on all sites together."""
    minutes = call.asked.whole("lastMinutes")
    if minutes not in MINUTES:
        first, last = MINUTES[0], MINUTES[-1]
        raise MatomoError(f"lastMinutes only accepts values between {first} and {last}")
    now = utc_now()
    since, until = (now - timedelta(minutes=minutes)).isoformat(), now.isoformat()
    found = call.counted(Span(since, until), [], EVERYTHING)
    rows = [tallies[""] for periods in found for tallies in periods.values()]
    columns = {
        "visits": sum(row.visits for row in rows),
        "actions": sum(row.actions for row in rows),
        "visitors": sum(row.visitors for row in rows),
        "visitsConverted": 0,
    }
    return [Choice.read(call.asked).of(columns)]


def consumers(call: Call) -> Any:
    """Answer ``DevicesDetection.getBrowsers``: visits by consumer."""
    return _by(call, Rows(("consumer",), itemgetter("consumer"), timed=True))


def versions(call: Call) -> Any:
    """Answer ``DevicesDetection.getBrowserVersions``: visits by consumer and version."""
    fields = ("consumer", "consumer_version")
    rows = Rows(fields, lambda of: " ".join(filter(None, map(of.get, fields))), timed=True)
    return _by(call, rows, False)


def _by(call: Call, rows: Rows, has_segment: bool = True) -> Any:
    """Return tables of visits."""

    def row(label: str, tally: Tally) -> Row:
        about = {"segment": segment_of("browserName", label)} if has_segment else {}
        return Row(label, _row(call, tally), about)

    def cell(found: Tallies) -> list[Columns]:
        return shaped([row(str(label), tally) for label, tally in found.items()], call.asked)

    return call.tallied(rows, [], cell)


def _row(call: Call, tally: Tally) -> Columns:
    """Return the numbers of a row."""
    return {
        **visitors(call, tally),
        "nb_visits": tally.visits,
        "nb_actions": tally.actions,
        "max_actions": tally.most_actions,
        "sum_visit_length": tally.seconds,
        "bounce_count": tally.bounces,
        "nb_visits_converted": 0,
    }

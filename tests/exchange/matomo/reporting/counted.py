# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Counts reported events by hand, and makes some."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha1

from invenio_usage_stats.exchange.matomo.events import Report
from invenio_usage_stats.indices import REPORTED, full_name, refresh

from ....world import put

CONSUMERS = (("ilastik", "1.4.0"), ("deepimagej", "3.0"), ("unknown", None))
COUNTRIES = ("DE", "FR", None)
FOREIGN = ("bioimage.io/", "bioimage.io/docs/start.html?lang=en", "models.example/docs/start")
PAGES = (*FOREIGN, "localhost/", "localhost/search?q=x", "localhost/me/uploads")
Rows = dict[str, dict[str, int]]


def index_reports(reports: Iterable[Report]) -> None:
    """Store events as the door does."""
    now = datetime.now(UTC).replace(tzinfo=None)
    put([{"_index": report.index, "_source": report.document(now)} for report in reports])
    refresh(full_name(REPORTED))


def random_visits(
    seed: int, days: list[date], things: list[dict], sites: list[int]
) -> list[Report]:
    """Return the events of some visits, whose actions are some minutes apart."""
    rng, found = random.Random(seed), []
    for number in range(200):
        day = rng.choice(days)
        visitor = sha1(f"{rng.randrange(40)} on {day}".encode()).hexdigest()
        consumer, version = rng.choice(CONSUMERS)
        at = datetime.combine(day, time(rng.randrange(0, 3), rng.randrange(60)))
        common = {
            "visitor_id": visitor,
            "visit_id": f"{visitor[:8]}-{number}",
            "unique_session_id": f"{visitor}-{at:%H}",
            "site": rng.choice(sites),
            "consumer": consumer,
            "consumer_version": version,
            "country": rng.choice(COUNTRIES),
        }
        for _ in range(rng.randrange(1, 6)):
            found.append(Report(at=at, **rng.choice(things), **common))
            at += timedelta(seconds=rng.randrange(0, 600), milliseconds=rng.randrange(1000))
    return found


def wanted(
    reports: Iterable[Report], site: int, since: date, until: date, action: str = ""
) -> list[Report]:
    """Return the events of a site and of some days that count."""
    return [
        one
        for one in reports
        if one.site == site
        and since <= one.at.date() <= until
        and one.resolved is not False
        and action in ("", one.action)
    ]


def rows(reports: Iterable[Report], key: Callable[[Report], str], daily: bool) -> Rows:
    """Return the numbers of each row."""
    grouped: defaultdict[str, list[Report]] = defaultdict(list)
    for report in reports:
        grouped[key(report)].append(report)
    name = "nb_uniq_visitors" if daily else "sum_daily_nb_uniq_visitors"
    return {
        label: {
            "nb_hits": len(some),
            "nb_visits": len({one.visit_id for one in some}),
            name: len({(one.visitor_id, one.at.date()) for one in some}),
        }
        for label, some in grouped.items()
    }


def summary(reports: Iterable[Report]) -> dict[str, int]:
    """Return the numbers of all visits."""
    visits: defaultdict[str, list[datetime]] = defaultdict(list)
    visitors = set()
    for report in reports:
        visits[report.visit_id].append(report.at)
        visitors.add(report.visitor_id)
    return {
        "nb_uniq_visitors": len(visitors),
        "nb_visits": len(visits),
        "nb_actions": sum(map(len, visits.values())),
        "bounce_count": sum(len(times) == 1 for times in visits.values()),
        "max_actions": max(map(len, visits.values()), default=0),
        "sum_visit_length": sum(
            int((max(times) - min(times)).total_seconds()) for times in visits.values()
        ),
    }

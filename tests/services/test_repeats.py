# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Unique views and downloads of chosen records are exact, however many changed within a day."""

from collections import Counter
from datetime import date

import pytest
from invenio_access.permissions import system_identity

from invenio_usage_stats.aggregations.sheets import repeats
from invenio_usage_stats.aggregations.sheets.days import file_number
from invenio_usage_stats.aggregations.sheets.repeats import Repeated, Repeats
from invenio_usage_stats.aggregations.sheets.spans import DAY, MONTH, YEAR
from invenio_usage_stats.aggregations.sheets.store import in_order, read, spans_of
from invenio_usage_stats.proxies import current_usage_stats
from invenio_usage_stats.reader.periods import Period
from invenio_usage_stats.services.files import counts_of_files
from invenio_usage_stats.services.query import Query
from invenio_usage_stats.services.question import Question
from invenio_usage_stats.services.records import Listed
from invenio_usage_stats.services.scopes import Scope

from ..oracle.random_history import random_world
from ..world import forget_world, loaded
from .asking import as_filters, question_of
from .counting import Counted

FIRST, LAST = date(2022, 11, 20), date(2023, 2, 28)
PERIODS = {
    "a year, a month and days": (FIRST, date(2023, 2, 10)),
    "all of it": (FIRST, LAST),
    "a month": (date(2023, 1, 1), date(2023, 1, 31)),
    "days": (date(2023, 1, 7), date(2023, 1, 25)),
}
METRICS = {"unique_views": "view", "unique_downloads": "download"}
WANTED = [{}, {"resource_types": {"article", "dataset"}}, {"file_types": {"pdf"}}]


@pytest.fixture(scope="module")
def world():
    """Return a history in which most things happen on few days."""
    return random_world(61, operations=220, days=100, start=FIRST, records=12, events=2500)


@pytest.fixture(scope="module")
def counted(app, world) -> Counted:
    """Load the world and return its direct count."""
    forget_world()
    loaded(world)
    return Counted(world)


def question(scope: str | Scope, days: tuple[date, date], wanted=None, **more: str) -> Question:
    """Return a question about some days."""
    since, until = days
    filters = as_filters(wanted or {})
    return question_of(scope, since=since, until=until, filter=filters, **more)


def expected(counted: Counted, scope: str, days: tuple[date, date], metric: str, wanted, by: str):
    """Return the distinct sessions of each day and record, or file, by record or work."""
    found = counted.chosen(scope, *days, wanted)
    kind, known = METRICS[metric], counted.world.records
    seen = {
        (getattr(e, by), e.record, e.unique_id, e.at.date(), e.session)
        for e in found
        if e.kind == kind and e.session and e.record in known
    }
    counts = Counter(name for name, *_ in seen)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def check(counted: Counted, by: str = "record", level: str = "record") -> None:
    """Compare all rankings of records by unique sessions with the direct count."""
    catalog = current_usage_stats.catalog
    for scope in counted.world.scopes():
        for days in PERIODS.values():
            for metric in METRICS:
                for wanted in WANTED:
                    asked = question(scope, days, wanted, level=level)
                    listed = Listed(asked, [catalog.metrics[metric]], Period(*days))
                    right = expected(counted, scope, days, metric, wanted, by)
                    assert list(listed.order()) == right, (scope, days, metric, wanted)


@pytest.mark.parametrize(("by", "level"), [("record", "record"), ("parent", "parent")])
def test_rankings_of_records(counted, by, level):
    check(counted, by, level)


def test_totals_of_chosen_records(counted):
    service = current_usage_stats.service
    wanted = {"resource_types": {"article", "dataset"}, "languages": {"eng", "deu"}}
    for scope in counted.world.scopes():
        for days in PERIODS.values():
            asked = question(scope, days, wanted, metric=",".join(METRICS))
            found = service.totals(system_identity, asked.scope, asked.query).metrics
            right = counted.usage(scope, *days, wanted)
            assert {id_: total.value for id_, total in found.items()} == {
                id_: right[id_] for id_ in METRICS
            }


def test_unique_downloads_of_the_files_of_a_record(counted):
    catalog = current_usage_stats.catalog
    for recid in sorted(counted.world.records)[:8]:
        events = [e for e in counted.chosen("global", FIRST, LAST, {}) if e.record == recid]
        seen = {(e.unique_id, e.at.date(), e.session) for e in events if e.kind == "download"}
        right = Counter(file for file, _, session in seen if session)
        asked = question(Scope(recid, kind="record"), (FIRST, LAST))
        metrics = [catalog.metrics["unique_downloads"]]
        (found,) = counts_of_files(asked, metrics, [Period(FIRST, LAST)])
        numbers = {file: numbers["unique_downloads"] for file, numbers in found.items()}
        assert {file_number(file): count for file, count in right.items()} == {
            file: number for file, number in numbers.items() if number
        }


def test_the_world_has_what_this_is_about(counted):
    """Sessions are counted by several lines of days, of months and of years."""
    columns = current_usage_stats.service.question(system_identity, "global", Query()).columns
    spans = spans_of(["global"], date(2022, 1, 1), LAST)["global"]
    keys = [("global", span) for span in spans]
    found = {(DAY, kind): 0 for kind in ("view", "download")}
    for (_, span), sheet in zip(keys, in_order(read(columns, keys), keys), strict=True):
        for kind in ("view", "download"):
            found[span.kind, kind] = found.get((span.kind, kind), 0) + len(sheet.repeats.of(kind))
    assert all(found[span, kind] for span in (DAY, MONTH, YEAR) for kind in ("view", "download"))


def test_surplus_of_what_is_chosen():
    groups = [[3, 1, 2], [1, 1, 2, 5], [2, 7, 7]]
    repeated = Repeated(groups)

    def surplus(*chosen: int) -> int:
        return sum(number for _, number in repeated.surplus(set(chosen)))

    assert surplus() == surplus(1) == surplus(5) == surplus(9) == 0
    assert (surplus(1, 2), surplus(2, 5), surplus(1, 2, 5)) == (4, 1, 5)
    assert (surplus(7), surplus(1, 2, 5, 7)) == (2, 7)
    assert sum(number for _, number in repeats.whole_surplus(groups)) == 7


def test_joined_groups():
    one, two = Repeats([[3, 0, 1]], [[1, 0, 2]]), Repeats([[2, 1, 0]], [])
    assert repeats.joined([one, two]) == Repeats([[5, 0, 1]], [[1, 0, 2]])
    assert one.moved([4, 4], [1, 2, 3]) == Repeats([[3, 4, 4]], [[1, 1, 3]])
    assert not Repeats()

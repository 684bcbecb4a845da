# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Records one by one, and lists of them: compared, read to their end, how far pages reach."""

from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
import sqlalchemy as sa
from flask import current_app
from invenio_access.permissions import system_identity
from invenio_db import db

from invenio_usage_stats.errors import CostError, InvalidQueryError
from invenio_usage_stats.proxies import current_usage_stats
from invenio_usage_stats.reader import rankings
from invenio_usage_stats.reader.periods import Period, intervals
from invenio_usage_stats.services import visible
from invenio_usage_stats.services.query import Query
from invenio_usage_stats.services.question import Question
from invenio_usage_stats.services.records import Listed
from invenio_usage_stats.services.scopes import REPOSITORY, Scope
from invenio_usage_stats.services.visible import Seen

from ..oracle.records import is_present
from .asking import ask, question_of, values_of
from .counting import Counted, counted_world, of_events

METRICS = ["views", "unique_views", "downloads", "unique_downloads", "traffic"]
FIRST, MIDDLE, LAST = date(2024, 1, 1), date(2024, 2, 15), date(2024, 3, 31)


@pytest.fixture(scope="module")
def counted(app) -> Counted:
    """Return the direct count of a world."""
    return counted_world(913, operations=90, days=91, events=900)


@pytest.fixture
def looks(monkeypatch) -> list[list[str]]:
    """Return which records were looked for; every one is there."""
    found: list[list[str]] = []

    def see(identity, ids):
        found.append(ids)
        return {id_: Seen(id_) for id_ in ids}

    monkeypatch.setattr(visible, "records", see)
    monkeypatch.setattr(rankings, "FEW", 3)
    return found


def query(**more) -> Query:
    """Return a question about views."""
    given = {"since": [str(FIRST)], "until": [str(LAST)], "metric": ["views"]}
    given |= {"dimension": ["records"], **more}
    return Query.read(given, current_usage_stats.catalog)


def top(asked: Query):
    """Return a ranking of the repository."""
    return current_usage_stats.service.top(system_identity, REPOSITORY, asked)


def views(counted: Counted, since: date, until: date) -> Counter[str]:
    """Return the views of each record."""
    events = counted.chosen("global", since, until, {})
    known = counted.world.records
    return Counter(e.record for e in events if e.kind == "view" and e.record in known)


@contextmanager
def statements():
    """Give the statements that are sent to the database meanwhile."""
    found: list[str] = []

    def take(connection, cursor, statement, *rest):
        found.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", take)
    yield found
    sa.event.remove(db.engine, "before_cursor_execute", take)


@pytest.mark.parametrize("level", ["record", "parent"])
def test_an_earlier_period_knows_the_names_of_the_later_one(counted, level):
    question = Question(system_identity, REPOSITORY, query(level=[level]))
    metrics = [current_usage_stats.catalog.metrics["views"]]
    now = Listed(question, metrics, Period(MIDDLE, LAST))
    before = Listed(question, metrics, Period(FIRST, MIDDLE - timedelta(days=1)), now.ordinals)
    name = {
        r: r if level == "record" else known.parent for r, known in counted.world.records.items()
    }
    expected: Counter[str] = Counter()
    for record, count in views(counted, FIRST, MIDDLE - timedelta(days=1)).items():
        expected[name[record]] += count
    ranked = [id_ for id_, _ in now.order()]
    with statements() as sent:
        assert {id_: before.numbers(id_)["views"] for id_ in ranked} == {
            id_: expected[id_] for id_ in ranked
        }
    assert not sent


def test_files_of_records_are_made_while_they_are_read(counted, looks):
    result = top(replace(query(), extent="stream", counted=False, size=None))
    assert not looks
    lines = result.table()
    first = next(lines)
    assert len(looks) == 1
    expected = views(counted, FIRST, LAST)
    order = sorted(expected.items(), key=lambda pair: (-pair[1], pair[0]))
    numbers = [line for line in (first, *lines) if line.metric == "views"]
    assert [(line.id, line.value) for line in numbers] == order


def test_files_of_very_many_records_are_refused(counted, looks, monkeypatch):
    day = max(Period(FIRST, LAST).days(), key=lambda day: len(views(counted, day, day)))
    asked = query(since=[str(day)], until=[str(day)])
    files = replace(asked, extent="stream", counted=False, size=None)
    rows = len(views(counted, day, day))
    monkeypatch.setitem(current_app.config, "USAGE_STATS_MAX_COST", rows)
    assert len({line.id for line in top(files).table()}) == rows
    monkeypatch.setitem(current_app.config, "USAGE_STATS_MAX_COST", rows - 1)
    with pytest.raises(CostError):
        top(files)


def test_pages_reach_the_ten_thousandth_row(counted, looks):
    assert top(query(size=["100"], page=["100"])).rows == []
    with pytest.raises(InvalidQueryError, match="files have all rows"):
        top(query(size=["100"], page=["101"]))


@pytest.mark.parametrize("level", ["record", "parent"])
def test_records_one_by_one(counted, level):
    rng = Random(5000)
    weeks = {"since": FIRST, "until": LAST, "interval": "week", "metric": METRICS}
    for recid in rng.sample(sorted(counted.world.records), 12):
        parent = counted.world.records[recid].parent
        result = ask("series", Scope(recid, kind="record"), level=level, **weeks)
        events = [
            e
            for e in counted.chosen("global", FIRST, LAST, {})
            if (e.parent == parent and e.record in counted.world.records)
            and (level == "parent" or e.record == recid)
        ]
        for one in result.series:
            for part, point in zip(intervals(Period(FIRST, LAST), "week"), one.points, strict=True):
                some = [e for e in events if part.since <= e.at.date() <= part.until]
                assert point.value == of_events(some)[one.metric], (recid, one.metric, part)


def test_totals_of_a_record(counted):
    for recid in sorted(counted.world.records)[:6]:
        found = values_of(ask("totals", Scope(recid, kind="record"), since=FIRST, until=LAST))
        history = counted.histories[recid]
        assert found["records"] == is_present(history, "added", "global", LAST)
        events = [e for e in counted.chosen("global", FIRST, LAST, {}) if e.record == recid]
        expected = of_events(events)
        assert all(found[id_] in (expected[id_], None) for id_ in expected)


def test_unique_views_by_record(counted):
    """A session before and after a change of the day is one."""
    for scope in counted.world.scopes():
        events = [e for e in counted.chosen(scope, FIRST, LAST, {}) if e.kind == "view"]
        known = [e for e in events if e.record in counted.world.records]
        seen = {(e.record, e.at.date(), e.session) for e in known}
        expected = Counter(record for record, _, _ in seen)
        metrics = [current_usage_stats.catalog.metrics["unique_views"]]
        question = question_of(scope, since=FIRST, until=LAST)
        listed = Listed(question, metrics, Period(FIRST, LAST))
        ranked = sorted(expected.items(), key=lambda pair: (-pair[1], pair[0]))
        assert list(listed.order()) == ranked

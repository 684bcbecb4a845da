# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What was used: numbers and times of every record and file, against a naive count."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime

import msgspec
import pytest
import sqlalchemy as sa
from invenio_db import db

from invenio_usage_stats.aggregations.base import Work, new_work
from invenio_usage_stats.aggregations.columns import Columns
from invenio_usage_stats.aggregations.running.leases import hold, next_token
from invenio_usage_stats.aggregations.sheets.days import file_number
from invenio_usage_stats.aggregations.sheets.joining import Joining
from invenio_usage_stats.aggregations.sheets.sheet import LINES, TIMES, Lines, Sheet
from invenio_usage_stats.aggregations.sheets.spans import day_span
from invenio_usage_stats.aggregations.sheets.store import SheetWriter
from invenio_usage_stats.aggregations.sheets.times import Times
from invenio_usage_stats.indices import SHEETS, refresh
from invenio_usage_stats.ledger.models import LedgerRecord
from invenio_usage_stats.proxies import current_usage_stats
from invenio_usage_stats.reader.moments import last_downloads
from invenio_usage_stats.reader.periods import Period
from invenio_usage_stats.reader.used import (
    DOWNLOADS,
    OF_FILES,
    OF_RECORDS,
    RECORD,
    UNKNOWN,
    VIEWS,
    Used,
    used_files,
    used_records,
)

from ..oracle.random_history import random_world
from ..oracle.usage import grouped
from ..oracle.world import Event
from ..world import forget_world, loaded, wipe

WORLD = random_world(401, operations=40, days=45)
DAYS = sorted(event.at.date() for event in WORLD.events)
WHOLE, MIDDLE = Period(DAYS[0], DAYS[-1]), Period(DAYS[10], DAYS[-10])
NIGHT = datetime(2024, 1, 10, tzinfo=UTC)
EARLIER, LATER = date(2024, 1, 10), date(2024, 1, 11)
IN_SPRING = Period(date(2024, 1, 1), date(2024, 3, 31))


def seconds(moment: datetime) -> int:
    """Return a time as seconds since 1970."""
    return int(moment.replace(tzinfo=UTC).timestamp())


def counted(scope: str, period: Period) -> Iterator[Event]:
    """Yield the events of known records that count in a scope and a period."""
    for day, pairs in grouped(WORLD).get(scope, {}).items():
        if period.since <= day <= period.until:
            yield from (event for event, _ in pairs if event.record in WORLD.records)


def of_record(events: list[Event]) -> dict[str, int]:
    """Return what should stand in the columns of a record."""
    views = [event for event in events if event.kind == "view"]
    viewed = [seconds(event.at) for event in views]
    loaded = [event for event in events if event.kind == "download"]
    return {
        "views": len(views),
        "first_viewed": min(viewed, default=0),
        "last_viewed": max(viewed, default=0),
        **of_file(loaded),
    }


def of_file(events: list[Event]) -> dict[str, int]:
    """Return what should stand in the columns of a file."""
    return {
        "downloads": len(events),
        "volume": sum(event.size for event in events),
        "last_downloaded": max((seconds(event.at) for event in events), default=0),
    }


def rows(used: Used, names: tuple[str, ...]) -> dict[int, dict[str, int]]:
    """Return all columns by key."""
    columns = {name: used.columns[name] for name in names}
    return {k: {n: column[p] for n, column in columns.items()} for p, k in enumerate(used.keys)}


def ordinals() -> dict[str, int]:
    """Return the ordinals of records."""
    table = LedgerRecord.__table__.c
    with db.engine.connect() as connection:
        found = connection.execute(sa.select(table.recid, table.id))
        return {row.recid: row.id for row in found}


@pytest.mark.parametrize("period", [WHOLE, MIDDLE, Period(DAYS[20], DAYS[20])])
@pytest.mark.parametrize("chosen", [False, True])
def test_everything_used_equals_a_naive_count(app, period, chosen):
    loaded(WORLD)
    columns, known = Columns(current_usage_stats.catalog), ordinals()
    only = set(sorted(known.values())[::3]) if chosen else None
    for scope in WORLD.scopes():
        records, files = defaultdict(list), defaultdict(list)
        for event in counted(scope, period):
            if only is None or known[event.record] in only:
                records[known[event.record]].append(event)
                if event.kind == "download":
                    files[file_number(event.unique_id)].append(event)
        found = used_records(columns, [(scope, period)], only)
        expected = {key: of_record(events) for key, events in records.items()}
        assert {k: row for k, row in rows(found, OF_RECORDS).items() if k in expected} == expected
        found = used_files(columns, [(scope, period)], only)
        assert rows(found, OF_FILES) == {
            key: {**of_file(events), RECORD: known[events[0].record]}
            for key, events in files.items()
        }
        assert chosen or records or scope != "global"


def test_the_last_download_of_each_scope(app):
    loaded(WORLD)
    columns, catalog = Columns(current_usage_stats.catalog), current_usage_stats.catalog
    scopes = WORLD.scopes()
    for period in (WHOLE, MIDDLE):
        found = last_downloads(columns, catalog.metrics["downloads"], scopes, period)
        expected = {}
        for scope in scopes:
            days = grouped(WORLD).get(scope, {}).items()
            events = [e for d, some in days if period.since <= d <= period.until for e, _ in some]
            moments = [seconds(event.at) for event in events if event.kind == "download"]
            expected |= {scope: max(moments)} if moments else {}
        assert found == expected
        assert len(found) > 2


def test_the_order_of_what_was_used(app):
    loaded(WORLD)
    used = used_records(Columns(current_usage_stats.catalog), [("global", WHOLE)])
    for sort in ("downloads", "views", "last_viewed"):
        names = (sort, DOWNLOADS, VIEWS)
        keys = [tuple(-used.columns[name][place] for name in names) for place in used.order(sort)]
        assert keys == sorted(keys)
        assert len(set(keys)) > 3


# --- sheets of before ---


@pytest.fixture
def work(app) -> Iterator[Work]:
    """Return what a step works with, in an empty repository."""
    wipe()
    forget_world()
    with hold("tests of what was used") as lease:
        yield new_work(lease)
    wipe()


def sections(viewed: int | None, days: int = 0) -> dict[str, bytes]:
    """Return the sections of a day on which record 7 and its file were used at a second.

    ``viewed``: none for a sheet that does not tell when.
    """
    encode = msgspec.msgpack.encode
    line = Lines([7], [0], [1], [2], [2], [1], [99], [1], [1], [10])
    found = {LINES: encode(line)}
    if viewed is None:
        return found
    start = int(NIGHT.timestamp()) + 86_400 * days + viewed
    return {**found, TIMES: encode(Times([start], [5], [start + 60]))}


def write(work: Work, days: dict[date, dict[str, bytes]]) -> None:
    """Write the sheets of days of scope A."""
    token, columns = next_token(), work.documents.columns
    writer = SheetWriter(columns, "2024-02-01T00:00:00", token)
    documents = (d for day, s in days.items() for d in writer.documents("A", day_span(day), s))
    work.writer.send(documents, token, SHEETS.name)
    refresh(SHEETS.target)


def test_times_are_exact_or_unknown(work):
    """A day that does not tell leaves open only what it could change."""
    start = int(NIGHT.timestamp())
    for days, expected in (
        ({EARLIER: sections(None), LATER: sections(3, days=1)}, (UNKNOWN, start + 86_408)),
        ({EARLIER: sections(3), LATER: sections(None)}, (start + 3, UNKNOWN)),
        ({EARLIER: sections(None), LATER: sections(None)}, (UNKNOWN, UNKNOWN)),
        ({EARLIER: sections(3), LATER: sections(4, days=1)}, (start + 3, start + 86_409)),
    ):
        write(work, days)
        used = used_records(work.documents.columns, [("A", IN_SPRING)])
        (row,) = rows(used, OF_RECORDS).values()
        assert (row["first_viewed"], row["last_viewed"]) == expected
        known = expected[1] if expected[1] == UNKNOWN else expected[1] + 55
        assert row["last_downloaded"] == known
        files = used_files(work.documents.columns, [("A", IN_SPRING)])
        assert files.columns["last_downloaded"][0] == known
        assert (row["views"], row["downloads"], row["volume"]) == (4, 2, 20)


def test_a_joined_sheet_tells_times_only_if_all_its_days_do(app):
    catalog = current_usage_stats.catalog
    columns = Columns(catalog)
    for parts, told in (
        ([sections(3), sections(4)], True),
        ([sections(3), sections(None)], False),
        ([sections(None)], False),
    ):
        days = [Sheet(columns, part) for part in parts]
        joined = Sheet(columns, Joining(catalog, columns, days).sections())
        assert (joined.times is not None) == told

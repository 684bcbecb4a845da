# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Files of ten years of days are made while they are sent: they need little memory."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import msgspec
import pytest
from invenio_access.permissions import system_identity

from invenio_usage_stats.aggregations.base import new_work
from invenio_usage_stats.aggregations.columns import Columns
from invenio_usage_stats.aggregations.documents import current_documents
from invenio_usage_stats.aggregations.running.leases import hold, next_token
from invenio_usage_stats.aggregations.sheets.joining import Joining
from invenio_usage_stats.aggregations.sheets.sheet import CELLS, LINES, MARKS, Lines, Marks, Sheet
from invenio_usage_stats.aggregations.sheets.spans import day_span, month_of, year_of
from invenio_usage_stats.aggregations.sheets.store import SheetWriter
from invenio_usage_stats.aggregations.writer import Document
from invenio_usage_stats.indices import SHEETS, refresh
from invenio_usage_stats.proxies import current_usage_stats
from invenio_usage_stats.resources.serializers import CSVSerializer, XLSXSerializer
from invenio_usage_stats.resources.serializers.answer import Answer
from invenio_usage_stats.services.query import Query
from invenio_usage_stats.services.scopes import Scope

from ..world import forget_world, wipe

SCOPE = "busy"
VALUES = [f"{letter}{other}" for letter in "ABCDEFGHIJKLM" for other in "ABCDEFGHIJKL"]
SINCE, UNTIL = date(2015, 1, 1), date(2024, 12, 31)
DAYS = (UNTIL - SINCE).days + 1
MOST = 200 << 20


@pytest.fixture(scope="module", autouse=True)
def busy(app) -> Iterator[None]:
    """Store ten years of a community whose every day has all countries."""
    wipe()
    forget_world()
    columns = Columns(current_usage_stats.catalog)
    with hold("test") as lease:
        token = next_token()
        new_work(lease).writer.send(_documents(columns, token), token, SHEETS.name)
    refresh(SHEETS.target)
    yield
    wipe()


def _documents(columns: Columns, token: int) -> Iterator[Document]:
    """Yield the sheets of days, months and years."""
    writer, rng = SheetWriter(columns, "2025-01-01T00:00:00", token), Random(1)
    days: list[Sheet] = []
    for n in range(DAYS):
        day = SINCE + timedelta(days=n)
        sections = _sections(columns, rng)
        yield from writer.documents(SCOPE, day_span(day), sections)
        days.append(Sheet(columns, sections))
        after = day + timedelta(days=1)
        for span, length in ((month_of(day), day.day), (year_of(day), day.timetuple().tm_yday)):
            if span.end < after:
                joined = Joining(current_usage_stats.catalog, columns, days[-length:]).sections()
                yield from writer.documents(SCOPE, span, joined)


def _sections(columns: Columns, rng: Random) -> dict[str, bytes]:
    """Return the sections of a day."""
    encode, row = msgspec.msgpack.encode, range(len(columns.metrics))
    numbers = [[rng.randrange(1, 1000) for _ in VALUES] for _ in row]
    marks = [[0] for _ in VALUES]
    return {
        LINES: encode(Lines([1], [0], [0], [9], [9], [0])),
        CELLS: encode(([""], [[sum(some)] for some in numbers])),
        f"{CELLS}countries": encode((VALUES, numbers)),
        f"{MARKS}countries": encode(Marks(marks, [[] for _ in VALUES])),
    }


def peak() -> int:
    """Return the most memory that this process had since it was forgotten."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) << 10


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="there is no /proc")
@pytest.mark.parametrize(
    ("form", "question", "points"),
    [
        (CSVSerializer, {"metric": None}, 0),
        (XLSXSerializer, {"metric": None}, 0),
        (CSVSerializer, {"metric": "views", "dimension": "countries"}, DAYS * len(VALUES)),
    ],
)
def test_ten_years_of_days(app, form, question, points):
    catalog = current_usage_stats.catalog
    every = [id_ for id_ in catalog.metrics if id_ != "uploaders"]
    given = {"since": str(SINCE), "until": str(UNTIL), "interval": "day", **question}
    given = {name: [value] if value else every for name, value in given.items()}
    query = replace(Query.read(given, catalog), extent="stream", size=None)
    current_documents()
    Path("/proc/self/clear_refs").write_text("5")
    before, rows = peak(), 0
    result = current_usage_stats.service.series(system_identity, Scope(SCOPE), query)
    answer = Answer("series", result, {"self": ""}, {}, catalog)
    size = 0
    for piece in form().serialize_object(answer):
        size += len(piece)
        rows += piece.count(b"\r\n") if form is CSVSerializer else 0
    assert peak() - before < MOST
    moving = [id_ for id_ in every if not catalog.metrics[id_].event]
    expected = points or DAYS * (len(every) + 2 * len(moving))
    assert rows == (expected + 1 if form is CSVSerializer else 0)
    assert size > expected

# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Sheets: read as they were written, joined as if counted anew, and none read twice."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invenio_search import current_search_client

from invenio_usage_stats.aggregations.base import Work, new_work
from invenio_usage_stats.aggregations.columns import Columns
from invenio_usage_stats.aggregations.running.leases import hold, next_token
from invenio_usage_stats.aggregations.shares import TOTAL
from invenio_usage_stats.aggregations.sheets import store
from invenio_usage_stats.aggregations.sheets.joining import Joining
from invenio_usage_stats.aggregations.sheets.repeats import whole_surplus
from invenio_usage_stats.aggregations.sheets.sheet import (
    CELLS,
    LINES,
    MARKS,
    Lines,
    Marks,
    Sections,
    Sheet,
    Usage,
    deltas,
)
from invenio_usage_stats.aggregations.sheets.spans import (
    DAY,
    MONTH,
    ONE_DAY,
    YEAR,
    Span,
    cover,
    day_span,
    month_of,
    year_of,
)
from invenio_usage_stats.errors import UsageStatsError
from invenio_usage_stats.indices import SHEETS, USAGE_DELTA, refresh
from invenio_usage_stats.proxies import current_usage_stats
from invenio_usage_stats.reader.periods import Period
from invenio_usage_stats.reader.usage import usage_of

from ..oracle.random_history import random_world
from ..oracle.world import GLOBAL, World
from ..world import forget_world, load

SPAN = day_span(date(2024, 1, 10))


@pytest.fixture
def work(clean) -> Iterator[Work]:
    """Return what a step works with."""
    forget_world()
    with hold("tests of sheets") as lease:
        yield new_work(lease)
    forget_world()


@pytest.fixture(params=["small", "large", "chunks"])
def form(request, monkeypatch) -> str:
    """Force sheets into one document, one for each section, or several."""
    if request.param != "small":
        monkeypatch.setattr(store, "SMALL", 1)
    if request.param == "chunks":
        monkeypatch.setattr(store, "CHUNK", 16)
    return request.param


def sections_of(work: Work, seed: int = 1) -> Sections:
    """Return the sections of a sheet that differ by seed."""
    count = len(work.documents.columns.metrics)
    values = [f"value-{n}" for n in range(30)]
    columns = [[seed * (n + column) for n in range(30)] for column in range(count)]
    lines = Lines(
        records=deltas(list(range(1, 31))),
        parents=[0] * 30,
        facts=[seed] * 30,
        views=[1] * 30,
        unique_views=[1] * 30,
        files_per_line=[0] * 30,
    )
    encode = msgspec.msgpack.encode
    marks = encode(Marks([deltas([n]) for n in range(30)]))
    cells = encode((values, columns))
    total = encode(([""], [[seed]] * count))
    return {LINES: encode(lines), CELLS: total, CELLS + "one": cells, MARKS + "one": marks}


def write(work: Work, span: Span, sections: Sections, token: int) -> None:
    """Write a sheet of scope A."""
    writer = store.SheetWriter(work.documents.columns, "2024-02-01T00:00:00", token)
    work.writer.send(writer.documents("A", span, sections), token, USAGE_DELTA.name)
    refresh(SHEETS.target)


def read(work: Work, only: list[str] | None = None) -> dict[str, bytes]:
    """Return the sections of the sheet of scope A, unpacked."""
    found = store.read(work.documents.columns, [("A", SPAN)], only)
    sections = found["A", SPAN].sections
    return {name: sections.get(name) for name in sections}


def test_every_form_is_read_as_it_was_written(work, form):
    written = sections_of(work)
    write(work, SPAN, written, next_token())
    assert read(work) == written
    count = current_search_client.count(index=SHEETS.target)["count"]
    assert (count == 1) == (form == "small")
    assert (count > 5) == (form == "chunks")
    assert store.spans_of(["A"], SPAN.start, SPAN.start) == {"A": [SPAN]}


def test_a_sheet_may_grow_and_shrink(work, monkeypatch):
    """What an earlier form has left behind is not read."""
    for seed, small in enumerate((1, 1 << 20, 1), start=1):
        monkeypatch.setattr(store, "SMALL", small)
        monkeypatch.setattr(store, "CHUNK", 4 * seed)
        write(work, SPAN, sections_of(work, seed), next_token())
        assert read(work) == sections_of(work, seed)


def test_only_the_sections_that_are_wanted(work, monkeypatch):
    monkeypatch.setattr(store, "SMALL", 1)
    written = sections_of(work)
    write(work, SPAN, written, next_token())
    assert read(work, [LINES, CELLS]) == {name: written[name] for name in (LINES, CELLS)}


def test_large_sections_are_unpacked_when_they_are_asked_for(work, monkeypatch):
    monkeypatch.setattr(store, "SMALL", 1)
    write(work, SPAN, sections_of(work), next_token())
    unpacked = []
    plain = store.unpack
    monkeypatch.setattr(store, "unpack", lambda text: unpacked.append(text) or plain(text))
    sheet = store.read(work.documents.columns, [("A", SPAN)])["A", SPAN]
    assert (sheet.dimensions, unpacked) == (["", "one"], [])
    assert sheet.numbers("one")["value-3"][0] == 3
    assert len(unpacked) == 1
    assert sheet.numbers("two") == {}
    assert len(unpacked) == 1


def tear(work: Work) -> None:
    """Write a large sheet, and one section of a later one."""
    write(work, SPAN, sections_of(work), next_token())
    token = next_token()
    later = store.SheetWriter(work.documents.columns, "2024-02-02T00:00:00", token)
    documents = list(later.documents("A", SPAN, sections_of(work, 2)))
    work.writer.send(documents[:1], token, USAGE_DELTA.name)


def test_a_torn_sheet_is_left_out_and_reported(work, monkeypatch):
    monkeypatch.setattr(store, "SMALL", 1)
    pauses = []
    monkeypatch.setattr(store.time, "sleep", pauses.append)
    tear(work)
    keys = [("A", SPAN), ("B", SPAN)]
    found = store.read(work.documents.columns, keys)
    assert found == {}
    assert len([pause for pause in pauses if pause]) == store.ATTEMPTS - 1
    with pytest.raises(UsageStatsError, match="A:2024-01-10 is incomplete"):
        store.in_order(found, keys)
    for name in (LINES, CELLS):
        torn = store.read(work.documents.columns, keys, [name])
        assert bool(torn) == (name != LINES)


def test_a_sheet_that_is_being_rewritten_is_read_again(work, monkeypatch):
    monkeypatch.setattr(store, "SMALL", 1)
    tear(work)
    whole = sections_of(work, 3)
    monkeypatch.setattr(
        store.time, "sleep", lambda pause: pause and write(work, SPAN, whole, next_token())
    )
    assert read(work) == whole


@pytest.mark.parametrize("seed", [41, 42])
def test_joined_sheets_equal_counting_anew(app, seed: int):
    """Months are joined from days, years from months; all numbers of all cells are the same."""
    forget_world()
    world = random_world(seed, operations=50, communities=2, days=80, start=date(2023, 11, 20))
    load(world)
    catalog = current_usage_stats.catalog
    columns = Columns(catalog)
    for scope in world.scopes():
        spans = store.spans_of([scope], date(2023, 1, 1), date(2024, 12, 31))[scope]
        kinds = {kind: [span for span in spans if span.kind == kind] for kind in (DAY, MONTH, YEAR)}
        assert {s.key for s in kinds[YEAR]} <= {"2023", "2024"}
        days = sheets(columns, scope, kinds[DAY])
        for head in (*kinds[MONTH], *kinds[YEAR]):
            within = [s for span, s in days.items() if head.start <= span.start <= head.end]
            (stored,) = sheets(columns, scope, [head]).values()
            check_same(stored, Usage(columns, within))
            again = Sheet(columns, Joining(catalog, columns, within).sections())
            check_same(again, Usage(columns, within))
            check_lines(columns, [stored, again, *within])
        everything = Usage(columns, days.values())
        period = Period(date(2023, 1, 1), date(2024, 12, 31))
        assert usage_of(columns, scope, period).numbers(TOTAL) == everything.numbers(TOTAL)
        if scope == GLOBAL:
            check_distinct(world, columns, everything)
    forget_world()


def sheets(columns: Columns, scope: str, spans: list[Span]) -> dict[Span, Sheet]:
    """Return sheets of a scope by span."""
    keys = [(scope, span) for span in spans]
    return dict(zip(spans, store.in_order(store.read(columns, keys), keys), strict=True))


def check_same(sheet: Sheet, usage: Usage) -> None:
    """Compare all cells of a sheet, and what they count, with several sheets united."""
    for dimension in {d for one in usage.sheets for d in one.dimensions}:
        numbers = sheet.numbers(dimension)
        assert numbers == {key: usage.numbers((dimension, key)) for key in usage.sums(dimension)}
        for key in numbers:
            united = usage._united((dimension, key))
            assert {c: ids for c, ids in sheet.sets((dimension, key)).items() if ids} == united


def check_lines(columns: Columns, some: list[Sheet]) -> None:
    """Compare the unique sessions of lines, less what they count twice, with the totals."""
    for sheet in some:
        for kind, numbers in (
            ("view", sheet.lines.unique_views),
            ("download", sheet.lines.unique_downloads),
        ):
            twice = sum(number for _, number in whole_surplus(sheet.repeats.of(kind)))
            assert sum(numbers) - twice == sheet.numbers("")[""][columns.at[kind, "uniques"]]


def check_distinct(world: World, columns: Columns, usage: Usage) -> None:
    """Compare what is distinct in the whole repository with a count of the events."""
    row = usage.numbers(TOTAL)
    used = {"view": ("records", "parents"), "download": ("records", "parents", "files")}
    fields = {"records": "record", "parents": "parent", "files": "unique_id"}
    for kind, counters in used.items():
        events = [event for event in world.events if event.kind == kind]
        for counter in counters:
            ids = {getattr(event, fields[counter]) for event in events}
            assert row[columns.at[kind, counter]] == len(ids) > 1


DAYS = st.dates(date(2022, 11, 1), date(2024, 3, 1))


@given(
    days=st.sets(DAYS, max_size=80),
    heads=st.sets(DAYS.map(month_of) | DAYS.map(year_of), max_size=12),
    bounds=st.tuples(DAYS, DAYS),
)
@settings(max_examples=300, deadline=None)
def test_a_cover_has_neither_overlap_nor_gap(days, heads, bounds):
    """Each day with a sheet is in exactly one span; larger spans win, and none reaches out."""
    since, until = sorted(bounds)
    spans = [*map(day_span, days), *heads]
    chosen = list(cover(spans, since, until))
    assert all(since <= span.start and span.end <= until for span in chosen)
    assert all(a.end < b.start for a, b in pairwise(chosen))
    for day in days:
        holding = [span for span in chosen if span.start <= day <= span.end]
        assert len(holding) == (since <= day <= until)
    for span in heads:
        if since <= span.start and span.end <= until:
            assert any(c.start <= span.start and span.end <= c.end for c in chosen)


def test_spans_of_a_year():
    first = date(2023, 12, 31)
    assert [s.key for s in (day_span(first), month_of(first), year_of(first))] == [
        "2023-12-31",
        "2023-12",
        "2023",
    ]
    leap = month_of(date(2024, 2, 5))
    assert leap.end == date(2024, 3, 1) - timedelta(days=1) == leap.start + 28 * ONE_DAY

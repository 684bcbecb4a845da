# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The second question about sheets: size of a month, and what it costs to close and to read it."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import msgspec
import numpy as np
from spike_cells import Cells, cells_of_day
from spike_data import NAMES, World
from spike_day import MB, Report, documents
from spike_engine import Action, Engine
from spike_formats import (
    ZLIB,
    Documents,
    Month,
    join,
    one_stream,
    plain_json,
    sectioned,
    segment,
    text,
    untext,
    zstd,
)
from spike_reader import Reader

SEGMENTS = "spike-segments"
FORMS: dict[str, Callable[[dict[str, Month]], Documents]] = {
    "A one stream, zlib 6": partial(one_stream, codec=ZLIB),
    "A one stream, zstd 9": partial(one_stream, codec=zstd(9)),
    "B sections, zlib 6": partial(sectioned, codec=ZLIB),
    "B sections, zstd 9": partial(sectioned, codec=zstd(9)),
    "B sections, zlib 6, values as shared numbers": partial(sectioned, codec=ZLIB, numbers={}),
    "C JSON columns": plain_json,
}
LIMIT = 20_000_000
"""Bytes of the largest document that is written: one of 75 MB was refused by a heap of 1 GB."""
INDICES = {
    "a": "A one stream, zlib 6",
    "b": "B sections, zlib 6",
    "z": "B sections, zstd 9",
    "c": "C JSON columns",
}
"""Which format lies in which index of a year."""


def strata(world: World) -> dict[str, tuple[list[int], int]]:
    """Return a sample of scopes by rank, with the number of scopes that each stands for."""
    last = world.size.communities
    return {
        "global": ([0], 1),
        "1-10": (list(range(1, 11)), 1),
        "11-100": (list(range(15, 101, 10)), 10),
        "101-": (list(range(125, last, 50)), 50),
    }


def readers(world: World) -> dict[str, int]:
    """Return the scopes that are read."""
    middle = 125 + (world.size.communities // 2 - 100) // 50 * 50
    return {"median": middle, "rank 10": 10, "busiest": 1, "global": 0}


def chosen(world: World) -> np.ndarray:
    """Return a mark for every scope of the sample."""
    marks = np.zeros(world.size.communities + 1, bool)
    for scopes, _ in strata(world).values():
        marks[scopes] = True
    return marks


def draw(engine: Engine, world: World, repeat: int) -> Report:
    """Write the segments of a month of the sample, and daily documents of those that are read."""
    engine.create(SEGMENTS)
    engine.create("spike-year-daily")
    day: dict[int, Cells] = {}
    for number in range(1, world.size.days + 1):
        day = cells_of_day(world, world.day(), chosen(world))
        parts = ((f"{scope}:{number}", text(segment(cells))) for scope, cells in day.items())
        engine.write(SEGMENTS, ((id_, {"data": data}) for id_, data in parts))
    for scope in list(readers(world).values())[:-1]:
        docs = list(documents({scope: day.get(scope, {})}))
        copies = ((f"{number}:{id_}", doc) for id_, doc in docs for number in range(30))
        engine.write("spike-year-daily", copies)
    return [("a month: segments of the sample", f"{engine.size(SEGMENTS) / MB:.1f} MB on disk")]


def load(engine: Engine, world: World, scope: int) -> list[tuple[int, bytes]]:
    """Return the segments of a scope."""
    days = range(1, world.size.days + 1)
    found: dict[str, dict] = {}
    for start in range(0, len(days), 10):
        found |= engine.get(SEGMENTS, [f"{scope}:{day}" for day in days[start : start + 10]])
    return sorted((int(id_.split(":")[1]), untext(doc["data"])) for id_, doc in found.items())


def months_of(engine: Engine, world: World, scopes: list[int]) -> Iterator[tuple[int, dict]]:
    """Yield the month of each scope that had any activity."""
    for scope in scopes:
        segments = load(engine, world, scope)
        if segments:
            yield scope, join(segments)


def weight_of(fields: dict[str, Any]) -> int:
    """Return the bytes of a document."""
    return len(msgspec.json.encode(fields))


def actions(scope: int, month: int, docs: Documents) -> Iterator[Action]:
    """Yield the documents of one sheet, but none that an engine with a small heap refuses."""
    for suffix, fields in docs.items():
        if weight_of(fields) > LIMIT:
            continue
        yield f"{scope}:{month}{suffix}", {"scope": str(scope), "month": str(month), **fields}


def _close(engine: Engine, world: World, scopes: list[int]) -> None:
    """Compact the month of some scopes: read segments, join them, write sheets."""
    months = months_of(engine, world, scopes)
    sheets = ((scope, sectioned(month, ZLIB)) for scope, month in months)
    parts = (actions(scope, 1, docs) for scope, docs in sheets)
    engine.write("spike-closed", (action for part in parts for action in part))


def _size(engine: Engine, form: str, months: dict[int, dict[str, Month]]) -> tuple[int, float, str]:
    """Return bytes on disk of what was written, bytes that were refused, and both as text."""
    engine.create("spike-size")
    sent = refused = 0
    for scope, month in months.items():
        docs = FORMS[form](month)
        sent += engine.write("spike-size", actions(scope, 1, docs))
        refused += sum(size for size in map(weight_of, docs.values()) if size > LIMIT)
    disk = engine.size("spike-size")
    shown = f"{sent / MB:.2f} MB sent, {disk / MB:.2f} MB on disk"
    return disk, refused, f"{shown}, {refused / MB:.2f} MB too large to write" if refused else shown


def measure_sizes(engine: Engine, world: World, repeat: int) -> Report:
    """Return bytes on disk per format; base64 that was refused counts three quarters."""
    total: dict[str, float] = dict.fromkeys(FORMS, 0.0)
    report = []
    for name, (scopes, weight) in strata(world).items():
        months = dict(months_of(engine, world, scopes))
        for form in FORMS:
            if form[0] == "C" and name == "global":
                continue
            disk, refused, values = _size(engine, form, months)
            total[form] += (disk + 0.75 * refused) * weight
            label = f"month: {name} ({len(months)} scopes, x {weight}): {form}"
            report.append((label, values))
    sums_ = (
        (form, f"{size / MB:.1f} MB on disk") for form, size in total.items() if form[0] != "C"
    )
    return [*report, *((f"month: all, ESTIMATE from the sample: {f}", v) for f, v in sums_)]


def measure_closing(engine: Engine, world: World, repeat: int) -> Report:
    """Return what closing a month costs."""
    engine.create("spike-closed")
    report = []
    for name, (scopes, weight) in strata(world).items():
        cost = engine.cost(partial(_close, engine, world, scopes), repeat)
        report.append((f"close: {name}: {len(scopes)} scopes (x {weight}), ms", str(cost)))
    return report


def _fill(engine: Engine, world: World) -> None:
    """Write twelve copies of the month for the scopes that are read."""
    for index in INDICES:
        engine.create(f"spike-year-{index}")
    for scope, sheet in months_of(engine, world, list(readers(world).values())):
        for index, form in INDICES.items():
            if scope or index in "bz":
                docs = FORMS[form](sheet)
                for month in range(12):
                    engine.write(f"spike-year-{index}", actions(scope, month, docs))


def _runs(engine: Engine, label: str, scope: int) -> Iterator[tuple[str, Callable]]:
    """Yield the questions to a scope; all formats must agree."""
    b, z = Reader(engine, "b", scope), Reader(engine, "z", scope, zstd(9))
    for form, reader in (("B zlib", b), ("B zstd", z)):
        yield f"{form}: all sums decoded", reader.complete
        yield f"{form}: top of all dimensions", partial(reader.top, NAMES)
    assert b.bounded(NAMES) == b.top(NAMES)
    yield "B zlib: top of all dimensions, bounded", partial(b.bounded, NAMES)
    one = Reader(engine, "b", scope, months=1)
    yield "B zlib: the same from one head, as a yearly one would be", partial(one.bounded, NAMES)
    yield "B zlib: top affiliations", partial(b.top, ("affiliations",))
    yield "B zlib: affiliations by day", partial(b.series, "affiliations")
    if label == "global":
        return
    for form in "ac":
        rows = Reader(engine, form, scope).top_of_rows
        if not any(rows(("access_rights",)).values()):
            continue
        assert rows(NAMES) == b.top(NAMES)
        yield f"{form.upper()}: top of all dimensions", partial(rows, NAMES)
    yield "30 daily documents (a month only)", Reader(engine, "daily", scope).daily


def measure_reads(engine: Engine, world: World, repeat: int) -> Report:
    """Return what reading a year costs: twelve copies of one month."""
    _fill(engine, world)
    return [
        (f"year: {label}: {name}, ms", str(engine.cost(run, repeat)))
        for label, scope in readers(world).items()
        for name, run in _runs(engine, label, scope)
    ]

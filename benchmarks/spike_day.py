# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The first question about sheets: the cost of a day while its month is open."""

from collections.abc import Iterator

import numpy as np
from spike_cells import Cells, cells_of_day, rows_of_day
from spike_data import METRICS, World, zipf
from spike_engine import Action, Engine, bodies
from spike_formats import segment, text
from spike_rows import Rows, day_rows

Report = list[tuple[str, str]]
_VIEW, _DOWNLOAD = METRICS[:5], METRICS[5:12]
_LARGE = 20_000
MB = 1e6


def _items(values: list[str], columns: list[list[int]]) -> list[dict]:
    """Return the items of a breakdown."""
    return [
        {
            "id": name,
            "label": name,
            "view": dict(zip(_VIEW, line[:5], strict=True)),
            "download": dict(zip(_DOWNLOAD, line[5:12], strict=True)),
        }
        for name, *line in zip(values, *columns, strict=True)
    ]


def documents(day: dict[int, Cells]) -> Iterator[Action]:
    """Yield daily documents; those of large scopes by dimension."""
    for scope, cells in day.items():
        if sum(len(values) for values, _ in cells.values()) > _LARGE:
            for name, part in cells.items():
                yield f"{scope}:{name}", {"scope": str(scope), "cells": {name: _items(*part)}}
        else:
            items = {name: _items(*part) for name, part in cells.items()}
            yield str(scope), {"scope": str(scope), "cells": items}


def cell_segments(day: dict[int, Cells]) -> Iterator[Action]:
    """Yield the segments of cells."""
    for scope, cells in day.items():
        yield f"{scope}:cells", {"scope": str(scope), "data": text(segment(cells))}


def row_segments(rows: dict[int, Rows]) -> Iterator[Action]:
    """Yield the segments of rows."""
    for scope, tables in rows.items():
        yield f"{scope}:rows", {"scope": str(scope), "data": text(day_rows(tables))}


def touched(world: World, events: int) -> np.ndarray:
    """Return the scopes in which this many late events lie."""
    records = zipf(world.rng, world.size.records, events)
    return np.unique(np.r_[0, world.first[records], world.second[records]])


def _late(world: World, day: dict[int, Cells], rows: dict[int, Rows]) -> str:
    """Say which part of the day's segments 500 late events rewrite."""
    sizes = {s: len(segment(cells)) + len(day_rows(rows[s])) for s, cells in day.items()}
    scopes = [scope for scope in touched(world, 500).tolist() if scope in sizes]
    share = sum(sizes[scope] for scope in scopes) / sum(sizes.values())
    return f"{len(scopes)} scopes, {share:.2f} of the bytes"


def measure_day(engine: Engine, world: World, repeat: int) -> Report:
    """Return what writing one day of every scope costs, in each form."""
    drawn, everything = world.day(), np.ones(world.size.communities + 1, bool)
    day, rows = cells_of_day(world, drawn, everything), rows_of_day(world, drawn, everything)
    cells = sum(len(values) for scope in day.values() for values, _ in scope.values())
    lines = sum(len(table[0]) for tables in rows.values() for table in tables)
    report = [("a day: scopes, cells, rows", f"{len(day):,}, {cells:,}, {lines:,}")]
    forms = {
        "daily documents": lambda: documents(day),
        "segments of cells": lambda: cell_segments(day),
        "segments of rows": lambda: row_segments(rows),
    }
    for name, form in forms.items():
        index = f"spike-day-{name.replace(' ', '-')}"
        engine.create(index)
        build = engine.cost(lambda form=form: sum(1 for _ in bodies("x", form())), repeat)
        parts = list(bodies(index, form()))
        engine.send(parts)
        disk = engine.size(index)
        write = engine.cost(lambda parts=parts: engine.send(parts), repeat)
        report.append((f"a day: {name}: MB sent", f"{sum(map(len, parts)) / MB:.1f}"))
        report.append((f"a day: {name}: MB on disk", f"{disk / MB:.1f}"))
        report.append((f"a day: {name}: build, ms", str(build)))
        report.append((f"a day: {name}: write, ms", str(write)))
    return [*report, ("a day: 500 late events rewrite", _late(world, day, rows))]

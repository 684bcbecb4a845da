# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The third question about sheets: the size of the rows of records, by format."""

from collections.abc import Callable
from functools import partial

import numpy as np
from spike_cells import rows_of_day
from spike_data import World
from spike_day import MB, Report
from spike_engine import Engine
from spike_formats import ZLIB, Codec, zstd
from spike_rows import DayRows, chunks, daily_rows, plain_rows, sheet


def merged(days: DayRows, codec: Codec = ZLIB) -> bytes:
    """Return head and days of both kinds as they lie in the documents."""
    parts = (chunks(days, kind, codec).values() for kind in (0, 1))
    return b"".join(data for pairs in parts for pair in pairs for data in pair)


def codes_in_sheet(world: World, days: DayRows) -> int:
    """Return the bytes of the values of all records, were they a part of each sheet."""
    rank = np.argsort(world.ordinal)
    records = np.unique(np.concatenate([np.array(t[0], int) for _, r in days for t in r]))
    ranks, size = rank[records - 1], 0
    for values in world.values.values():
        held = values[ranks]
        used, codes = np.unique(held, return_inverse=True)
        size += len(ZLIB.pack([used.tolist(), codes.reshape(-1).tolist()]))
    return size


FORMS: dict[str, Callable[[DayRows], bytes]] = {
    "by day, plain numbers": plain_rows,
    "by day, distances": daily_rows,
    "by record, head and days": merged,
    "by record, zstd 9": partial(merged, codec=zstd(9)),
}


def first_month(world: World) -> dict[int, DayRows]:
    """Return the rows of a month of every scope."""
    everything = np.ones(world.size.communities + 1, bool)
    found: dict[int, DayRows] = {}
    for day in range(1, world.size.days + 1):
        for scope, tables in rows_of_day(world, world.day(), everything).items():
            found.setdefault(scope, []).append((day, tables))
    return found


def measure_rows(engine: Engine, world: World, repeat: int) -> Report:
    """Return the size of one month of rows of every scope."""
    month = first_month(world)
    lines = sum(len(table[0]) for days in month.values() for _, r in days for table in r)
    report = [("rows: a month of all scopes: lines", f"{lines:,}")]
    for name, form in FORMS.items():
        sizes = {scope: len(form(days)) for scope, days in month.items()}
        size = f"{sum(sizes.values()) / MB:.1f} MB, of it global {sizes[0] / MB:.1f} MB"
        report.append((f"rows: a month of all scopes: {name}: compressed", size))
    engine.create("spike-rows-month")
    engine.write("spike-rows-month", (a for s, days in month.items() for a in sheet(s, 1, days)))
    disk = engine.size("spike-rows-month") / MB
    report.append(("rows: by record, head and days: on disk", f"{disk:.1f} MB"))
    codes = codes_in_sheet(world, month[0]) / MB
    label = "rows: values of records inside the sheet of global, a month"
    return [*report, (label, f"{codes:.1f} MB")]

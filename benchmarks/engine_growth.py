# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The cost of one day of usage as history grows, and as communities do."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from statistics import median
from typing import NamedTuple

from engine_bench import Bench, Line, Load, spread
from engine_calls import engine
from engine_measure import Variant, ratio

DAY = date(2027, 1, 10)
"""The day that is measured; history lies in the months before it."""
FLAT = 1.2


class Growth(NamedTuple):
    """Say what the day costs in some surroundings, and what it asks and writes."""

    cpu: list[float]
    requests: int
    written: int


def measure_growth(bench: Bench) -> Iterator[Line]:
    """Yield how the cost of the same events grows with history, and with communities."""
    load, scale = bench.scale.growth, bench.scale
    more = scale.growth_communities
    bench.repository(load)
    little = _surrounded(bench, load, 1)
    much = _surrounded(bench, load, scale.growth_months)
    yield _grown(f"months of history, 1 to {scale.growth_months}", load, little, much, FLAT)
    bench.repository(load, load.records, more - load.communities)
    idle = _surrounded(bench, load, 1)
    span = f"{load.communities} to {more:,}"
    yield _grown(
        f"communities of which {load.communities} have events, {span}", load, little, idle, FLAT
    )
    wide = load._replace(communities=more)
    bench.repository(wide)
    busy = _surrounded(bench, wide, 1)
    yield _grown(f"communities that all have events, {span}", load, little, busy, None)


def _surrounded(bench: Bench, load: Load, months: int) -> Growth:
    """Return what the day costs after some months, of each of which one day has usage."""
    earlier = [_months_before(n) for n in range(1, months)]
    bench.usage(load._replace(events=max(load.events // 10, 1)), earlier)
    bench.usage(load, [DAY])
    changed = datetime(DAY.year, DAY.month, DAY.day) + timedelta(hours=23)
    with engine() as worker:
        worker.usage([*earlier, DAY])
        traffic = bench.watch(lambda: worker.usage([DAY], changed))
        run = Variant(lambda: worker.usage([DAY], changed))
        found = [bench.clock.once(run) for _ in range(bench.runs)]
    return Growth([cost.cpu for cost in found], traffic.requests, traffic.written)


def _months_before(count: int) -> date:
    """Return the same day of an earlier month."""
    month = DAY.year * 12 + DAY.month - 1 - count
    return date(month // 12, month % 12 + 1, DAY.day)


def _grown(what: str, load: Load, before: Growth, after: Growth, bar: float | None) -> Line:
    """Return one comparison."""
    found = ratio(after.cpu, before.cpu)
    each = (f"{1e6 * median(growth.cpu) / load.events:,.0f}" for growth in (before, after))
    written = (f"{growth.written / 1e6:.2f}" for growth in (before, after))
    note = f"{spread(found)}; us an event {', '.join(each)}; MB written {', '.join(written)}"
    note += f"; requests {before.requests}, {after.requests}"
    return Line("growth", f"CPU, {what}, {load}", found.value, "x", bar, note=note)

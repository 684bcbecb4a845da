# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The cost of reading a year of numbers, and of keeping them."""

from collections.abc import Callable, Iterable, Iterator

from engine_bench import Bench, Line, costs, spread
from engine_calls import engine
from engine_day import DELTAS, SHEETS
from engine_events import day_of
from engine_measure import Cost, Variant, ratio
from engine_raw import sources_of
from engine_records import community
from invenio_access.permissions import system_identity
from invenio_search import current_search_client

from invenio_usage_stats.indices import USAGE_DELTA, full_name, of_scope, refresh, scroll
from invenio_usage_stats.proxies import current_usage_stats
from invenio_usage_stats.reader.periods import Period
from invenio_usage_stats.services.numbers import PageNumbers
from invenio_usage_stats.services.query import Query
from invenio_usage_stats.services.scopes import REPOSITORY, Scope

TOTALS_BAR, BREAKDOWNS_BAR, REPOSITORY_BAR, DISK_BAR = 0.02, 0.05, 1.0, 0.08
LOT = 10
MERGING = 3_600
"""Seconds that merging a year may take."""
TOGETHER = 10


def measure_read(bench: Bench) -> Iterator[Line]:
    """Yield what is stored for a year, and what reading it costs."""
    load, count = bench.scale.year, bench.scale.year_days
    bench.repository(load)
    days = [day_of(n) for n in range(count)]
    bench.usage(load, days)
    with engine() as worker:
        sizes = _aggregated(bench, worker.usage, days)
        worker.fold()
    yield from _disk(sizes)
    period = Period(days[0], days[-1])
    busiest = Scope(community(0))
    yield from _reading(bench, busiest, period)
    found = bench.clock.interleaved({"all": Variant(_breakdowns(REPOSITORY, period))}, bench.runs)
    wall = ratio([c.wall for c in found["all"]], [1.0] * bench.runs)
    what = f"all breakdowns of {count} days, whole repository"
    note = f"{spread(wall)}; {costs('reader', found['all'])}"
    yield Line("read", what, wall.value, "s", REPOSITORY_BAR, note=note)


def _aggregated(bench: Bench, usage: Callable[..., int], days: list) -> dict[str, int]:
    """Aggregate days some at a time; return the bytes of JSON by kind of document."""
    sizes = dict.fromkeys((DELTAS, SHEETS), 0)
    for start in range(0, len(days), LOT):
        lot = days[start : start + LOT]
        traffic = bench.watch(lambda lot=lot: usage(lot), keep=True)
        for kind in sizes:
            sizes[kind] += sum(map(len, sources_of(traffic.bodies, kind)))
    return sizes


def _disk(sizes: dict[str, int]) -> Iterator[Line]:
    """Yield bytes on disk by bytes of JSON, as written and after merging."""
    for kind, size in sizes.items():
        if not size:
            continue
        indices, name = current_search_client.indices, full_name(f"{kind}*")
        indices.flush(index=name, params={"force": "true"})
        refresh(name)
        before = _stored(name)
        indices.forcemerge(index=name, params={"max_num_segments": 1, "request_timeout": MERGING})
        indices.flush(index=name, params={"force": "true"})
        note = f"JSON {size / 1e6:,.1f} MB; after merging to one segment {_stored(name) / size:.3f}"
        bar = DISK_BAR if kind == DELTAS else None
        yield Line("disk", f"{kind} on disk, of their JSON", before / size, "x", bar, note=note)


def _stored(index: str) -> int:
    """Return the bytes of indices on disk."""
    stats = current_search_client.indices.stats(index=index, metric="store")
    return stats["_all"]["primaries"]["store"]["size_in_bytes"]


def _reading(bench: Bench, scope: Scope, period: Period) -> Iterator[Line]:
    """Yield the reading of one community beside that of its complete documents."""
    query = of_scope(scope.id, "period_start", gte=period.since, lte=period.until)
    metrics = _additive()

    def documents() -> int:
        return sum(1 for _ in scroll(USAGE_DELTA.target, query))

    variants = {
        "totals": Variant(lambda: _numbers(scope, period).series(metrics, "day"), times=TOGETHER),
        "breakdowns": Variant(_breakdowns(scope, period), times=TOGETHER),
        "documents": Variant(documents),
    }
    for variant in variants.values():
        variant.run()
    found = bench.clock.interleaved(variants, bench.runs)
    base = [cost.wall for cost in found.pop("documents")]
    for (name, runs), bar in zip(found.items(), (TOTALS_BAR, BREAKDOWNS_BAR), strict=True):
        yield _read(f"{name} of {period.length} days, busiest community", runs, base, bar)


def _read(what: str, runs: list[Cost], base: Iterable[float], bar: float) -> Line:
    """Return the line of one reading."""
    below = list(base)
    wall = ratio([cost.wall for cost in runs], below)
    note = f"{spread(wall)}; {costs('reader', runs)}; documents {1000 * sorted(below)[0]:,.0f} ms"
    return Line("read", f"{what}, of its documents", wall.value, "x", bar, note=note)


def _breakdowns(scope: Scope, period: Period) -> Callable[[], object]:
    """Return the reading of all breakdowns."""
    catalog = current_usage_stats.catalog
    shown = [id_ for id_, dimension in catalog.dimensions.items() if not dimension.hidden]

    def read() -> None:
        numbers = _numbers(scope, period, shown)
        for id_ in shown:
            numbers.top(id_)

    return read


def _numbers(scope: Scope, period: Period, dimensions: Iterable[str] = ()) -> PageNumbers:
    """Return the numbers of a page."""
    query = Query(since=period.since, until=period.until)
    service = current_usage_stats.service
    return service.numbers(system_identity, scope, query, dimensions)


def _additive() -> list[str]:
    """Return the usage metrics that add up over days."""
    metrics = current_usage_stats.catalog.metrics.values()
    return [metric.id for metric in metrics if metric.event and not metric.distinct]

# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The cost of a day of usage, and of late events on it."""

from collections.abc import Iterator
from datetime import datetime

import msgspec
from engine_bench import Bench, Line, Load, costs, spread
from engine_calls import Engine, engine
from engine_events import day_of
from engine_measure import Cost, Variant, ratio, watched
from engine_raw import emptied, indices_of, sources_of

from invenio_usage_stats.indices import refresh, scroll

DAY = day_of(70)
WRITING = ("timestamp", "updated_timestamp", "token", "settled", "settled_until", "whole")
"""Fields that say when and by which run a document was written."""
SMALL_DAY, ALLOWED_SMALL, ALLOWED_LARGE = 30_000, 2.5, 3.5
SHEETS = "stats-community-sheets"
DELTAS = "stats-community-usage-delta"


def measure_day(bench: Bench) -> Iterator[Line]:
    """Yield what writing a whole day costs, as multiples of reading and writing its bytes."""
    for load in bench.scale.day:
        bench.repository(load)
        bench.usage(load, [DAY])
        with engine() as worker:
            yield from _day(bench, load, worker)


def _day(bench: Bench, load: Load, worker: Engine) -> Iterator[Line]:
    """Yield the lines of one load."""
    traffic = bench.watch(lambda: worker.usage([DAY]), keep=True)
    bodies = bench.watch(lambda: worker.usage([DAY], sheets=False), keep=True).bodies
    indices = indices_of(traffic.bodies)
    yield _requests(bench, load, worker)
    yield _bytes(load, traffic.bodies)

    def least() -> None:
        bench.read_day(DAY)
        bench.raw.send(bodies)
        refresh(",".join(indices))

    def empty() -> None:
        emptied(indices)

    variants = {
        "documents": Variant(lambda: worker.usage([DAY], sheets=False), empty),
        "least": Variant(least, empty),
        "with sheets": Variant(lambda: worker.usage([DAY]), empty),
    }
    yield from _compared(load, bench.clock.interleaved(variants, bench.runs))


def _compared(load: Load, found: dict[str, list[Cost]]) -> Iterator[Line]:
    """Yield the comparisons of a day with the least that it can cost."""
    documents, base, whole = found["documents"], found["least"], found["with sheets"]
    below = [cost.cpu for cost in base]
    cpu = ratio([cost.cpu for cost in documents], below)
    wall = ratio([cost.wall for cost in documents], [cost.wall for cost in base])
    more = ratio([a.cpu - b.cpu for a, b in zip(whole, documents, strict=True)], below)
    allowed = ALLOWED_SMALL if load.events <= SMALL_DAY else ALLOWED_LARGE
    note = "; ".join([spread(cpu), *(costs(name, runs) for name, runs in found.items())])
    yield Line("day", f"CPU, {load}", cpu.value, "x", allowed, note=note)
    yield Line(
        "day", f"CPU more with sheets and rows, {load}", more.value, "x", 1, note=spread(more)
    )
    bar = 2.0 if load.events == SMALL_DAY else None
    yield Line("day", f"wall, {load}", wall.value, "x", bar, note=spread(wall))


def _requests(bench: Bench, load: Load, worker: Engine) -> Line:
    """Return how many requests a day takes beside those that it must take."""
    traffic = bench.watch(lambda: worker.usage([DAY]))
    pages = sum(reading.pages for reading in bench.read_day(DAY))
    more = traffic.requests - pages - traffic.bulks
    note = f"{traffic.requests} requests, {pages} pages, {traffic.bulks} bodies"
    return Line("day", f"requests beside pages and bodies, {load}", more, "", 5, note=note)


def _bytes(load: Load, bodies: list[bytes]) -> Line:
    """Return what was written."""
    sizes = {n: sum(map(len, sources_of(bodies, n))) for n in (DELTAS, SHEETS)}
    note = f"deltas {sizes[DELTAS] / 1e6:.1f} MB, sheets {sizes[SHEETS] / 1e6:.1f} MB"
    return Line("day", f"written, {load}", sum(map(len, bodies)) / 1e6, "MB", note=note)


def stored(index: str) -> dict[str, object]:
    """Return all documents of an index by id, without what tells of its writing."""
    found = {}
    for hit in scroll(index, {"match_all": {}}):
        source = {key: value for key, value in hit["_source"].items() if key not in WRITING}
        found[f"{hit['_index']}/{hit['_id']}"] = msgspec.json.encode(source, order="sorted")
    return found


def measure_late(bench: Bench) -> Iterator[Line]:
    """Yield what some late events cost, as a part of writing their whole day again."""
    load = bench.scale.late
    bench.repository(load)
    bench.usage(load, [DAY])
    late = load._replace(events=bench.scale.late_events)
    with engine() as worker:
        first = bench.watch(lambda: worker.usage([DAY]), keep=True)
        indices = ",".join(indices_of(first.bodies))
        shares: dict[str, list[float]] = {"bytes": [], "cpu": []}
        equal = 0
        for turn in range(bench.runs):
            moment = bench.usage(late, [DAY], salt=f"late{turn}")
            equal += _late_turn(bench, worker, moment, indices, shares)
    name = f"{late.events} late events on {load}"
    for what, bar in (("bytes", 0.5), ("cpu", 0.8)):
        found = ratio(shares[what], [1.0] * bench.runs)
        yield Line("late", f"{what}, {name}", found.value, "of the day", bar, note=spread(found))
    yield Line("late", "turns that left what a rebuild writes", equal, "", bench.runs, least=True)


def _late_turn(
    bench: Bench, worker: Engine, moment: datetime, indices: str, shares: dict[str, list[float]]
) -> bool:
    """Measure one turn; return whether a rebuild gives the same documents."""
    with watched() as few:
        cost = bench.clock.once(Variant(lambda: worker.usage([DAY], moment)))
    refresh(indices)
    after = stored(indices)
    with watched() as all_:
        whole = bench.clock.once(Variant(lambda: worker.usage([DAY])))
    refresh(indices)
    shares["bytes"].append(few.written / all_.written)
    shares["cpu"].append(cost.cpu / whole.cpu)
    return after == stored(indices)

# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The cost of what records did, and of a run that finds nothing to do."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice

from engine_bench import Bench, Line, Load, costs, spread
from engine_calls import engine, full_run, next_token, without_overlap
from engine_day import DAY
from engine_load import changes, copy
from engine_measure import Variant, ratio
from engine_raw import renewed
from engine_records import lead, parent_recid

from invenio_usage_stats.indices import EVENTS, full_name, refresh, terms_batches
from invenio_usage_stats.ledger.models import utc_now
from invenio_usage_stats.ledger.projection import drain

FIRST = datetime(2025, 3, 1)
DAYS = 30
SETTLING = 5
TOGETHER = 20


def measure_records(bench: Bench) -> Iterator[Line]:
    """Yield what a month of changes costs, and whether more communities make more requests."""
    scale, requests = bench.scale, []
    many = scale.changes.communities
    for communities in (scale.fewer_communities, many):
        load = scale.changes._replace(communities=communities)
        lines, count = _changed(bench, load)
        requests.append(count)
        yield from lines
    note = f"{requests[0]} and {requests[1]} requests"
    more = requests[1] / requests[0]
    what = f"requests, {scale.fewer_communities:,} to {many:,} communities"
    yield Line("records", what, more, "x", 1.05, note=note)


def _changed(bench: Bench, load: Load) -> tuple[list[Line], int]:
    """Return the lines of one repository, and the number of requests."""
    repository = bench.repository(load)
    with engine() as worker:
        worker.records(None)
        since = utc_now()
        rows = changes(repository, bench.scale.changed, FIRST, DAYS)
        copy(rows)
        drain()
        bench.spoiled()
        traffic = bench.watch(lambda: worker.records(since), keep=True)
        touched = {parent_recid(lead(row[1] - 1)) for row in next(islice(rows.values(), 1, None))}

        bodies: list[bytes] = []

        def renew() -> None:
            bodies[:] = renewed(traffic.bodies, next_token())

        def least() -> None:
            for query in terms_batches("parent_id", touched):
                bench.raw.read(full_name(EVENTS), query)
            bench.raw.send(bodies)
            refresh(full_name("stats-community-records-*"))

        again = Variant(lambda: worker.records(since))
        variants = {"pass": again, "least": Variant(least, renew)}
        found = bench.clock.interleaved(variants, bench.runs)
    cpu = ratio([c.cpu for c in found["pass"]], [c.cpu for c in found["least"]])
    what = f"CPU, {bench.scale.changed:,} changes in {DAYS} days, {load.communities:,} communities"
    note = f"{spread(cpu)}; {traffic.written / 1e6:.1f} MB; {traffic.requests} requests"
    note += "".join(f"; {costs(name, runs)}" for name, runs in found.items())
    return [Line("records", what, cpu.value, "x", 2, note=note)], traffic.requests


def measure_idle(bench: Bench) -> Iterator[Line]:
    """Yield what a run costs that finds nothing to do, beside one that finds a day."""
    load, years = bench.scale.idle, bench.scale.idle_years
    bench.repository(load)
    past = [date(DAY.year - n, DAY.month, DAY.day) for n in range(1, years)]
    bench.usage(load._replace(events=max(load.events // 5, 1)), past)
    with without_overlap():
        _settle()
        moment = bench.usage(load, [DAY])
        with engine() as worker:
            day = bench.clock.once(Variant(lambda: worker.usage([DAY], moment)))
        _settle()
        traffic = bench.watch(full_run)
        run = Variant(full_run, times=TOGETHER)
        found = [bench.clock.once(run) for _ in range(bench.runs)]
    what = f"{load.communities:,} communities, {years} years"
    paths = ", ".join(f"{call.method} {_short(call.path)}" for call in traffic.calls[:12])
    yield Line("idle", f"requests, {what}", traffic.requests, "", 5, note=paths)
    share = ratio([c.cpu for c in found], [day.cpu] * bench.runs)
    note = f"{spread(share)}; {costs('idle', found)}, day {day} ms"
    yield Line(
        "idle", f"CPU, of a day of {load.events:,}, {what}", share.value, "x", 0.05, note=note
    )


def _settle() -> None:
    """Run until there is nothing left to do."""
    for _ in range(SETTLING):
        if not full_run():
            return
    raise SystemExit("Runs go on writing documents although nothing happens.")


def _short(path: str) -> str:
    """Return a path without long lists of names."""
    return path if len(path) < 60 else f"{path[:57]}..."

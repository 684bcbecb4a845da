# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What workers in processes of their own need: memory for a day, time for a backfill."""

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
from engine_bench import Bench, Line, spread
from engine_day import DAY
from engine_load import wipe_documents
from engine_measure import ratio

WORKER = Path(__file__).with_name("engine_worker.py")
MEMORY = ((30_000, 400), (274_000, 900), (1_000_000, 1_200))
"""Up to how many events a day a worker may use how many MB over the idle application."""
EVERY = 3
"""Every third day of a backfill has usage."""


class Worker:
    """Be a process that aggregates spans of days when it is told to."""

    def __init__(self, name: str, spans: list[str]) -> None:
        """Start it, and wait until it is ready."""
        command = [sys.executable, str(WORKER), name, *spans]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
        while (line := self._process.stdout.readline()) != "ready\n":
            if not line:
                raise SystemExit("A worker could not begin.")

    def begin(self) -> None:
        """Let it begin."""
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def result(self) -> dict[str, Any]:
        """Wait for its end; return what it says."""
        output, _ = self._process.communicate()
        if self._process.returncode:
            raise SystemExit("A worker failed.")
        return msgspec.json.decode(output.splitlines()[-1])


def measure_memory(bench: Bench) -> Iterator[Line]:
    """Yield the peak memory of a worker that begins with nothing and aggregates one day."""
    for load in bench.scale.memory:
        bench.repository(load)
        bench.usage(load, [DAY])
        worker = Worker(bench.name, [f"{DAY}:{DAY}"])
        worker.begin()
        found = worker.result()
        over = (found["peak"] - found["before"]) / 1e6
        note = f"idle {found['before'] / 1e6:.0f} MB; {found['seconds']:.1f} s"
        bar = next((limit for events, limit in MEMORY if load.events <= events), MEMORY[-1][1])
        yield Line("memory", f"over the idle application, {load}", over, "MB", bar, note=note)


def _months(count: int) -> list[list[date]]:
    """Return the days with usage, by month, from the first month of usage on."""
    first = DAY.replace(month=1, day=1)
    days = [first + timedelta(days=n) for n in range(0, 31 * count, EVERY)]
    months = sorted({(day.year, day.month) for day in days})[:count]
    return [[day for day in days if (day.year, day.month) == month] for month in months]


def measure_workers(bench: Bench) -> Iterator[Line]:
    """Yield how much faster two workers are than one with a backfill."""
    load, months = bench.scale.backfill, _months(bench.scale.months)
    bench.repository(load)
    bench.usage(load, [day for month in months for day in month])
    spans = [f"{month[0]}:{month[-1]}" for month in months]
    walls: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(bench.runs):
        for count, found in walls.items():
            wipe_documents()
            bench.clock.wait()
            found.append(_together(bench.name, [spans[n::count] for n in range(count)]))
    faster = ratio(walls[1], walls[2])
    note = f"{spread(faster)}; one {min(walls[1]):.1f} s, two {min(walls[2]):.1f} s at best"
    what = f"two workers against one, {len(spans)} months, {load}"
    yield Line("workers", what, faster.value, "x", 1.3, least=True, note=note)


def _together(name: str, shares: list[list[str]]) -> float:
    """Let workers begin at once, each with its share; return the seconds until the last ends."""
    workers = [Worker(name, spans) for spans in shares]
    start = time.perf_counter()
    for worker in workers:
        worker.begin()
    for worker in workers:
        worker.result()
    return time.perf_counter() - start

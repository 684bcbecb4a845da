# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A worker in a process of its own: ``engine_worker.py NAME FIRST:LAST ...`` aggregates days.

It says ``ready`` on standard output, begins on a line of input, and prints as JSON how long it
took and how much memory (bytes) it used before, and at its peak.
"""

import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import msgspec
from engine_app import attached
from engine_calls import engine

STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
RESET_PEAK = "5"


def memory(field: str) -> int:
    """Return a size of this process: ``VmRSS`` now, ``VmHWM`` at its peak."""
    lines = (line.split() for line in STATUS.read_text().splitlines())
    return next(int(line[1]) * 1024 for line in lines if line[0] == f"{field}:")


def _days(span: str) -> Iterator[date]:
    """Yield the days of a span."""
    first, last = map(date.fromisoformat, span.split(":"))
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def main(name: str, spans: list[str]) -> None:
    """Aggregate the days of each span, one span after the other."""
    with attached(name), engine() as worker:
        print("ready", flush=True)
        sys.stdin.readline()
        CLEAR.write_text(RESET_PEAK)
        before, start = memory("VmRSS"), time.perf_counter()
        documents = sum(worker.usage(list(_days(span))) for span in spans)
        seconds = time.perf_counter() - start
        result = {"before": before, "peak": memory("VmHWM"), "seconds": seconds}
        print(msgspec.json.encode(result | {"documents": documents}).decode(), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])

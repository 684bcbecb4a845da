# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Measure the engine on real servers against its bars; see docs/benchmarks.md.

The environment says which servers (SQLALCHEMY_DATABASE_URI, SEARCH_HOSTS, CACHE_REDIS_URL,
BROKER_URL); the database and the indices are made for this run and removed in the end.
"""

import argparse
import os
import platform
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec
from engine_app import own_name, repository, servers

HEAD = ("part", "what", "figure", "bar", "", "spread; medians: wall / client / search engine")
PLACE = ("<!-- results -->", "<!-- end of results -->")
PARTS = ("day", "facts", "idle", "late", "records", "read", "memory", "workers", "growth")


def _arguments() -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", action="append", choices=("all", *PARTS), help="repeatable")
    parser.add_argument("--scale", choices=("full", "small"), default="full")
    parser.add_argument("--events", type=int, help="a day, instead of those of the scale")
    parser.add_argument("--communities", type=int, default=1_000, help="with --events")
    parser.add_argument("--records", type=int, default=50_000, help="with --events")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write the results as JSON")
    parser.add_argument("--markdown", type=Path, help="write the table into this page")
    return parser.parse_args()


def _parts() -> dict[str, Callable[[Any], Iterator[Any]]]:
    """Return the parts; they need an application."""
    from engine_changes import measure_idle, measure_records
    from engine_day import measure_day, measure_late
    from engine_facts import measure_facts
    from engine_growth import measure_growth
    from engine_reads import measure_read
    from engine_workers import measure_memory, measure_workers

    measures = (measure_day, measure_facts, measure_idle, measure_late, measure_records)
    measures += (measure_read, measure_memory, measure_workers, measure_growth)
    return dict(zip(PARTS, measures, strict=True))


def measure(options: argparse.Namespace, name: str) -> Iterator[Any]:
    """Yield the lines of the wanted parts; say of each how long it took."""
    from engine_bench import SCALES, Bench, Load

    scale = SCALES[options.scale]
    if options.events:
        scale = scale.with_load(Load(options.events, options.communities, options.records))
    bench = Bench(name, scale, options.runs, options.seed)
    wanted = options.part or ["all"]
    for part, run in _parts().items():
        if part in wanted or "all" in wanted:
            start = time.perf_counter()
            yield from run(bench)
            print(f"[{part}: {time.perf_counter() - start:.0f} s]", file=sys.stderr, flush=True)


def surroundings(options: argparse.Namespace) -> dict[str, Any]:
    """Return what the figures depend on."""
    from invenio_search import current_search_client

    given = {
        name: value for name, value in vars(options).items() if name not in ("json", "markdown")
    }
    return {
        "options": given,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "search": current_search_client.info()["version"]["number"],
    }


def markdown(lines: list[Any], about: dict[str, Any]) -> str:
    """Return the results as a table."""
    rows = [HEAD, ("---",) * len(HEAD), *(line.cells() for line in lines)]
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in rows)
    facts = f"{about['cores']} cores, Python {about['python']}, OpenSearch {about['search']}"
    options = about["options"]
    return f"{facts}; scale {options['scale']}, medians of {options['runs']} runs.\n\n{table}"


def _insert(page: Path, table: str) -> None:
    """Put a table into its place on a page."""
    before, rest = page.read_text().split(PLACE[0], 1)
    after = rest.split(PLACE[1], 1)[1]
    page.write_text(f"{before}{PLACE[0]}\n\n{table}\n\n{PLACE[1]}{after}")


def main() -> None:
    """Measure, print, and write what is wanted."""
    options = _arguments()
    servers()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))
    name = own_name()
    lines = []
    with repository(name):
        about = surroundings(options)
        for line in measure(options, name):
            lines.append(line)
            part, what, figure, bar, verdict, note = line.cells()
            print(f"{part:8} {what:74} {figure:>16} {bar:>8} {verdict:7} {note}", flush=True)
    if options.json:
        found = {**about, "lines": [asdict(line) | {"verdict": line.verdict} for line in lines]}
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode(found)))
    if options.markdown:
        _insert(options.markdown, markdown(lines, about))


if __name__ == "__main__":
    main()

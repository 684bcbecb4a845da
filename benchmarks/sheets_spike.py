# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Compare formats of sheets on a real OpenSearch; see docs/design/sheets.md.

Needs numpy, msgspec, opensearch-py, zstandard and pyroaring, and a cluster of its own that is
named ``sheets-spike``.
"""

import argparse
import sys
from time import perf_counter

from spike_data import Size, World
from spike_day import measure_day
from spike_engine import Engine
from spike_months import draw, measure_closing, measure_reads, measure_sizes
from spike_rowsizes import measure_rows
from spike_years import measure_years

PARTS = {
    "day": measure_day,
    "draw": draw,
    "sizes": measure_sizes,
    "closing": measure_closing,
    "reads": measure_reads,
    "rows": measure_rows,
    "years": measure_years,
}
"""Sizes, closing and reads need what draw has written."""


def _arguments() -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    return parser.parse_args()


def main() -> None:
    """Measure and print."""
    options = _arguments()
    engine = Engine(options.url)
    print(f"scale {options.scale}, {Size.scaled(options.scale)}; ms are wall / client / server")
    for name in options.parts:
        start = perf_counter()
        world = World(Size.scaled(options.scale), options.seed)
        for label, value in PARTS[name](engine, world, options.repeat):
            print(f"{label:86} {value}", flush=True)
        print(f"[{name}: {perf_counter() - start:.0f} s]", file=sys.stderr)


if __name__ == "__main__":
    main()

# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Measure how a month of raw events is counted by COUNTER's rules; see docs/benchmarks.md.

The environment says which servers, as for ``engine.py``. Reading the events of the month,
applying the rules to them, and counting them with all that is written take turns; the last two must
be at least half as fast as reading, within 500 MB.
"""

import argparse
import random
import sys
from bisect import bisect
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import accumulate
from statistics import median
from typing import Any

from engine_app import own_name, repository, servers
from engine_measure import Cost, Stopwatch, Variant, middle
from engine_raw import RawClient
from engine_worker import CLEAR, RESET_PEAK, memory

MONTH, BEGINS = "2026-03", datetime(2026, 3, 1)
LIST = "of the measurement"
LEAST_SPEED, MOST_MEMORY = 0.5, 500_000_000
COUNTRIES = ("US", "DE", "CN", "GB", "FR", "IN", "JP", "BR", "SE", "CH", "NL", "ES", "IT", "CA")
PROGRAMS = (("", False, False),) * 6 + (
    ("python-requests", False, True),
    ("Googlebot", True, False),
)
"""Name of the program, whether it is a robot, whether it is a machine."""


def _arguments() -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--records", type=int, default=50_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


class Month:
    """Draw the raw events of a month, in the order of time.

    The popularity of records follows Zipf's law, half of the works have two versions, and people
    come mostly by day. An eighth are robots, an eighth machines, 35 % are requests, and one click
    in ten is repeated within half a minute.
    """

    def __init__(self, events: int, records: int, seed: int) -> None:
        self.events, self.records = events, records
        self.chance = random.Random(seed)
        self.popularity = list(accumulate(1 / (n + 1) for n in range(records)))
        self.visitors = max(events // 3, 1)

    def documents(self) -> Iterator[dict[str, Any]]:
        """Yield the documents."""
        step = timedelta(days=31) / self.events
        again: dict[str, Any] | None = None
        for n in range(self.events):
            moment = BEGINS + n * step
            repeated = again is not None and self.chance.random() < 0.1
            again = dict(again) if repeated else self._event(moment)
            again["timestamp"] = moment.isoformat()
            yield again

    def _event(self, moment: datetime) -> dict[str, Any]:
        """Return an event."""
        chance = self.chance
        record = bisect(self.popularity, chance.random() * self.popularity[-1])
        program, robot, machine = chance.choice(PROGRAMS)
        requested, recid = chance.random() < 0.35, f"rec{record:06}-abcde"
        who = f"{chance.randrange(self.visitors):056x}"
        return {
            "kind": "request" if requested else "investigation",
            "recid": recid,
            "parent_recid": f"par{record // 4 * 4 if record % 4 < 2 else record:06}-abcde",
            "visitor": who,
            "session": f"{who[10:]}{moment:%Y%m%d%H}",
            "url": f"{record * 5 + chance.randrange(5):032x}" if requested else recid,
            "size": chance.randrange(10_000_000) if requested else 0,
            "country": chance.choice(COUNTRIES),
            "is_robot": robot,
            "is_machine": machine,
            "agent": program,
            "list_version": LIST,
        }


def _load(month: Month) -> None:
    """Write the events of the month."""
    from invenio_usage_stats.exchange.counter.fields import EVENTS
    from invenio_usage_stats.indices import full_name, refresh

    index = full_name(f"{EVENTS}-{MONTH}")
    RawClient().write((index, f"{n:040x}", one) for n, one in enumerate(month.documents()))
    refresh(index)


def _receive() -> int:
    """Receive the events of the month without looking at them; return how many there are."""
    from invenio_usage_stats.exchange.counter.fields import EVENTS
    from invenio_usage_stats.indices import full_name

    return RawClient().read(full_name(EVENTS), {"match_all": {}}).hits


def _read() -> int:
    """Read the events of the month as counting does; return how many there are."""
    from invenio_usage_stats.exchange.counter.reading import events_in_lots

    return sum(len(some) for _lot, some in events_in_lots(MONTH))


def _apply_rules() -> int:
    """Count the month without writing the count; return how many events there are."""
    from invenio_usage_stats.exchange.counter.counting import tallied

    return tallied(MONTH, LIST)[1]


def _count() -> int:
    """Count the month, and write and show the count; return how many documents there are."""
    from invenio_usage_stats.aggregations.running.leases import hold
    from invenio_usage_stats.exchange.counter.counting import write
    from invenio_usage_stats.exchange.counter.generations import show

    with hold("counter") as lease:
        done = write(lease, MONTH, LIST)
        show(MONTH, done.generation, done.events, closes=False)
    return done.documents


def _report(events: int, costs: dict[str, list[Cost]], before: int, peak: int) -> bool:
    """Print the figures; return whether all bars are met."""
    for name, runs in costs.items():
        speed = events / middle(runs).wall
        print(f"{name:9}{speed:>12,.0f} events/s   wall / client / search engine {middle(runs)} ms")
    shares = {
        name: median(
            reading.wall / counting.wall
            for reading, counting in zip(costs["reading"], costs[name], strict=True)
        )
        for name in ("rules", "counting")
    }
    for name, share in shares.items():
        print(f"speed of {name}, of that of reading: {share:.2f} (bar: {LEAST_SPEED})")
    size = f"{peak / 1e6:,.0f} MB, of which the idle application has {before / 1e6:,.0f} MB"
    print(f"memory at its peak: {size} (bar: {MOST_MEMORY / 1e6:,.0f} MB)")
    return min(shares.values()) >= LEAST_SPEED and peak <= MOST_MEMORY


def main() -> int:
    """Measure; return 0 when all bars are met."""
    asked = _arguments()
    servers()
    with repository(own_name()):
        before = memory("VmRSS")
        _load(Month(asked.events, asked.records, asked.seed))
        CLEAR.write_text(RESET_PEAK)
        documents = _count()
        peak = memory("VmHWM")
        print(f"{asked.events:,} events of {asked.records:,} records, {documents:,} documents")
        variants = {"bytes": Variant(_receive), "reading": Variant(_read)}
        variants["rules"] = Variant(_apply_rules)
        variants["counting"] = Variant(_count)
        return (
            0
            if _report(asked.events, Stopwatch().interleaved(variants, asked.runs), before, peak)
            else 1
        )


if __name__ == "__main__":
    sys.exit(main())

# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Compare our global day totals with the repository's own documents of records, day by day.

Run in the demo's environment: ``./run-demo.sh compare``. Downloads of drafts, which the
repository counts and we do not, would show here as differences; the demo has none.
"""

import sys
from collections import defaultdict
from datetime import date

from invenio_app.factory import create_app

from invenio_usage_stats.indices import REPOSITORY, USAGE_DELTA, full_name, scroll

Sums = dict[date, tuple[int, int]]


def repository(kind: str) -> Sums:
    """Return (events, unique) by day, summed over the repository's documents."""
    sums: defaultdict[date, list[int]] = defaultdict(lambda: [0, 0])
    for hit in scroll(full_name(REPOSITORY[kind]), {"match_all": {}}):
        source = hit["_source"]
        day = sums[date.fromisoformat(source["timestamp"][:10])]
        day[0] += source["count"]
        day[1] += source["unique_count"]
    return {day: (events, unique) for day, (events, unique) in sums.items()}


def ours(kind: str) -> Sums:
    """Return (events, unique) by day from our global deltas."""
    found = {}
    for hit in scroll(USAGE_DELTA.target, {"term": {"community_id": "global"}}):
        totals = hit["_source"]["totals"][kind]
        if totals["total_events"]:
            day = date.fromisoformat(hit["_source"]["period_start"][:10])
            found[day] = (totals["total_events"], totals[f"unique_{kind}s"])
    return found


def main() -> int:
    """Print how many days agree, and each one that does not; return the exit code."""
    differences = 0
    for kind in REPOSITORY:
        theirs, mine = repository(kind), ours(kind)
        wrong = sorted(
            day for day in theirs.keys() | mine.keys() if theirs.get(day) != mine.get(day)
        )
        events = sum(count for count, _ in mine.values())
        print(f"{kind}: {len(mine)} days, {events} events, {len(wrong)} days differ")
        for day in wrong[:20]:
            print(f"  {day}: repository {theirs.get(day)}, ours {mine.get(day)}")
        differences += len(wrong)
    return 1 if differences else 0


if __name__ == "__main__":
    with create_app().app_context():
        sys.exit(main())

# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Write two years of usage into the event indices, in the shape that invenio-stats gives.

Every visit is a view, a download or both; the same seed and made.json give the same events.
They lie in the past, so they cannot come through the queue.
"""

import argparse
import hashlib
import json
import logging
import random
import time
from collections import Counter, deque
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import accumulate
from math import exp
from pathlib import Path

import orjson

from . import words
from .plan import DAY, DAYS, SEED

WEEK = (1.1, 1.15, 1.15, 1.1, 1.0, 0.55, 0.6)
YEAR = (1.0, 1.05, 1.15, 1.1, 1.1, 0.95, 0.75, 0.6, 1.0, 1.2, 1.2, 0.8)
HOURS = (2, 1, 1, 1, 1, 2, 3, 5, 8, 10, 10, 10, 9, 10, 11, 10, 9, 7, 6, 5, 5, 4, 3, 2)
BULK = 5_000


class Target:
    """One version of a record: when it can be used, and how much it is."""

    def __init__(self, entry, version, successor, start, popularity):
        """Take over what matters of the description."""

        def second(moment):
            return (
                None
                if moment is None
                else int((datetime.fromisoformat(moment) - start).total_seconds())
            )

        self.recid, self.parent = version["recid"], entry["parent"]
        self.files = version["files"] if entry["kind"] in ("open", "restricted") else []
        self.begin = max(second(version["published"]), 0)
        gone, back = second(entry["deleted"]), second(entry["restored"])
        self.periods = [(self.begin, gone if gone is not None else DAYS * DAY)]
        if back is not None:
            self.periods.append((back, DAYS * DAY))
        self.successor = second(successor["published"]) if successor else None
        self.popularity = popularity * (0.1 if entry["kind"] == "restricted" else 1)

    def open_at(self, moment):
        """Tell whether the record can be seen at a second."""
        return any(begin <= moment < end for begin, end in self.periods)

    def weights(self, rhythm):
        """How many visits each day gets, relatively."""
        found = []
        for day in range(DAYS):
            if not any(begin < (day + 1) * DAY and end > day * DAY for begin, end in self.periods):
                found.append(0.0)
                continue
            age = max(day - self.begin // DAY, 0)
            weight = rhythm[day] * (0.3 + 1.7 * exp(-age / 45))
            if self.successor is not None and day * DAY >= self.successor:
                weight *= 0.12
            found.append(weight * self.popularity)
        return found


def targets_of(made, start, rnd):
    """All versions, popular and forgotten ones (Zipf)."""
    ranks = list(range(len(made["records"])))
    rnd.shuffle(ranks)
    found = []
    for rank, entry in zip(ranks, made["records"], strict=True):
        versions = entry["versions"]
        for number, version in enumerate(versions):
            successor = versions[number + 1] if number + 1 < len(versions) else None
            found.append(Target(entry, version, successor, start, 1 / (rank + 4) ** 1.05))
    return found


def plan_visits(targets, start, visits, rnd):
    """Return the visits of each day: a list of targets for every day."""
    days = [start + timedelta(days=n) for n in range(DAYS)]
    # Usage grows slowly over the years and a little from day to day by chance.
    rhythm = [
        WEEK[d.weekday()] * YEAR[d.month - 1] * (0.7 + 0.6 * n / DAYS) * rnd.uniform(0.85, 1.15)
        for n, d in enumerate(days)
    ]
    weights = [t.weights(rhythm) for t in targets]
    total = sum(map(sum, weights))
    by_day = [[] for _ in range(DAYS)]
    for target, own in zip(targets, weights, strict=True):
        count = round(visits * sum(own) / total)
        for day in (
            rnd.choices(range(DAYS), cum_weights=list(accumulate(own)), k=count) if count else ()
        ):
            by_day[day].append(target)
    return by_day


class Writer:
    """Makes the documents of one day after the other."""

    def __init__(self, start, prefix, rnd):
        """Prepare weighted choices."""
        self.start, self.prefix, self.rnd = start, prefix, rnd
        self.countries = [c for c, w in words.COUNTRIES for _ in range(w)]
        self.referrers = [r for r, w in words.REFERRERS for _ in range(w)]
        self.hours = [h for h, w in enumerate(HOURS) for _ in range(w)]
        self.counts = Counter()

    def day(self, number, targets):
        """Yield the bulk lines of one day."""
        rnd = self.rnd
        visitors = [
            (
                hashlib.sha224(f"{SEED}-{number}-{n}".encode()).hexdigest(),
                rnd.choice(self.countries),
                rnd.random() < 0.2,
            )
            for n in range(max(len(targets) * 3 // 4, 1))
        ]
        for target in targets:
            visitor, country, signed_in = rnd.choice(visitors)
            second = number * DAY + rnd.choice(self.hours) * 3600 + rnd.randrange(3600)
            if not target.open_at(second):
                continue
            session = visitor
            if signed_in:
                session = hashlib.sha224(f"{visitor}-{second // 3600}".encode()).hexdigest()
            shared = {
                "recid": target.recid,
                "parent_recid": target.parent,
                "referrer": rnd.choice(self.referrers),
                "via_api": False,
                "is_robot": False,
                "is_machine": rnd.random() < 0.02,
                "country": country,
                "visitor_id": visitor,
                "unique_session_id": session,
            }
            what = rnd.random()
            if what < 0.92 or not target.files:
                yield self.line(
                    "record-view", second, {**shared, "unique_id": f"ui_{target.recid}"}
                )
                if rnd.random() < 0.08:
                    yield self.line(
                        "record-view",
                        second + rnd.randrange(15, 600),
                        {**shared, "unique_id": f"ui_{target.recid}"},
                    )
            if what > 0.68 and target.files:
                for file in rnd.sample(target.files, rnd.randint(1, len(target.files))):
                    document = {
                        **shared,
                        **file,
                        "unique_id": f"{file['bucket_id']}_{file['file_id']}",
                    }
                    document["via_api"] = rnd.random() < 0.1
                    yield self.line("file-download", second + rnd.randrange(5, 300), document)

    def line(self, kind, second, document):
        """Return one action of a bulk request."""
        at = self.start + timedelta(seconds=second)
        window = at - timedelta(seconds=at.second % 10)
        digest = hashlib.sha1((document["unique_id"] + document["visitor_id"]).encode()).hexdigest()
        # Events are processed every half hour.
        processed = self.start + timedelta(
            seconds=(second // 1800 + 1) * 1800 + 3, microseconds=214_000
        )
        document["timestamp"] = at.isoformat()
        document["updated_timestamp"] = processed.isoformat() + "+00:00"
        action = {
            "index": {
                "_index": f"{self.prefix}events-stats-{kind}-{at:%Y-%m}",
                "_id": f"{window.isoformat()}-{digest}",
            }
        }
        self.counts[kind] += 1
        return orjson.dumps(action) + b"\n" + orjson.dumps(document) + b"\n"


def write(client, lines):
    """Send the lines in bulk requests, one on its way while the next is made."""

    def send(body):
        answer = client.bulk(
            body=body, params={"filter_path": "errors,items.*.error"}, request_timeout=120
        )
        if answer.get("errors"):
            raise RuntimeError(f"events were rejected: {str(answer)[:500]}")

    with ThreadPoolExecutor(1) as pool:
        waiting, batch = deque(), []
        for line in lines:
            batch.append(line)
            if len(batch) == BULK:
                waiting.append(pool.submit(send, b"".join(batch)))
                batch = []
                if len(waiting) > 2:
                    waiting.popleft().result()
        if batch:
            waiting.append(pool.submit(send, b"".join(batch)))
        for sent in waiting:
            sent.result()


def main():
    """Read the command line and write the events."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--made", default="made.json")
    parser.add_argument("--visits", type=int, default=300_000)
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    from invenio_app.factory import create_app
    from invenio_search import current_search
    from invenio_search.utils import build_alias_name

    made = json.loads(Path(options.made).read_text())
    start = datetime.fromisoformat(made["end"]) - timedelta(days=DAYS)
    rnd = random.Random(SEED)
    with create_app().app_context():
        begin, client = time.time(), current_search.client
        by_day = plan_visits(targets_of(made, start, rnd), start, options.visits, rnd)
        writer = Writer(start, build_alias_name(""), rnd)
        write(
            client,
            (line for n, targets in enumerate(by_day) for line in writer.day(n, targets)),
        )
        names = [build_alias_name(f"events-stats-{kind}") for kind in writer.counts]
        client.indices.refresh(index=",".join(names))
        stored = {name: client.count(index=name)["count"] for name in names}
        print(
            f"{time.time() - begin:6.1f} s  events written: {dict(writer.counts)}, stored: {stored}"
        )


if __name__ == "__main__":
    main()

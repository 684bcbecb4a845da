# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Measure how questions in Matomo's notation are answered; see docs/benchmarks.md.

The environment says which servers, as for ``engine.py``. All events lie in one month, and every
answer is counted from them at once.
"""

import argparse
import random
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha1
from itertools import islice
from typing import Any

from engine_app import own_name, repository, servers
from engine_measure import Stopwatch, Variant
from engine_worker import CLEAR, RESET_PEAK, memory

MONTH = datetime(2026, 3, 1)
LOT = 10_000
EMPTY = 2
QUESTIONS = {
    "downloads of a month": {"method": "Actions.getDownloads", "period": "month"},
    "downloads of its days": {
        "method": "Actions.getDownloads",
        "period": "day",
        "date": "2026-03-01,2026-03-31",
    },
    "downloads of a day": {"method": "Actions.getDownloads", "period": "day"},
    "one DOI in a year": {
        "method": "Actions.getDownload",
        "period": "year",
        "downloadUrl": "https://doi.org/10.5281/r7",
    },
    "visits of a month": {"method": "VisitsSummary.get", "period": "month"},
    "consumers of a month": {"method": "DevicesDetection.getBrowsers", "period": "month"},
}


def _arguments() -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--records", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _events(count: int, records: int, seed: int) -> Iterator[dict[str, Any]]:
    """Yield events by time: visits of some three downloads, of records as popular as by Zipf."""
    from invenio_usage_stats.exchange.matomo.events import Report

    rng = random.Random(seed)
    for number in range(count // 3):
        visitor = sha1(b"%d" % number).hexdigest()
        at = MONTH + number * (timedelta(days=31) - timedelta(hours=1)) / (count // 3)
        for _ in range(rng.randrange(1, 6)):
            recid = f"r{int(records ** rng.random()) - 1}"
            at += timedelta(seconds=rng.randrange(600))
            report = Report(
                at=at,
                action="download",
                url=f"doi.org/10.5281/{recid}",
                visitor_id=visitor,
                visit_id=visitor,
                unique_session_id=visitor,
                recid=recid,
                record_id=recid,
                parent_recid=f"p{recid}",
                parent_id=f"p{recid}",
                resolved=True,
                consumer=rng.choice(("ilastik", "deepimagej", "unknown")),
                is_machine=True,
            )
            yield {"_index": report.index, "_source": report.document(at)}


def _records(count: int) -> Iterator[dict[str, Any]]:
    """Yield public records, as far as it matters here."""
    from invenio_rdm_records.proxies import current_rdm_records_service

    from invenio_usage_stats.indices import full_name

    index = full_name(current_rdm_records_service.record_cls.index._name)
    for number in range(count):
        source = {
            "id": f"r{number}",
            "is_published": True,
            "deletion_status": "P",
            "access": {"record": "public", "files": "public"},
            "parent": {"id": f"pr{number}"},
        }
        yield {"_index": index, "_source": source}


def _load(actions: Iterator[dict[str, Any]]) -> None:
    """Index documents."""
    from invenio_search import current_search_client
    from invenio_search.engine import search

    while some := list(islice(actions, LOT)):
        search.helpers.bulk(current_search_client, some)


def _ask(client: Any, asked: dict[str, str]) -> int:
    """Return the size of an answer, which must not be empty."""
    query = {"module": "API", "format": "json", "idSite": 1, "date": "2026-03-10", **asked}
    answer = client.get("/index.php", query_string=query, base_url="https://localhost")
    assert answer.status_code == 200 and len(answer.data) > EMPTY, answer.text
    return len(answer.data)


def main() -> int:
    """Measure all questions, and print what they cost."""
    asked = _arguments()
    servers()
    with repository(own_name()) as application:
        from invenio_search import current_search_client

        application.config |= {"USAGE_STATS_MATOMO": True, "USAGE_STATS_RATE_LIMIT": {}}
        _load(_records(asked.records))
        _load(_events(asked.events, asked.records, asked.seed))
        current_search_client.indices.refresh()
        client, watch = application.test_client(), Stopwatch()
        print(f"idle: {memory('VmRSS') / 1e6:,.0f} MB; wall / client / search engine:")
        for name, question in QUESTIONS.items():
            CLEAR.write_text(RESET_PEAK)
            size = _ask(client, question)
            peak = memory("VmHWM") / 1e6
            cost = watch.once(Variant(lambda asked=question: _ask(client, asked)))
            print(f"{name:24}{cost!s:>24} ms {size:>12,} bytes {peak:8,.0f} MB", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

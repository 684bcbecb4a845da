# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The example of the page on ways of counting: its numbers follow from its events.

InvenioRDM's column is what InvenioRDM itself counts; the others follow from the rules that the
page names, applied here to the events one by one.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from invenio_rdm_records.records.stats.api import Statistics
from invenio_stats.proxies import current_stats
from invenio_stats.tasks import process_events

from invenio_usage_stats.indices import EVENT_PREFIX, USAGE_EVENTS, full_name, refresh

from ..content import BROWSER
from ..world import count_in_the_repository, wipe

PAGE = Path(__file__).parents[2] / "docs/counting.md"
DAY = "2026-01-15"
AGENTS = {
    "Ann": BROWSER["User-Agent"],
    "a script with `python-requests`": "python-requests/2.32.3",
    "a crawler": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
}
RECID, PARENT = "count-ing01", "count-ing00"


class Click(NamedTuple):
    """Be a row of the example."""

    at: datetime
    who: str
    file: str
    """Empty for the landing page."""


def tables() -> list[list[list[str]]]:
    """Return the tables of the page, without their heads."""
    found, rows = [], []
    for line in [*PAGE.read_text().splitlines(), ""]:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
        elif rows:
            found.append(rows[2:])
            rows = []
    return found


def example() -> tuple[list[Click], list[list[int]]]:
    """Return the events of the example, and its numbers column by column."""
    _, events, numbers = tables()
    clicks = [
        Click(datetime.fromisoformat(f"{DAY}T{at}"), who, does.partition("`")[2].rstrip("`"))
        for at, who, does in events
    ]
    rows = [[int(cell) if cell != "-" else 0 for cell in row[1:]] for row in numbers]
    return clicks, [list(column) for column in zip(*rows, strict=True)]


def single(clicks: Sequence[Click], page: int, file: int) -> list[Click]:
    """Return clicks without those that are followed by another one of the same within seconds."""
    left = []
    for number, click in enumerate(clicks):
        same = [c for c in clicks[number + 1 :] if (c.who, c.file) == (click.who, click.file)]
        window = file if click.file else page
        if not same or (same[0].at - click.at).total_seconds() > window:
            left.append(click)
    return left


def sessions(clicks: Sequence[Click]) -> int:
    return len({(click.who, click.at.hour) for click in clicks})


def by_r4(clicks: Sequence[Click]) -> list[int]:
    left = single([click for click in clicks if click.who == "Ann"], page=10, file=30)
    return [sum(not c.file for c in left), 0, sum(bool(c.file) for c in left), 0]


def by_r5(clicks: Sequence[Click], who: str = "Ann") -> list[int]:
    left = single([click for click in clicks if click.who == who], page=30, file=30)
    requests = [click for click in left if click.file]
    return [len(left), sessions(left), len(requests), sessions(requests)]


def test_what_follows_from_the_rules():
    clicks, (_, r4, r5, regular, machine) = example()
    assert len(clicks) == 9
    assert r4 == by_r4(clicks)
    assert r5 == regular == by_r5(clicks)
    assert machine == by_r5(clicks, "a script with `python-requests`")


def test_the_numbers_that_datacite_shows():
    _, columns = example()
    _total, views, _requests, downloads = columns[3]
    assert f"DataCite shows this dataset with {views} views and {downloads} download." in (
        PAGE.read_text()
    )


@pytest.fixture
def empty(app) -> None:
    wipe()
    yield
    wipe()


def test_what_inveniordm_counts(empty):
    clicks, (own, *_) = example()
    for name, some in (
        ("record-view", [c for c in clicks if not c.file]),
        ("file-download", [c for c in clicks if c.file]),
    ):
        current_stats.publish(name, [_raw(click) for click in some])
    process_events([alias.removeprefix(EVENT_PREFIX) for alias in USAGE_EVENTS.values()])
    for alias in USAGE_EVENTS.values():
        refresh(full_name(alias))
    count_in_the_repository()
    found = Statistics.get_record_stats(RECID, PARENT)["this_version"]
    names = ("views", "unique_views", "downloads", "unique_downloads")
    assert [found[name] for name in names] == own


def _raw(click: Click) -> dict:
    """Return a click as the repository publishes it."""
    event = {
        "timestamp": click.at.isoformat(),
        "recid": RECID,
        "parent_recid": PARENT,
        "referrer": None,
        "ip_address": "131.130.1.1",
        "user_agent": AGENTS[click.who],
        "user_id": "1" if click.who == "Ann" else None,
        "session_id": None,
        "via_api": False,
    }
    if click.file:
        key = click.file
        event |= {"bucket_id": "bucket", "file_id": key, "file_key": key, "size": 10}
    return event

# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Totals by file, record and community equal a plain count of the events."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from invenio_access.permissions import system_identity
from invenio_communities.proxies import current_communities
from werkzeug.datastructures import MultiDict

from invenio_usage_stats.errors import InvalidQueryError
from invenio_usage_stats.exchange.reports.asked import KINDS, Asked
from invenio_usage_stats.exchange.reports.totals.row import Row
from invenio_usage_stats.exchange.reports.totals.rows import rows

from ...oracle.world import Event
from .conftest import FILES, TITLES, Desk

SPRING = {"since": "2025-02-01", "until": "2025-04-30"}


def report(desk: Desk, kind: str, who: str = "administrator", **given: Any) -> list[Row]:
    """Return the rows of a report."""
    kinds = KINDS if kind == "all" else (kind,)
    return list(rows(desk.people[who].identity, Asked.read(kinds, MultiDict(given))))


def used(desk: Desk, recid: str, given: dict[str, str], key: str | None = None) -> list[Event]:
    """Return the events of a record, or of one of its files, on the days that are asked for."""
    since, until = given.get("since", "0001-01-02"), given.get("until", "9999-12-30")
    return [
        event
        for event in desk.events
        if event.record == recid
        and since <= event.at.date().isoformat() <= until
        and key in (None, event.file_key)
    ]


def expected(events: list[Event]) -> tuple:
    """Return views, downloads, bytes, and when something was viewed and downloaded."""
    viewed = [event.at for event in events if event.kind == "view"]
    loaded = [event for event in events if event.kind == "download"]
    last = max((event.at for event in loaded), default=None)
    volume = sum(event.size for event in loaded)
    times = min(viewed, default=None), max(viewed, default=None), last
    return len(viewed), len(loaded), volume, *times


def numbers(row: Row) -> tuple:
    """Return the same of a row."""
    times = row.first_viewed, row.last_viewed, row.last_downloaded
    return row.views, row.downloads, row.volume, *times


@pytest.mark.parametrize("given", [{}, SPRING, {"since": "2025-04-07", "until": "2025-04-07"}])
@pytest.mark.parametrize("scope", ["global", "below"])
def test_records(desk, given, scope):
    asked = given if scope == "global" else {**given, "scope": desk.communities[scope]}
    found = report(desk, "records", **asked)
    plain = {recid: expected(used(desk, recid, given)) for recid in desk.records.values()}
    assert {row.id: numbers(row) for row in found} == {
        recid: count for recid, count in plain.items() if any(count[:2])
    }
    assert [row.downloads for row in found] == sorted((r.downloads for r in found), reverse=True)
    assert len(found) > 0


@pytest.mark.parametrize("given", [{}, SPRING])
def test_files(desk, given):
    found = report(desk, "files", **given)
    plain = {
        f"{recid}/{key}": expected(used(desk, recid, given, key))[1:3]
        for name, recid in desk.records.items()
        for key in FILES[name]
    }
    assert {row.id: (row.downloads, row.volume) for row in found} == {
        id_: count for id_, count in plain.items() if count[0]
    }
    for row in found:
        recid, _, key = row.id.partition("/")
        assert row.last_downloaded == expected(used(desk, recid, given, key))[-1]
        assert (row.name, row.parent_record, row.views) == (key, recid, None)
        assert row.size in (4, 5)


def test_communities(desk):
    found = {row.id: row for row in report(desk, "communities", **SPRING)}
    events = [e for e in desk.events if 2 <= e.at.month <= 4]
    loaded = [event for event in events if event.kind == "download"]
    assert set(found) == {desk.communities["below"], desk.communities["above"]}
    row, above = (found[desk.communities[name]] for name in ("below", "above"))
    visits = [visit.at for visit in desk.visits if 2 <= visit.at.month <= 4]
    assert numbers(row)[:4:3] == (len(visits), min(visits))
    assert row.last_viewed == max(visits)
    assert numbers(above) == (0, row.downloads, row.volume, None, None, row.last_downloaded)
    assert (row.downloads, row.volume) == (len(loaded), sum(event.size for event in loaded))
    assert row.last_downloaded == max(event.at for event in loaded)
    assert (row.name, row.status) == ("=Below", "public")
    assert row.parent_communities == (slug(desk, "above"),)
    assert row.owner_id == desk.people["owner"].id
    assert f"/communities/{slug(desk, 'below')}" in row.location


def slug(desk: Desk, name: str) -> str:
    """Return the slug of a community."""
    return current_communities.service.read(system_identity, desk.communities[name]).data["slug"]


def test_what_is_said_beside_numbers(desk):
    found = {desk.name_of(row.id): row for row in report(desk, "records")}
    quoted, hidden = found["quoted"], found["hidden"]
    assert quoted.name == TITLES["quoted"]
    assert (quoted.size, hidden.size) == (10, 4)
    assert (quoted.status, hidden.status) == ("open", "restricted")
    assert quoted.owner_id == desk.people["author"].id
    assert set(quoted.communities) == {slug(desk, "below"), slug(desk, "above")}
    assert quoted.parent_communities == (slug(desk, "above"),)
    assert quoted.parent_record not in ("", quoted.id)
    assert quoted.location.endswith(f"/records/{quoted.id}")
    assert timedelta() < datetime.now(UTC).replace(tzinfo=None) - quoted.created < timedelta(1)


def test_what_was_never_used_is_there_on_demand(desk):
    for kind in ("records", "files", "communities"):
        few, all_ = report(desk, kind), report(desk, kind, include_zero="true")
        assert all_[: len(few)] == few
        more = all_[len(few) :]
        assert more
        assert {row.downloads for row in more} == {0}
        assert {row.last_downloaded for row in more} == {None}
    unused = desk.records["unused"]
    assert unused in {row.id for row in report(desk, "records", include_zero="true")}
    assert f"{unused}/-2.pdf" in {row.id for row in report(desk, "files", include_zero="true")}
    assert desk.communities["idle"] in {
        row.id for row in report(desk, "communities", include_zero="true")
    }


def test_bounds_can_be_those_of_the_creation(desk):
    today, yesterday = (f"{datetime.now(UTC).date() - timedelta(days=n)}" for n in (0, 1))
    for kind in ("records", "files", "communities"):
        whole = report(desk, kind)
        assert report(desk, kind, since=yesterday, until=today, date_field="created") == whole
        assert report(desk, kind, until="2025-12-31", date_field="created") == []
        assert report(desk, kind, since=yesterday) == []


@pytest.mark.parametrize("sort", ["views", "volume", "first_viewed", "last_viewed"])
def test_rows_have_the_order_that_is_asked_for(desk, sort):
    values = [getattr(row, sort) for row in report(desk, "records", sort=sort)]
    assert values == sorted(values, reverse=True)
    assert len(set(values)) == 3


def test_everything_at_once_is_each_kind_after_the_other(desk):
    assert report(desk, "all") == [row for kind in KINDS for row in report(desk, kind)]


def test_files_that_are_gone_keep_their_numbers(desk):
    """Who may not see the files of a record sees numbers instead of names."""
    recid = desk.records["hidden"]
    (row,) = report(desk, "files", "author", scope=f"records/{recid}")
    assert row.name == "hidden.pdf"
    whole = report(desk, "records", "author", scope=f"records/{recid}")
    assert [one.downloads for one in whole] == [row.downloads]


def test_small_numbers_are_withheld(desk, app, monkeypatch):
    monkeypatch.setitem(app.config, "USAGE_STATS_MIN_CELL", 4)
    for row in report(desk, "records", sort="views"):
        assert row.views is None or row.views >= 4
        assert (row.views is None) == (row.first_viewed is None) == (row.last_viewed is None)
        assert (row.downloads is None) == (row.volume is None) == (row.last_downloaded is None)


def test_bytes_are_withheld_with_the_downloads_they_tell_of(desk, app, monkeypatch):
    (few, _) = report(desk, "communities", since="2025-04-01")
    assert 0 < few.downloads < few.volume
    monkeypatch.setitem(app.config, "USAGE_STATS_MIN_CELL", few.downloads + 1)
    for row in report(desk, "communities", since="2025-04-01"):
        assert (row.downloads, row.volume, row.last_downloaded) == (None, None, None)


@pytest.mark.parametrize(
    ("given", "parameter"),
    [
        ({"since": "2025-02-30"}, "since"),
        ({"since": "2025-02-02", "until": "2025-02-01"}, "since"),
        ({"date_field": "updated"}, "date_field"),
        ({"sort": "name"}, "sort"),
        ({"include_zero": "maybe"}, "include_zero"),
        ({"period": "12m"}, "period"),
    ],
)
def test_wrong_parameters_are_named(app, given, parameter):
    with pytest.raises(InvalidQueryError) as error:
        Asked.read(("files",), MultiDict(given))
    assert error.value.parameter == parameter


def test_bounds(app):
    asked = Asked.read(("files",), MultiDict({"since": "2025-01-31", "date_field": "created"}))
    assert asked.created.since == date(2025, 1, 31)
    assert asked.used.since == date(1, 1, 2)
    assert Asked.read(("files",), MultiDict()).created is None

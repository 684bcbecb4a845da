# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Verify: nothing differs after a run, and whatever is spoiled is found."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from importlib import import_module

import pytest
import sqlalchemy as sa
from invenio_db import db
from invenio_search import current_search_client

from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.indices import (
    EVENTS,
    RECORD_DELTAS,
    RECORD_SNAPSHOTS,
    SHEETS,
    USAGE_DELTA,
    USAGE_SNAPSHOT,
    Product,
    full_name,
    scroll,
)
from invenio_usage_stats.ledger import projection
from invenio_usage_stats.ledger.history import GLOBAL
from invenio_usage_stats.ledger.models import LedgerEntry
from invenio_usage_stats.ledger.projection import drain
from invenio_usage_stats.ledger.reconcile import reconcile

from .. import content
from ..oracle.world import Event, World, make_facts, publish
from ..world import Loader, count_in_the_repository, index_events


@pytest.fixture(autouse=True)
def reconciled(known) -> None:
    """Let the ledger know the records that earlier tests have published."""
    reconcile()


def differences(run, *arguments: str) -> tuple[int, list[dict]]:
    """Return the exit code and the differences that verify finds."""
    code, output = run("verify", "--json", *arguments)
    answer = json.loads(output)
    assert answer["compared"] > 0
    assert answer["different"] == len(answer["differences"])
    return code, answer["differences"]


def test_nothing_differs_after_a_run(run, counted):
    aggregate()
    code, found = differences(run)
    assert (code, found) == (0, [])
    code, output = run("verify")
    assert code == 0
    assert output.splitlines()[-1].endswith(" 0 differ")


def test_before_anything_has_run(run):
    code, output = run("verify")
    assert code == 0
    assert "has never run" in output


def test_the_open_day_is_left_out(run, counted):
    aggregate()
    assert "are left out: not finished on both sides" in run("verify")[1]


def test_days_that_the_repository_is_just_counting_are_left_out(run, counted, past):
    """A late event is counted by one side first; the difference would vanish with its next run."""
    aggregate()
    late = next(e for e in past.events if e.kind == "download" and e.record in past.records)
    index_events([replace(late, visitor="late", session="late")])
    with_late = late.at.date()
    aggregate()
    code, found = differences(run)
    assert (code, found) == (0, [])
    output = run("verify")[1]
    assert f"downloads of {with_late} are left out: not finished on both sides" in output
    count_in_the_repository()


def stored(product: Product, scope: str) -> dict:
    """Return one stored document of a scope."""
    return next(iter(scroll(product.target, {"term": {"community_id": scope}})))


def rewrite(hit: dict) -> None:
    """Store a document again under its id."""
    current_search_client.delete(index=hit["_index"], id=hit["_id"])
    current_search_client.index(
        index=hit["_index"], id=hit["_id"], body=hit["_source"], refresh=True
    )


@pytest.fixture
def community(counted) -> str:
    """Return a community with usage, after a run."""
    aggregate()
    query = {"bool": {"must_not": [{"term": {"community_id": GLOBAL}}]}}
    return next(iter(scroll(USAGE_DELTA.target, query)))["_source"]["community_id"]


def test_a_wrong_total_of_the_repository(run, community):
    hit = stored(USAGE_DELTA, GLOBAL)
    hit["_source"]["totals"]["view"]["unique_views"] += 1
    rewrite(hit)
    code, found = differences(run, "--scope", GLOBAL)
    assert code == 1
    (one,) = [d for d in found if d["what"] == "unique_views"]
    assert one["ours"] == one["theirs"] + 1
    assert one["day"] == hit["_source"]["period_start"][:10]
    code, output = run("verify", "--scope", GLOBAL)
    assert code == 1
    assert "unique_views" in output
    assert not output.splitlines()[-1].endswith(" 0 differ")


def test_a_wrong_total_of_a_community(run, community, past):
    days = {e.at.date() for e in past.events}
    found = []
    for hit in list(scroll(USAGE_DELTA.target, {"term": {"community_id": community}})):
        hit["_source"]["totals"]["view"]["total_events"] += 5
        rewrite(hit)
    code, found = differences(run, "--scope", community)
    assert code == 1
    assert {d["scope"] for d in found} == {community}
    sheets = [d for d in found if d["what"].startswith("sheet of a day")]
    assert {d["day"] for d in sheets} == {d["day"] for d in found}
    found = [d for d in found if d not in sheets]
    assert all(d["ours"] == d["theirs"] + 5 for d in found)
    assert {date.fromisoformat(d["day"]) for d in found} <= days


@pytest.mark.parametrize("product", [RECORD_SNAPSHOTS[0], USAGE_SNAPSHOT])
def test_a_wrong_snapshot(run, community, product):
    hit = stored(product, GLOBAL)
    if product == USAGE_SNAPSHOT:
        hit["_source"]["totals"]["view"]["total_events"] += 1
    else:
        hit["_source"]["total_records"]["with_files"] += 1
    rewrite(hit)
    code, found = differences(run, "--scope", GLOBAL)
    assert code == 1
    (one,) = found
    assert one["what"].startswith(product.name.removesuffix("-agg"))
    assert one["ours"] == one["theirs"] + 1
    after = date.fromisoformat(hit["_source"]["snapshot_date"]) + timedelta(days=1)
    assert differences(run, "--since", str(after), "--scope", GLOBAL)[0] == 0


@pytest.mark.parametrize("product", [RECORD_SNAPSHOTS[0], USAGE_SNAPSHOT])
@pytest.mark.parametrize("group", ["subcounts", "missing"])
def test_a_wrong_list_of_a_snapshot(run, community, product, group):
    hit = stored(product, GLOBAL)
    field, items = next((f, v) for f, v in sorted(hit["_source"][group].items()) if v)
    if isinstance(items, list):
        items[0]["label"] = "a label of last year"
        items.append({"id": "nobody has this"})
    else:
        hit["_source"][group][field] = {}
    rewrite(hit)
    code, found = differences(run, "--scope", GLOBAL)
    assert code == 1
    (one,) = found
    assert one["what"] == f"{product.name.removesuffix('-agg')} {group}.{field}"
    assert one["ours"] == one["theirs"] - 1


def test_what_cannot_be_read_is_a_difference(run, community):
    hit = stored(RECORD_SNAPSHOTS[0], GLOBAL)
    for product, field in ((RECORD_DELTAS[0], "state"), (SHEETS, "data")):
        for one in list(scroll(product.target, {"term": {"community_id": GLOBAL}})):
            one["_source"][field] = one["_source"][field][:8]
            rewrite(one)
    code, found = differences(run, "--scope", GLOBAL)
    assert code == 1
    unreadable = {d["what"]: d for d in found if d["what"].endswith("readable")}
    assert set(unreadable) >= {"community-records-snapshot-added readable", "sheets readable"}
    first = unreadable["community-records-snapshot-added readable"]
    assert first["day"] >= hit["_source"]["snapshot_date"]
    assert "error" in first["remark"]


def test_a_record_that_the_ledger_lacks(run, people):
    content.publish(people["uploader"])
    aggregate()
    with db.engine.begin() as connection:
        connection.execute(sa.delete(LedgerEntry))
    code, found = differences(run)
    assert code == 1
    assert {"ledger: missing entries", "projection: documents"} == {d["what"] for d in found}


def test_a_projection_that_lacks_a_document(run, community):
    hit = next(iter(scroll(full_name(EVENTS), {"match_all": {}})))
    current_search_client.delete(index=hit["_index"], id=hit["_id"], refresh=True)
    code, found = differences(run)
    assert code == 1
    entries = [d for d in found if d["what"] == "projection: entries"]
    assert [d["scope"] for d in entries] == [hit["_source"]["record_id"]]
    assert hit["_id"] in entries[0]["remark"]


def test_a_document_of_no_entry(run, community):
    hit = next(iter(scroll(full_name(EVENTS), {"match_all": {}})))
    current_search_client.index(
        index=hit["_index"], id=f"{hit['_id']}7", body=hit["_source"], refresh=True
    )
    code, found = differences(run)
    assert code == 1
    entries = [d for d in found if d["what"] == "projection: entries"]
    assert [d["scope"] for d in entries] == [hit["_source"]["record_id"]]
    assert f"{hit['_id']}7" in entries[0]["remark"]


def test_a_site_in_use_is_no_difference(run, past, monkeypatch):
    """Entries are appended and projected while verify reads."""
    aggregate()
    monkeypatch.setattr(projection, "refresh", lambda _index: None)
    checks = import_module("invenio_usage_stats.operations.verify.ledger")
    reading = checks._stored

    def busy(*arguments):
        if not later.records:
            publish(later, "later", "P-later", datetime(2024, 3, 5), make_facts(), "A")
            Loader(later).operations(later.operations)
            drain()
        return reading(*arguments)

    later = World()
    waiting = World()
    publish(waiting, "waiting", "P-waiting", datetime(2024, 3, 5), make_facts(), "A")
    Loader(waiting).operations(waiting.operations)
    monkeypatch.setattr(checks, "_stored", busy)
    _, found = differences(run)
    assert later.records
    assert not [one for one in found if one["what"].startswith("projection")]


def test_downloads_of_drafts_are_no_difference(run):
    """The repository counts them and we do not."""
    world, published = World(), datetime(2024, 3, 5, 12)
    publish(world, "r1", "P1", published, make_facts({"pdf": [1, 9]}), "A")
    common = {"file_key": "a.pdf", "size": 9}
    world.events = [
        Event(published - timedelta(hours=1), "download", "r1", "P1", "v", "s1", "f", **common),
        Event(published + timedelta(hours=1), "download", "r1", "P1", "v", "s2", "f", **common),
    ]
    Loader(world).operations(world.operations)
    index_events(world.events)
    count_in_the_repository()
    aggregate()
    code, found = differences(run)
    assert (code, found) == (0, [])


def test_as_many_differences_as_wanted(run, community):
    for hit in list(scroll(USAGE_DELTA.target, {"term": {"community_id": GLOBAL}})):
        hit["_source"]["totals"]["view"]["total_events"] += 1
        rewrite(hit)
    code, output = run("verify", "--limit", "2", "--scope", GLOBAL)
    assert code == 1
    assert "and " in output
    answer = json.loads(run("verify", "--limit", "2", "--json")[1])
    assert len(answer["differences"]) == 2
    assert answer["different"] > 2


def test_events_that_were_counted_after_the_repository_did(run, community, past):
    """The repository never looks back: the events say who is right."""
    late = max(past.events, key=lambda e: e.at)
    view = Event(late.at, "view", late.record, late.parent, "late", "late", f"ui_{late.record}")
    index_events([view])
    aggregate()
    count_in_the_repository()
    code, found = differences(run, "--scope", GLOBAL)
    assert code == 1
    assert all(d["ours"] == d["theirs"] + 1 for d in found)
    assert all("events" in d["remark"] for d in found)

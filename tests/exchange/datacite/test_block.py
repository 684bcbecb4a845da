# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""All usage of a record in one answer, and who may read it."""

from datetime import datetime

import pytest
from invenio_rdm_records.records.stats.api import Statistics

from invenio_usage_stats.exchange.counter.metrics import IDS
from invenio_usage_stats.indices import USAGE_EVENTS, full_name, refresh

from ...conftest import browsing
from ...content import publish, refresh_all
from ...oracle.world import Event
from ...world import index_events, put, wipe
from .conftest import MONTHS
from .counted import ALL_VIEWS, DOWNLOADS, VIEWS

AT = datetime(2026, 1, 15, 10, 20, 30)


def url(recid: str) -> str:
    """Return where the usage of a record is."""
    return f"/api/records/{recid}/usage"


@pytest.fixture
def used(shelf):
    """Let the first version be seen twice and downloaded once, and others come later."""
    wipe()
    recid, parent = shelf.records["first"], shelf.parents["first"]
    common = {"record": recid, "parent": parent, "visitor": "v", "session": "s", "country": "SE"}
    views = [
        Event(at, "view", unique_id=f"ui_{recid}", **common) for at in (AT, AT.replace(hour=11))
    ]
    load = Event(AT.replace(hour=9), "download", unique_id="f", file_key="a.csv", size=7, **common)
    index_events([*views, load])
    for hour, flags in ((12, {"is_robot": True}), (13, {"via_api": True})):
        put([_unseen(recid, parent, AT.replace(hour=hour), **flags)])
    refresh(full_name(USAGE_EVENTS["view"]))
    yield recid
    wipe()


def _unseen(recid: str, parent: str, at: datetime, **flags: bool) -> dict:
    """Return a view that nobody has seen."""
    common = {"timestamp": at.isoformat(), "recid": recid, "parent_recid": parent}
    document = {**common, "is_robot": False, "via_api": False, **flags}
    index = full_name(f"{USAGE_EVENTS['view']}-{at:%Y-%m}")
    return {"_index": index, "_source": document}


def test_the_usage_of_a_record(client, shelf, used):
    response = client.get(url(used))
    assert response.status_code == 200, response.json
    block = response.json
    assert block["id"] == used
    assert block["parent"] == shelf.parents["first"]
    stats = Statistics.get_record_stats(used, shelf.parents["first"])
    assert {name: block[name] for name in stats} == stats
    own, whole = block["counter"]["this_version"], block["counter"]["all_versions"]
    assert set(own["metrics"]) == set(IDS)
    assert (own["metrics"][VIEWS], own["metrics"][ALL_VIEWS], own["metrics"][DOWNLOADS]) == (
        6,
        12,
        1,
    )
    assert own["volume"] == {"regular": 10, "machine": 0}
    assert (own["viewCount"], whole["viewCount"]) == (6, 9)
    assert [one["yearMonth"] for one in whole["viewsOverTime"]] == list(MONTHS)
    assert block["viewCount"] == own["viewCount"]
    assert block["downloadsOverTime"] == own["downloadsOverTime"]
    assert block["reported"] is None
    assert block["last_viewed"] == "2026-01-15T11:20:30.000Z"
    assert block["last_downloaded"] == "2026-01-15T09:20:30.000Z"


def test_the_numbers_are_those_of_the_doi(client, shelf):
    block = client.get(url(shelf.records["second"])).json
    for doi, told in (
        ("10.1234/second", block),
        ("10.1234/concept", block["counter"]["all_versions"]),
    ):
        about = client.get(f"/api/dois/{doi}").json["data"]["attributes"]
        for name in ("viewCount", "viewsOverTime", "downloadCount", "downloadsOverTime"):
            assert told[name] == about[name], (doi, name)


def test_a_record_that_nobody_has_used(client, shelf, people):
    recid = publish(people["owner"], title="Unused")
    refresh_all()
    block = client.get(url(recid)).json
    assert set(block["counter"]["this_version"]["metrics"].values()) == {0}
    assert (block["viewCount"], block["viewsOverTime"]) == (0, [])
    assert (block["last_viewed"], block["last_downloaded"]) == (None, None)


def test_who_may_read_it(app, shelf, people):
    for name, person, status in (
        ("plain", None, 200),
        ("restricted", None, 401),
        ("restricted", "stranger", 403),
        ("restricted", "owner", 200),
        ("deleted", None, 401),
        ("deleted", "owner", 403),
        ("embargoed", None, 401),
    ):
        with browsing(app, people.get(person)) as client:
            response = client.get(url(shelf.records[name]))
            assert response.status_code == status, (name, person, response.json)
            if name == "restricted" and status == 200:
                assert "private" in response.headers["Cache-Control"]
    with browsing(app) as client:
        assert client.get(url("no-such")).status_code == 401

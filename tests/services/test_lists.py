# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Lists show what their reader may see, in the right order and number."""

from types import SimpleNamespace

import pytest
from flask import current_app
from invenio_access.permissions import authenticated_user, system_identity
from invenio_communities.proxies import current_communities
from invenio_rdm_records.proxies import current_rdm_records_service as records
from invenio_rdm_records.proxies import (
    current_record_communities_service as record_communities,
)

from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.errors import InvalidQueryError, UnanswerableError, UnknownScopeError
from invenio_usage_stats.proxies import current_usage_stats
from invenio_usage_stats.reader.periods import today

from .. import content
from ..world import index_events
from .asking import ask_as, codes, ids
from .shelf import fill, nobody, use


@pytest.fixture(scope="module")
def made(app, people) -> SimpleNamespace:
    """Return what is on the shelf."""
    return fill(people)


WEEK = {"period": "30d"}
TOMBSTONE = {"removal_reason": {"id": "spam"}, "note": "", "is_visible": True}


def test_records_that_a_visitor_may_see(made):
    result = ask_as(nobody(), "top", "global", dimension="records", metric="views", size=3, **WEEK)
    assert ids(result) == made.recids[:0:-1]
    assert [row.label for row in result.rows] == ["Record 3", "Record 2", "Record 1"]
    assert [row.values["views"] for row in result.rows] == [4, 3, 2]
    assert result.count == 4
    assert result.totals == {"views": 19}
    assert result.rows[0].share == round(4 / 19, 6)
    assert result.rows[0].link.endswith(f"/records/{made.recids[3]}")


def test_pages_of_records(made):
    question = {"dimension": "records", "metric": "views", "size": 3, **WEEK}
    assert ids(ask_as(nobody(), "top", "global", page=2, **question)) == made.recids[:1]
    assert ids(ask_as(nobody(), "top", "global", page=3, **question)) == []


def test_the_uploader_sees_more(made, people):
    result = ask_as(
        people["uploader"].identity, "top", "global", dimension="records", metric="views", **WEEK
    )
    assert ids(result) == [made.secret, *made.recids[::-1]]
    assert result.count == 5


def test_works(made, people):
    """Versions count as one, which is named after the last one that the reader may see."""
    question = {"dimension": "records", "metric": "views", "level": "parent", **WEEK}
    result = ask_as(nobody(), "top", "global", **question)
    parents = [records.record_cls.pid.resolve(id_).parent["id"] for id_ in made.recids[::-1]]
    assert ids(result) == parents
    assert [row.label for row in result.rows] == [f"Record {n}" for n in (3, 2, 1, 0)]
    assert [row.values["views"] for row in result.rows] == [4, 3, 2, 1]
    assert result.count == 4


def test_communities_that_a_reader_may_see(made, people):
    question = {"dimension": "communities", "metric": "views", **WEEK}
    result = ask_as(nobody(), "top", "global", **question)
    assert ids(result) == [made.public, made.child]
    assert [row.values["views"] for row in result.rows] == [6, 1]
    assert result.count == 2
    result = ask_as(people["owner"].identity, "top", "global", **question)
    assert ids(result) == [made.hidden, made.public, made.child]
    assert [row.values["views"] for row in result.rows] == [19, 6, 1]


def test_a_deleted_community_is_not_listed(made, people):
    gone = content.create_community(people["owner"])
    record_communities.bulk_add(system_identity, gone, made.recids[:1], set_default=False)
    aggregate()
    question = {"dimension": "communities", "metric": "records", **WEEK}
    assert gone in ids(ask_as(nobody(), "top", "global", **question))
    current_communities.service.delete_community(system_identity, gone, TOMBSTONE)
    content.refresh_all()
    assert gone not in ids(ask_as(nobody(), "top", "global", **question))
    with pytest.raises(UnknownScopeError):
        ask_as(people["owner"].identity, "totals", f"communities/{gone}")


@pytest.mark.parametrize("metric", ["viewed_records", "records", "uploaders", "unique_downloads"])
def test_communities_by_other_metrics(made, metric):
    result = ask_as(nobody(), "top", "global", dimension="communities", metric=metric, **WEEK)
    expected = {"viewed_records": [3, 1], "records": [3, 1], "uploaders": [1, 1]}
    expected |= {"unique_downloads": [3]}
    assert [row.values[metric] for row in result.rows] == expected[metric]


def test_communities_of_chosen_records(made):
    result = ask_as(
        nobody(),
        "top",
        "global",
        dimension="communities",
        metric="views",
        filter="resource_types:dataset",
        **WEEK,
    )
    assert [row.values["views"] for row in result.rows] == [6, 1]
    assert result.count == 2


def test_communities_without_chosen_records_are_not_counted(made):
    question = {"dimension": "communities", "metric": "views", **WEEK}
    result = ask_as(nobody(), "top", "global", filter="resource_types:software", **question)
    assert (ids(result), result.count) == ([], 0)


def test_communities_are_not_ranked_by_what_is_not_known(made):
    question = {"dimension": "communities", "metric": "view_visitors", **WEEK}
    with pytest.raises(UnanswerableError, match="does not follow exactly"):
        ask_as(nobody(), "top", "global", filter="affiliations_creator:anybody", **question)


def test_communities_compared(made):
    result = ask_as(nobody(), "top", "global", dimension="communities", compare="previous", **WEEK)
    assert [row.values for row in result.rows] == [
        {"records": 3, "views": 6, "downloads": 3},
        {"records": 1, "views": 1, "downloads": 0},
    ]
    assert all(row.compared["views"] == (None, None, None) for row in result.rows)


def test_sub_communities(made):
    result = ask_as(
        nobody(), "top", f"communities/{made.public}", dimension="subcommunities", **WEEK
    )
    assert ids(result) == [made.child]
    with pytest.raises(InvalidQueryError, match="in a community only"):
        ask_as(nobody(), "top", "global", dimension="subcommunities")
    with pytest.raises(InvalidQueryError, match="in the repository only"):
        ask_as(nobody(), "top", f"communities/{made.public}", dimension="communities")


def test_files_of_a_record(made, people):
    scope = f"records/{made.recids[3]}"
    result = ask_as(nobody(), "top", scope, dimension="files", **WEEK)
    assert [(row.id, row.values) for row in result.rows] == [
        ("3.pdf", {"downloads": 3, "traffic": 15})
    ]
    with pytest.raises(InvalidQueryError, match="in a record only"):
        ask_as(nobody(), "top", "global", dimension="files")


def test_files_of_a_record_over_time(made):
    scope = f"records/{made.recids[3]}"
    result = ask_as(nobody(), "series", scope, dimension="files", metric="downloads", **WEEK)
    (one,) = result.series
    assert (one.id, one.label) == ("3.pdf", "3.pdf")
    assert [point.value for point in one.points][-1] == 3
    assert sum(point.value for point in one.points) == 3


def test_names_of_files_are_for_those_who_may_read_the_files(made, people):
    scope = current_usage_stats.service.resolve_scope(
        people["uploader"].identity, f"records/{made.secret}"
    )
    for identity, name in ((people["uploader"].identity, "secret.pdf"), (nobody(), None)):
        (row,) = ask_as(identity, "top", scope, dimension="files", **WEEK).rows
        assert (row.id == name) == (name is not None)
        assert row.values["downloads"] == 2


def test_numbers_of_a_record_are_as_visible_as_the_record(made, people):
    for recid, person, seen in (
        (made.secret, None, False),
        (made.secret, "stranger", False),
        (made.secret, "uploader", True),
        ("no-such-record", "uploader", False),
    ):
        identity = people[person].identity if person else nobody()
        if seen:
            found = ask_as(identity, "totals", f"records/{recid}", **WEEK)
            assert found.metrics["views"].value == 9
        else:
            with pytest.raises(UnknownScopeError):
                ask_as(identity, "totals", f"records/{recid}", **WEEK)


def test_uploaders_are_off_by_default(made):
    with pytest.raises(UnknownScopeError):
        ask_as(nobody(), "top", "global", dimension="uploaders", **WEEK)


def test_uploaders_with_a_public_profile(made, people, monkeypatch):
    monkeypatch.setitem(current_app.config, "USAGE_STATS_SHOW_UPLOADERS", True)
    uploader, reader = people["uploader"], people["stranger"].identity
    reader.provides.add(authenticated_user)
    for visibility, count in (("restricted", 0), ("public", 1)):
        content.set_profile(uploader, visibility)
        result = ask_as(reader, "top", "global", dimension="uploaders", **WEEK)
        assert [(row.id, row.values) for row in result.rows] == [
            (str(uploader.id), {"records": 5})
        ][:count]
        assert result.count == count
        assert ask_as(nobody(), "top", "global", dimension="uploaders", **WEEK).rows == []


def test_lists_leave_out_what_is_withheld(made, monkeypatch):
    """A record has 9 views, others 4, 3, 2 and 1; communities 19, 6 and 1."""
    monkeypatch.setitem(current_app.config, "USAGE_STATS_MIN_CELL", 3)
    question = {"metric": "views", **WEEK}
    for dimension, expected in (("records", [made.recids[3]]), ("communities", [made.public])):
        result = ask_as(nobody(), "top", "global", dimension=dimension, **question)
        assert (ids(result), result.count) == (expected, 1)
    found = ask_as(
        nobody(), "top", "global", dimension="communities", metric="viewed_records", **WEEK
    )
    assert (ids(found), found.count) == ([made.public], 1)


def test_files_and_uploaders_say_that_they_are_withheld(made, people, monkeypatch):
    monkeypatch.setitem(current_app.config, "USAGE_STATS_MIN_CELL", 6)
    monkeypatch.setitem(current_app.config, "USAGE_STATS_SHOW_UPLOADERS", True)
    reader = people["stranger"].identity
    reader.provides.add(authenticated_user)
    record = f"records/{made.recids[3]}"
    for scope, dimension in (("global", "uploaders"), (record, "files")):
        result = ask_as(reader, "top", scope, dimension=dimension, **WEEK)
        assert result.rows == [] and result.count == 0
        assert "withheld" in codes(result)


@pytest.mark.parametrize(
    ("readers", "allowed"),
    [
        ("readers", (True, True, True)),
        ("members", (False, False, True)),
        ("managers", (False, False, True)),
    ],
)
def test_who_may_read_the_numbers_of_a_community(made, people, monkeypatch, readers, allowed):
    monkeypatch.setitem(current_app.config, "USAGE_STATS_COMMUNITY_READERS", readers)
    identities = (nobody(), people["stranger"].identity, people["owner"].identity)
    for identity, may in zip(identities, allowed, strict=True):
        if may:
            scope = current_usage_stats.service.resolve_scope(identity, made.public)
            assert scope.public == (readers == "readers")
        else:
            with pytest.raises(UnknownScopeError):
                current_usage_stats.service.resolve_scope(identity, made.public)
            found = ask_as(identity, "top", "global", dimension="communities", **WEEK)
            assert found.rows == []


def test_what_readers_may_see_is_a_key(made, people):
    service = current_usage_stats.service
    scope = service.resolve_scope(nobody(), "global")
    assert scope.public
    assert service.is_public(scope)
    keys = {
        service.visibility(identity, scope)
        for identity in (nobody(), people["owner"].identity, people["stranger"].identity)
    }
    assert len(keys) == 3
    assert service.visibility(nobody(), scope) == "public"


def test_today_is_not_counted_completely(made):
    result = ask_as(nobody(), "totals", "global", **WEEK)
    assert result.freshness.incomplete_from == today()
    assert "incomplete" in codes(result)


def test_files_of_all_versions_are_named(made, people):
    """Those of other versions say whose they are, as names can be the same."""
    uploader = people["uploader"]
    first = content.publish(uploader, {"data.csv": b"12345"})
    index_events(use(first, 1, 2))
    last = content.new_version(uploader, first)
    content.refresh_all()
    aggregate()
    question = {"dimension": "files", "level": "parent", **WEEK}
    (row,) = ask_as(nobody(), "top", f"records/{last}", **question).rows
    assert (row.id, row.label) == (f"{first}/data.csv", "data.csv (version 1)")
    assert row.values["downloads"] == 2
    (row,) = ask_as(nobody(), "top", f"records/{first}", **question).rows
    assert (row.id, row.label) == ("data.csv", "data.csv")
    content.delete(first)
    content.refresh_all()
    (row,) = ask_as(nobody(), "top", f"records/{last}", **question).rows
    assert row.label.startswith("File ")

# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The oracle against the numbers that were computed by hand, and against itself."""

import os
import subprocess
import sys
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from .random_history import random_world, split
from .records import SHOWN, is_zero, periods, record_deltas, record_snapshot
from .usage import usage_deltas, usage_snapshot
from .world import (
    GLOBAL,
    Event,
    Operation,
    World,
    fixture_f,
    histories,
    is_publication,
    make_facts,
    publish,
)

BASES = ("added", "created", "published")


def on(day: int, month: int = 1, year: int = 2024) -> date:
    return date(year, month, day)


def at(day: int, hour: int = 12, minute: int = 0, second: int = 0, month: int = 1) -> datetime:
    return datetime(2024, month, day, hour, minute, second)


def classes(metadata_only: int = 0, with_files: int = 0) -> dict:
    return {"metadata_only": metadata_only, "with_files": with_files}


def files(count: int = 0, volume: int = 0) -> dict:
    return {"file_count": count, "data_volume": volume}


def sides(added: dict, removed: dict) -> dict:
    return {"added": added, "removed": removed}


def item(document: dict, field: str, key: str) -> dict:
    return {entry["id"]: entry for entry in document["subcounts"][field]}[key]


def ids(document: dict, field: str) -> list[str]:
    return [entry["id"] for entry in document["subcounts"][field]]


def stock(world: World, scope: str, day: date, basis: str = "added") -> tuple:
    found = record_snapshot(world, basis, scope, day)
    records, parents, held = found["total_records"], found["total_parents"], found["total_files"]
    return (
        (records["metadata_only"], records["with_files"]),
        (parents["metadata_only"], parents["with_files"]),
        (held["file_count"], held["data_volume"]),
        found["total_uploaders"],
    )


def count(world: World, scope: str, day: date, basis: str = "added") -> int:
    return sum(record_snapshot(world, basis, scope, day)["total_records"].values())


def flat(document: dict) -> tuple:
    names = ("records_added", "records_removed", "parents_added", "parents_removed", "uploaders")
    return tuple(document[name] for name in names)


def with_operations(*operations: Operation) -> World:
    world = fixture_f()
    world.operations.extend(operations)
    return world


def r3_leaves_b() -> Operation:
    return Operation(at(15), "r3", "removed", "B")


def r3_joins_b() -> Operation:
    return Operation(at(17), "r3", "added", "B")


def with_r1b(*operations: Operation) -> World:
    world = with_operations()
    publish(world, "r1b", "P1", at(14), world.operations[0].facts, "A")
    world.operations.extend(operations)
    return world


# --- records ---


def test_a1_added_deltas():
    deltas = record_deltas(fixture_f(), "added")
    first = deltas["A", on(10)]
    assert flat(first) == (2, 0, 2, 0, 1)
    assert first["records"] == sides(classes(1, 1), classes())
    assert first["parents"] == sides(classes(1, 1), classes())
    assert first["files"] == sides(files(1, 1000), files())
    assert ("A", on(11)) not in deltas
    second = deltas["A", on(12)]
    assert second["records"] == sides(classes(0, 1), classes())
    assert second["files"] == sides(files(2, 500), files())
    assert deltas["B", on(12)] == second
    everywhere = deltas[GLOBAL, on(12)]
    assert flat(everywhere) == (2, 0, 2, 0, 2)
    assert everywhere["files"] == sides(files(3, 550), files())
    assert set(deltas) == {
        ("A", on(10)),
        ("A", on(12)),
        ("B", on(12)),
        (GLOBAL, on(10)),
        (GLOBAL, on(12)),
    }


def test_a2_added_snapshots():
    world = fixture_f()
    assert stock(world, "A", on(12)) == ((1, 2), (1, 2), (3, 1500), 2)
    assert stock(world, "B", on(12)) == ((0, 1), (0, 1), (2, 500), 1)
    assert stock(world, GLOBAL, on(12)) == ((1, 3), (1, 3), (4, 1550), 3)
    assert stock(world, GLOBAL, on(9)) == ((0, 0), (0, 0), (0, 0), 0)


def test_a3_file_types():
    snapshot = record_snapshot(fixture_f(), "added", "A", on(12))
    assert item(snapshot, "all_file_types", "pdf")["records"] == classes(0, 2)
    assert item(snapshot, "all_file_types", "pdf")["files"] == files(2, 1200)
    assert item(snapshot, "all_file_types", "csv")["records"] == classes(0, 1)
    assert item(snapshot, "all_file_types", "csv")["files"] == files(1, 300)
    assert ids(snapshot, "all_file_types") == ["csv", "pdf"]
    missing = {"records": classes(1), "parents": classes(1), "files": files()}
    assert snapshot["missing"]["all_file_types"] == missing
    assert "all_resource_types" not in snapshot["missing"]


def test_a4_leaving():
    world = with_operations(r3_leaves_b())
    deltas = record_deltas(world, "added")
    assert flat(deltas["B", on(15)]) == (0, 1, 0, 1, 0)
    assert stock(world, "B", on(15)) == ((0, 0), (0, 0), (0, 0), 0)
    assert stock(world, "A", on(15)) == stock(fixture_f(), "A", on(12))
    assert stock(world, GLOBAL, on(15)) == stock(fixture_f(), GLOBAL, on(12))
    assert {key for key in deltas if key[1] == on(15)} == {("B", on(15))}


def test_a5_joining_again():
    world = with_operations(r3_leaves_b(), r3_joins_b())
    assert [count(world, "B", on(day)) for day in range(12, 18)] == [1, 1, 1, 0, 0, 1]


def deletion() -> Operation:
    return Operation(at(20), "r1", "deleted")


def test_a6_deletion():
    world = with_operations(deletion())
    deltas = record_deltas(world, "added")
    for scope in ("A", GLOBAL):
        assert deltas[scope, on(20)]["records"] == sides(classes(), classes(0, 1))
        assert deltas[scope, on(20)]["files"] == sides(files(), files(1, 1000))
    assert stock(world, "A", on(20)) == ((1, 1), (1, 1), (2, 500), 2)


def test_a7_restore():
    world = with_operations(deletion(), Operation(at(22), "r1", "restored"))
    for basis in BASES:
        deltas = record_deltas(world, basis)
        assert flat(deltas["A", on(20)]) == (0, 1, 0, 1, 0)
        assert flat(deltas["A", on(22)]) == (1, 0, 1, 0, 1)
    snapshot = record_snapshot(world, "added", "A", on(22))
    assert snapshot == record_snapshot(fixture_f(), "added", "A", on(12))


def test_a8_new_version():
    world = with_r1b()
    assert flat(record_deltas(world, "added")["A", on(14)]) == (1, 0, 0, 0, 1)
    assert stock(world, "A", on(14)) == ((1, 3), (1, 2), (4, 2500), 2)


def test_a9_all_versions_leave():
    world = with_r1b(*(Operation(at(16), r, "removed", "A") for r in ("r1", "r1b")))
    assert flat(record_deltas(world, "added")["A", on(16)]) == (0, 2, 0, 1, 0)


def test_a10_one_version_deleted():
    world = with_r1b(Operation(at(16), "r1b", "deleted"))
    deltas = record_deltas(world, "added")
    assert flat(deltas["A", on(16)]) == flat(deltas[GLOBAL, on(16)]) == (0, 1, 0, 0, 0)


def restricted_r1() -> Operation:
    facts = make_facts(
        {"pdf": [1, 1000]},
        "2024-01-10",
        restricted=True,
        uploaders="u1",
        resource_types="dataset",
        access_rights="restricted",
    )
    return Operation(at(16), "r1", "edited", GLOBAL, facts)


def test_a11_access_changes():
    delta = record_deltas(with_operations(restricted_r1()), "added")["A", on(16)]
    assert flat(delta) == (0, 0, 0, 0, 0)
    assert ids(delta, "by_access_right") == ["open", "restricted"]
    assert item(delta, "by_access_right", "open")["records"] == sides(classes(), classes(0, 1))
    came = item(delta, "by_access_right", "restricted")["records"]
    assert came == sides(classes(0, 1), classes())
    assert item(delta, "by_language", "eng")["records"] == sides(classes(), classes(0, 1))
    assert delta["missing"]["by_language"]["records"] == sides(classes(0, 1), classes())
    assert not delta["subcounts"]["by_resource_type"] and not delta["subcounts"]["by_file_type"]
    snapshot = record_snapshot(with_operations(restricted_r1(), deletion()), "added", "A", on(20))
    assert ids(snapshot, "all_access_rights") == ["metadata-only", "open"]


def test_a12_an_old_record_joins():
    world = with_operations(Operation(at(1, month=3), "r4", "added", "A"))
    assert flat(record_deltas(world, "added")["A", on(1, 3)]) == (1, 0, 1, 0, 1)
    created = record_deltas(world, "created")
    assert flat(created["A", on(12)]) == (2, 0, 2, 0, 2)
    assert ("A", on(1, 3)) not in created
    assert count(world, "A", on(20), "created") == 4


@pytest.mark.parametrize(
    ("published", "day"),
    [
        ("1999-01-01", on(1, year=1999)),
        ("1850-01-01", on(1, year=1850)),
        ("2020-10-01", on(1, 10, 2020)),
        ("2031-05-01", on(1, 5, 2031)),
        ("", on(12)),
    ],
)
def test_a13_publication_dates(published: str, day: date):
    world = fixture_f()
    publish(world, "r5", "P5", at(12), make_facts({}, published, resource_types="article"), "C")
    deltas = record_deltas(world, "published")
    assert [d for scope, d in deltas if scope == "C"] == [day]
    assert flat(deltas["C", day]) == (1, 0, 1, 0, 0)
    later = (day, day + timedelta(days=1), on(1, 1, 2035))
    assert [count(world, "C", d, "published") for d in later] == [1, 1, 1]
    assert count(world, "C", day - timedelta(days=1), "published") == 0


def test_a13_a_changed_publication_date_moves_the_entry():
    facts = make_facts({}, "1999-01-01", resource_types="article")
    world = with_operations(Operation(at(20), "r2", "edited", GLOBAL, facts))
    deltas = record_deltas(world, "published")
    assert flat(deltas["A", on(1, year=1999)]) == (1, 0, 1, 0, 1)
    assert flat(deltas["A", on(10)]) == (1, 0, 1, 0, 1)


def test_a14_many_records_join_on_one_day():
    world = World()
    facts = make_facts({}, "2024-01-01", resource_types="article")
    for number in range(10_050):
        publish(world, f"m{number}", f"M{number}", at(1), facts)
        world.operations.append(Operation(at(2), f"m{number}", "added", "A"))
    delta = record_deltas(world, "added")["A", on(2)]
    assert delta["records_added"] == 10_050
    assert item(delta, "by_resource_type", "article")["records"]["added"] == classes(10_050)


def test_a15_many_subjects():
    world = World()
    chosen = [[f"s{n:04}", f"s{n % 40:04}", f"s{n * 7 % 1500:04}"] for n in range(1500)]
    for number, keys in enumerate(chosen):
        publish(world, f"m{number}", f"M{number}", at(1), make_facts(subjects=keys), "A")
    counts = Counter(key for keys in chosen for key in set(keys))
    largest = sorted(counts, key=lambda key: (-counts[key], key))[:20]
    assert len(counts) == 1500
    delta = record_deltas(world, "added")["A", on(1)]
    assert ids(delta, "by_subject") == sorted(counts)
    snapshot = record_snapshot(world, "added", "A", on(1))
    assert ids(snapshot, "top_subjects") == largest
    found = [entry["records"] for entry in snapshot["subcounts"]["top_subjects"]]
    assert found == [classes(counts[key]) for key in largest]


def test_a16_and_a17_affiliations_and_names():
    world = World()
    facts = make_facts(
        {"pdf": [1, 1000]},
        affiliations=["01abc", "01abc", "No Id"],
        affiliations_creator=["01abc", "No Id"],
        affiliations_contributor="01abc",
        funders="Nameless Fund",
    )
    publish(world, "r1", "P1", at(10), facts, "A")
    snapshot = record_snapshot(world, "added", "A", on(10))
    counts = {"records": classes(0, 1), "parents": classes(0, 1), "files": files(1, 1000)}
    assert ids(snapshot, "top_affiliations") == ["01abc", "No Id"]
    assert item(snapshot, "top_affiliations", "01abc") == {"id": "01abc", **counts}
    assert item(snapshot, "top_affiliations", "No Id") == {"id": "No Id", **counts}
    assert ids(snapshot, "top_affiliations_contributor") == ["01abc"]
    assert ids(snapshot, "top_funders") == ["Nameless Fund"]
    assert "top_uploaders" not in snapshot["subcounts"]


def test_a18_removed_then_deleted():
    removal = Operation(at(18), "r1", "removed", "A")
    world = with_operations(removal, deletion())
    for basis in BASES:
        deltas = record_deltas(world, basis)
        assert flat(deltas["A", on(18)]) == (0, 1, 0, 1, 0)
        assert ("A", on(20)) not in deltas
        assert flat(deltas[GLOBAL, on(20)]) == (0, 1, 0, 1, 0)


def test_a24_leaving_and_joining_again_on_the_created_basis():
    deltas = record_deltas(with_operations(r3_leaves_b(), r3_joins_b()), "created")
    assert [key for key in deltas if key[0] == "B"] == [("B", on(12))]
    left = record_deltas(with_operations(r3_leaves_b()), "created")
    assert flat(left["B", on(15)]) == (0, 1, 0, 1, 0)


# --- finer rules ---


def test_a_join_and_a_leave_on_one_day_are_both_counted():
    world = with_operations(
        Operation(at(16, 8), "r4", "added", "A"), Operation(at(16, 9), "r4", "removed", "A")
    )
    delta = record_deltas(world, "added")["A", on(16)]
    assert flat(delta) == (1, 1, 1, 1, 1)
    assert delta["files"] == sides(files(1, 50), files(1, 50))
    assert count(world, "A", on(16)) == 3


def test_what_would_leave_before_it_enters_is_not_counted():
    facts = make_facts({}, "2025-01-01", resource_types="article")
    world = fixture_f()
    publish(world, "r5", "P5", at(12), facts, "C")
    world.operations.append(Operation(at(20), "r5", "removed", "C"))
    assert not [key for key in record_deltas(world, "published") if key[0] == "C"]
    assert [key[1] for key in record_deltas(world, "created") if key[0] == "C"] == [on(12), on(20)]


def test_an_edit_on_the_day_of_a_removal_is_not_subtracted():
    world = with_operations(restricted_r1(), Operation(at(16, 18), "r1", "removed", "A"))
    deltas = record_deltas(world, "added")
    assert ids(deltas["A", on(16)], "by_access_right") == ["open"]
    assert ids(deltas[GLOBAL, on(16)], "by_access_right") == ["open", "restricted"]


def test_a_parent_changes_its_class():
    world = fixture_f()
    publish(world, "r2b", "P2", at(14), make_facts({"pdf": [1, 9]}, uploaders="u1"), "A")
    world.operations.append(Operation(at(16), "r2b", "deleted"))
    deltas = record_deltas(world, "added")
    assert deltas["A", on(14)]["parents"] == sides(classes(0, 1), classes(1))
    assert deltas["A", on(16)]["parents"] == sides(classes(1), classes(0, 1))
    assert stock(world, "A", on(15))[:2] == ((1, 3), (0, 3))
    assert deltas["A", on(14)]["missing"]["by_resource_type"]["parents"]["added"] == classes(0, 1)


def test_a_change_of_owner_alone_makes_no_document():
    facts = {**fixture_f().operations[0].facts}
    facts["values"] = {**facts["values"], "uploaders": ["u9"]}
    world = with_operations(Operation(at(16), "r1", "edited", GLOBAL, facts))
    assert ("A", on(16)) not in record_deltas(world, "added")
    assert stock(world, "A", on(16))[3] == stock(world, "A", on(15))[3] + 1


# --- usage ---


def use(
    moment: datetime,
    record: str = "r1",
    visitor: str = "v1",
    name: str | None = None,
    size: int = 0,
    **more,
) -> Event:
    parent = {"r1b": "P1"}.get(record, record.replace("r", "P"))
    return Event(
        at=moment,
        kind="download" if name else "view",
        record=record,
        parent=parent,
        visitor=visitor,
        session=more.pop("session", visitor),
        unique_id=f"{record}/{name}" if name else f"ui_{record}",
        file_key=name,
        size=size,
        **more,
    )


def with_events(*events: Event, world: World | None = None) -> World:
    world = world or fixture_f()
    world.events.extend(events)
    return world


def view(total: int, visitors: int, uniques: int, records: int, parents: int) -> dict:
    return {
        "total_events": total,
        "unique_visitors": visitors,
        "unique_views": uniques,
        "unique_records": records,
        "unique_parents": parents,
    }


def test_v1_views_at_the_edges_of_a_day():
    """The robot's event is not in the world: the repository drops it."""
    world = with_events(use(at(20, 0)), use(at(20, 12)), use(at(20, 23, 59, 59), visitor="v2"))
    deltas = usage_deltas(world)
    assert deltas["A", on(20)]["totals"]["view"] == view(3, 2, 2, 1, 1)
    assert set(deltas) == {("A", on(20)), (GLOBAL, on(20))}
    assert deltas["A", on(20)]["totals"]["download"]["total_events"] == 0
    assert list(deltas["A", on(20)]["subcounts"]["by_languages"]) == [
        {"id": "eng", **deltas["A", on(20)]["totals"]}
    ]


def test_v2_downloads():
    world = with_events(
        use(at(20, 8), "r3", name="x.pdf", size=200),
        use(at(20, 9), "r3", name="x.pdf", size=200),
        use(at(20, 10), "r3", name="y.CSV", size=300),
    )
    for scope in ("A", "B", GLOBAL):
        delta = usage_deltas(world)[scope, on(20)]
        assert delta["totals"]["download"] == {
            "total_events": 3,
            "unique_visitors": 1,
            "unique_downloads": 2,
            "unique_records": 1,
            "unique_parents": 1,
            "unique_files": 2,
            "total_volume": 700,
        }
        assert delta["totals"]["view"] == view(0, 0, 0, 0, 0)
        found = [(i["id"], i["download"]["total_events"]) for i in file_types(delta)]
        assert found == [("csv", 1), ("pdf", 2)]


def file_types(delta: dict) -> list[dict]:
    return delta["subcounts"]["by_file_types"]


def test_a_view_counts_under_each_extension():
    delta = usage_deltas(with_events(use(at(20), "r3"), use(at(20), "r2")))["A", on(20)]
    found = [(i["id"], i["view"]["total_events"]) for i in file_types(delta)]
    assert found == [("csv", 1), ("pdf", 1)]
    assert delta["missing"]["by_file_types"]["view"]["total_events"] == 1


def test_v3_visitor_days():
    world = with_events(*(use(at(day)) for day in (20, 21, 22)))
    assert usage_snapshot(world, "A", on(22))["totals"]["view"] == view(3, 3, 3, 1, 1)
    assert usage_snapshot(world, "A", on(21))["totals"]["view"] == view(2, 2, 2, 1, 1)


def test_v4_versions_are_one_work():
    world = with_events(use(at(20)), use(at(21), "r1b"), world=with_r1b())
    assert usage_snapshot(world, "A", on(21))["totals"]["view"] == view(2, 2, 2, 2, 1)


def test_v5_many_views():
    world = with_events(*(use(at(20), visitor=f"v{n % 7}", country="DE") for n in range(12_000)))
    delta = usage_deltas(world)["A", on(20)]
    assert delta["totals"]["view"] == view(12_000, 7, 7, 1, 1)
    assert delta["subcounts"]["by_countries"] == [{"id": "DE", **delta["totals"]}]


def test_v6_downloads_without_views():
    world = with_events(use(at(20), name="a.pdf", size=1000), use(at(22)))
    deltas = usage_deltas(world)
    assert deltas["A", on(20)]["totals"]["view"]["total_events"] == 0
    assert deltas["A", on(20)]["totals"]["download"]["total_volume"] == 1000
    totals = usage_snapshot(world, "A", on(22))["totals"]
    assert totals["download"]["total_events"] == totals["view"]["total_events"] == 1


def test_v8_membership_of_the_moment():
    world = with_events(use(at(14), "r3"), use(at(16), "r3"), world=with_operations(r3_leaves_b()))
    for scope, numbers in (("B", (1, 0)), ("A", (1, 1)), (GLOBAL, (1, 1))):
        days = [usage_deltas(world).get((scope, on(day))) for day in (14, 16)]
        found = tuple(d["totals"]["view"]["total_events"] if d else 0 for d in days)
        assert found == numbers


def test_membership_begins_with_its_second_and_ends_before_its_last():
    leaving = r3_leaves_b().at
    moments = (at(12), leaving - timedelta(seconds=1), leaving)
    world = with_events(*(use(m, "r3") for m in moments), world=with_operations(r3_leaves_b()))
    assert usage_snapshot(world, "B", on(31))["totals"]["view"]["total_events"] == 2
    assert usage_snapshot(world, GLOBAL, on(31))["totals"]["view"]["total_events"] == 3


def test_v9_largest_countries():
    days = {20: "AAABBC", 21: "CCCC", 22: "DDD"}
    world = with_events(*(use(at(d), country=c) for d, keys in days.items() for c in keys))
    found = [usage_snapshot(world, "A", on(day), 2)["subcounts"]["top_countries"] for day in days]
    tops = [[(i["id"], i["view"]["total_events"]) for i in entries] for entries in found]
    assert tops == [[("A", 3), ("B", 2)], [("C", 5), ("A", 3)], [("C", 5), ("A", 3)]]


def test_largest_are_those_by_views_and_those_by_downloads():
    views = [use(at(20), country=c) for c in "AAAB"]
    downloads = [use(at(20), name="a.pdf", country=c) for c in "BZZ"]
    snapshot = usage_snapshot(with_events(*views, *downloads), "A", on(20), 1)
    assert ids(snapshot, "top_countries") == ["A", "Z"]


def test_v12_edges_of_years():
    world = World()
    publish(world, "r1", "P1", datetime(2023, 12, 1), make_facts(), "A")
    world.events = [use(datetime(2023, 12, 31, 23, 59, 59)), use(at(29, month=2))]
    deltas = usage_deltas(world)
    assert {day for scope, day in deltas if scope == "A"} == {on(31, 12, 2023), on(29, 2)}
    days = (on(31, 12, 2023), on(1), on(28, 2), on(29, 2))
    found = [usage_snapshot(world, "A", day)["totals"]["view"]["total_events"] for day in days]
    assert found == [1, 1, 1, 2]


def test_v14_unknown_and_deleted_records():
    unknown = use(at(21), "x9", name="lost.pdf", size=5, country="DE")
    world = with_events(use(at(21)), unknown, world=with_operations(deletion()))
    assert usage_deltas(world)["A", on(21)]["totals"]["view"]["total_events"] == 1
    delta = usage_deltas(world)[GLOBAL, on(21)]
    assert delta["totals"]["download"]["total_volume"] == 5
    assert ids(delta, "by_countries") == ["DE"]
    assert item(delta, "by_file_types", "pdf")["download"]["total_events"] == 0
    assert delta["missing"]["by_file_types"]["download"]["total_events"] == 1
    assert delta["missing"]["by_resource_types"]["download"]["total_events"] == 1


def test_v15_downloads_of_drafts():
    world = with_events(use(at(9), name="a.pdf"), use(at(10, 9), name="a.pdf"))
    assert [day for _, day in usage_deltas(world)] == [on(10), on(10)]


def test_v16_referrers():
    addresses = ("https://www.Example.org/a?b=c", "HTTPS://www.example.ORG:8443", "", "nothing")
    delta = usage_deltas(with_events(*(use(at(20), referrer=a) for a in addresses)))["A", on(20)]
    assert ids(delta, "by_referrers") == ["www.example.org"]
    assert item(delta, "by_referrers", "www.example.org")["view"]["total_events"] == 2
    assert delta["missing"]["by_referrers"]["view"]["total_events"] == 2


def test_usage_keeps_the_facts_of_its_second():
    world = with_events(
        use(at(16, 11)), use(at(16, 12)), use(at(9)), world=with_operations(restricted_r1())
    )
    delta = usage_deltas(world)[GLOBAL, on(16)]
    found = [i["view"]["total_events"] for i in delta["subcounts"]["by_access_rights"]]
    assert ids(delta, "by_access_rights") == ["open", "restricted"] and found == [1, 1]
    assert ids(usage_deltas(world)[GLOBAL, on(9)], "by_access_rights") == ["open"]


# --- random histories ---

SEEDS = range(6)


def days_of(world: World, deltas: dict) -> list[date]:
    return sorted({day for _, day in deltas})


def net(flow: dict, part: str, name: str) -> int:
    return flow[part]["added"][name] - flow[part]["removed"][name]


def places_of_delta(delta: dict | None) -> dict:
    if delta is None:
        return {}
    counts = {("total", ""): {part: delta[part] for part in ("records", "parents", "files")}}
    for dimension in SHOWN:
        field = f"by_{dimension.singular}"
        counts.update({(dimension.id, e["id"]): e for e in delta["subcounts"][field]})
        if field in delta["missing"]:
            counts[dimension.id, None] = delta["missing"][field]
    return counts


def places_of_snapshot(snapshot: dict) -> dict:
    parts = ("records", "parents", "files")
    counts = {("total", ""): {part: snapshot[f"total_{part}"] for part in parts}}
    for dimension in SHOWN:
        field = f"{'all' if dimension.complete else 'top'}_{dimension.id}"
        counts.update({(dimension.id, e["id"]): e for e in snapshot["subcounts"][field]})
        if field in snapshot["missing"]:
            counts[dimension.id, None] = snapshot["missing"][field]
    return counts


def numbers(counts: dict) -> dict:
    return {
        (place, part, name): number
        for place, count in counts.items()
        for part in ("records", "parents", "files")
        for name, number in count[part].items()
        if number
    }


def flown(delta: dict | None) -> dict:
    counts = {
        (place, part, name): net(flow, part, name)
        for place, flow in places_of_delta(delta).items()
        for part in ("records", "parents", "files")
        for name in flow[part]["added"]
    }
    return {key: number for key, number in counts.items() if number}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("basis", BASES)
def test_snapshots_differ_by_deltas(seed: int, basis: str):
    world = random_world(seed, days=40)
    deltas = record_deltas(world, basis)
    assert not any(is_zero(delta) for delta in deltas.values())
    for scope in world.scopes():
        running: Counter = Counter()
        for day in days_of(world, deltas):
            running.update(flown(deltas.get((scope, day))))
            snapshot = record_snapshot(world, basis, scope, day, top_size=10**6)
            found = numbers(places_of_snapshot(snapshot))
            assert found == {key: number for key, number in running.items() if number}
            assert min(found.values(), default=0) >= 0


@pytest.mark.parametrize("seed", SEEDS)
def test_sums_of_random_histories(seed: int):
    world = random_world(seed)
    for basis in BASES:
        for day in (on(5), on(31), on(29, 2), on(1, 1, 2030)):
            everywhere = places_of_snapshot(record_snapshot(world, basis, GLOBAL, day, 10**6))
            for scope in world.scopes():
                found = places_of_snapshot(record_snapshot(world, basis, scope, day, 10**6))
                total = found["total", ""]["records"]
                for field in ("resource_types", "access_rights"):
                    entries = [c["records"] for (id_, _), c in found.items() if id_ == field]
                    assert Counter(total) == sum((Counter(e) for e in entries), Counter())
                assert sum(total.values()) <= sum(everywhere["total", ""]["records"].values())


@pytest.mark.parametrize("seed", SEEDS)
def test_usage_of_random_histories(seed: int):
    world = random_world(seed)
    deltas = usage_deltas(world)
    assert sum(d["totals"][k]["total_events"] for k, d in by_kind(deltas)) == len(world.events)
    for scope in world.scopes():
        snapshot = usage_snapshot(world, scope, on(1, 1, 2030))
        for kind in ("view", "download"):
            days = [d["totals"][kind] for (s, _), d in deltas.items() if s == scope]
            for name, number in snapshot["totals"][kind].items():
                total = sum(day[name] for day in days)
                distinct = name in ("unique_records", "unique_parents", "unique_files")
                assert number <= total if distinct else number == total


def by_kind(deltas: dict) -> list[tuple[str, dict]]:
    found = [d for (scope, _), d in deltas.items() if scope == GLOBAL]
    return [(kind, d) for d in found for kind in ("view", "download")]


@pytest.mark.parametrize("seed", SEEDS)
def test_random_histories_are_valid(seed: int):
    world = random_world(seed)
    assert len(world.operations) >= 200 and len(world.events) == 600
    assert world.operations == sorted(world.operations, key=lambda o: o.at)
    for record, history in histories(world).items():
        assert is_publication(history.operations[0]), record
        assert sum(is_publication(o) for o in history.operations) == 1
        assert history.created <= history.published_at
        for scope in history.scopes():
            kinds = [o.kind for o in history.operations if o.scope == scope != GLOBAL]
            assert kinds == (["added", "removed"] * len(kinds))[: len(kinds)]
        kinds = [o.kind for o in history.operations if o.kind in ("deleted", "restored")]
        assert kinds == (["deleted", "restored"] * len(kinds))[: len(kinds)]
        assert periods(history, "added", GLOBAL) == history.life()


def test_random_histories_have_every_kind_of_thing():
    worlds = [random_world(seed) for seed in SEEDS]
    operations = [o for world in worlds for o in world.operations]
    events = [e for world in worlds for e in world.events]
    assert {o.kind for o in operations} == {"added", "edited", "removed", "deleted", "restored"}
    assert {e.at.strftime("%H:%M:%S") for e in events} >= {"00:00:00", "23:59:59"}
    assert {o.facts["published"][:4] for o in operations if o.facts} >= {"", "1850", "1999"}
    assert any(o.facts and o.facts["restricted"] for o in operations)
    assert any(e.record not in world.records for world in worlds for e in world.events)
    for world in worlds:
        parents = Counter(record.parent for record in world.records.values())
        assert max(parents.values()) > 1


@pytest.mark.parametrize("late_operations", [False, True])
def test_split_gives_the_same_world(late_operations: bool):
    world = random_world(3)
    parts = split(world, 8, late_operations=late_operations)
    operations = [o for found, _ in parts for o in found]
    events = [e for _, found in parts for e in found]
    assert len(parts) == 8 and operations == world.operations
    assert sorted(events, key=repr) == sorted(world.events, key=repr)
    assert events != sorted(events, key=lambda e: e.at)


@pytest.mark.parametrize("hash_seed", ["0", "1", "4242"])
def test_random_histories_do_not_depend_on_the_hash_seed(hash_seed: str):
    code = (
        "from oracle.random_history import random_world, split\n"
        "world = random_world(7)\n"
        "print(repr((world, split(world, 5))))\n"
    )
    env = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONDONTWRITEBYTECODE": "1"}
    here = Path(__file__).resolve().parents[1]
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=here, env=env, capture_output=True, text=True, check=True
    )
    world = random_world(7)
    assert run.stdout.strip() == repr((world, split(world, 5)))

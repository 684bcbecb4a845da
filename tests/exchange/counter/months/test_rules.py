# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The rules, on sequences of events that were worked out by hand."""

from datetime import datetime, timedelta

import pytest

from invenio_usage_stats.exchange.counter.metrics import COUNTED, DOWNLOADS, IDS, METRICS, VIEWS
from invenio_usage_stats.exchange.counter.rules import Tally, single_clicks

from .oracle import counted, random_days
from .raw import events_of, said

NOON = datetime(2026, 3, 10, 12)


def at(seconds: float) -> str:
    return (NOON + timedelta(seconds=seconds)).isoformat()


def numbers(documents, level="record", dataset="r1") -> dict[str, int]:
    """Return the numbers of a dataset that are not zero."""
    found = usage(documents, level)[dataset].counts
    return {id_: number for id_, number in found.items() if number}


def usage(documents, level="record") -> dict:
    """Return the use of each dataset by the events of two days, without those of robots."""
    tally = Tally("2026-03")
    events = [event for event in events_of(documents) if not event.is_robot]
    tally.add(events, NOON + timedelta(days=2))
    return {one.recid: one for one in tally.usages(level)}


@pytest.mark.parametrize(
    ("clicks", "kept"),
    [
        ((0,), (0,)),
        ((0, 29), (29,)),
        ((0, 30), (30,)),
        ((0, 30.000001), (0, 30.000001)),
        ((0, 35), (0, 35)),
        ((0, 20, 40, 60), (60,)),
        ((0, 20, 40, 75), (40, 75)),
        ((0, 31, 62), (0, 31, 62)),
    ],
)
def test_double_clicks_are_found_in_pairs_and_the_last_one_is_kept(clicks, kept):
    found = single_clicks(events_of(said(at(second)) for second in clicks))
    assert sorted(event.timestamp.isoformat() for event in found) == [at(k) for k in kept]


def test_clicks_of_one_moment_are_one():
    events = events_of([said(at(0), country="DE"), said(at(0), country="FR"), said(at(0))])
    assert len(list(single_clicks(events))) == 1


def test_double_clicks_are_of_one_user_and_one_address():
    others = [
        said(at(0)),
        said(at(1), "bob"),
        said(at(2), file="a.csv"),
        said(at(3), file="b.csv"),
        said(at(4), recid="r2"),
    ]
    assert len(list(single_clicks(events_of(others)))) == len(others)


def test_a_double_click_over_midnight_counts_after_it():
    midnight = datetime(2026, 3, 11)
    late, early = midnight - timedelta(seconds=10), midnight + timedelta(seconds=10)
    events = events_of([said(late.isoformat()), said(early.isoformat())])
    tally = Tally("2026-03")
    tally.add(events, midnight)
    assert not list(tally.usages("record"))
    tally.add(events[1:], midnight + timedelta(days=1))
    assert next(tally.usages("record")).counts[VIEWS] == 1


def test_every_request_is_an_investigation():
    assert numbers([said(at(0), file="a.csv", size=5)]) == dict.fromkeys(IDS[:4], 1)


def test_a_look_is_no_request():
    assert numbers([said(at(0))]) == {
        "total-dataset-investigations-regular": 1,
        "unique-dataset-investigations-regular": 1,
    }


def test_files_of_a_dataset_in_one_session_are_one_unique_request():
    found = numbers([said(at(10 * n), file=f"{n}.csv") for n in range(3)])
    assert found["total-dataset-requests-regular"] == 3
    assert found[DOWNLOADS] == found[VIEWS] == 1


def test_a_session_ends_with_the_hour_of_the_clock():
    found = numbers([said(at(-60)), said(at(60)), said(at(3_599))])
    assert found["total-dataset-investigations-regular"] == 3
    assert found[VIEWS] == 2


def test_versions_are_not_added_up_to_what_is_unique_of_all():
    documents = [
        said(at(0), file="a.csv", recid="r1"),
        said(at(40), file="a.csv", recid="r2"),
        said(at(80), "bob", recid="r2"),
    ]
    versions = usage(documents)
    assert [versions[recid].counts[VIEWS] for recid in ("r1", "r2")] == [1, 2]
    assert numbers(documents, "parent", "p1") == {
        "total-dataset-investigations-regular": 3,
        "unique-dataset-investigations-regular": 2,
        "total-dataset-requests-regular": 2,
        "unique-dataset-requests-regular": 1,
    }


def test_the_example_of_the_documentation():
    documents = [
        said("2026-03-10T14:10:00", recid="r2"),
        said("2026-03-10T14:11:00", file="a.csv", recid="r2"),
        said("2026-03-10T14:11:05", file="a.csv", recid="r2"),
        said("2026-03-10T14:11:09", file="b.csv", recid="r2"),
        said("2026-03-10T14:30:00", recid="r1"),
        said("2026-03-10T15:05:00", recid="r2"),
    ]
    columns = {**usage(documents), **usage(documents, "parent")}
    rows = {id_: [columns[name].counts[id_] for name in ("r1", "r2", "p1")] for id_ in IDS[:4]}
    assert rows == {
        "total-dataset-investigations-regular": [1, 4, 5],
        "unique-dataset-investigations-regular": [1, 2, 2],
        "total-dataset-requests-regular": [0, 2, 2],
        "unique-dataset-requests-regular": [0, 1, 1],
    }


def test_machines_are_counted_apart():
    found = numbers([said(at(0)), said(at(40), file="a.csv", is_machine=True)])
    assert {id_ for id_ in found if id_.endswith("-machine")} == set(IDS[4:])
    assert found["total-dataset-investigations-regular"] == 1


def test_a_double_click_counts_as_its_second_click():
    found = numbers([said(at(0), country="DE"), said(at(9), is_machine=True, country="FR")])
    assert found == dict.fromkeys(IDS[4:6], 1)


def test_bytes_are_those_of_single_clicks():
    documents = [
        said(at(0), file="a.csv", size=7),
        said(at(9), file="a.csv", size=7),
        said(at(9), file="b.csv", size=1_000, is_machine=True),
        said(at(50), file="a.csv", size=7),
    ]
    assert usage(documents)["r1"].volume == {"regular": 14, "machine": 1_000}


def test_an_unknown_country_is_counted_and_not_told():
    found = usage([said(at(0), "ann", country="DE"), said(at(0), "bob")])["r1"]
    assert found.counts[VIEWS] == 2
    assert found.countries[VIEWS] == {"DE": 1}


def test_a_session_is_of_the_country_of_its_last_click():
    found = usage([said(at(0), country="DE"), said(at(60), country="FR")])["r1"]
    assert found.countries["total-dataset-investigations-regular"] == {"DE": 1, "FR": 1}
    assert found.countries[VIEWS] == {"FR": 1}
    assert found.counts[VIEWS] == 1


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("level", ["record", "parent"])
def test_random_days_are_what_the_rules_say_in_plain_words(seed, level):
    documents = random_days(seed, NOON, 400)
    found = {recid: one._asdict() for recid, one in usage(documents, level).items()}
    expected = counted(documents, level)
    assert found.keys() == expected.keys()
    for recid, one in expected.items():
        assert {name: found[recid][name] for name in one} == one, recid


def test_the_table_of_metrics():
    assert len(IDS) == len(set(IDS)) == 8
    assert {VIEWS, DOWNLOADS} < set(IDS)
    assert [metric.title for metric in METRICS][:2] == [
        "Total_Dataset_Investigations",
        "Unique_Dataset_Investigations",
    ]
    assert COUNTED[-1].field == "unique_dataset_requests_machine"

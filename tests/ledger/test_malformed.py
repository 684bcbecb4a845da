# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Records whose JSON cannot be read concern themselves only."""

from collections.abc import Iterator

import pytest

from invenio_usage_stats.ledger.reconcile import reconcile, unreadable
from invenio_usage_stats.operations.doctor import examine
from invenio_usage_stats.operations.nightly import nightly
from invenio_usage_stats.operations.setup import setup

from ..world import forget_world
from . import rows
from .test_routes import entries

WORKS = range(3)
MALFORMED = {
    "a value without an id": ("{metadata,languages}", '["eng"]'),
    "a list of metadata": ("{metadata}", "[1]"),
    "a tombstone without a date": ("{tombstone}", '{"removal_date": "soon"}'),
}


@pytest.fixture(autouse=True)
def works(clean) -> Iterator[None]:
    """Start with some records that the ledger does not know."""
    rows.insert_works(WORKS)
    yield
    rows.delete_works(WORKS)
    reconcile()
    forget_world()


def spoil(path: str, value: str) -> None:
    """Change the JSON of the second record."""
    rows.change(
        "UPDATE rdm_records_metadata SET json = jsonb_set(json, cast(:path as text[]), "
        "cast(:value as jsonb)) WHERE json->>'id' = 'row-1'",
        path=path,
        value=value,
    )


def mend() -> None:
    """Give the second record the JSON of the first."""
    rows.change(
        "UPDATE rdm_records_metadata SET json = jsonb_set((SELECT json FROM rdm_records_metadata "
        "WHERE json->>'id' = 'row-0'), '{id}', '\"row-1\"') WHERE json->>'id' = 'row-1'"
    )


def finding():
    """Return what the doctor says of the ledger."""
    return next(one for one in examine() if one.check == "ledger")


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_record_stops_nobody_and_is_made_up_for(name):
    spoil(*MALFORMED[name])
    lines = list(setup())
    assert "ledger: 1 records cannot be read, see 'invenio usage-stats status'" in lines
    assert [entries(f"row-{n}") for n in WORKS] == [
        [("global", "added")],
        [],
        [("global", "added")],
    ]
    assert not finding().ok
    assert finding().state.startswith("1 records cannot be read, first: record row-1: ")
    assert nightly().entries == 0
    assert [row["scope"] for row in unreadable()] == ["row-1"]
    mend()
    assert nightly().entries == 1
    assert entries("row-1") == [("global", "added")]
    assert not unreadable()
    assert finding().ok


def test_a_known_record_keeps_its_facts_and_may_be_deleted(caplog):
    reconcile()
    spoil(*MALFORMED["a value without an id"])
    assert not reconcile()
    assert len(unreadable()) == 1
    rows.change("UPDATE rdm_records_metadata SET deletion_status = 'D' WHERE json->>'id' = 'row-1'")
    rows.record_changes(WORKS)
    assert entries("row-1") == [("global", "added"), ("global", "deleted")]
    assert "record row-1 cannot be read: " in caplog.text


def test_only_so_many_are_kept(monkeypatch):
    monkeypatch.setattr("invenio_usage_stats.ledger.reconcile.MOST_KEPT", 1)
    rows.change(
        "UPDATE rdm_records_metadata SET json = jsonb_set(json, '{metadata}', '[1]') "
        "WHERE json->>'id' LIKE 'row-%'"
    )
    reconcile()
    assert len(unreadable()) == 1
    assert not any(entries(f"row-{number}") for number in WORKS)

# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Much at once: requests grow with hundreds of records, not with each, nor with communities."""

from collections.abc import Iterator
from math import ceil
from uuid import uuid4

import pytest
import sqlalchemy as sa
from invenio_db import db

from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.indices import RECORD_DELTAS
from invenio_usage_stats.ledger.models import LedgerEntry
from invenio_usage_stats.ledger.projection import BATCH as PROJECTED
from invenio_usage_stats.ledger.projection import drain
from invenio_usage_stats.ledger.reconcile import reconcile
from invenio_usage_stats.ledger.recorder import BATCH

from ..aggregations.test_runs import counted
from ..world import forget_world, rest, stored_deltas
from . import rows

STATEMENTS = 13
"""So many statements of the database record a change of up to 500 works."""
SIZES = [1_500, pytest.param(10_000, marks=pytest.mark.long)]
COMMUNITY = str(uuid4())


@pytest.fixture
def works(clean, request) -> Iterator[range]:
    """Start with published works that the ledger knows, counted some time ago."""
    numbers = range(request.param)
    rows.insert_works(numbers)
    reconcile()
    aggregate()
    rest()
    yield numbers
    rows.delete_works(numbers)
    forget_world()


def entries() -> int:
    """Return how many entries the ledger has."""
    with db.engine.connect() as connection:
        return connection.execute(sa.select(sa.func.count(LedgerEntry.id))).scalar_one()


def check_projection(count: int) -> None:
    """Project so many entries in few requests, with one refresh."""
    with counted() as requests:
        assert drain() == count
    assert len(requests) <= 3 * ceil(count / PROJECTED) + 2, requests
    assert sum("_refresh" in request for request in requests) == 1


def check_run(documents: int) -> None:
    """Aggregate so many documents of records in few requests."""
    with counted() as requests:
        outcomes = {outcome.name: outcome for outcome in aggregate()}
    assert outcomes["records delta"].documents == documents
    assert len(requests) <= 40, requests


@pytest.mark.parametrize("works", SIZES, indirect=True)
def test_many_records_join_at_once(works):
    """Scenario E8."""
    before = entries()
    rows.change(
        "UPDATE rdm_parents_metadata SET json = jsonb_set(json, '{communities,ids}', "
        "jsonb_build_array(cast(:community as text))) WHERE json->>'id' LIKE 'work-%'",
        community=COMMUNITY,
    )
    assert len(rows.record_changes(works)) <= STATEMENTS * ceil(len(works) / BATCH)
    assert entries() == before + len(works)
    check_projection(len(works))
    check_run(documents=3)
    joined = {
        key: sum(document["records"]["added"].values())
        for key, document in stored_deltas(RECORD_DELTAS[0]).items()
        if key[0] == COMMUNITY
    }
    assert list(joined.values()) == [len(works)]


@pytest.mark.parametrize("works", SIZES, indirect=True)
def test_the_metadata_of_many_records_change_at_once(works):
    """Scenario E12."""
    before = entries()
    rows.change(
        "UPDATE rdm_records_metadata SET json = jsonb_set(json, '{metadata,publisher}', "
        "'\"Another press\"') WHERE json->>'id' LIKE 'row-%'"
    )
    assert len(rows.record_changes(works)) <= STATEMENTS * ceil(len(works) / BATCH)
    assert entries() == before + len(works)
    check_projection(len(works))
    check_run(documents=3)


@pytest.mark.parametrize("number", [1, 50])
def test_a_record_in_many_communities(clean, number):
    """Scenario E8."""
    work = range(1)
    rows.insert_works(work, [str(uuid4()) for _ in range(number)])
    try:
        reconcile()
        known = entries()
        drain()
        rows.change(
            "UPDATE rdm_records_metadata SET json = jsonb_set(json, '{metadata,publisher}', "
            "'\"Another press\"') WHERE json->>'id' = 'row-0'"
        )
        assert len(rows.record_changes(work)) <= STATEMENTS
        (version,) = rows.insert_versions(work, "version")
        assert len(rows.record_changes(work, {0: version})) <= STATEMENTS
        rows.change(
            "UPDATE rdm_records_metadata SET deletion_status = 'D' WHERE json->>'id' = 'row-0'"
        )
        assert len(rows.record_changes(work)) <= STATEMENTS
        edited_published_and_deleted = 1 + (1 + number) + 1
        assert entries() == known + edited_published_and_deleted
        check_projection(edited_published_and_deleted)
    finally:
        rows.delete_works(work)
        forget_world()

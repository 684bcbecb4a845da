# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""What the doctor says of records: used ones that nobody knows, and dates that cannot be."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from invenio_db import db

from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.ledger.models import LedgerEntry, LedgerFacts, LedgerRecord
from invenio_usage_stats.ledger.projection import project_anew
from invenio_usage_stats.operations.doctor import Finding

from .. import content
from ..oracle.world import Event
from ..world import forget_world, index_events
from .test_doctor import finding

PUBLISH_ON = """
    UPDATE usage_stats_facts SET facts = facts || jsonb_build_object('published', :day ::text)
    FROM (SELECT id, recid FROM usage_stats_records ORDER BY id LIMIT 1) AS first
    WHERE record_id = first.id RETURNING recid
"""


@pytest.fixture
def used(healthy) -> Iterator[Callable[..., Finding]]:
    """Return a function that lets records be viewed now, and what the doctor finds then."""

    def use(*records: str) -> Finding:
        now = datetime.now(UTC).replace(tzinfo=None)
        index_events(Event(now, "view", recid, recid, "v", "s", f"ui_{recid}") for recid in records)
        return finding("used records")

    yield use
    forget_world()


def test_a_few_events_of_unknown_records_are_said(used, past):
    found = used(*([next(iter(past.records))] * 200), "foreign")
    assert found.ok
    assert "1 of 201 events of 7 days are of 1 records" in found.state
    assert "foreign" in found.state


def test_many_events_of_unknown_records(used, past):
    found = used(next(iter(past.records)), "foreign-1", "foreign-2", "foreign-2")
    assert "3 of 4 events of 7 days are of 2 records" in found.state
    assert found.state.endswith("foreign-2, foreign-1")
    assert "Find what sends" in found.advice


def test_events_of_a_draft_are_as_they_should_be(used, people):
    found = used(content.create_draft(people["uploader"]).id)
    assert found.state == "the ledger knows those of the last 7 days"


def test_events_of_a_record_that_the_ledger_lacks(used, people):
    record = content.publish(people["uploader"])
    assert used(record).ok
    with db.engine.begin() as connection:
        gone = sa.select(LedgerRecord.id).where(LedgerRecord.recid == record).scalar_subquery()
        for model in (LedgerEntry, LedgerFacts):
            connection.execute(sa.delete(model).where(model.record_id == gone))
        connection.execute(sa.delete(LedgerRecord).where(LedgerRecord.recid == record))
    assert f"reconcile': {record} are records" in finding("used records").advice


@pytest.mark.parametrize(
    ("published", "text"),
    [("", "1 without a date that exists"), ("2222-01-01", "1 more than 5 years ahead")],
)
def test_an_impossible_publication_date(healthy, published, text):
    assert finding("publication dates").ok
    with db.engine.begin() as connection:
        record = connection.execute(sa.text(PUBLISH_ON), {"day": published}).scalar()
    project_anew([record])
    assert f"{text}, first {record}" in finding("publication dates").state


@pytest.mark.parametrize(
    ("moment", "text"), [("infinity", "1 in the future"), ("1066-10-14", "1 before 1990")]
)
def test_an_impossible_date_in_the_ledger(used, moment, text):
    assert finding("dates of entries").ok
    with db.engine.begin() as connection:
        last = sa.select(sa.func.max(LedgerEntry.id)).scalar_subquery()
        values = {"effective_at": sa.text(f"'{moment}'"), "projected_at": None}
        connection.execute(sa.update(LedgerEntry).where(LedgerEntry.id == last).values(values))
    aggregate()
    assert f"{text} in event_date" in finding("dates of entries").state

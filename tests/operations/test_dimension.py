# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A dimension that was added: its past is filled in, and every worker notices."""

import sqlalchemy as sa
from invenio_db import db

from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.aggregations.shares import MISSING
from invenio_usage_stats.aggregations.usage.timelines import Timelines
from invenio_usage_stats.indices import RECORD_DELTAS
from invenio_usage_stats.ledger.facts import decode_facts
from invenio_usage_stats.ledger.models import LedgerFacts
from invenio_usage_stats.ledger.reconcile import reconcile
from invenio_usage_stats.proxies import current_usage_stats

from .. import content
from ..world import stored_deltas

FACTS = LedgerFacts.__table__
LOCAL = ("--workers", "local")


def test_a_dimension_that_was_added_is_filled_in(run, people):
    content.publish(people["uploader"])
    reconcile()
    without_publishers()
    aggregate()
    assert publishers() == []
    code, output = run("rebuild", "--dimension", "publishers", *LOCAL)
    assert code == 0, output
    assert "facts filled in" in output
    assert not output.startswith("0 facts")
    assert "Press" in publishers()
    assert "0 entries missing" in run("reconcile", "--dry-run")[1]
    assert "0 facts filled in" in run("rebuild", "--dimension", "publishers", *LOCAL)[1]


def test_other_workers_forget_the_facts_that_were_changed(run, people):
    record = content.publish(people["uploader"])
    reconcile()
    without_publishers()
    aggregate()
    other = Timelines(current_usage_stats.catalog)
    read = []
    for _ in range(2):
        other.catch_up()
        other.load([record])
        read.append(other.of(record))
    assert read[0] is read[1]
    assert dimensions_of(other, record).isdisjoint({"publishers"})
    run("rebuild", "--dimension", "publishers", *LOCAL)
    other.catch_up()
    other.load([record])
    assert "publishers" in dimensions_of(other, record)


def without_publishers() -> None:
    """Forget the records' publishers in the ledger."""
    with db.engine.begin() as connection:
        for row in connection.execute(sa.select(FACTS)).all():
            facts = decode_facts(row.facts)
            facts.values.pop("publishers", None)
            values = {"facts": facts.encode(), "digest": facts.digest}
            connection.execute(sa.update(FACTS).where(FACTS.c.id == row.id).values(values))


def dimensions_of(timelines: Timelines, record: str) -> set[str]:
    """Return the dimensions of which a record's facts have values."""
    known = (timelines.table.cells[number] for number in timelines.of(record).segments[-1].cells)
    return {dimension for dimension, key in known if key != MISSING}


def publishers() -> list[str]:
    """Return the publishers in the deltas of records joining."""
    found = stored_deltas(RECORD_DELTAS[0])
    items = (i for document in found.values() for i in document["subcounts"]["by_publisher"])
    return [item["id"] for item in items]


def test_a_dimension_that_is_not_there(run):
    code, output = run("rebuild", "--dimension", "colours")
    assert code == 1
    assert "'colours' is not one of" in output

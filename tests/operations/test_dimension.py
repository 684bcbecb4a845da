# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""A dimension that was added: its past is filled in, and every worker notices."""

import pytest
import sqlalchemy as sa
from flask import Flask
from invenio_access.permissions import system_identity
from invenio_db import db

from invenio_usage_stats import InvenioUsageStats
from invenio_usage_stats.aggregations.runs import aggregate
from invenio_usage_stats.aggregations.shares import MISSING
from invenio_usage_stats.aggregations.usage.timelines import Timelines
from invenio_usage_stats.catalog import DIMENSIONS, Dimension
from invenio_usage_stats.errors import CatalogError
from invenio_usage_stats.indices import RECORD_DELTAS, refresh
from invenio_usage_stats.ledger.facts import decode_facts
from invenio_usage_stats.ledger.models import LedgerFacts
from invenio_usage_stats.ledger.reconcile import reconcile
from invenio_usage_stats.proxies import current_usage_stats
from invenio_usage_stats.services.query import Query
from invenio_usage_stats.services.scopes import REPOSITORY

from .. import content
from ..world import stored_deltas

FACTS = LedgerFacts.__table__
LOCAL = ("--workers", "local")
EDITIONS = Dimension(
    id="editions",
    singular="edition",
    label="Editions",
    source="record",
    values=lambda record: (record.metadata.get("version"),),
)


def extension(*dimensions: object) -> InvenioUsageStats:
    """Return the extension of a repository with dimensions of its own."""
    own = Flask("own")
    own.config["USAGE_STATS_DIMENSIONS"] = list(dimensions)
    return InvenioUsageStats(own)


def test_a_repository_adds_a_dimension(run, people, monkeypatch):
    known = vars(current_usage_stats._get_current_object())
    monkeypatch.setitem(known, "catalog", extension(EDITIONS).catalog)
    for name in ("service", "timelines"):
        monkeypatch.delitem(known, name, raising=False)
    content.publish(people["uploader"], version="2nd")
    content.publish(people["uploader"])
    reconcile()
    aggregate()
    refresh(RECORD_DELTAS[0].target)
    question = Query(metrics=("records",), dimension="editions")
    found = current_usage_stats.service.top(system_identity, REPOSITORY, question)
    assert ("2nd", 1) in [(row.id, row.values["records"]) for row in found.rows]


@pytest.mark.parametrize("wrong", ["editions", DIMENSIONS[0], DIMENSIONS[-1]])
def test_what_cannot_be_added(wrong):
    with pytest.raises(CatalogError):
        extension(wrong)


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

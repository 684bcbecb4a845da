# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Tables of the ledger.

All times are naive UTC, cut to the second as usage events are; ``recorded_at`` and
``projected_at`` keep microseconds. Times that no calendar has are read as the nearest that has.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from invenio_db import db
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy_utils.types import UUIDType

BIG_ID = db.BigInteger().with_variant(db.Integer, "sqlite")
JSON = db.JSON().with_variant(JSONB, "postgresql")


GENERATION = db.Sequence("usage_stats_generation", data_type=db.BigInteger, metadata=db.metadata)
"""Counts how often facts were changed that workers may have read."""
EARLIEST, LATEST = datetime(1, 1, 2), datetime(9998, 12, 31, 23, 59, 59)
"""Between these, every time has a day, and the days before and after it have names."""


class Moment(sa.types.TypeDecorator):
    """Be a time that Python can name.

    The database knows years before 1 and after 9999, and infinity. One such row would make every
    query fail that reads it among others.
    """

    impl = sa.DateTime
    cache_ok = True

    def column_expression(self, column: sa.ColumnElement) -> sa.ColumnElement:
        """Return a time within bounds."""
        return sa.case((column < EARLIEST, EARLIEST), (column > LATEST, LATEST), else_=column)


def utc_now() -> datetime:
    """Return the present as naive UTC."""
    return datetime.now(UTC).replace(tzinfo=None)


class LedgerRecord(db.Model):
    """Give each record that was ever published an integer (its ordinal)."""

    __tablename__ = "usage_stats_records"

    id = db.Column(BIG_ID, primary_key=True, autoincrement=True)
    uuid = db.Column(UUIDType, nullable=False, unique=True)
    recid = db.Column(db.String(255), nullable=False, index=True)
    parent_uuid = db.Column(UUIDType, nullable=False, index=True)
    parent_recid = db.Column(db.String(255), nullable=False, index=True)
    created = db.Column(Moment, nullable=False)
    """When this version was published first."""
    drafted = db.Column(Moment, nullable=False)
    """When the first draft of the work was made."""


class LedgerFacts(db.Model):
    """Keep the facts of a record, once per change."""

    __tablename__ = "usage_stats_facts"
    __table_args__ = (db.UniqueConstraint("record_id", "digest"),)

    id = db.Column(BIG_ID, primary_key=True, autoincrement=True)
    record_id = db.Column(BIG_ID, db.ForeignKey(LedgerRecord.id), nullable=False)
    digest = db.Column(db.String(40), nullable=False)
    facts = db.Column(JSON, nullable=False)


class LedgerEntry(db.Model):
    """Record one thing that happened to a record in one scope; rows are never changed."""

    __tablename__ = "usage_stats_entries"
    __table_args__ = (
        db.UniqueConstraint("record_id", "scope", "transition"),
        db.Index("ix_usage_stats_entries_scope", "scope"),
        db.Index("ix_usage_stats_entries_projected", "projected_at"),
    )

    id = db.Column(BIG_ID, primary_key=True, autoincrement=True)
    record_id = db.Column(BIG_ID, db.ForeignKey(LedgerRecord.id), nullable=False)
    scope = db.Column(db.String(36), nullable=False)
    """A community's UUID, or ``global`` for the record's own life."""
    transition = db.Column(db.Integer, nullable=False)
    """Counts the entries of a record and scope from 1."""
    kind = db.Column(db.String(10), nullable=False)
    """``added``, ``removed``; for ``global``: ``added``, ``edited``, ``deleted``, ``restored``."""
    effective_at = db.Column(Moment, nullable=False)
    recorded_at = db.Column(db.DateTime, nullable=False, default=utc_now)
    date_source = db.Column(db.String(10), nullable=False)
    """How the time is known: ``seen``, ``request``, ``created`` or ``reconciled``."""
    facts_id = db.Column(BIG_ID, db.ForeignKey(LedgerFacts.id), nullable=True)
    projected_at = db.Column(db.DateTime, nullable=True)
    """When the entry reached the search engine first."""

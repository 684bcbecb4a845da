# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Tables of operations: what a backfill has yet to do, and differences that have a reason."""

from invenio_db import db

from ..ledger.models import BIG_ID, utc_now


class BackfillMonth(db.Model):
    """Be one part of a backfill or rebuild: the work of one worker at a time.

    A part without ``done`` is left to be done; that is how a job goes on after a kill.
    """

    __tablename__ = "usage_stats_months"
    __table_args__ = (db.UniqueConstraint("job", "step", "part"),)

    id = db.Column(BIG_ID, primary_key=True, autoincrement=True)
    job = db.Column(db.String(255), nullable=False)
    """The command with its options, so that the same command goes on with its own job."""
    step = db.Column(db.String(20), nullable=False)
    """``records``, ``usage`` or ``snapshots``."""
    part = db.Column(db.String(100), nullable=False)
    """The month (YYYY-MM); for snapshots the product."""
    since = db.Column(db.Date, nullable=False)
    until = db.Column(db.Date, nullable=False)
    scope = db.Column(db.String(36), nullable=True)
    """The only scope whose documents are written; none for all."""
    planned = db.Column(db.DateTime, nullable=False, default=utc_now)
    events = db.Column(db.BigInteger, nullable=False, default=0)
    """How much there is to be read: events, or ledger entries."""
    documents = db.Column(db.BigInteger, nullable=True)
    seconds = db.Column(db.Float, nullable=True)
    done = db.Column(db.DateTime, nullable=True)


class CountGap(db.Model):
    """Keep a day's difference between events and documents that counting again did not change."""

    __tablename__ = "usage_stats_gaps"

    day = db.Column(db.Integer, primary_key=True, autoincrement=False)
    """Days since 1970."""
    kind = db.Column(db.String(20), primary_key=True)
    events = db.Column(db.BigInteger, nullable=False)
    counted = db.Column(db.BigInteger, nullable=False)

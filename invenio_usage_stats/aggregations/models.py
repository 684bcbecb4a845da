# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Tables of the runs: who may write, what has failed, what was done, by which method.

All times are naive UTC.
"""

from invenio_db import db

from ..ledger.models import BIG_ID

TOKEN = db.Sequence("usage_stats_token", data_type=db.BigInteger, metadata=db.metadata)
"""The sequence of fencing tokens."""


class RunLease(db.Model):
    """Say who holds a name, and until when unless it is renewed."""

    __tablename__ = "usage_stats_leases"

    name = db.Column(db.String(100), primary_key=True)
    holder = db.Column(db.String(255), nullable=False)
    token = db.Column(db.BigInteger, nullable=False)
    expires_at = db.Column(db.DateTime, nullable=False)


class RunFailure(db.Model):
    """Keep what an aggregator could not write, until it is written."""

    __tablename__ = "usage_stats_failures"

    aggregator = db.Column(db.String(100), primary_key=True)
    scope = db.Column(db.String(36), primary_key=True)
    """A community's UUID or ``global``; empty when the whole day failed."""
    day = db.Column(db.Integer, primary_key=True, autoincrement=False)
    """Days since 1970."""
    reason = db.Column(db.Text, nullable=False)
    since = db.Column(db.DateTime, nullable=False)
    attempts = db.Column(db.Integer, nullable=False)
    retry_at = db.Column(db.DateTime, nullable=False)


class RunStep(db.Model):
    """Keep what one step of a run did."""

    __tablename__ = "usage_stats_runs"
    __table_args__ = (db.Index("ix_usage_stats_runs_name", "name", "id"),)

    id = db.Column(BIG_ID, primary_key=True, autoincrement=True)
    name = db.Column(db.String(100), nullable=False)
    started = db.Column(db.DateTime, nullable=False)
    """When the step began; of several idle runs in one row, the last one."""
    runs = db.Column(db.Integer, nullable=False)
    """How many runs this row stands for: one, or several in which nothing happened."""
    seconds = db.Column(db.Float, nullable=False)
    documents = db.Column(db.BigInteger, nullable=False)
    events = db.Column(db.BigInteger, nullable=False)
    bytes = db.Column(db.BigInteger, nullable=False)
    requests = db.Column(db.BigInteger, nullable=False)
    outcome = db.Column(db.String(10), nullable=False)
    """``ok``, ``partial`` (something was left for later) or ``failed``."""
    reason = db.Column(db.Text, nullable=False)


class CountingMethod(db.Model):
    """Keep a part of the method by which usage is counted, from the day on which it was noted.

    The last row of a part is the present method.
    """

    __tablename__ = "usage_stats_methods"

    name = db.Column(db.String(50), primary_key=True)
    """Which part of the method it is."""
    kind = db.Column(db.String(20), primary_key=True)
    """The kind of events that are counted so: ``view`` or ``download``; empty for all."""
    day = db.Column(db.Date, primary_key=True)
    before = db.Column(db.Text, nullable=True)
    """What it was until then; none when it was noted for the first time."""
    after = db.Column(db.Text, nullable=False)

# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""The table of what was sent to the hub. All times are naive UTC."""

from invenio_db import db

from ....ledger.models import BIG_ID


class SentPart(db.Model):
    """Be one attempt to send a part of the report of a month; rows are never changed."""

    __tablename__ = "usage_stats_counter_sent"
    __table_args__ = (db.Index("ix_usage_stats_counter_sent_month", "month", "id"),)

    id = db.Column(BIG_ID, primary_key=True, autoincrement=True)
    month = db.Column(db.String(7), nullable=False)
    """YYYY-MM."""
    generation = db.Column(db.Integer, nullable=False)
    """The count of the month that was sent."""
    closed = db.Column(db.Boolean, nullable=False)
    """Whether the month was closed then; what is sent before is replaced later."""
    hub = db.Column(db.String(255), nullable=False)
    created_by = db.Column(db.String(255), nullable=False)
    part = db.Column(db.Integer, nullable=False)
    """Counted from 1; 0 says that there was nothing to be sent."""
    parts = db.Column(db.Integer, nullable=False)
    method = db.Column(db.String(10), nullable=False)
    """``POST`` or ``PUT``; empty for part 0."""
    report_id = db.Column(db.String(36), nullable=True)
    """By what the hub knows the report; none when it did not say."""
    datasets = db.Column(db.Integer, nullable=False)
    bytes = db.Column(db.BigInteger, nullable=False)
    checksum = db.Column(db.String(64), nullable=False)
    status = db.Column(db.Integer, nullable=True)
    """The hub's HTTP status; none when it did not answer."""
    reason = db.Column(db.Text, nullable=False)
    """Why it was not taken; empty when it was."""
    sent_at = db.Column(db.DateTime, nullable=False)

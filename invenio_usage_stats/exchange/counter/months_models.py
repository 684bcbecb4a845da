# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Tables of counted months: which counts there are, and which one is shown.

All times are naive UTC.
"""

from invenio_db import db


class CounterGeneration(db.Model):
    """Be one count of a month, by one list of robots and machines."""

    __tablename__ = "usage_stats_counter_generations"

    month = db.Column(db.String(7), primary_key=True)
    """YYYY-MM."""
    generation = db.Column(db.Integer, primary_key=True, autoincrement=False)
    list_version = db.Column(db.String(100), nullable=False)
    events = db.Column(db.BigInteger, nullable=False)
    """How many raw events of the month there were."""
    counted_at = db.Column(db.DateTime, nullable=True)
    """When its documents were complete; none while they are being written."""
    replaced = db.Column(db.Integer, nullable=True)
    """The generation in whose place a recount has put this one; none if no recount made it."""


class CounterMonth(db.Model):
    """Say which generation of a month is shown, and since when the month is closed."""

    __tablename__ = "usage_stats_counter_months"

    month = db.Column(db.String(7), primary_key=True)
    """YYYY-MM."""
    generation = db.Column(db.Integer, nullable=False)
    closed_at = db.Column(db.DateTime, nullable=True)

# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Tables of what is heard: the lists of robots and machines, and events that wait for a mend.

All times are naive UTC.
"""

from invenio_db import db

from ...ledger.models import utc_now


class CounterAgents(db.Model):
    """Keep one version of the lists; its patterns never change, one a line."""

    __tablename__ = "usage_stats_counter_agents"

    version = db.Column(db.String(50), primary_key=True)
    dated = db.Column(db.Date, nullable=False)
    """Of which day the list is."""
    source = db.Column(db.Text, nullable=False)
    robots = db.Column(db.Text, nullable=False)
    machines = db.Column(db.Text, nullable=False)
    since = db.Column(db.DateTime, nullable=False, default=utc_now)
    """Since when events are judged by it; the last one is the present list."""


class CounterQuarantine(db.Model):
    """Keep an event that could not be stored, without who caused it."""

    __tablename__ = "usage_stats_counter_quarantine"

    id = db.Column(db.String(64), primary_key=True)
    """The id of its document; of an event that cannot be read, one made from the message."""
    index = db.Column(db.String(255), nullable=False)
    """Where its document belongs; empty when it cannot be read."""
    body = db.Column(db.Text, nullable=False)
    """The document as JSON; of an event that cannot be read, what names nobody."""
    reason = db.Column(db.Text, nullable=False)
    since = db.Column(db.DateTime, nullable=False, default=utc_now)

# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Tables of the door for programs that speak with Matomo."""

from invenio_db import db

from ...ledger.models import JSON, utc_now


class Site(db.Model):
    """Give a community a number, as which it is a site; 1 is the repository."""

    __tablename__ = "usage_stats_sites"

    id = db.Column(db.Integer, db.Identity(start=2), primary_key=True)
    community_id = db.Column(db.String(36), nullable=False, unique=True)
    since = db.Column(db.DateTime, nullable=False, default=utc_now)


class RegisteredConsumer(db.Model):
    """Know a program that reports, beside those of the configuration."""

    __tablename__ = "usage_stats_consumers"

    id = db.Column(db.String(100), primary_key=True)
    """As it calls itself in its reports, in lower case."""
    title = db.Column(db.String(255), nullable=False)
    homepage = db.Column(db.Text, nullable=False, default="")
    user_agents = db.Column(JSON, nullable=False)
    """Expressions for the user agents by which it is known."""
    token_hash = db.Column(db.String(64), nullable=False, default="", index=True)
    """Empty when it has no token, which is not stored itself."""
    since = db.Column(db.DateTime, nullable=False, default=utc_now)


class ReportedDay(db.Model):
    """Count what came in on one day, and what became of it."""

    __tablename__ = "usage_stats_reported_days"

    day = db.Column(db.Date, primary_key=True)
    outcome = db.Column(db.String(40), primary_key=True)
    """``received``, ``stored``, or why something was not stored."""
    count = db.Column(db.BigInteger, nullable=False)


class ReportedMessage(db.Model):
    """Know a message of the queue that was counted, so that it is counted once."""

    __tablename__ = "usage_stats_reported_messages"

    id = db.Column(db.String(32), primary_key=True)
    """Random."""
    day = db.Column(db.Date, nullable=False, index=True)

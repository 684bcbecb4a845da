# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Tables of use by user: what somebody used on which day, and nothing else about them.

Nothing in them tells a time of day, an address or a browser. The database deletes the rows of a
user with the user.
"""

from invenio_accounts.models import User
from invenio_db import db

from ....ledger.models import utc_now


def _owner() -> db.ForeignKey:
    """Return what has the rows of a user deleted with the user."""
    return db.ForeignKey(User.id, ondelete="CASCADE")


class UserUse(db.Model):
    """Count what a user used on one day."""

    __tablename__ = "usage_stats_user_use"

    day = db.Column(db.Date, primary_key=True)
    user_id = db.Column(db.Integer, _owner(), primary_key=True, index=True, autoincrement=False)
    scope = db.Column(db.String(36), primary_key=True)
    """``global``, or the UUID of a community in which it counts, too."""
    type = db.Column(db.String(10), primary_key=True)
    """``file``, ``record`` or ``community``."""
    item = db.Column(db.Text, primary_key=True)
    """The id of the file, record or community, as rows of reports have it."""
    views = db.Column(db.Integer, nullable=False, default=0)
    downloads = db.Column(db.Integer, nullable=False, default=0)
    volume = db.Column(db.BigInteger, nullable=False, default=0)
    """Bytes downloaded."""

    __table_args__ = (db.Index("ix_usage_stats_user_use_item", "scope", "type", "item", "day"),)


class UserRefused(db.Model):
    """Say that a user does not want to be counted by name."""

    __tablename__ = "usage_stats_user_refused"

    user_id = db.Column(db.Integer, _owner(), primary_key=True, autoincrement=False)
    since = db.Column(db.DateTime, nullable=False, default=utc_now)


class UserHeard(db.Model):
    """Know an event that was counted, so that it is counted once; not whose it was."""

    __tablename__ = "usage_stats_user_heard"

    id = db.Column(db.String(40), primary_key=True)
    """A keyed hash."""
    day = db.Column(db.Date, nullable=False, index=True)
    """Of the event."""

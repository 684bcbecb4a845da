# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Tables of the services: share links, and communities that show their statistics."""

from uuid import uuid4

from invenio_db import db
from sqlalchemy_utils.types import UUIDType

from ..ledger.models import JSON, utc_now


class Share(db.Model):
    """Let whoever has its link read one view of one scope until it expires or is revoked."""

    __tablename__ = "usage_stats_shares"

    id = db.Column(UUIDType, primary_key=True, default=uuid4)
    scope = db.Column(db.String(300), nullable=False, index=True)
    """The scope as it stands in addresses, by its id."""
    question = db.Column(db.String(20), nullable=False)
    parameters = db.Column(JSON, nullable=False)
    """Pairs of names and values."""
    created_by = db.Column(db.String(255), nullable=False)
    """The id of the user who made it."""
    created = db.Column(db.DateTime, nullable=False, default=utc_now)
    expires = db.Column(db.DateTime, nullable=False)
    revoked = db.Column(db.DateTime, nullable=True)


class OptedIn(db.Model):
    """Say that a community shows its statistics, where communities decide on that."""

    __tablename__ = "usage_stats_opted_in"

    scope = db.Column(db.String(36), primary_key=True)
    """The community's UUID."""
    since = db.Column(db.DateTime, nullable=False, default=utc_now)
    by = db.Column(db.String(255), nullable=False)
    """The id of the user who decided it."""

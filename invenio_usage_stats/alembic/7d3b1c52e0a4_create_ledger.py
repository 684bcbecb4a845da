# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Create the ledger."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy_utils.types import UUIDType

revision = "7d3b1c52e0a4"
down_revision = None
branch_labels = ("invenio_usage_stats",)
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
JSON = sa.JSON().with_variant(JSONB, "postgresql")


def upgrade():
    """Create the tables, unless setup has made them."""
    if "usage_stats_records" in sa.inspect(op.get_bind()).get_table_names():
        return
    op.create_table(
        "usage_stats_records",
        sa.Column("id", BIG_ID, primary_key=True, autoincrement=True),
        sa.Column("uuid", UUIDType, nullable=False, unique=True),
        sa.Column("recid", sa.String(255), nullable=False, index=True),
        sa.Column("parent_uuid", UUIDType, nullable=False, index=True),
        sa.Column("parent_recid", sa.String(255), nullable=False, index=True),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("drafted", sa.DateTime, nullable=False),
    )
    op.create_table(
        "usage_stats_facts",
        sa.Column("id", BIG_ID, primary_key=True, autoincrement=True),
        sa.Column("record_id", BIG_ID, sa.ForeignKey("usage_stats_records.id"), nullable=False),
        sa.Column("digest", sa.String(40), nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.UniqueConstraint("record_id", "digest"),
    )
    op.create_table(
        "usage_stats_entries",
        sa.Column("id", BIG_ID, primary_key=True, autoincrement=True),
        sa.Column("record_id", BIG_ID, sa.ForeignKey("usage_stats_records.id"), nullable=False),
        sa.Column("scope", sa.String(36), nullable=False),
        sa.Column("transition", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("effective_at", sa.DateTime, nullable=False),
        sa.Column("recorded_at", sa.DateTime, nullable=False),
        sa.Column("date_source", sa.String(10), nullable=False),
        sa.Column("facts_id", BIG_ID, sa.ForeignKey("usage_stats_facts.id"), nullable=True),
        sa.Column("projected_at", sa.DateTime, nullable=True),
        sa.UniqueConstraint("record_id", "scope", "transition"),
    )
    op.create_index("ix_usage_stats_entries_scope", "usage_stats_entries", ["scope"])
    op.create_index("ix_usage_stats_entries_projected", "usage_stats_entries", ["projected_at"])


def downgrade():
    """Drop the tables."""
    for name in ("usage_stats_entries", "usage_stats_facts", "usage_stats_records"):
        op.drop_table(name)

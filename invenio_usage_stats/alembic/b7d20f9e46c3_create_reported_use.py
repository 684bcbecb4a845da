# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Create the tables of what programs report."""

import sqlalchemy as sa
from alembic import op

from invenio_usage_stats.ledger.models import JSON

revision = "b7d20f9e46c3"
down_revision = "3c7d5e1f9a42"
branch_labels = None
depends_on = None

TABLES = (
    "usage_stats_sites",
    "usage_stats_consumers",
    "usage_stats_reported_days",
    "usage_stats_reported_messages",
)


def upgrade():
    """Create the tables, unless setup has made them."""
    if TABLES[0] in sa.inspect(op.get_bind()).get_table_names():
        return
    op.create_table(
        "usage_stats_sites",
        sa.Column("id", sa.Integer, sa.Identity(start=2), primary_key=True),
        sa.Column("community_id", sa.String(36), nullable=False, unique=True),
        sa.Column("since", sa.DateTime, nullable=False),
    )
    op.create_table(
        "usage_stats_consumers",
        sa.Column("id", sa.String(100), primary_key=True),
        sa.Column("title", sa.String(255), nullable=False),
        sa.Column("homepage", sa.Text, nullable=False),
        sa.Column("user_agents", JSON, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False, index=True),
        sa.Column("since", sa.DateTime, nullable=False),
    )
    op.create_table(
        "usage_stats_reported_days",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("outcome", sa.String(40), primary_key=True),
        sa.Column("count", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "usage_stats_reported_messages",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("day", sa.Date, nullable=False, index=True),
    )


def downgrade():
    """Drop the tables."""
    for table in TABLES:
        op.drop_table(table)

# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Create the tables of the runs."""

import sqlalchemy as sa
from alembic import op

revision = "9f1e6a7c40d2"
down_revision = "7d3b1c52e0a4"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade():
    """Create sequence and tables, unless setup has made them."""
    if "usage_stats_leases" in sa.inspect(op.get_bind()).get_table_names():
        return
    op.execute(sa.schema.CreateSequence(sa.Sequence("usage_stats_token", data_type=sa.BigInteger)))
    op.create_table(
        "usage_stats_leases",
        sa.Column("name", sa.String(100), primary_key=True),
        sa.Column("holder", sa.String(255), nullable=False),
        sa.Column("token", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "usage_stats_failures",
        sa.Column("aggregator", sa.String(100), primary_key=True),
        sa.Column("scope", sa.String(36), primary_key=True),
        sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("since", sa.DateTime, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("retry_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "usage_stats_runs",
        sa.Column("id", BIG_ID, primary_key=True, autoincrement=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("started", sa.DateTime, nullable=False),
        sa.Column("runs", sa.Integer, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("documents", sa.BigInteger, nullable=False),
        sa.Column("events", sa.BigInteger, nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("requests", sa.BigInteger, nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_index("ix_usage_stats_runs_name", "usage_stats_runs", ["name", "id"])


def downgrade():
    """Drop tables and sequence."""
    for name in ("usage_stats_runs", "usage_stats_failures", "usage_stats_leases"):
        op.drop_table(name)
    op.execute(sa.schema.DropSequence(sa.Sequence("usage_stats_token")))

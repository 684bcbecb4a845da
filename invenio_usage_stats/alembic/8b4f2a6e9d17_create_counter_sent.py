# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Create the table of what was sent to the hub."""

import sqlalchemy as sa
from alembic import op

revision = "8b4f2a6e9d17"
down_revision = "5a3e9d71c84f"
branch_labels = None
depends_on = None


def upgrade():
    """Create the table, unless setup has made it."""
    if "usage_stats_counter_sent" in sa.inspect(op.get_bind()).get_table_names():
        return
    op.create_table(
        "usage_stats_counter_sent",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("closed", sa.Boolean, nullable=False),
        sa.Column("hub", sa.String(255), nullable=False),
        sa.Column("created_by", sa.String(255), nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("parts", sa.Integer, nullable=False),
        sa.Column("method", sa.String(10), nullable=False),
        sa.Column("report_id", sa.String(36), nullable=True),
        sa.Column("datasets", sa.Integer, nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("checksum", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer, nullable=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("sent_at", sa.DateTime, nullable=False),
    )
    op.create_index(
        "ix_usage_stats_counter_sent_month", "usage_stats_counter_sent", ["month", "id"]
    )


def downgrade():
    """Drop the table."""
    op.drop_table("usage_stats_counter_sent")

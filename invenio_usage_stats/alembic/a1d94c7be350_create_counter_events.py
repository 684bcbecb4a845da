# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Create the tables of lists of robots, and of events that could not be stored."""

import sqlalchemy as sa
from alembic import op

revision = "a1d94c7be350"
down_revision = "0c92e4d7a5b1"
branch_labels = None
depends_on = None


def upgrade():
    """Create the tables, unless setup has made them."""
    present = sa.inspect(op.get_bind()).get_table_names()
    if "usage_stats_counter_agents" not in present:
        op.create_table(
            "usage_stats_counter_agents",
            sa.Column("version", sa.String(50), primary_key=True),
            sa.Column("dated", sa.Date, nullable=False),
            sa.Column("source", sa.Text, nullable=False),
            sa.Column("robots", sa.Text, nullable=False),
            sa.Column("machines", sa.Text, nullable=False),
            sa.Column("since", sa.DateTime, nullable=False),
        )
    if "usage_stats_counter_quarantine" not in present:
        op.create_table(
            "usage_stats_counter_quarantine",
            sa.Column("id", sa.String(64), primary_key=True),
            sa.Column("index", sa.String(255), nullable=False),
            sa.Column("body", sa.Text, nullable=False),
            sa.Column("reason", sa.Text, nullable=False),
            sa.Column("since", sa.DateTime, nullable=False),
        )


def downgrade():
    """Drop the tables."""
    op.drop_table("usage_stats_counter_quarantine")
    op.drop_table("usage_stats_counter_agents")

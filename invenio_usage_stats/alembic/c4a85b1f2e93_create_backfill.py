# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Create the tables of backfills and of explained differences."""

import sqlalchemy as sa
from alembic import op

revision = "c4a85b1f2e93"
down_revision = "9f1e6a7c40d2"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade():
    """Create the tables, unless setup has made them."""
    if "usage_stats_months" in sa.inspect(op.get_bind()).get_table_names():
        return
    op.create_table(
        "usage_stats_months",
        sa.Column("id", BIG_ID, primary_key=True, autoincrement=True),
        sa.Column("job", sa.String(255), nullable=False),
        sa.Column("step", sa.String(20), nullable=False),
        sa.Column("part", sa.String(100), nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("until", sa.Date, nullable=False),
        sa.Column("scope", sa.String(36), nullable=True),
        sa.Column("planned", sa.DateTime, nullable=False),
        sa.Column("events", sa.BigInteger, nullable=False),
        sa.Column("documents", sa.BigInteger, nullable=True),
        sa.Column("seconds", sa.Float, nullable=True),
        sa.Column("done", sa.DateTime, nullable=True),
        sa.UniqueConstraint("job", "step", "part"),
    )
    op.create_table(
        "usage_stats_gaps",
        sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(20), primary_key=True),
        sa.Column("events", sa.BigInteger, nullable=False),
        sa.Column("counted", sa.BigInteger, nullable=False),
    )


def downgrade():
    """Drop the tables."""
    for name in ("usage_stats_gaps", "usage_stats_months"):
        op.drop_table(name)

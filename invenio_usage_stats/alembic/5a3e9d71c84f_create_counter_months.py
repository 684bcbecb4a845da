# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Create the tables of months that are counted by COUNTER's rules."""

import sqlalchemy as sa
from alembic import op

revision = "5a3e9d71c84f"
down_revision = "0c92e4d7a5b1"
branch_labels = None
depends_on = None

TABLES = {
    "usage_stats_counter_generations": (
        lambda: sa.Column("month", sa.String(7), primary_key=True),
        lambda: sa.Column("generation", sa.Integer, primary_key=True, autoincrement=False),
        lambda: sa.Column("list_version", sa.String(100), nullable=False),
        lambda: sa.Column("events", sa.BigInteger, nullable=False),
        lambda: sa.Column("counted_at", sa.DateTime, nullable=True),
        lambda: sa.Column("replaced", sa.Integer, nullable=True),
    ),
    "usage_stats_counter_months": (
        lambda: sa.Column("month", sa.String(7), primary_key=True),
        lambda: sa.Column("generation", sa.Integer, nullable=False),
        lambda: sa.Column("closed_at", sa.DateTime, nullable=True),
    ),
}


def upgrade():
    """Create the tables, unless setup has made them."""
    present = sa.inspect(op.get_bind()).get_table_names()
    for name, columns in TABLES.items():
        if name not in present:
            op.create_table(name, *(column() for column in columns))


def downgrade():
    """Drop the tables."""
    for name in TABLES:
        op.drop_table(name)

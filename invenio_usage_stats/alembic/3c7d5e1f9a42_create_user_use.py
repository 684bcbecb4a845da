# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Create the tables of use by user."""

import sqlalchemy as sa
from alembic import op

revision = "3c7d5e1f9a42"
down_revision = "8b4f2a6e9d17"
branch_labels = None
depends_on = "9848d0149abd"  # the table of users

TABLES = ("usage_stats_user_use", "usage_stats_user_refused", "usage_stats_user_heard")


def upgrade():
    """Create the tables, unless setup has made them."""
    if TABLES[0] in sa.inspect(op.get_bind()).get_table_names():
        return
    op.create_table(
        "usage_stats_user_use",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("user_id", sa.Integer, _owner(), primary_key=True),
        sa.Column("scope", sa.String(36), primary_key=True),
        sa.Column("type", sa.String(10), primary_key=True),
        sa.Column("item", sa.Text, primary_key=True),
        sa.Column("views", sa.Integer, nullable=False),
        sa.Column("downloads", sa.Integer, nullable=False),
        sa.Column("volume", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_usage_stats_user_use_user_id", "usage_stats_user_use", ["user_id"])
    op.create_index(
        "ix_usage_stats_user_use_item", "usage_stats_user_use", ["scope", "type", "item", "day"]
    )
    op.create_table(
        "usage_stats_user_refused",
        sa.Column("user_id", sa.Integer, _owner(), primary_key=True, autoincrement=False),
        sa.Column("since", sa.DateTime, nullable=False),
    )
    op.create_table(
        "usage_stats_user_heard",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("day", sa.Date, nullable=False),
    )
    op.create_index("ix_usage_stats_user_heard_day", "usage_stats_user_heard", ["day"])


def _owner():
    """Return what has the rows of a user deleted with the user."""
    return sa.ForeignKey("accounts_user.id", ondelete="CASCADE")


def downgrade():
    """Drop the tables."""
    for table in TABLES:
        op.drop_table(table)

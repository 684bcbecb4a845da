# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Create the table of methods by which usage is counted."""

import sqlalchemy as sa
from alembic import op

revision = "0c92e4d7a5b1"
down_revision = "f3b81d6c0e57"
branch_labels = None
depends_on = None


def upgrade():
    """Create the table, unless setup has made it."""
    if "usage_stats_methods" in sa.inspect(op.get_bind()).get_table_names():
        return
    op.create_table(
        "usage_stats_methods",
        sa.Column("name", sa.String(50), primary_key=True),
        sa.Column("kind", sa.String(20), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("before", sa.Text, nullable=True),
        sa.Column("after", sa.Text, nullable=False),
    )


def downgrade():
    """Drop the table."""
    op.drop_table("usage_stats_methods")

# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Create the table of communities that show their statistics."""

import sqlalchemy as sa
from alembic import op

revision = "f3b81d6c0e57"
down_revision = "e27c90b4d1a6"
branch_labels = None
depends_on = None


def upgrade():
    """Create the table, unless setup has made it."""
    if "usage_stats_opted_in" in sa.inspect(op.get_bind()).get_table_names():
        return
    op.create_table(
        "usage_stats_opted_in",
        sa.Column("scope", sa.String(36), primary_key=True),
        sa.Column("since", sa.DateTime, nullable=False),
        sa.Column("by", sa.String(255), nullable=False),
    )


def downgrade():
    """Drop the table."""
    op.drop_table("usage_stats_opted_in")

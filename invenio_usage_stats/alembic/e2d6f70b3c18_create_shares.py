# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Create the table of share links."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy_utils.types import UUIDType

revision = "e2d6f70b3c18"
down_revision = "c4a85b1f2e93"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade():
    """Create the table, unless setup has made it."""
    if "usage_stats_shares" in sa.inspect(op.get_bind()).get_table_names():
        return
    op.create_table(
        "usage_stats_shares",
        sa.Column("id", UUIDType, primary_key=True),
        sa.Column("scope", sa.String(300), nullable=False),
        sa.Column("question", sa.String(20), nullable=False),
        sa.Column("parameters", JSON, nullable=False),
        sa.Column("created_by", sa.String(255), nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("expires", sa.DateTime, nullable=False),
        sa.Column("revoked", sa.DateTime, nullable=True),
    )
    op.create_index("ix_usage_stats_shares_scope", "usage_stats_shares", ["scope"])


def downgrade():
    """Drop the table."""
    op.drop_table("usage_stats_shares")

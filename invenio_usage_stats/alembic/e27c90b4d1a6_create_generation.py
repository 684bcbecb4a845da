# SPDX-FileCopyrightText: 2026 The invenio-usage-stats authors
# SPDX-License-Identifier: MIT
"""Create the sequence that tells workers to forget the facts they have read."""

import sqlalchemy as sa
from alembic import op

revision = "e27c90b4d1a6"
down_revision = "e2d6f70b3c18"
branch_labels = None
depends_on = None

SEQUENCE = sa.Sequence("usage_stats_generation", data_type=sa.BigInteger)


def upgrade():
    """Create the sequence, unless setup has made it."""
    if SEQUENCE.name not in sa.inspect(op.get_bind()).get_sequence_names():
        op.execute(sa.schema.CreateSequence(SEQUENCE))


def downgrade():
    """Drop the sequence."""
    op.execute(sa.schema.DropSequence(SEQUENCE))

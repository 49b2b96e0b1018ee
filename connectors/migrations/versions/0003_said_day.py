"""A case keeps the day by which the person said it will be too late."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the day; no day is known of the cases already there."""
    op.add_column("cases", sa.Column("said_day", sa.Date(), nullable=True))


def downgrade() -> None:
    """Forget it."""
    op.drop_column("cases", "said_day")

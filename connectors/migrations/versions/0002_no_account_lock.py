"""Accounts are not locked any more: tries are counted by address, outside the database."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop the counters."""
    op.drop_column("agents", "locked_until")
    op.drop_column("agents", "failed_attempts")


def downgrade() -> None:
    """Put them back, at zero."""
    op.add_column(
        "agents", sa.Column("failed_attempts", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("agents", sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True))

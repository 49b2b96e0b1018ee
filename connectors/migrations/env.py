"""Run by Alembic; the connection is given by ``connectors.migrations.migrate``."""

from __future__ import annotations

from alembic import context

from connectors.database import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    # SQLite changes a table by copying it; Alembic does it when told.
    render_as_batch=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()

"""Creation and upgrades of the tables, with Alembic and without any ``alembic.ini``."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from connectors.database import Database

# Any constant does: it only has to be the same in every copy of the service.
_LOCK = 41_000_001


def alembic_config() -> Config:
    """Return the configuration of Alembic, with the folder of the migrations."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    return config


def migrate(url: str) -> None:
    """Bring the database at ``url`` to the newest version; create it if it is a new file.

    Safe when several copies of the service start together. Raises ``UnsupportedDatabase``
    or ``sqlalchemy.exc.SQLAlchemyError``.
    """
    database = Database(url)
    try:
        if database.is_sqlite:
            _create_file(Path(str(database.url.database)))
        _upgrade(database)
    finally:
        database.close()


def _create_file(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # It will hold what people wrote: nobody else on the machine may read it.
    path.touch(mode=0o600)


def _upgrade(database: Database) -> None:
    config = alembic_config()
    # One transaction for all: SQLite's write lock or PostgreSQL's advisory lock makes the
    # other copies wait, then find nothing left to do.
    with database.session() as session:
        connection = session.connection()
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

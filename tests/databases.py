"""The databases of the tests: SQLite in a folder, PostgreSQL in a schema of its own.

``tests/conftest.py`` makes these fixtures known to every folder.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from connectors.database import Base, Database, database_url

DEFAULT_POSTGRESQL = "postgresql+psycopg://root@/test"
#: A test that asks for one of the fixtures below runs once for each.
KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(scope="session")
def postgresql_schema() -> Iterator[str]:
    """Give the URL of an empty schema of its own, dropped at the end."""
    server = database_url(os.environ.get("TEST_DATABASE_URL", DEFAULT_POSTGRESQL))
    engine = create_engine(server, connect_args={"connect_timeout": 3})
    schema = f"test_{secrets.token_hex(6)}"
    try:
        with engine.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {schema}"))
    except OperationalError:
        engine.dispose()
        pytest.skip("PostgreSQL")
    url = server.update_query_dict({"options": f"-csearch_path={schema}"})
    yield url.render_as_string(hide_password=False)
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


@pytest.fixture(params=KINDS)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the URL of a database without tables, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'base.db'}"
    return emptied(_schema(request))


def emptied(url: str) -> str:
    """Drop every table of a PostgreSQL schema; return its URL."""
    engine = create_engine(url)
    with engine.begin() as connection:
        Base.metadata.drop_all(connection)
        connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
    engine.dispose()
    return url


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Give a database with its tables and no row, of each kind in turn."""
    on_disk = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'base.db'}" if on_disk else _schema(request)
    database = Database(url)
    Base.metadata.create_all(database.engine)
    if not on_disk:
        # Emptied rather than made again: ten times faster.
        names = ", ".join(table.name for table in Base.metadata.sorted_tables)
        with database.engine.begin() as connection:
            connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    yield database
    database.close()


def _schema(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue("postgresql_schema"))

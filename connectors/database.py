"""The database: engine and sessions, on SQLite or PostgreSQL.

The tables and the identifiers can be imported from here too.

    DatabaseError
    └── UnsupportedDatabase   the URL is neither a SQLite file nor PostgreSQL
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Final

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

from connectors.identifiers import digest, new_id, new_token
from connectors.tables import (
    AgentRecord,
    AgentSessionRecord,
    Base,
    CaseEventRecord,
    CaseRecord,
    ChannelLinkRecord,
    ConversationRecord,
    MessageRecord,
    OutboxRecord,
    OutboxStatus,
    TelegramUpdateRecord,
    TurnRecord,
    UtcDateTime,
)

__all__ = [
    "AgentRecord",
    "AgentSessionRecord",
    "Base",
    "CaseEventRecord",
    "CaseRecord",
    "ChannelLinkRecord",
    "ConversationRecord",
    "Database",
    "DatabaseError",
    "MessageRecord",
    "OutboxRecord",
    "OutboxStatus",
    "TelegramUpdateRecord",
    "TurnRecord",
    "UnsupportedDatabase",
    "UtcDateTime",
    "database_url",
    "digest",
    "new_id",
    "new_token",
]

#: How long a writer waits for another one on SQLite, in milliseconds.
SQLITE_BUSY_MS: Final = 5_000
#: How long opening a PostgreSQL connection may take, in seconds.
CONNECT_TIMEOUT_S: Final = 5


class DatabaseError(Exception):
    """The database cannot be used as asked."""


class UnsupportedDatabase(DatabaseError):
    """The URL is neither a SQLite file nor PostgreSQL."""


def database_url(url: str) -> URL:
    """Return the URL with the driver we use; raise ``UnsupportedDatabase`` for another one."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        # The URL is not repeated: it may hold a password.
        raise UnsupportedDatabase("DATABASE_URL cannot be read as a database address") from error
    if parsed.drivername in {"postgres", "postgresql", "postgresql+psycopg"}:
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return parsed
    raise UnsupportedDatabase(
        f"DATABASE_URL must be sqlite:///<file> or postgresql://…, not {parsed.drivername}"
    )


class Database:
    """The engine and its sessions; connects at the first use, ``close`` at the end."""

    def __init__(self, url: str) -> None:
        """Prepare the engine for ``url``; raise ``UnsupportedDatabase``."""
        self.url = database_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = self._sqlite_engine() if self.is_sqlite else self._postgresql_engine()
        # A SQLite transaction that reads, then writes, fails at once if another one wrote in
        # between. Taking the write lock first makes it wait its turn instead.
        writing = self.engine.execution_options(sqlite_begin="BEGIN IMMEDIATE")
        self._writing = sessionmaker(writing, expire_on_commit=False)
        self._reading = sessionmaker(self.engine, expire_on_commit=False)
        # SQLite has one writer. Its own waiting sleeps in steps of up to 100 ms; a lock hands
        # the turn over at once (other processes still wait as SQLite does).
        self._turn: AbstractContextManager[object] = (
            threading.Lock() if self.is_sqlite else nullcontext()
        )

    def _postgresql_engine(self) -> Engine:
        return create_engine(
            self.url,
            pool_pre_ping=True,
            connect_args={"connect_timeout": CONNECT_TIMEOUT_S},
            hide_parameters=True,
        )

    def _sqlite_engine(self) -> Engine:
        # hide_parameters: an error must not carry what a person wrote into the logs.
        engine = create_engine(self.url, hide_parameters=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Open a transaction that may write; commit at the end, roll back on an exception.

        On SQLite a thread that opens a second one inside the first would wait for itself.
        """
        with self._turn, self._writing.begin() as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a transaction that only reads; it never waits for a writer."""
        with self._reading() as session:
            yield session

    def ping(self) -> None:
        """Raise ``sqlalchemy.exc.SQLAlchemyError`` unless the database answers."""
        with self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def scrub(self) -> None:
        """Remove what was erased from SQLite's journal too; PostgreSQL recycles its own."""
        if self.is_sqlite:
            with self.engine.connect() as connection:
                cursor = connection.connection.cursor()
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                cursor.close()

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver must not open transactions by itself: _begin_sqlite does.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {SQLITE_BUSY_MS}")
    _use_write_ahead_log(cursor)
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    # Erased words must leave the file, not only the tables.
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


@retry(
    retry=retry_if_exception_type(sqlite3.OperationalError),
    wait=wait_fixed(0.02),
    stop=stop_after_delay(SQLITE_BUSY_MS / 1000),
    reraise=True,
)
def _use_write_ahead_log(cursor: DBAPICursor) -> None:
    # The mode is kept in the file. Changing it, the first time, does not wait for other
    # connections as busy_timeout promises: it fails at once, hence the retries.
    cursor.execute("PRAGMA journal_mode")
    if cursor.fetchone() != ("wal",):
        cursor.execute("PRAGMA journal_mode = WAL")


def _begin_sqlite(connection: Connection) -> None:
    begin = connection.get_execution_options().get("sqlite_begin", "BEGIN")
    connection.exec_driver_sql(begin)

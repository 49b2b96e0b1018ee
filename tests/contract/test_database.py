"""The tables, the sessions and the migrations, on each database."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from connectors.database import (
    AgentRecord,
    AgentSessionRecord,
    Base,
    CaseRecord,
    ChannelLinkRecord,
    ConversationRecord,
    Database,
    MessageRecord,
    TurnRecord,
    UnsupportedDatabase,
    database_url,
    digest,
    new_id,
    new_token,
)
from connectors.migrations import alembic_config, migrate

NOW = datetime(2026, 11, 23, 9, 30, 0, 123456, tzinfo=UTC)


def _conversation(identifier: str = "c1") -> ConversationRecord:
    return ConversationRecord(
        id=identifier,
        token_digest=digest("secret"),
        channel="web",
        state={"stage": "open", "needs": ["loyer impayé"]},
        created_at=NOW,
        updated_at=NOW,
    )


def _message(text_: str, identifier: str = "c1") -> MessageRecord:
    return MessageRecord(
        conversation_id=identifier,
        role="citizen",
        kind="text",
        body={"text": text_},
        created_at=NOW,
    )


def test_migrated_tables_are_those_of_the_models(empty_url: str) -> None:
    """After ``migrate`` nothing separates the database from the models."""
    migrate(empty_url)
    database = Database(empty_url)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []
    database.close()


def test_migrate_twice_changes_nothing_and_keeps_the_rows(empty_url: str) -> None:
    """A second ``migrate`` leaves what is stored untouched."""
    migrate(empty_url)
    database = Database(empty_url)
    with database.session() as session:
        session.add(_conversation())
    migrate(empty_url)
    with database.reading() as session:
        assert session.scalars(select(ConversationRecord.id)).all() == ["c1"]
    database.close()


def test_an_upgrade_keeps_accounts_sessions_and_cases(empty_url: str) -> None:
    """A database of the first edition loses nothing: agents have sessions and own cases."""
    moment = "2026-11-20 10:00:00"
    database = Database(empty_url)
    if database.is_sqlite:
        Path(str(database.url.database)).touch()
    config = alembic_config()
    with database.session() as session:
        config.attributes["connection"] = session.connection()
        command.upgrade(config, "0001")
        for statement in (
            "INSERT INTO agents (id, login, password_hash, display_name, active, "
            "failed_attempts, created_at) "
            f"VALUES ('a', 'alice', '-', 'Alice', true, 3, '{moment}')",
            "INSERT INTO agent_sessions (token_digest, agent_id, csrf, created_at, expires_at) "
            f"VALUES ('t', 'a', 'c', '{moment}', '{moment}')",
            "INSERT INTO cases (id, code, version, status, status_since, urgent, theme, needs, "
            "proposed, place_id, place_name, tried, owner_id, created_at, updated_at) VALUES "
            f"('k', 'ABCDEF', 1, 'taken', '{moment}', false, 'logement', '[]', '[]', 'mds', "
            f"'MDS', '[]', 'a', '{moment}', '{moment}')",
        ):
            session.execute(text(statement))
    migrate(empty_url)
    with database.reading() as session:
        assert session.get_one(AgentRecord, "a").login == "alice"
        assert session.get_one(AgentSessionRecord, "t").agent_id == "a"
        assert session.get_one(CaseRecord, "k").owner_id == "a"
    database.close()


def test_several_copies_migrate_together(empty_url: str) -> None:
    """Four copies of the service that start at once all find the tables ready."""
    errors: list[BaseException] = []

    def start() -> None:
        try:
            migrate(empty_url)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_downgrade_removes_every_table(empty_url: str) -> None:
    """The migration can be undone: only Alembic's own table is left."""
    migrate(empty_url)
    database = Database(empty_url)
    with database.session() as session:
        config = alembic_config()
        config.attributes["connection"] = session.connection()
        command.downgrade(config, "base")
    assert inspect(database.engine).get_table_names() == ["alembic_version"]
    database.close()


def test_new_sqlite_file_is_private(tmp_path: Path) -> None:
    """The file that will hold what people wrote is readable by its owner only."""
    path = tmp_path / "var" / "base.db"
    migrate(f"sqlite:///{path}")
    assert path.stat().st_mode & 0o777 == 0o600


def test_values_come_back_as_they_were_stored(database: Database) -> None:
    """A moment keeps its microseconds and its zone; JSON keeps its accents and order."""
    with database.session() as session:
        session.add(_conversation())
    with database.reading() as session:
        record = session.get_one(ConversationRecord, "c1")
        assert record.created_at == NOW
        assert record.created_at.tzinfo is UTC
        assert record.status == "open"
        assert list(record.state.items()) == [("stage", "open"), ("needs", ["loyer impayé"])]


def test_moments_are_compared_in_utc(database: Database) -> None:
    """A time written in another zone is the same moment in a query."""
    paris = timezone(timedelta(hours=1))
    with database.session() as session:
        record = _conversation()
        record.updated_at = datetime(2026, 11, 23, 10, 0, tzinfo=paris)
        session.add(record)
    with database.reading() as session:
        before = select(ConversationRecord.id).where(
            ConversationRecord.updated_at < datetime(2026, 11, 23, 9, 0, 1, tzinfo=UTC)
        )
        assert session.scalars(before).all() == ["c1"]


def test_a_time_without_zone_is_refused(database: Database) -> None:
    """A naive datetime never reaches the database."""
    record = _conversation()
    record.created_at = datetime(2026, 11, 23)  # noqa: DTZ001 - what must be refused
    with pytest.raises(StatementError, match="without zone"), database.session() as session:
        session.add(record)


def test_an_exception_leaves_nothing_behind(database: Database) -> None:
    """What a transaction wrote is undone when it ends with an exception."""

    def fail_after_writing() -> None:
        with database.session() as session:
            session.add(_conversation())
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_writing()
    with database.reading() as session:
        assert session.scalars(select(ConversationRecord.id)).all() == []


def test_deleting_a_conversation_deletes_what_hangs_on_it(database: Database) -> None:
    """Messages, turns and channel links go with their conversation; others stay."""
    with database.session() as session:
        session.add_all([_conversation("c1"), _conversation("c2")])
        session.flush()
        session.add_all([_message("bonjour", "c1"), _message("bonsoir", "c2")])
        session.add(TurnRecord(conversation_id="c1", turn_id="t1", created_at=NOW))
        session.add(
            ChannelLinkRecord(
                channel="telegram", external_id_digest=digest("7"), conversation_id="c1"
            )
        )
    with database.session() as session:
        session.delete(session.get_one(ConversationRecord, "c1"))
    with database.reading() as session:
        assert [body["text"] for body in session.scalars(select(MessageRecord.body))] == ["bonsoir"]
        assert session.scalars(select(TurnRecord.turn_id)).all() == []
        assert session.scalars(select(ChannelLinkRecord.channel)).all() == []


def test_messages_keep_their_order_within_one_instant(database: Database) -> None:
    """Messages of the same microsecond come back in the order in which they were added."""
    with database.session() as session:
        session.add(_conversation())
        session.flush()
        for word in ("un", "deux", "trois"):
            session.add(_message(word))
            session.flush()
    with database.reading() as session:
        bodies = session.scalars(select(MessageRecord.body).order_by(MessageRecord.number))
        assert [body["text"] for body in bodies] == ["un", "deux", "trois"]


def test_the_same_turn_is_stored_once(database: Database) -> None:
    """The second store of a turn fails, so that it is not answered twice."""
    with database.session() as session:
        session.add(_conversation())
        session.flush()
        session.add(TurnRecord(conversation_id="c1", turn_id="t1", created_at=NOW))
    with pytest.raises(IntegrityError), database.session() as session:
        session.add(TurnRecord(conversation_id="c1", turn_id="t1", created_at=NOW))


def test_writers_who_read_first_wait_their_turn(database: Database) -> None:
    """Twenty read-then-write transactions at once lose no update and raise nothing."""
    with database.session() as session:
        record = _conversation()
        record.state = {"turns": 0}
        session.add(record)
    errors: list[BaseException] = []

    def add_one() -> None:
        try:
            with database.session() as session:
                query = select(ConversationRecord).where(ConversationRecord.id == "c1")
                found = session.scalars(query.with_for_update()).one()
                turns = found.state["turns"]
                assert isinstance(turns, int)
                found.state = {"turns": turns + 1}
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=add_one) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with database.reading() as session:
        assert session.get_one(ConversationRecord, "c1").state == {"turns": 20}


def test_sqlite_is_set_for_several_writers(tmp_path: Path) -> None:
    """A SQLite connection uses WAL, waits, checks foreign keys and overwrites what it deletes."""
    database = Database(f"sqlite:///{tmp_path / 'base.db'}")
    with database.engine.connect() as connection:
        settings = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "busy_timeout", "foreign_keys", "synchronous")
        }
        assert connection.execute(text("PRAGMA secure_delete")).scalar_one() == 1
    database.close()
    assert settings == {
        "journal_mode": "wal",
        "busy_timeout": 5000,
        "foreign_keys": 1,
        "synchronous": 1,
    }


def test_erased_words_leave_the_files(tmp_path: Path) -> None:
    """After a deletion and ``scrub`` the words are in no file of the database."""
    database = Database(f"sqlite:///{tmp_path / 'base.db'}")
    Base.metadata.create_all(database.engine)
    with database.session() as session:
        session.add(_conversation())
        session.flush()
        session.add(_message("canari-7f3e"))
    with database.session() as session:
        session.delete(session.get_one(ConversationRecord, "c1"))
    database.scrub()
    found = [file.name for file in tmp_path.iterdir() if b"canari-7f3e" in file.read_bytes()]
    database.close()
    assert found == []


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("postgres://u@h/d", "postgresql+psycopg"),
        ("postgresql://u@h/d", "postgresql+psycopg"),
        ("sqlite:///var/base.db", "sqlite"),
    ],
)
def test_usual_addresses_are_understood(url: str, driver: str) -> None:
    """The addresses that hosting companies write get the driver we use."""
    assert database_url(url).drivername == driver


@pytest.mark.parametrize(
    "url", ["mysql://u:canari@h/d", "sqlite://", "sqlite:///:memory:", "canari"]
)
def test_other_databases_are_refused(url: str) -> None:
    """Another database, or one in memory, is refused without repeating the password."""
    with pytest.raises(UnsupportedDatabase) as refused:
        database_url(url)
    assert "canari" not in str(refused.value)


def test_identifiers_and_tokens_cannot_be_guessed() -> None:
    """An identifier carries 128 bits, a token 256, and two are never the same."""
    assert (len(new_id()), len(new_token())) == (22, 43)
    assert len({new_id() for _ in range(1000)}) == 1000


def test_digest_is_sha256() -> None:
    """The digest stored for a secret is its SHA-256 in hexadecimal."""
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert digest("abc") == expected

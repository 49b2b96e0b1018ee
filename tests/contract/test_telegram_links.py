"""The links of Telegram: the same promises in memory and on each database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from connectors.database import Base, ConversationRecord, Database
from connectors.encryption import Vault
from connectors.telegram.links import DatabaseLinks, Links, LinksUnavailable, MemoryLinks

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
VAULT = Vault("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
OTHER_VAULT = Vault("OTg3NjU0MzIxMDk4NzY1NDMyMTA5ODc2NTQzMjEwOTg=")
CHAT = 900_000_000_001  # Telegram promises 52 bits


def _conversation(identifier: str) -> ConversationRecord:
    return ConversationRecord(
        id=identifier, token_digest="x", channel="telegram", created_at=NOW, updated_at=NOW
    )


class LinksContract:
    """What every implementation promises; ``links`` knows the conversations c1 and c2."""

    async def test_a_chat_keeps_its_conversation(self, links: Links) -> None:
        """A chat has no conversation, then the last one it was given, then none again."""
        assert await links.conversation_of(CHAT) is None
        await links.link(CHAT, "c1")
        await links.link(CHAT, "c2")
        assert await links.conversation_of(CHAT) == "c2"
        assert await links.conversation_of(CHAT + 1) is None
        await links.unlink(CHAT)
        await links.unlink(CHAT)
        assert await links.conversation_of(CHAT) is None

    async def test_an_update_is_answered_once(self, links: Links) -> None:
        """An update is unknown until it is marked, and may be marked twice."""
        assert not await links.answered(77)
        await links.mark_answered(77)
        await links.mark_answered(77)
        assert await links.answered(77)
        assert not await links.answered(78)


class TestMemoryLinks(LinksContract):
    """The links of one process."""

    @pytest.fixture
    def links(self) -> Links:
        """Give links in memory."""
        return MemoryLinks()


class TestDatabaseLinks(LinksContract):
    """The links of the service, on each database."""

    @pytest.fixture
    def links(self, database: Database) -> Links:
        """Give links in a database with two conversations."""
        with database.session() as session:
            session.add_all([_conversation("c1"), _conversation("c2")])
        return DatabaseLinks(database, VAULT, lambda: NOW)


async def test_the_database_does_not_hold_the_chat(database: Database) -> None:
    """Who reads the table cannot tell whose chat it is, even with all the ids of Telegram."""
    with database.session() as session:
        session.add(_conversation("c1"))
    await DatabaseLinks(database, VAULT, lambda: NOW).link(CHAT, "c1")
    with database.reading() as session:
        row = session.execute(text("SELECT * FROM channel_links")).one()
    assert str(CHAT) not in "".join(row)
    assert len(row.external_id_digest) == 64
    assert await DatabaseLinks(database, VAULT, lambda: NOW).conversation_of(CHAT) == "c1"
    assert await DatabaseLinks(database, OTHER_VAULT, lambda: NOW).conversation_of(CHAT) is None


async def test_erasing_the_conversation_unlinks_the_chat(database: Database) -> None:
    """Nothing is left of the chat when its conversation is erased."""
    with database.session() as session:
        session.add(_conversation("c1"))
    links = DatabaseLinks(database, VAULT, lambda: NOW)
    await links.link(CHAT, "c1")
    with database.session() as session:
        session.delete(session.get_one(ConversationRecord, "c1"))
    assert await links.conversation_of(CHAT) is None


async def test_a_database_in_trouble_is_told_as_such(database: Database) -> None:
    """A table that cannot be read is ``LinksUnavailable``, not an error of the library."""
    Base.metadata.drop_all(database.engine)
    links = DatabaseLinks(database, VAULT, lambda: NOW)
    with pytest.raises(LinksUnavailable):
        await links.conversation_of(CHAT)
    with pytest.raises(LinksUnavailable):
        await links.mark_answered(1)

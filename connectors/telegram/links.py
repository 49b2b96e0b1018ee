"""Which conversation a chat has, and which updates of Telegram were already answered.

LinksError
└── LinksUnavailable   the database does not answer
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Final, Protocol

from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from connectors.database import ChannelLinkRecord, Database, TelegramUpdateRecord
from connectors.encryption import Vault

CHANNEL: Final = "telegram"


class LinksError(Exception):
    """The links cannot be read or written."""


class LinksUnavailable(LinksError):
    """The database does not answer."""


class Links(Protocol):
    """What is remembered between two updates. Every method raises ``LinksUnavailable``."""

    async def conversation_of(self, chat_id: int) -> str | None:
        """Return the id of the conversation of the chat, or None."""

    async def link(self, chat_id: int, conversation_id: str) -> None:
        """Give the chat this conversation, instead of the one it had."""

    async def unlink(self, chat_id: int) -> None:
        """Forget the conversation of the chat."""

    async def answered(self, update_id: int) -> bool:
        """Tell whether this update was already answered."""

    async def mark_answered(self, update_id: int) -> None:
        """Remember that this update was answered; twice is the same as once."""


class MemoryLinks:
    """Links of one process, lost when it stops: for tests and trials."""

    def __init__(self) -> None:
        self._conversations: dict[int, str] = {}
        self._answered: set[int] = set()

    async def conversation_of(self, chat_id: int) -> str | None:
        return self._conversations.get(chat_id)

    async def link(self, chat_id: int, conversation_id: str) -> None:
        self._conversations[chat_id] = conversation_id

    async def unlink(self, chat_id: int) -> None:
        self._conversations.pop(chat_id, None)

    async def answered(self, update_id: int) -> bool:
        return update_id in self._answered

    async def mark_answered(self, update_id: int) -> None:
        self._answered.add(update_id)


class DatabaseLinks:
    """Links in the database; a chat is only known there by a keyed digest of its id.

    Whoever reads the database alone cannot find, by trying all the ids of Telegram, who has a
    conversation: the key of the vault is kept elsewhere.
    """

    def __init__(self, database: Database, vault: Vault, clock: Callable[[], datetime]) -> None:
        self._database, self._vault, self._clock = database, vault, clock

    async def conversation_of(self, chat_id: int) -> str | None:
        return await asyncio.to_thread(self._conversation_of, chat_id)

    async def link(self, chat_id: int, conversation_id: str) -> None:
        await asyncio.to_thread(self._link, chat_id, conversation_id)

    async def unlink(self, chat_id: int) -> None:
        await asyncio.to_thread(self._unlink, chat_id)

    async def answered(self, update_id: int) -> bool:
        return await asyncio.to_thread(self._answered, update_id)

    async def mark_answered(self, update_id: int) -> None:
        await asyncio.to_thread(self._mark_answered, update_id)

    def _conversation_of(self, chat_id: int) -> str | None:
        with self._reading() as session:
            record = session.get(ChannelLinkRecord, self._identity(chat_id))
            return None if record is None else record.conversation_id

    def _link(self, chat_id: int, conversation_id: str) -> None:
        channel, digest = self._identity(chat_id)
        record = ChannelLinkRecord(
            channel=channel, external_id_digest=digest, conversation_id=conversation_id
        )
        with self._writing() as session:
            session.merge(record)

    def _unlink(self, chat_id: int) -> None:
        with self._writing() as session:
            record = session.get(ChannelLinkRecord, self._identity(chat_id))
            if record is not None:
                session.delete(record)

    def _answered(self, update_id: int) -> bool:
        with self._reading() as session:
            return session.get(TelegramUpdateRecord, update_id) is not None

    def _mark_answered(self, update_id: int) -> None:
        with self._writing() as session:
            if session.get(TelegramUpdateRecord, update_id) is not None:
                return
            # Another copy of the service may mark it at the same moment.
            with suppress(IntegrityError), session.begin_nested():
                session.add(TelegramUpdateRecord(update_id=update_id, received_at=self._clock()))

    def _identity(self, chat_id: int) -> tuple[str, str]:
        return CHANNEL, self._vault.fingerprint([CHANNEL, chat_id])

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        try:
            with self._database.reading() as session:
                yield session
        except SQLAlchemyError as error:
            raise LinksUnavailable("the database does not answer") from error

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        try:
            with self._database.session() as session:
                yield session
        except SQLAlchemyError as error:
            raise LinksUnavailable("the database does not answer") from error

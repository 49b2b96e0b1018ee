"""The one door of every channel: open a conversation, say something, read it, erase it.

Channels (web, Telegram, API) import this and nothing of each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from assistant.conversation import Session
from assistant.messages import Message


@dataclass(frozen=True, slots=True)
class Opened:
    """A new conversation; ``token`` is given once and only its digest is stored."""

    conversation_id: str
    token: str
    messages: list[Message]


@dataclass(frozen=True, slots=True)
class Transcript:
    """A conversation as its owner may read it.

    ``status`` is « open »: a conversation that was erased is unknown.
    """

    conversation_id: str
    messages: list[Message]
    session: Session
    status: str


class UnknownConversation(Exception):
    """There is no conversation with this id (or it was erased)."""


class WrongToken(Exception):
    """The token does not open this conversation."""


class TextTooLong(Exception):
    """The text is longer than ``Contract.MAX_TEXT`` characters."""


class Gateway(Protocol):
    """What a channel may ask; every method is safe under concurrency."""

    async def open(self, channel: str) -> Opened:
        """Start a conversation and return the welcome messages."""

    async def say(
        self,
        conversation_id: str,
        text: str = "",
        value: str | None = None,
        turn_id: str | None = None,
        address: str | None = None,
    ) -> list[Message]:
        """Give the person's words or choice to the assistant; return its answers.

        The same ``turn_id`` twice gives the same answers and changes nothing. ``address`` is
        the network address that codes are counted for; it is not stored.
        Raises UnknownConversation, TextTooLong, or one of ``contention.BUSY``.
        """

    async def read(self, conversation_id: str) -> Transcript:
        """Return the conversation. Raises UnknownConversation."""

    async def erase(self, conversation_id: str) -> None:
        """Erase everything about the conversation.

        Raises UnknownConversation, or one of ``contention.BUSY``.
        """

    async def authorise(self, conversation_id: str, token: str) -> None:
        """Check the token. Raises UnknownConversation or WrongToken."""

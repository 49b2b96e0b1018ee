"""The gateway of every channel: Rasa answers, and when it cannot, the same core does.

The text goes to Rasa on loopback; Rasa's action comes back to ``Turns.play``; the answer
returns through Rasa. When Rasa is away, slow or silent, ``Turns.play`` is called here with
a plain reading of the intent. A turn already played by a late action is not played twice.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from sqlalchemy import insert, select
from tenacity import retry, retry_if_exception_type, stop_after_attempt

from assistant.conversation import Turn
from assistant.knowledge import Knowledge
from assistant.messages import Contract, Message
from assistant.names import Intent
from assistant.respond import welcome
from assistant.understanding.intents import guess_intent, intent_of_choice
from connectors.database import ConversationRecord, Database, MessageRecord
from connectors.gateway import Opened, TextTooLong, Transcript, UnknownConversation, WrongToken
from connectors.handoff.follow_up import ChangedMeanwhile
from connectors.identifiers import digest, new_id, new_token
from connectors.privacy import erase_conversation
from connectors.rasa.client import RasaUnavailable
from connectors.transcript import message_values
from connectors.turns import Turns

log = logging.getLogger(__name__)


class Dialogue(Protocol):
    """Rasa, as the gateway sees it."""

    async def send(self, sender: str, message: str, metadata: dict[str, object]) -> list[Message]:
        """Return the messages of the turn. Raises RasaUnavailable."""


class Counter(Protocol):
    """Counts turns by who answered, and how long they took."""

    def timed(self) -> AbstractContextManager[None]:
        """Measure the turn inside."""

    def turn(self, engine: str) -> None:
        """Count one."""


class AssistantGateway:
    """Implements ``connectors.gateway.Gateway``."""

    def __init__(
        self,
        database: Database,
        knowledge: Knowledge,
        turns: Turns,
        dialogue: Dialogue | None,
        clock: Callable[[], datetime],
        counter: Counter,
    ) -> None:
        self._database, self._knowledge, self._turns = database, knowledge, turns
        self._dialogue, self._clock, self._counter = dialogue, clock, counter

    async def open(self, channel: str) -> Opened:
        return await asyncio.to_thread(self._open, channel)

    async def say(
        self,
        conversation_id: str,
        text: str = "",
        value: str | None = None,
        turn_id: str | None = None,
        address: str | None = None,
    ) -> list[Message]:
        if len(text) > Contract.MAX_TEXT:
            raise TextTooLong(f"{len(text)} characters, at most {Contract.MAX_TEXT}")
        turn_id = turn_id or new_id()
        with self._counter.timed(), self._turns.sent_from(turn_id, address):
            return await self._answer(conversation_id, text, value, turn_id)

    async def _answer(
        self, conversation_id: str, text: str, value: str | None, turn_id: str
    ) -> list[Message]:
        if self._dialogue is not None and (text.strip() or value):
            try:
                messages = await self._through(
                    self._dialogue, conversation_id, text, value, turn_id
                )
            except RasaUnavailable as error:
                log.warning("rasa away: %s", error)
            else:
                self._counter.turn("rasa")
                return messages
        played = await asyncio.to_thread(
            self._turns.play, conversation_id, turn_id, self._plain_turn(text, value)
        )
        self._counter.turn("service")
        return played.messages

    async def read(self, conversation_id: str) -> Transcript:
        return await asyncio.to_thread(self._read, conversation_id)

    async def erase(self, conversation_id: str) -> None:
        await asyncio.to_thread(self._erase, conversation_id)

    async def authorise(self, conversation_id: str, token: str) -> None:
        expected = await asyncio.to_thread(self._token_digest, conversation_id)
        if not hmac.compare_digest(expected, digest(token)):
            raise WrongToken(conversation_id)

    async def _through(
        self, dialogue: Dialogue, conversation_id: str, text: str, value: str | None, turn_id: str
    ) -> list[Message]:
        # Raises UnknownConversation now: Rasa would answer to anybody.
        await asyncio.to_thread(self._token_digest, conversation_id)
        message = text if value is None else f"/{intent_of_choice(value).value}"
        metadata: dict[str, object] = {"turn_id": turn_id, "value": value, "text": text}
        return await dialogue.send(conversation_id, message, metadata)

    def _plain_turn(self, text: str, value: str | None) -> Turn:
        intent = guess_intent(text) if value is None else Intent.INFORM
        return Turn(text=text, value=value, intent=intent, confidence=1.0, now=self._clock())

    def _open(self, channel: str) -> Opened:
        token, now = new_token(), self._clock()
        reply = welcome(self._knowledge, now)
        messages = [message.model_copy(update={"id": new_id()}) for message in reply.messages]
        record = ConversationRecord(
            id=new_id(),
            token_digest=digest(token),
            channel=channel,
            state={},
            created_at=now,
            updated_at=now,
        )
        with self._database.session() as session:
            session.add(record)
            session.flush()
            rows = [message_values(record.id, "", message, now) for message in messages]
            session.execute(insert(MessageRecord), rows)
        return Opened(record.id, token, messages)

    def _read(self, conversation_id: str) -> Transcript:
        with self._database.reading() as session:
            record = session.get(ConversationRecord, conversation_id)
            if record is None:
                raise UnknownConversation(conversation_id)
            bodies = session.scalars(
                select(MessageRecord.body)
                .where(MessageRecord.conversation_id == conversation_id)
                .order_by(MessageRecord.number)
            ).all()
        messages = [Message.model_validate(body) for body in bodies]
        state = self._turns.session_of(record.state)
        return Transcript(conversation_id, messages, state, record.status)

    # An agent may be changing the case of this conversation at this very moment.
    @retry(
        retry=retry_if_exception_type(ChangedMeanwhile), stop=stop_after_attempt(3), reraise=True
    )
    def _erase(self, conversation_id: str) -> None:
        with self._database.session() as session:
            erased = erase_conversation(session, conversation_id, self._clock())
        if not erased.conversations:
            raise UnknownConversation(conversation_id)
        self._database.scrub()

    def _token_digest(self, conversation_id: str) -> str:
        with self._database.reading() as session:
            found = session.scalar(
                select(ConversationRecord.token_digest).where(
                    ConversationRecord.id == conversation_id
                )
            )
        if found is None:
            raise UnknownConversation(conversation_id)
        return found

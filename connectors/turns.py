"""Playing one turn: state read, answered by the pure core, effects done, all stored at once.

Rasa's actions and the gateway's own answers both come through here, so that a turn is
answered once even when Rasa answers too late.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as DatabaseSession

from assistant.business_days import french_moment
from assistant.conversation import (
    Effect,
    EraseConversation,
    LookUpCase,
    OpenCase,
    Reply,
    Session,
    Turn,
)
from assistant.knowledge import Knowledge
from assistant.messages import Message, MessageKind, Role
from assistant.names import Response
from assistant.respond import respond
from assistant.talk import HUMAN
from connectors.database import (
    ConversationRecord,
    Database,
    MessageRecord,
    TurnRecord,
    new_id,
)
from connectors.encryption import Vault
from connectors.gateway import UnknownConversation
from connectors.handoff.cases import Notice, UnknownCase, lookup, open_case
from connectors.handoff.request import request_for
from connectors.privacy import erase_conversation


class Waker(Protocol):
    """Sends the e-mails that wait, soon."""

    def wake(self) -> None:
        """Wake up."""


#: Tries against somebody who writes in the same conversation at the same moment.
_ATTEMPTS = 5
#: Messages in which the label of a choice is looked for.
_LOOKED_BACK = 12


class Busy(Exception):
    """Others keep writing in this conversation; the person may send again."""


@dataclass(frozen=True, slots=True)
class Played:
    """What a turn gave: the messages to show and the state that follows."""

    messages: list[Message]
    session: Session
    erased: bool = False
    wakes: bool = False


class Turns:
    """Plays turns against the database; safe to call from several threads."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        knowledge: Knowledge,
        notice: Notice,
        clock: Callable[[], datetime],
        outbox: Waker,
    ) -> None:
        self._database, self._vault, self._knowledge = database, vault, knowledge
        self._notice, self._clock, self._outbox = notice, clock, outbox

    def play(self, conversation_id: str, turn_id: str, turn: Turn) -> Played:
        """Answer ``turn`` once; the same ``turn_id`` again gives the same messages.

        Raises UnknownConversation.
        """
        for _ in range(_ATTEMPTS):
            with self._database.reading() as session:
                state = dict(self._found(session, conversation_id).state)
                earlier = _answers(session, conversation_id, turn_id)
            if earlier is not None:
                return Played(earlier, Session.model_validate(state))
            # Understanding takes most of the time: no lock is held meanwhile.
            reply = respond(Session.model_validate(state), turn, self._knowledge)
            try:
                with self._database.session() as session:
                    played = self._store(session, conversation_id, state, turn_id, turn, reply)
            except IntegrityError:
                continue  # the same turn, at the same moment, in another copy of the service
            if played is not None:
                break
        else:
            raise Busy(conversation_id)
        if played.erased:
            self._database.scrub()
        if played.wakes:
            self._outbox.wake()
        return played

    def _store(
        self,
        session: DatabaseSession,
        conversation_id: str,
        state: dict[str, object],
        turn_id: str,
        turn: Turn,
        reply: Reply,
    ) -> Played | None:
        """Carry the effects out and store everything; None when the state moved meanwhile."""
        record = session.get(ConversationRecord, conversation_id, with_for_update=True)
        if record is None:
            raise UnknownConversation(conversation_id)
        if dict(record.state) != state:
            return None
        messages = list(reply.messages)
        for effect in reply.effects:
            messages += self._carry_out(session, record, reply.session, effect)
        messages = [message.model_copy(update={"id": new_id()}) for message in messages]
        if any(isinstance(effect, EraseConversation) for effect in reply.effects):
            return Played(messages, Session(), erased=True)
        now = self._clock()
        session.add(TurnRecord(conversation_id=record.id, turn_id=turn_id, created_at=now))
        said = turn.text if turn.value is None else _label(session, record.id, turn.value)
        citizen = Message(id=new_id(), role=Role.CITIZEN, text=said)
        for message in (citizen, *messages):
            session.add(message_row(record.id, turn_id, message, now))
        record.state = reply.session.model_dump(mode="json", exclude_defaults=True)
        record.updated_at = now
        return Played(messages, reply.session, wakes=bool(reply.effects))

    def _carry_out(
        self,
        session: DatabaseSession,
        record: ConversationRecord,
        state: Session,
        effect: Effect,
    ) -> list[Message]:
        match effect:
            case OpenCase():
                return [self._open_case(session, record, state, effect)]
            case LookUpCase():
                return [self._look_up(session, effect.code)]
            case EraseConversation():
                erase_conversation(session, record.id, self._clock())
                return []

    def _open_case(
        self,
        session: DatabaseSession,
        record: ConversationRecord,
        state: Session,
        effect: OpenCase,
    ) -> Message:
        request = request_for(record.id, state, effect, self._knowledge.communes)
        opened = open_case(session, self._vault, request, self._notice, self._clock())
        state.case_code = opened.code
        state.contact = None
        said = Response.HANDOFF_RECEIPT if opened.emailed else Response.HANDOFF_RECEIPT_INBOX
        text = self._knowledge.wording.say(
            said, code=opened.code, place=effect.place_name, due=french_moment(opened.due_at)
        )
        return Message(kind=MessageKind.RECEIPT, text=text, discreet=state.discreet)

    def _look_up(self, session: DatabaseSession, code: str) -> Message:
        wording = self._knowledge.wording
        try:
            found = lookup(session, code)
        except UnknownCase:
            return Message(text=wording.say(Response.CASE_UNKNOWN), choices=[HUMAN])
        text = wording.say(
            Response.CASE_STATUS,
            status=found.label,
            place=found.place_name,
            since=french_moment(found.since),
        )
        return Message(kind=MessageKind.RECEIPT, text=text, choices=[HUMAN])

    def _found(self, session: DatabaseSession, conversation_id: str) -> ConversationRecord:
        record = session.get(ConversationRecord, conversation_id)
        if record is None:
            raise UnknownConversation(conversation_id)
        return record


def _label(session: DatabaseSession, conversation_id: str, value: str) -> str:
    """Return the label of the choice that was offered, for the transcript."""
    rows = session.scalars(
        select(MessageRecord.body)
        .where(MessageRecord.conversation_id == conversation_id)
        .order_by(MessageRecord.number.desc())
        .limit(_LOOKED_BACK)
    )
    for body in rows:
        for choice in Message.model_validate(body).choices or []:
            if choice.value == value:
                return choice.label
    return value


def message_row(
    conversation_id: str, turn_id: str, message: Message, now: datetime
) -> MessageRecord:
    """Return ``message`` as it is stored."""
    return MessageRecord(
        id=message.id,
        conversation_id=conversation_id,
        role=message.role.value,
        kind=message.kind.value,
        body=message.model_dump(mode="json", exclude_none=True),
        turn_id=turn_id,
        created_at=now,
    )


def _answers(session: DatabaseSession, conversation_id: str, turn_id: str) -> list[Message] | None:
    """Return what was answered to ``turn_id``, or None when it was not played."""
    if session.get(TurnRecord, (conversation_id, turn_id)) is None:
        return None
    rows = session.scalars(
        select(MessageRecord)
        .where(
            MessageRecord.conversation_id == conversation_id,
            MessageRecord.turn_id == turn_id,
            MessageRecord.role != Role.CITIZEN.value,
        )
        .order_by(MessageRecord.number)
    )
    return [Message.model_validate(row.body) for row in rows]

"""Playing one turn: state read, answered by the pure core, effects done, all stored at once.

Rasa's actions and the gateway's own answers both come through here, so that a turn is
answered once even when Rasa answers too late.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, cast

from sqlalchemy import CursorResult, insert, select, update
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
#: Two turns of a conversation never have the same time, whatever the clock.
_TICK = timedelta(microseconds=1)
#: Messages in which the label of a choice is looked for.
_LOOKED_BACK = 12


class _Moved(Exception):
    """The conversation was written to, or erased, since it was read."""


class Busy(Exception):
    """Others keep writing in this conversation; the person may send again."""


@dataclass(frozen=True, slots=True)
class _Before:
    """A conversation as it was read; ``updated_at`` tells whether it moved since."""

    id: str
    state: Mapping[str, object]
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Played:
    """What a turn gave: the messages to show and the state that follows."""

    messages: list[Message]
    session: Session
    erased: bool = False


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
                before = _before(session, conversation_id)
                earlier = _answers(session, conversation_id, turn_id)
            if earlier is not None:
                return Played(earlier, Session.model_validate(before.state))
            # Understanding takes most of the time: no lock is held meanwhile.
            reply = respond(Session.model_validate(before.state), turn, self._knowledge)
            try:
                with self._database.session() as session:
                    played = self._store(session, before, turn_id, turn, reply)
            except (IntegrityError, _Moved):
                continue  # somebody wrote in this conversation at the same moment
            break
        else:
            raise Busy(conversation_id)
        if played.erased:
            self._database.scrub()
        if reply.effects:
            self._outbox.wake()
        return played

    def _store(
        self, session: DatabaseSession, before: _Before, turn_id: str, turn: Turn, reply: Reply
    ) -> Played:
        """Carry the effects out and store everything. Raises _Moved, and stores nothing."""
        now = max(self._clock(), before.updated_at + _TICK)
        _claim(session, before, now)
        messages = list(reply.messages)
        for effect in reply.effects:
            messages += self._carry_out(session, before.id, reply.session, effect)
        messages = [message.model_copy(update={"id": new_id()}) for message in messages]
        if any(isinstance(effect, EraseConversation) for effect in reply.effects):
            return Played(messages, Session(), erased=True)
        said = turn.text if turn.value is None else _label(session, before.id, turn.value)
        citizen = Message(id=new_id(), role=Role.CITIZEN, text=said)
        state = reply.session.model_dump(mode="json", exclude_defaults=True)
        session.execute(
            update(ConversationRecord)
            .where(ConversationRecord.id == before.id)
            .values(state=state, updated_at=now)
        )
        session.execute(
            insert(TurnRecord).values(conversation_id=before.id, turn_id=turn_id, created_at=now)
        )
        rows = [message_values(before.id, turn_id, one, now) for one in (citizen, *messages)]
        session.execute(insert(MessageRecord), rows)
        return Played(messages, reply.session)

    def _carry_out(
        self, session: DatabaseSession, conversation_id: str, state: Session, effect: Effect
    ) -> list[Message]:
        match effect:
            case OpenCase():
                return [self._open_case(session, conversation_id, state, effect)]
            case LookUpCase():
                return [self._look_up(session, effect.code)]
            case EraseConversation():
                erase_conversation(session, conversation_id, self._clock())
                return []

    def _open_case(
        self, session: DatabaseSession, conversation_id: str, state: Session, effect: OpenCase
    ) -> Message:
        request = request_for(conversation_id, state, effect, self._knowledge.communes)
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


def _before(session: DatabaseSession, conversation_id: str) -> _Before:
    """Return the conversation as it is now. Raises UnknownConversation."""
    found = session.execute(
        select(ConversationRecord.state, ConversationRecord.updated_at).where(
            ConversationRecord.id == conversation_id
        )
    ).one_or_none()
    if found is None:
        raise UnknownConversation(conversation_id)
    return _Before(conversation_id, found.state, found.updated_at)


def _claim(session: DatabaseSession, before: _Before, now: datetime) -> None:
    """Take the conversation as it was read, until the transaction ends. Raises _Moved."""
    claimed = session.execute(
        update(ConversationRecord)
        .where(
            ConversationRecord.id == before.id,
            ConversationRecord.updated_at == before.updated_at,
        )
        .values(updated_at=now)
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[tuple[()]]", claimed).rowcount == 0:
        raise _Moved


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


def message_values(
    conversation_id: str, turn_id: str, message: Message, now: datetime
) -> dict[str, object]:
    """Return the columns under which ``message`` is stored."""
    return {
        "id": message.id,
        "conversation_id": conversation_id,
        "role": message.role.value,
        "kind": message.kind.value,
        "body": message.model_dump(mode="json", exclude_none=True),
        "turn_id": turn_id,
        "created_at": now,
    }


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

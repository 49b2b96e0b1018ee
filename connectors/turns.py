"""Playing one turn: state read, answered by the pure core, effects done, all stored at once.

Rasa's actions, the gateway's own answers and the hand-offs of the API all come through here:
a turn is answered once even when Rasa answers too late, and nobody writes over anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as DatabaseSession

from assistant.conversation import (
    ContactGiven,
    EraseConversation,
    LookUpCase,
    OpenCase,
    Reply,
    Session,
    Turn,
)
from assistant.knowledge import Knowledge
from assistant.messages import Message, Role
from assistant.receipt import LookedUp, NotLookedUp
from assistant.replies.reaching import hand_over
from assistant.respond import respond
from assistant.waiting import respond_to_case
from connectors.claim import Before, Moved, claim, read_before
from connectors.database import ConversationRecord, Database, MessageRecord, TurnRecord, new_id
from connectors.encryption import Vault
from connectors.handoff.cases import (
    Notice,
    OpenedCase,
    UnknownCase,
    lookup,
    open_case,
    open_case_once,
)
from connectors.handoff.receipt import receipt_of
from connectors.handoff.request import request_for
from connectors.privacy import erase_conversation
from connectors.session_state import open_state, seal_state
from connectors.transcript import answers_to, label_of, message_values


class Waker(Protocol):
    """Sends the e-mails that wait, soon."""

    def wake(self) -> None:
        """Wake up."""


#: Counts a code tried by somebody (an address, or a conversation): the seconds to wait, 0.0
#: if it may pass. Called outside any transaction.
CodeLimit = Callable[[str], float]

#: Tries against somebody who writes in the same conversation at the same moment.
_ATTEMPTS = 5


class Busy(Exception):
    """Others keep writing in this conversation; the person may send again."""


@dataclass(frozen=True, slots=True)
class Played:
    """What a turn gave: the messages to show, the state that follows, the case opened."""

    messages: list[Message]
    session: Session
    erased: bool = False
    opened: OpenedCase | None = None


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
        code_limit: CodeLimit = lambda _: 0.0,
    ) -> None:
        self._database, self._vault, self._knowledge = database, vault, knowledge
        self._notice, self._clock, self._outbox = notice, clock, outbox
        self._code_limit = code_limit
        self._addresses: dict[str, str] = {}

    @contextmanager
    def sent_from(self, turn_id: str, address: str | None) -> Iterator[None]:
        """Remember the network address of a turn while it is played, in memory only.

        Rasa gives the turn back to this process without it.
        """
        if address is not None:
            self._addresses[turn_id] = address
        try:
            yield
        finally:
            self._addresses.pop(turn_id, None)

    def session_of(self, stored: Mapping[str, object]) -> Session:
        """Return the state of a conversation from its stored form."""
        return open_state(self._vault, stored)

    def play(self, conversation_id: str, turn_id: str, turn: Turn) -> Played:
        """Answer ``turn`` once; the same ``turn_id`` again gives the same messages.

        Raises UnknownConversation, or Busy.
        """

        def answer(before: Before) -> Reply:
            # Understanding takes most of the time: no lock is held meanwhile.
            return self._answer(before, turn_id, turn)

        played = self._play(conversation_id, turn_id, answer, turn)
        if played.erased:
            self._database.scrub()
        return played

    def hand_off(self, conversation_id: str, contact: ContactGiven) -> OpenedCase:
        """Hand the conversation over with a consent given elsewhere; a receipt is left in it.

        Asking twice gives the same case. Raises UnknownConversation, Busy, Declined,
        NothingToSend, or OtherContact when the same request is open with another contact.
        """

        def answer(before: Before) -> Reply:
            state = self.session_of(before.state)
            return hand_over(state, contact, self._clock(), self._knowledge)

        played = self._play(conversation_id, new_id(), answer, None)
        if played.opened is None:  # hand_over always opens a case
            raise Busy(conversation_id)
        return played.opened

    def _play(
        self,
        conversation_id: str,
        turn_id: str,
        answer: Callable[[Before], Reply],
        turn: Turn | None,
    ) -> Played:
        """Read, answer and store, again when somebody wrote at the same moment."""
        for _ in range(_ATTEMPTS):
            with self._database.reading() as session:
                before = read_before(session, conversation_id)
                earlier = answers_to(session, conversation_id, turn_id)
            if earlier is not None:
                return Played(earlier, self.session_of(before.state))
            reply = answer(before)
            try:
                with self._database.session() as session:
                    played = self._store(session, before, turn_id, turn, reply)
            except (IntegrityError, Moved):
                continue
            if reply.effects:
                self._outbox.wake()
            return played
        raise Busy(conversation_id)

    def _answer(self, before: Before, turn_id: str, turn: Turn) -> Reply:
        state = self.session_of(before.state)
        turn = turn.model_copy(update={"last": before.updated_at})
        reply = respond(state, turn, self._knowledge)
        for effect in reply.effects:
            if isinstance(effect, LookUpCase):
                # Everybody may ask for their own case; trying other codes is counted.
                mine = effect.code == state.case_code
                who = None if mine else self._addresses.get(turn_id, before.id)
                found = self._look_up(effect.code, who)
                after = respond_to_case(reply.session, turn, effect, found, self._knowledge)
                return after.model_copy(
                    update={"messages": [*reply.messages, *after.messages], "said": reply.said}
                )
        return reply

    def _look_up(self, code: str, who: str | None) -> LookedUp:
        if who is not None and self._code_limit(who) > 0:
            return NotLookedUp.TOO_MANY
        try:
            with self._database.reading() as session:
                return lookup(session, code)
        except UnknownCase:
            return NotLookedUp.UNKNOWN

    def _store(
        self,
        session: DatabaseSession,
        before: Before,
        turn_id: str,
        turn: Turn | None,
        reply: Reply,
    ) -> Played:
        """Carry the effects out and store everything. Raises Moved, and stores nothing."""
        now = claim(session, before, self._clock())
        opened, messages = None, list(reply.messages)
        for effect in reply.effects:
            if isinstance(effect, EraseConversation):
                erase_conversation(session, before.id, self._clock())
                return Played(_identified(messages), Session(), erased=True)
            if isinstance(effect, OpenCase):
                # In the chat a person who gives another contact has been shown the sheet again.
                opening = open_case if turn is not None else open_case_once
                request = request_for(before.id, effect.sheet, effect.contact)
                opened = opening(session, self._vault, request, self._notice, self._clock())
                known = opened.already_open and opened.code == reply.session.case_code
                if turn is not None or not known:
                    # What was done, then what comes next.
                    sheet, knowledge = effect.sheet, self._knowledge
                    receipt = receipt_of(opened, sheet, reply.session, knowledge, self._clock())
                    messages.insert(0, receipt)
                reply.session.case_code = opened.code
        messages = _identified(messages)
        session.execute(
            update(ConversationRecord)
            .where(ConversationRecord.id == before.id)
            .values(state=seal_state(self._vault, reply.session), updated_at=now)
        )
        session.execute(
            insert(TurnRecord).values(conversation_id=before.id, turn_id=turn_id, created_at=now)
        )
        shown = [*_said(session, before.id, turn, reply), *messages]
        rows = [message_values(before.id, turn_id, one, now) for one in shown]
        if rows:
            session.execute(insert(MessageRecord), rows)
        return Played(messages, reply.session, opened=opened)


def _identified(messages: list[Message]) -> list[Message]:
    return [message.model_copy(update={"id": new_id()}) for message in messages]


def _said(
    session: DatabaseSession, conversation_id: str, turn: Turn | None, reply: Reply
) -> list[Message]:
    """Return what the transcript keeps of what the person did: never a contact."""
    if turn is None:
        return []
    words = turn.text if reply.said is None else reply.said
    said = words if turn.value is None else label_of(session, conversation_id, turn.value)
    return [Message(id=new_id(), role=Role.CITIZEN, text=said)]

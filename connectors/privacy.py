"""Erasure on request and retention: the only place where personal data is deleted.

A case that was sent belongs also to the professional: what identifies the person and what
they said is erased, the case stays as « retirée par la personne » so that nobody calls.
After either function commits, call ``Database.scrub`` so that SQLite's journal forgets too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, cast

from sqlalchemy import CursorResult, Delete, delete, select, update
from sqlalchemy.orm import Session

from assistant.handoff import FINAL
from connectors.database import (
    AgentSessionRecord,
    CaseEventRecord,
    CaseRecord,
    ConversationRecord,
    OutboxRecord,
    OutboxStatus,
    TelegramUpdateRecord,
)
from connectors.handoff.follow_up import withdraw

#: Telegram repeats an update for a day at most; a week is a safe margin.
TELEGRAM_DAYS: Final = 7
#: Sent rows hold no content any more, only the trace that they left.
SENT_DAYS: Final = 30

_FINAL: Final = tuple(status.value for status in FINAL)


@dataclass(frozen=True, slots=True)
class Erased:
    """What was deleted, in figures."""

    conversations: int = 0
    cases: int = 0
    emails: int = 0


def erase_conversation(session: Session, conversation_id: str, now: datetime) -> Erased:
    """Erase everything about a conversation: messages, state, links, cases, unsent e-mails.

    An unknown conversation erases nothing. Raises ``ChangedMeanwhile`` if an agent is
    changing its case at this very moment: try again.
    """
    mine = select(CaseRecord.id).where(CaseRecord.conversation_id == conversation_id)
    emails = 0
    cases = session.scalars(mine).all()
    for case_id in cases:
        emails += _erase_case(session, case_id, now)
    # Messages, turns and channel links go with it; cases lose their link to it.
    statement = delete(ConversationRecord).where(ConversationRecord.id == conversation_id)
    return Erased(conversations=_deleted(session, statement), cases=len(cases), emails=emails)


def _erase_case(session: Session, case_id: str, now: datetime) -> int:
    status = select(CaseRecord.status).where(CaseRecord.id == case_id)
    if session.scalars(status).one() not in _FINAL:
        withdraw(session, case_id, now)
    # A theme says nothing alone; in a village, a need with a commune may say who.
    session.execute(
        update(CaseRecord)
        .where(CaseRecord.id == case_id)
        .values(
            contact_encrypted=None,
            words_encrypted=None,
            facts_encrypted=None,
            request_digest=None,
            commune=None,
            urgency_rule=None,
            reason=None,
            said_day=None,
            needs=[],
            proposed=[],
            updated_at=now,
        )
    )
    # The answers of the professional are in the history, sealed.
    history = update(CaseEventRecord).where(CaseEventRecord.case_id == case_id)
    session.execute(history.values(detail={}))
    unsent = delete(OutboxRecord).where(
        OutboxRecord.case_id == case_id, OutboxRecord.status != OutboxStatus.SENT.value
    )
    return _deleted(session, unsent)


def apply_retention(
    session: Session,
    now: datetime,
    conversation_days: int = 30,
    closed_case_months: int = 6,
) -> Erased:
    """Delete what is older than allowed: conversations without a new message for
    ``conversation_days``, cases closed or withdrawn for ``closed_case_months``.

    A case still open outlives its conversation. Sessions of the console, updates of
    Telegram and traces of sent e-mails go after their own, shorter delays.
    """
    silent = delete(ConversationRecord).where(
        ConversationRecord.updated_at < now - timedelta(days=conversation_days)
    )
    finished = delete(CaseRecord).where(
        CaseRecord.status.in_(_FINAL),
        CaseRecord.status_since < months_before(now, closed_case_months),
    )
    sent = delete(OutboxRecord).where(
        OutboxRecord.status == OutboxStatus.SENT.value,
        OutboxRecord.sent_at < now - timedelta(days=SENT_DAYS),
    )
    erased = Erased(
        conversations=_deleted(session, silent),
        cases=_deleted(session, finished),
        emails=_deleted(session, sent),
    )
    session.execute(delete(AgentSessionRecord).where(AgentSessionRecord.expires_at < now))
    received = now - timedelta(days=TELEGRAM_DAYS)
    session.execute(delete(TelegramUpdateRecord).where(TelegramUpdateRecord.received_at < received))
    return erased


def months_before(moment: datetime, months: int) -> datetime:
    """Return the same day and hour ``months`` earlier, or the last day that exists then."""
    total = moment.year * 12 + moment.month - 1 - months
    year, month = divmod(total, 12)
    first = moment.replace(year=year, month=month + 1, day=1)
    next_first = (first + timedelta(days=31)).replace(day=1)
    return first.replace(day=min(moment.day, (next_first - timedelta(days=1)).day))


def _deleted(session: Session, statement: Delete) -> int:
    result = session.execute(statement, execution_options={"synchronize_session": False})
    return cast("CursorResult[tuple[()]]", result).rowcount

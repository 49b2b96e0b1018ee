"""What the console lists: cases and the e-mails that did not leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.handoff import FINAL
from connectors.database import (
    AgentRecord,
    CaseEventRecord,
    CaseRecord,
    OutboxRecord,
    OutboxStatus,
)

_FINAL = tuple(status.value for status in FINAL)
#: A list longer than this cannot be worked with; the count is shown beside it.
OPEN_SHOWN = 200
FINISHED_SHOWN = 20
EMAILS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class ListedCase:
    """A case and the name of its owner."""

    case: CaseRecord
    owner: str | None


@dataclass(frozen=True, slots=True)
class ListedEmail:
    """An outgoing e-mail and the case it is about."""

    email: OutboxRecord
    case_id: str
    code: str


def open_cases(session: Session) -> list[ListedCase]:
    """Return the cases that are not finished, urgent first, then the oldest first."""
    query = (
        select(CaseRecord, AgentRecord.display_name)
        .outerjoin(AgentRecord, AgentRecord.id == CaseRecord.owner_id)
        .where(CaseRecord.status.not_in(_FINAL))
        .order_by(CaseRecord.urgent.desc(), CaseRecord.created_at, CaseRecord.id)
        .limit(OPEN_SHOWN)
    )
    return [ListedCase(case, owner) for case, owner in session.execute(query)]


def finished_cases(session: Session) -> list[ListedCase]:
    """Return the cases finished last, newest first."""
    query = (
        select(CaseRecord, AgentRecord.display_name)
        .outerjoin(AgentRecord, AgentRecord.id == CaseRecord.owner_id)
        .where(CaseRecord.status.in_(_FINAL))
        .order_by(CaseRecord.status_since.desc(), CaseRecord.id)
        .limit(FINISHED_SHOWN)
    )
    return [ListedCase(case, owner) for case, owner in session.execute(query)]


def stuck_emails(session: Session) -> list[ListedEmail]:
    """Return the e-mails given up or held, those given up first."""
    stuck = (OutboxStatus.DEAD.value, OutboxStatus.HELD.value)
    query = (
        select(OutboxRecord, CaseRecord.id, CaseRecord.code)
        .join(CaseRecord, CaseRecord.id == OutboxRecord.case_id)
        .where(OutboxRecord.status.in_(stuck))
        .order_by(OutboxRecord.status, OutboxRecord.created_at)
        .limit(EMAILS_SHOWN)
    )
    return [ListedEmail(*row) for row in session.execute(query)]


def emails_of(session: Session, case_id: str) -> Sequence[OutboxRecord]:
    """Return the e-mails of a case, oldest first."""
    query = select(OutboxRecord).where(OutboxRecord.case_id == case_id)
    return session.scalars(query.order_by(OutboxRecord.id)).all()


def history_of(session: Session, case_id: str) -> Sequence[CaseEventRecord]:
    """Return what happened to a case, oldest first."""
    query = select(CaseEventRecord).where(CaseEventRecord.case_id == case_id)
    return session.scalars(query.order_by(CaseEventRecord.id)).all()


def agent_names(session: Session) -> dict[str, str]:
    """Return the names of the professionals, those who left included."""
    rows = session.execute(select(AgentRecord.id, AgentRecord.display_name))
    return {row.id: row.display_name for row in rows}

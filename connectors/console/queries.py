"""What the console lists: cases and the e-mails that did not leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from assistant.handoff import FINAL, Status
from connectors.database import (
    AgentRecord,
    CaseEventRecord,
    CaseRecord,
    OutboxRecord,
    OutboxStatus,
)
from knowledge_base.vocabulary import Labelled

_FINAL = tuple(status.value for status in FINAL)
#: Nobody answers for them yet.
_WAITING = (Status.SENT.value, Status.READ.value, Status.EXPIRED.value)
#: How many of each list are on one page.
OPEN_PAGE: Final = 50
FINISHED_PAGE: Final = 20
EMAILS_PAGE: Final = 20

Listed = TypeVar("Listed")


@dataclass(frozen=True, slots=True)
class ListedCase:
    """A case and the name of its owner."""

    case: CaseRecord
    owner: str | None


@dataclass(frozen=True, slots=True)
class ListedEmail:
    """An outgoing e-mail and the case it is about, if any."""

    email: OutboxRecord
    case_id: str | None
    code: str | None


@dataclass(frozen=True, slots=True)
class Page(Generic[Listed]):
    """A part of a list: page ``number`` of ``pages``, from 1; ``total`` counts the whole list."""

    rows: list[Listed]
    total: int
    number: int
    pages: int


class View(Labelled):
    """Which cases are listed."""

    ALL = "toutes", "Toutes"
    TO_TAKE = "a-prendre", "À prendre"
    MINE = "miennes", "Mes demandes"


@dataclass(frozen=True, slots=True)
class Choice:
    """What an agent asks to see of the list; "" stands for every theme, every commune."""

    view: View = View.ALL
    theme: str = ""
    commune: str = ""

    def parameters(self) -> dict[str, str]:
        """Return what the address of the list carries for this choice."""
        view = self.view.value if self.view is not View.ALL else ""
        given = {"vue": view, "theme": self.theme, "commune": self.commune}
        return {name: value for name, value in given.items() if value}

    def narrow(
        self, query: Select[CaseRecord, str | None], agent_id: str
    ) -> Select[CaseRecord, str | None]:
        """Return the query of the cases that are asked for."""
        if self.view is View.TO_TAKE:
            query = query.where(CaseRecord.status.in_(_WAITING))
        if self.view is View.MINE:
            query = query.where(CaseRecord.owner_id == agent_id)
        if self.theme:
            query = query.where(CaseRecord.theme == self.theme)
        # PostgreSQL refuses a null character instead of finding nothing.
        commune = self.commune.replace("\0", "")
        return query.where(CaseRecord.commune == commune) if commune else query


def open_cases(
    session: Session, agent_id: str, choice: Choice, number: int = 1
) -> Page[ListedCase]:
    """Return the cases that are not finished, urgent first, then the oldest first."""
    query = (
        _cases()
        .where(CaseRecord.status.not_in(_FINAL))
        .order_by(CaseRecord.urgent.desc(), CaseRecord.due_at, CaseRecord.created_at, CaseRecord.id)
    )
    return _page(session, choice.narrow(query, agent_id), ListedCase, number, OPEN_PAGE)


def finished_cases(
    session: Session, agent_id: str, choice: Choice, number: int = 1
) -> Page[ListedCase]:
    """Return the cases that ended, the last one first."""
    query = (
        _cases()
        .where(CaseRecord.status.in_(_FINAL))
        .order_by(CaseRecord.status_since.desc(), CaseRecord.id)
    )
    return _page(session, choice.narrow(query, agent_id), ListedCase, number, FINISHED_PAGE)


def _cases() -> Select[CaseRecord, str | None]:
    query = select(CaseRecord, AgentRecord.display_name)
    return query.outerjoin(AgentRecord, AgentRecord.id == CaseRecord.owner_id)


def late_count(session: Session, now: datetime) -> int:
    """Return how many cases somebody should have taken by now."""
    late = (CaseRecord.status.in_(_WAITING), CaseRecord.due_at <= now)
    return session.scalar(select(func.count()).select_from(CaseRecord).where(*late)) or 0


def themes_of_cases(session: Session) -> Sequence[str]:
    """Return the themes of the cases there are."""
    return session.scalars(select(CaseRecord.theme).distinct()).all()


def communes_of_cases(session: Session) -> Sequence[str]:
    """Return the communes of the cases there are, as codes INSEE."""
    query = select(CaseRecord.commune).where(CaseRecord.commune.is_not(None)).distinct()
    return [code for code in session.scalars(query) if code]


def stuck_emails(session: Session, number: int = 1) -> Page[ListedEmail]:
    """Return the e-mails given up or held, those given up first."""
    stuck = (OutboxStatus.DEAD.value, OutboxStatus.HELD.value)
    query = (
        select(OutboxRecord, CaseRecord.id, CaseRecord.code)
        .outerjoin(CaseRecord, CaseRecord.id == OutboxRecord.case_id)
        .where(OutboxRecord.status.in_(stuck))
        .order_by(OutboxRecord.status, OutboxRecord.created_at, OutboxRecord.id)
    )
    return _page(session, query, ListedEmail, number, EMAILS_PAGE)


def _page(
    session: Session, query: Select[*tuple[Any, ...]], kind: type[Listed], number: int, size: int
) -> Page[Listed]:
    """Return a page of ``size`` rows of ``query``; the nearest one when ``number`` is not there."""
    counted = query.order_by(None).with_only_columns(func.count(), maintain_column_froms=True)
    total = session.scalar(counted) or 0
    pages = max(1, -(-total // size))
    number = min(max(1, number), pages)
    rows = session.execute(query.limit(size).offset((number - 1) * size))
    return Page([kind(*row) for row in rows], total, number, pages)


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

"""Cases: opened with consent, looked up by the code of the receipt.

Every function works in the caller's transaction. What happens next to a case is in
``follow_up``.

    CaseError
    ├── UnknownCase                      no case has this id or this code
    ├── OtherContact                     the same request is open with another contact
    ├── follow_up.ChangedMeanwhile       others keep changing the case; look again
    ├── follow_up.ReplyRefused           the text cannot be sent, with a French sentence
    └── follow_up.NoteRefused            the note cannot be kept, with a French sentence
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assistant.business_days import due_date, french_moment
from assistant.handoff import Case, Contact, HandoffRequest, Send, Status, apply
from assistant.receipt import PublicStatus, new_code, read_code
from connectors.database import AgentRecord, CaseEventRecord, CaseRecord, new_id
from connectors.encryption import Vault
from connectors.handoff.email import Kind
from connectors.handoff.outbox import queue
from connectors.handoff.sheet import read_contact, read_sheet, seal_sheet
from knowledge_base.vocabulary import Theme

#: Who acts when it is not an agent.
PERSON: Final = "person"
CLOCK: Final = "clock"


class CaseError(Exception):
    """A case cannot be opened, found or changed."""


class UnknownCase(CaseError):
    """No case has this id or this code."""


class OtherContact(CaseError):
    """The same request is open under ``code`` with another contact; nothing was changed."""

    def __init__(self, code: str) -> None:
        super().__init__("the same request is open with another contact")
        self.code = code


@dataclass(frozen=True, slots=True)
class Notice:
    """Who is told of a new case: ``recipient`` by e-mail, or nobody but the inbox (None).

    ``console_url`` is where the console is reached, without a final slash; ``smtp`` says
    whether a server is configured: without it the e-mail waits and the person is told so.
    """

    recipient: str | None
    console_url: str
    smtp: bool


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """What the person is told. ``emailed`` is False when the case is only in the inbox."""

    case_id: str
    code: str
    status: Status
    due_at: datetime
    emailed: bool
    already_open: bool = False


# ------------------------------------------------------------------------------ opening


def open_case(
    session: Session, vault: Vault, request: HandoffRequest, notice: Notice, now: datetime
) -> OpenedCase:
    """Store the case and its e-mail in one transaction; the caller has the consent.

    The same request sent again while its case is open gives that case again.
    """
    fingerprint = vault.fingerprint(_plain(request))
    record = _same_request(session, fingerprint)
    if record is not None:
        return _opened(record, notice, already_open=True)
    record = _new_record(vault, request, notice, now)
    record.request_digest = fingerprint
    try:
        with session.begin_nested():
            _insert(session, record)
    except IntegrityError:
        # The same request, a moment ago, in another copy of the service.
        record = _same_request(session, fingerprint)
        if record is None:
            raise
        return _opened(record, notice, already_open=True)
    log_event(session, record.id, "consent", PERSON, now)
    log_event(session, record.id, Status.SENT.value, PERSON, now)
    notify(session, vault, record, notice.console_url, Kind.NOTIFICATION, now)
    return _opened(record, notice, already_open=False)


def open_case_once(
    session: Session, vault: Vault, request: HandoffRequest, notice: Notice, now: datetime
) -> OpenedCase:
    """Do as ``open_case`` for a program that may ask again: one sheet is one open case.

    A contact that says nothing new gives the open case. One that says something else may be a
    correction or a mistake: neither written over the first, which a professional may already
    have read, nor sent as a second case. Raises OtherContact.
    """
    same = [
        record
        for record in _still_open(session, request.conversation_id)
        if _same_sheet(vault, record, request)
    ]
    for record in same:
        if _says_nothing_new(read_contact(vault, record), request.contact):
            return _opened(record, notice, already_open=True)
    if same:
        raise OtherContact(same[-1].code)
    return open_case(session, vault, request, notice, now)


def _still_open(session: Session, conversation_id: str | None) -> list[CaseRecord]:
    query = select(CaseRecord).where(
        CaseRecord.conversation_id == conversation_id, CaseRecord.request_digest.is_not(None)
    )
    return list(session.scalars(query.order_by(CaseRecord.created_at)))


def _same_sheet(vault: Vault, record: CaseRecord, request: HandoffRequest) -> bool:
    """Tell whether the case holds all that the request does, contact apart."""
    told = (record.theme, record.urgency_rule, [*record.needs], [*record.proposed])
    asked = (request.theme, request.urgency_rule, [*request.needs], [*request.proposed])
    if told != asked:
        return False
    sheet = read_sheet(vault, record)
    return (sheet.words, dict(sheet.facts)) == (request.words, dict(request.facts))


def _says_nothing_new(known: Contact | None, given: Contact) -> bool:
    if known is None:
        return False
    before, after = asdict(known), asdict(given)
    return all(not value or value == before[name] for name, value in after.items())


def _opened(record: CaseRecord, notice: Notice, *, already_open: bool) -> OpenedCase:
    return OpenedCase(
        case_id=record.id,
        code=record.code,
        status=Status(record.status),
        due_at=record.due_at or due_date(record.status_since, urgent=record.urgent),
        emailed=record.notify_email is not None and notice.smtp,
        already_open=already_open,
    )


def _plain(request: HandoffRequest) -> dict[str, object]:
    facts = {name: asdict(fact) for name, fact in request.facts.items()}
    day = _said_day(request)
    plain = asdict(replace(request, facts={}, deadline=None))
    return {**plain, "facts": facts, "deadline": day.isoformat() if day is not None else None}


def _same_request(session: Session, fingerprint: str) -> CaseRecord | None:
    query = select(CaseRecord).where(CaseRecord.request_digest == fingerprint)
    return session.scalars(query).one_or_none()


def _new_record(vault: Vault, request: HandoffRequest, notice: Notice, now: datetime) -> CaseRecord:
    draft = Case(
        urgent=request.urgent, place_id=request.place_id, since=now, said=_said_day(request)
    )
    sent = apply(draft, Send(), now)
    return CaseRecord(
        id=new_id(),
        conversation_id=request.conversation_id,
        status=sent.status.value,
        status_since=sent.since,
        urgent=sent.urgent,
        urgency_rule=request.urgency_rule,
        theme=request.theme,
        needs=list(request.needs),
        proposed=list(request.proposed),
        commune=request.commune,
        place_id=sent.place_id,
        place_name=request.place_name,
        notify_email=notice.recipient,
        tried=[],
        due_at=sent.due_at,
        said_day=sent.said,
        created_at=now,
        updated_at=now,
        **seal_sheet(vault, request),
    )


def _said_day(request: HandoffRequest) -> date | None:
    return request.deadline.day if request.deadline is not None else None


def _insert(session: Session, record: CaseRecord) -> None:
    taken = select(CaseRecord.code)
    record.code = new_code()
    while session.scalar(select(exists(taken.where(CaseRecord.code == record.code)))):
        record.code = new_code()
    session.add(record)
    session.flush()


def notify(
    session: Session, vault: Vault, record: CaseRecord, url: str, kind: Kind, now: datetime
) -> None:
    """Queue an e-mail for the place, if it has an address."""
    if record.notify_email is None:
        return
    payload = {
        "to": record.notify_email,
        "code": record.code,
        "theme": theme_label(record.theme),
        "urgent": record.urgent,
        "due": french_moment(record.due_at) if record.due_at else "",
        "url": f"{url}/console/cases/{record.id}",
    }
    queue(
        session,
        vault,
        kind=kind,
        case_id=record.id,
        delivery_id=f"{kind.value}-{record.id}-{record.version}",
        payload=payload,
        now=now,
    )


def log_event(
    session: Session,
    case_id: str,
    kind: str,
    actor: str,
    now: datetime,
    detail: dict[str, object] | None = None,
) -> None:
    """Add a line to the history of the case; ``detail`` holds no personal data in clear."""
    session.add(
        CaseEventRecord(case_id=case_id, kind=kind, actor=actor, detail=detail or {}, at=now)
    )


# ------------------------------------------------------------------------------- reading


def find_case(session: Session, case_id: str) -> CaseRecord:
    """Return the case; raise ``UnknownCase``."""
    # PostgreSQL refuses a null character instead of finding nothing.
    record = session.get(CaseRecord, case_id.replace("\0", ""))
    if record is None:
        raise UnknownCase("no case has this id")
    return record


def case_with_code(session: Session, code: str) -> str | None:
    """Return the id of the case with this receipt code, read as people type it."""
    query = select(CaseRecord.id).where(CaseRecord.code == (read_code(code) or ""))
    return session.scalars(query).one_or_none()


def theme_label(theme: str) -> str:
    """Return the French name of a theme; one that left the list stays readable."""
    return next((known.label for known in Theme if known.value == theme), theme)


def lookup(session: Session, code: str) -> PublicStatus:
    """Say where the case with this receipt code stands; raise ``UnknownCase``.

    ``code`` is read as people type it.
    """
    query = (
        select(CaseRecord, AgentRecord.display_name)
        .outerjoin(AgentRecord, AgentRecord.id == CaseRecord.owner_id)
        .where(CaseRecord.code == (read_code(code) or ""))
    )
    found = session.execute(query).one_or_none()
    if found is None:
        raise UnknownCase("no case has this code")
    record, owner_name = found
    status = Status(record.status)
    waiting = status in (Status.SENT, Status.READ)
    return PublicStatus(
        status=status,
        label=status.label,
        since=record.status_since,
        taken_by=owner_name,
        due=record.due_at if waiting else None,
        place_name=record.place_name,
    )

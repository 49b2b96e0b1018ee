"""What happens to a case once it has arrived: opened, taken, answered, closed.

Every function works in the caller's transaction. A change of state is decided by the pure
machine of ``assistant.handoff``, which may raise ``TransitionRefused``, and is written
only if nobody changed the case meanwhile: two agents can never own the same case.

    CaseError (cases)
    ├── ChangedMeanwhile     others keep changing the case; look again
    ├── ReplyRefused         the text cannot be sent, with a French sentence
    └── NoteRefused          the note cannot be kept, with a French sentence
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from assistant.handoff import (
    FINAL,
    Case,
    Close,
    Event,
    Expire,
    MarkRead,
    NotReached,
    Outcome,
    Refusal,
    Release,
    Reopen,
    Reply,
    Status,
    Take,
    TransitionRefused,
    Withdraw,
    apply,
)
from connectors.database import CaseEventRecord, CaseRecord, OutboxRecord
from connectors.encryption import Vault
from connectors.handoff.cases import CLOCK, PERSON, CaseError, find_case, log_event, notify
from connectors.handoff.email import Kind
from connectors.handoff.outbox import queue
from connectors.handoff.sheet import read_contact

MAX_REPLY: Final = 5000
#: A note is short: « message laissé mardi ».
MAX_NOTE: Final = 500
NOTE: Final = "note"
_TRIES: Final = 3

#: How an event is called in the history of a case.
EVENT_KINDS: Final[dict[type, str]] = {
    MarkRead: "read",
    Take: "taken",
    Reply: "reply",
    Release: "released",
    NotReached: "unreachable",
    Close: "closed",
    Reopen: "reopened",
    Expire: "expired",
    Withdraw: "withdrawn",
}


class ChangedMeanwhile(CaseError):
    """Others keep changing the case; look again."""


class ReplyRefused(CaseError):
    """The text cannot be sent; ``str()`` is a French sentence for the professional."""


class NoteRefused(CaseError):
    """The note cannot be kept; ``str()`` is a French sentence for the professional."""


def has_opened(session: Session, case_id: str, agent_id: str) -> bool:
    """Say whether the agent opened or took the case."""
    query = select(CaseEventRecord.id).where(
        CaseEventRecord.case_id == case_id, CaseEventRecord.actor == agent_id
    )
    return session.scalars(query.limit(1)).first() is not None


def mark_read(session: Session, case_id: str, agent_id: str, now: datetime) -> CaseRecord:
    """Record that an agent opened the case; the first one makes it « lue »."""
    record = find_case(session, case_id)
    if record.status == Status.SENT.value:
        return _move(session, case_id, MarkRead(agent_id), now, agent_id)
    if not has_opened(session, case_id, agent_id):
        log_event(session, case_id, EVENT_KINDS[MarkRead], agent_id, now)
    return record


def take(session: Session, case_id: str, agent_id: str, now: datetime) -> CaseRecord:
    """Make the agent the one owner; raise ``TransitionRefused`` if somebody else is."""
    return _move(session, case_id, Take(agent_id), now, agent_id)


def release(session: Session, case_id: str, agent_id: str, now: datetime) -> CaseRecord:
    """Give the case back to the inbox."""
    return _move(session, case_id, Release(agent_id), now, agent_id)


def not_reached(session: Session, case_id: str, agent_id: str, now: datetime) -> CaseRecord:
    """Record that the owner could not reach the person."""
    return _move(session, case_id, NotReached(agent_id), now, agent_id)


def close(
    session: Session, case_id: str, agent_id: str, outcome: Outcome, now: datetime
) -> CaseRecord:
    """End the case with an outcome."""
    return _move(session, case_id, Close(agent_id, outcome), now, agent_id)


def reopen(session: Session, case_id: str, agent_id: str, now: datetime) -> CaseRecord:
    """Go on with a case closed by mistake; what the person erased does not come back."""
    record = find_case(session, case_id)
    event = Reopen(agent_id)
    if record.status == Status.CLOSED.value and is_erased(record):
        raise TransitionRefused(Status.CLOSED, event, Refusal.WITHDRAWN)
    return _move(session, case_id, event, now, agent_id)


def is_erased(record: CaseRecord) -> bool:
    """Say whether the person erased what the case held."""
    return record.contact_encrypted is None


def add_note(
    session: Session,
    vault: Vault,
    case_id: str,
    agent_id: str,
    text: str,
    *,
    note_key: str,
    now: datetime,
) -> None:
    """Keep a note for the professionals in the history, sealed; the person never reads it.

    The same ``note_key`` twice keeps one. Raises ``NoteRefused``.
    """
    find_case(session, case_id)
    if not has_opened(session, case_id, agent_id):
        raise NoteRefused("Ouvrez la demande avant d’écrire une note.")
    text = text.strip()
    if not text:
        raise NoteRefused("Écrivez votre note avant de l’enregistrer.")
    if len(text) > MAX_NOTE:
        raise NoteRefused(f"Cette note est trop longue. Limitez-la à {MAX_NOTE} caractères.")
    # Also makes an erasure wait: no note may be kept just after it.
    alive = update(CaseRecord).where(
        CaseRecord.id == case_id, CaseRecord.contact_encrypted.is_not(None)
    )
    done = session.execute(
        alive.values(updated_at=now), execution_options={"synchronize_session": False}
    )
    if cast("CursorResult[tuple[()]]", done).rowcount != 1:
        raise NoteRefused("La personne a effacé sa demande : aucune note n’est gardée.")
    if not _has_note(session, case_id, note_key):
        detail: dict[str, object] = {"sealed": vault.seal(text), "key": note_key}
        log_event(session, case_id, NOTE, agent_id, now, detail)


def _has_note(session: Session, case_id: str, note_key: str) -> bool:
    query = select(CaseEventRecord.detail).where(
        CaseEventRecord.case_id == case_id, CaseEventRecord.kind == NOTE
    )
    return any(detail.get("key") == note_key for detail in session.scalars(query))


def withdraw(session: Session, case_id: str, now: datetime) -> CaseRecord:
    """The person takes the request back; what it held is erased by ``privacy``."""
    return _move(session, case_id, Withdraw(), now, PERSON)


def reply(
    session: Session,
    vault: Vault,
    case_id: str,
    agent_id: str,
    text: str,
    *,
    reply_key: str,
    now: datetime,
) -> None:
    """Queue the owner's answer to the person's e-mail address.

    The same ``reply_key`` twice sends one e-mail. Raises ``ReplyRefused`` or
    ``TransitionRefused``.
    """
    delivery_id = f"{Kind.REPLY.value}-{case_id}-{reply_key}"
    query = select(OutboxRecord.id).where(OutboxRecord.delivery_id == delivery_id)
    if session.scalars(query).first() is not None:
        return
    record = _move(session, case_id, Reply(agent_id), now, agent_id, sealed=vault.seal(text))
    contact = read_contact(vault, record)
    payload = {
        "to": _checked_reply(text, contact.email if contact else None),
        "code": record.code,
        "place_name": record.place_name,
        "text": text.strip(),
    }
    queue(
        session,
        vault,
        kind=Kind.REPLY,
        case_id=case_id,
        delivery_id=delivery_id,
        payload=payload,
        now=now,
    )


def _checked_reply(text: str, email: str | None) -> str:
    if email is None:
        raise ReplyRefused("La personne n’a pas donné d’adresse e-mail. Appelez-la.")
    if not text.strip():
        raise ReplyRefused("Écrivez votre réponse avant de l’envoyer.")
    if len(text) > MAX_REPLY:
        raise ReplyRefused(f"Cette réponse est trop longue. Limitez-la à {MAX_REPLY} caractères.")
    return email


def expire_overdue(session: Session, vault: Vault, console_url: str, now: datetime) -> int:
    """Mark the cases nobody took in time and remind the place; return how many.

    Call it now and then; several copies of the service may do so.
    """
    waiting = (Status.SENT.value, Status.READ.value)
    overdue = select(CaseRecord.id).where(CaseRecord.status.in_(waiting), CaseRecord.due_at <= now)
    count = 0
    for case_id in session.scalars(overdue).all():
        try:
            record = _move(session, case_id, Expire(), now, CLOCK)
        except TransitionRefused:
            continue  # somebody took it just now
        notify(session, vault, record, console_url, Kind.REMINDER, now)
        count += 1
    return count


def _move(
    session: Session,
    case_id: str,
    event: Event,
    now: datetime,
    actor: str,
    sealed: str | None = None,
) -> CaseRecord:
    """Apply the event and write it, unless the case changed since it was read."""
    record = find_case(session, case_id)
    for _ in range(_TRIES):
        state = apply(state_of(record), event, now)
        if _write(session, record, state, now):
            session.refresh(record)
            detail: dict[str, object] = {"sealed": sealed} if sealed else {}
            log_event(session, case_id, EVENT_KINDS[type(event)], actor, now, detail)
            return record
        # Somebody was faster: the machine says what that means for this event.
        session.refresh(record)
    raise ChangedMeanwhile(f"case {case_id} changes too often")


def _write(session: Session, record: CaseRecord, state: Case, now: datetime) -> bool:
    values: dict[str, object] = {
        "status": state.status.value,
        "status_since": state.since,
        "place_id": state.place_id,
        "tried": list(state.tried),
        "owner_id": state.owner,
        "due_at": state.due_at,
        "outcome": state.outcome.value if state.outcome else None,
        "reason": state.reason,
        "updated_at": now,
        "version": record.version + 1,
    }
    if state.status in FINAL:
        values["request_digest"] = None
    unchanged = (CaseRecord.id == record.id, CaseRecord.version == record.version)
    statement = update(CaseRecord).where(*unchanged).values(**values)
    done = session.execute(statement, execution_options={"synchronize_session": False})
    return cast("CursorResult[tuple[()]]", done).rowcount == 1


def state_of(record: CaseRecord) -> Case:
    """Return the state of a stored case, as the pure machine knows it."""
    return Case(
        urgent=record.urgent,
        place_id=record.place_id,
        since=record.status_since,
        status=Status(record.status),
        owner=record.owner_id,
        due_at=record.due_at,
        outcome=Outcome(record.outcome) if record.outcome else None,
        reason=record.reason,
        tried=tuple(record.tried),
        said=record.said_day,
    )

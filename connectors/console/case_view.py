"""What a professional may see of a case, and do with it, at this moment.

Words, answers and notes are shown to those who opened the case; the contact, and what was
written to the person, to its owner only: taking the case, which its history keeps, shows them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from assistant.handoff import (
    Close,
    Contact,
    Event,
    NotReached,
    Outcome,
    Release,
    Reopen,
    Reply,
    Status,
    Take,
    is_possible,
)
from connectors.console.auth import SignedIn
from connectors.console.pages import Console
from connectors.console.queries import agent_names, emails_of, history_of
from connectors.database import CaseEventRecord, CaseRecord, OutboxRecord
from connectors.encryption import Unreadable, Vault
from connectors.handoff.cases import CLOCK, PERSON, find_case
from connectors.handoff.contact import hide_contact
from connectors.handoff.follow_up import NOTE, has_opened, is_erased, state_of
from connectors.handoff.sheet import Sheet, read_contact, read_sheet

_ACTORS: Final = {PERSON: "La personne", CLOCK: "Le service"}


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One event, as read; ``text`` is the answer or the note, for those who may read it."""

    at: datetime
    who: str
    kind: str
    text: str | None


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case for one professional; ``sheet`` and ``contact`` are None when not theirs to see."""

    case: CaseRecord
    owner: str | None
    mine: bool
    opened: bool
    late: bool
    needs: Sequence[str]
    proposed: Sequence[str]
    commune: str | None
    danger: str | None
    history: Sequence[HistoryLine]
    emails: Sequence[OutboxRecord]
    actions: frozenset[str]
    sheet: Sheet | None = None
    contact: Contact | None = None
    may_see_contact: bool = False
    may_note: bool = False
    unreadable: bool = False
    outcomes: Sequence[Outcome] = field(default_factory=lambda: tuple(Outcome))


def view_case(session: Session, console: Console, agent: SignedIn, case_id: str) -> CaseView:
    """Return what this professional may see; raise ``UnknownCase``."""
    case = find_case(session, case_id)
    names = agent_names(session)
    mine = case.owner_id == agent.agent_id
    opened = mine or has_opened(session, case_id, agent.agent_id)
    sheet, contact, unreadable = None, None, False
    events = history_of(session, case_id)
    try:
        sheet = read_sheet(console.vault, case) if opened else None
        contact = read_contact(console.vault, case) if mine else None
        texts = {one.id: _text(console.vault, one, mine=mine) for one in events if opened}
    except Unreadable:
        unreadable, texts = True, {}
    history = [HistoryLine(one.at, _who(one, names), one.kind, texts.get(one.id)) for one in events]
    return CaseView(
        case=case,
        owner=names.get(case.owner_id or ""),
        mine=mine,
        opened=opened,
        late=is_late(case, console.clock()),
        needs=[console.entry_title(entry) for entry in case.needs],
        proposed=[console.entry_title(entry) for entry in case.proposed],
        commune=console.commune_name(case.commune) if case.commune else None,
        danger=console.danger_label(case.urgency_rule) if case.urgency_rule else None,
        history=history,
        emails=emails_of(session, case_id),
        actions=_actions(case, agent, contact, console.clock()),
        sheet=sheet,
        contact=contact,
        may_see_contact=mine or is_erased(case),
        may_note=opened and not is_erased(case),
        unreadable=unreadable,
    )


def is_late(case: CaseRecord, now: datetime) -> bool:
    """Say whether somebody should have taken the case by now."""
    waiting = case.status in (Status.SENT.value, Status.READ.value, Status.EXPIRED.value)
    return waiting and case.due_at is not None and case.due_at <= now


def _who(event: CaseEventRecord, names: Mapping[str, str]) -> str:
    return _ACTORS.get(event.actor) or names.get(event.actor, "Un professionnel")


def _text(vault: Vault, event: CaseEventRecord, *, mine: bool) -> str | None:
    """Return the answer or the note of an event, as far as one may read it."""
    sealed = event.detail.get("sealed")
    if not isinstance(sealed, str) or not (mine or event.kind == NOTE):
        return None
    text = str(vault.open(sealed))
    # A number noted in a hurry is a contact too.
    return text if mine else hide_contact(text)


def _actions(
    case: CaseRecord, agent: SignedIn, contact: Contact | None, now: datetime
) -> frozenset[str]:
    by = agent.agent_id
    events: dict[str, Event] = {
        "take": Take(by),
        "release": Release(by),
        "not-reached": NotReached(by),
        "close": Close(by, Outcome.HELPED),
    }
    if not is_erased(case):
        events["reopen"] = Reopen(by)
    if contact is not None and contact.email is not None:
        events["reply"] = Reply(by)
    state = state_of(case)
    return frozenset(name for name, event in events.items() if is_possible(state, event, now))

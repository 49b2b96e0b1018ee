"""Handing a case to a professional: what is sent, and where it stands.

``draft → sent → read → taken → closed``, with ``refused → sent`` (another place),
``unreachable``, ``expired`` (nobody answered in time), ``withdrawn`` (the person changed
their mind) and ``closed → taken`` (closed by mistake). The machine is pure: it is given the
state, the event and the time, and returns the next state or raises ``TransitionRefused``.
Storage, e-mail and the console live in ``connectors``.

    HandoffError
    ├── TransitionRefused   the event is not possible in this state
    ├── NothingToSend       nothing was said: the case would be empty
    └── Declined            the person said no, and has not agreed since
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from assistant.business_days import due_date
from assistant.conversation import Provenance, ReportedFact, SaidDay
from knowledge_base.vocabulary import Labelled

# ------------------------------------------------------------------ what is handed over

#: Characters of the safe hours, whoever gives them.
MAX_SAFE_HOURS: Final = 200

#: How the professional reads where an answer comes from; what is absent was not asked.
PROVENANCE_LABELS: Final[dict[Provenance, str]] = {
    Provenance.SAID: "dit par la personne",
    Provenance.ANSWERED: "répondu à une question",
    Provenance.DEDUCED: "déduit d’une autre réponse",
}


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach the person; made by ``connectors.handoff.contact.validate_contact``.

    ``phone`` is in E.164 form. ``safe_message_ok`` says whether a message may be left on it.
    ``whose`` tells that it is the contact of somebody else: « ma voisine ».
    """

    phone: str | None = None
    email: str | None = None
    name: str | None = None
    safe_hours: str | None = None
    safe_message_ok: bool = False
    whose: str | None = None


@dataclass(frozen=True, slots=True)
class HandoffRequest:
    """Everything the professional receives: the sheet shown before consent, and the contact.

    The fields of the sheet are those of ``assistant.conversation.RequestSheet``;
    ``commune``, a code INSEE, is one of its facts.
    """

    conversation_id: str | None
    theme: str
    needs: tuple[str, ...]
    urgent: bool
    urgency_rule: str | None
    commune: str | None
    place_id: str
    place_name: str
    words: tuple[str, ...]
    contact: Contact
    facts: Mapping[str, ReportedFact] = field(default_factory=dict)
    proposed: tuple[str, ...] = ()
    deadline: SaidDay | None = None


# ------------------------------------------------------------------------- the states


class Status(Labelled):
    """Where a case stands; the label is the sentence the person reads."""

    DRAFT = "draft", "Votre demande n’est pas encore envoyée."
    SENT = "sent", "Votre demande est arrivée. Elle attend d’être lue."
    READ = "read", "Votre demande a été lue. Un professionnel va s’en occuper."
    TAKEN = "taken", "Un professionnel s’occupe de votre demande."
    CLOSED = "closed", "Votre demande est terminée. Vous pouvez en faire une autre."
    REFUSED = "refused", "Ce lieu ne peut pas vous aider. Nous cherchons le bon lieu."
    UNREACHABLE = (
        "unreachable",
        "Un professionnel a essayé de vous joindre, sans réussir. Il va essayer encore.",
    )
    EXPIRED = "expired", "Personne n’a répondu à temps. Le retard est signalé au service."
    WITHDRAWN = "withdrawn", "Vous avez retiré votre demande. Vous pouvez en faire une autre."


class Outcome(Labelled):
    """How a case ended, as the professional says it."""

    HELPED = "helped", "La personne a été aidée"
    APPOINTMENT = "appointment", "Un rendez-vous est pris"
    REDIRECTED = "redirected", "Orientée vers un autre service"
    UNREACHABLE = "unreachable", "Impossible de joindre la personne"
    NO_LONGER_NEEDED = "no_longer_needed", "La personne n’a plus besoin d’aide"


#: States in which one professional answers for the case.
OWNED: Final = frozenset({Status.TAKEN, Status.UNREACHABLE})
#: States in which nobody waits any more; only who closed a case by mistake leaves one.
FINAL: Final = frozenset({Status.CLOSED, Status.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Case:
    """The state of one case.

    ``since`` is when the status was reached, ``due_at`` when somebody must have taken the
    case; ``said`` is the day by which it is too late for the person, or since when something is
    missing; ``tried`` lists the places that refused it or let it expire, oldest first.
    """

    urgent: bool
    place_id: str
    since: datetime
    status: Status = Status.DRAFT
    owner: str | None = None
    due_at: datetime | None = None
    outcome: Outcome | None = None
    reason: str | None = None
    tried: tuple[str, ...] = ()
    said: date | None = None


# ------------------------------------------------------------------------- the events


@dataclass(frozen=True, slots=True)
class Send:
    """The person has consented: the case leaves."""


@dataclass(frozen=True, slots=True)
class MarkRead:
    """Somebody of the place opened the case."""

    by: str


@dataclass(frozen=True, slots=True)
class Take:
    """« Je prends » ; from ``unreachable``, the owner tries again."""

    by: str


@dataclass(frozen=True, slots=True)
class Reply:
    """The owner wrote to the person."""

    by: str


@dataclass(frozen=True, slots=True)
class Release:
    """The owner gives the case back to the inbox."""

    by: str


@dataclass(frozen=True, slots=True)
class NotReached:
    """« Je n’ai pas réussi à joindre »."""

    by: str


@dataclass(frozen=True, slots=True)
class Close:
    """The owner ends the case."""

    by: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Reopen:
    """The owner goes on with a case that was closed by mistake."""

    by: str


@dataclass(frozen=True, slots=True)
class Refuse:
    """« Ce n’est pas pour moi », with the reason."""

    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reroute:
    """The case goes to another place."""

    place_id: str


@dataclass(frozen=True, slots=True)
class Expire:
    """The due date passed and nobody has taken the case."""


@dataclass(frozen=True, slots=True)
class Withdraw:
    """The person takes their request back."""


Event = (
    Send
    | MarkRead
    | Take
    | Reply
    | Release
    | NotReached
    | Close
    | Reopen
    | Refuse
    | Reroute
    | Expire
    | Withdraw
)


class Refusal(Labelled):
    """Why an event is not possible; the label is for the professional."""

    OTHER_OWNER = "other_owner", "Cette demande est déjà prise par une autre personne."
    NOT_OWNER = "not_owner", "Seule la personne qui a pris cette demande peut faire cela."
    WITHDRAWN = "withdrawn", "La personne a retiré sa demande."
    CLOSED = "closed", "Cette demande est déjà terminée."
    NOT_DUE = "not_due", "Le délai de réponse n’est pas encore passé."
    SAME_PLACE = "same_place", "Ce lieu a déjà reçu cette demande."
    WRONG_STEP = "wrong_step", "Cette action n’est pas possible à cette étape."


class HandoffError(Exception):
    """Something about a hand-off is not possible."""


class NothingToSend(HandoffError):
    """Nothing was said: the case would be empty."""


class Declined(HandoffError):
    """The person did not want to send what they were shown, and has not agreed since."""


class TransitionRefused(HandoffError):
    """The event is not possible in this state; ``refusal.label`` says why in French."""

    def __init__(self, status: Status, event: Event, refusal: Refusal) -> None:
        self.status, self.event, self.refusal = status, event, refusal
        super().__init__(f"{type(event).__name__} refused in {status.value}: {refusal.value}")


# ---------------------------------------------------------------------- the transitions


@dataclass(frozen=True, slots=True)
class _Rule:
    """The states an event may leave, and the one it enters (None: it stays)."""

    sources: frozenset[Status]
    target: Status | None


_WAITING: Final = frozenset({Status.SENT, Status.READ})

_RULES: Final[dict[type, _Rule]] = {
    Send: _Rule(frozenset({Status.DRAFT}), Status.SENT),
    MarkRead: _Rule(frozenset({Status.SENT}), Status.READ),
    # A late answer is better than none: an expired case can still be taken.
    Take: _Rule(_WAITING | {Status.EXPIRED, Status.UNREACHABLE}, Status.TAKEN),
    Reply: _Rule(OWNED, None),
    Release: _Rule(OWNED, Status.READ),
    NotReached: _Rule(frozenset({Status.TAKEN}), Status.UNREACHABLE),
    Close: _Rule(OWNED, Status.CLOSED),
    Reopen: _Rule(frozenset({Status.CLOSED}), Status.TAKEN),
    Refuse: _Rule(_WAITING | {Status.TAKEN}, Status.REFUSED),
    Reroute: _Rule(frozenset({Status.REFUSED, Status.EXPIRED}), Status.SENT),
    Expire: _Rule(_WAITING, Status.EXPIRED),
    Withdraw: _Rule(frozenset(Status) - FINAL, Status.WITHDRAWN),
}


def apply(state: Case, event: Event, now: datetime) -> Case:
    """Return the state of the case after ``event`` at ``now`` (UTC-aware).

    Raises ``TransitionRefused`` when the event is not possible; ``state`` is never changed.
    """
    refusal = _refusal(state, event, now)
    if refusal is not None:
        raise TransitionRefused(state.status, event, refusal)
    target = _RULES[type(event)].target
    if target is None:
        return state
    # Two copies of the service may disagree by a few seconds: time never runs backwards.
    moved = replace(state, status=target, since=max(state.since, now))
    return _with_effects(moved, event, now)


def is_possible(state: Case, event: Event, now: datetime) -> bool:
    """Say whether ``apply`` would accept the event."""
    return _refusal(state, event, now) is None


def _with_effects(moved: Case, event: Event, now: datetime) -> Case:
    match event:
        case Send():
            return replace(moved, due_at=due_date(now, urgent=moved.urgent, said=moved.said))
        case Take(by):
            return replace(moved, owner=by)
        case Release():
            # A new delay starts: the case must not be late the moment it comes back.
            return replace(
                moved, owner=None, due_at=due_date(now, urgent=moved.urgent, said=moved.said)
            )
        case Close(_, outcome):
            return replace(moved, outcome=outcome)
        case Reopen():
            return replace(moved, outcome=None)
        case Refuse(_, reason):
            return replace(moved, owner=None, reason=reason, tried=(*moved.tried, moved.place_id))
        case Reroute(place_id):
            due_at = due_date(now, urgent=moved.urgent, said=moved.said)
            return replace(moved, place_id=place_id, due_at=due_at)
        case Expire():
            return replace(moved, tried=(*moved.tried, moved.place_id))
        case Withdraw():
            return replace(moved, owner=None)
        case _:
            return moved


def _refusal(state: Case, event: Event, now: datetime) -> Refusal | None:
    if state.status is Status.CLOSED and not isinstance(event, Reopen):
        return Refusal.CLOSED
    if state.status is Status.WITHDRAWN:
        return Refusal.WITHDRAWN
    match event:
        case Take(by) | Refuse(by) if state.owner not in (None, by):
            return Refusal.OTHER_OWNER
        case Reply(by) | Release(by) | NotReached(by) | Close(by) | Reopen(by) if state.owner != by:
            return Refusal.NOT_OWNER
    if state.status not in _RULES[type(event)].sources:
        return Refusal.WRONG_STEP
    match event:
        # A case must not turn in circles between places that do not answer.
        case Reroute(place_id) if place_id in state.tried:
            return Refusal.SAME_PLACE
        case Expire() if state.due_at is None or now < state.due_at:
            return Refusal.NOT_DUE
    return None

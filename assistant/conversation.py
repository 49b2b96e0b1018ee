"""The state of one conversation and what one turn gives back.

Plain data: the state is stored as JSON by the service and is the only truth about a
conversation; Rasa's tracker follows it and may be lost at any time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.messages import Message
from assistant.names import Intent
from knowledge_base.conditions import Value
from knowledge_base.facts import Fact
from knowledge_base.vocabulary import Theme


class Provenance(StrEnum):
    """How a fact was learnt."""

    SAID = "said"  # read in the person's own words
    ANSWERED = "answered"  # answer to a question
    DEDUCED = "deduced"  # follows from another fact


class Known(BaseModel):
    """The value of a fact, in a form that JSON keeps.

    ``value`` is a choice or a code INSEE, ``values`` a set of choices (of a single choice, those
    that what was said leaves possible), ``low``/``high`` an
    interval. ``words`` is the passage it was read in. ``approximate`` is said of a commune: the
    person is near it, or in one of those of its postal code. It serves to show places, never
    as the place where they live.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: str | None = None
    values: tuple[str, ...] | None = None
    low: float | None = None
    high: float | None = None
    provenance: Provenance = Provenance.SAID
    words: str = ""
    approximate: bool = False

    def as_value(self) -> Value:
        """Return the value as the conditions of the catalogue read it."""
        if self.value is not None:
            return self.value
        if self.values is not None:
            return frozenset(self.values)
        return (self.low or 0.0, self.high)


class Stage(StrEnum):
    """What the next message of the person answers."""

    OPEN = "open"  # anything
    INTERVIEW = "interview"  # the pending question
    PLACES_COMMUNE = "places_commune"  # the commune, to show places
    HANDOFF_CONSENT = "handoff_consent"
    HANDOFF_COMMUNE = "handoff_commune"
    HANDOFF_CONTACT = "handoff_contact"
    HANDOFF_HOURS = "handoff_hours"
    CASE_CODE = "case_code"
    ERASE_CONFIRM = "erase_confirm"


class Way(StrEnum):
    """A way to be reached."""

    PHONE = "phone"
    EMAIL = "email"


class ContactGiven(BaseModel):
    """How to reach the person, as validated."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    phone: str | None = None
    email: str | None = None
    safe_hours: str | None = None
    whose: str | None = None  # « ma voisine »: the contact is that of somebody else


@dataclass(frozen=True, slots=True)
class ReportedFact:
    """One answer: stable ``value``, its French ``label``, and where it comes from."""

    value: str
    label: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class SaidDay:
    """A day that the person said, and their ``words``: by then it is too late.

    ``since`` tells the contrary: it is the day from which something is missing.
    """

    day: date
    words: str
    since: bool = False


class RequestSheet(BaseModel):
    """Everything that leaves with a request but the contact: shown, agreed to, then sent.

    ``needs`` and ``proposed`` are catalogue entry ids; ``facts`` maps the name of a fact to
    its answer (absent: not asked); ``urgency_rule`` names the danger rule that fired.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    theme: str
    needs: tuple[str, ...]
    urgent: bool
    urgency_rule: str | None
    place_id: str
    place_name: str
    words: tuple[str, ...]
    facts: dict[str, ReportedFact]
    proposed: tuple[str, ...]
    deadline: SaidDay | None = None


class Session(BaseModel):
    """Everything the assistant remembers of one conversation."""

    model_config = ConfigDict(extra="forbid")

    stage: Stage = Stage.OPEN
    facts: dict[Fact, Known] = Field(default_factory=dict)
    needs: list[str] = Field(default_factory=list)  # the person's words that tell a need
    unread: list[str] = Field(default_factory=list)  # the last words that led nowhere
    themes: list[Theme] = Field(default_factory=list)  # of the door that was opened last
    found: dict[int, list[str]] = Field(default_factory=dict)  # number of a need → entry ids
    deadline: SaidDay | None = None  # read on the day it was said
    candidates: dict[str, float] = Field(default_factory=dict)  # entry id → relevance 0..1
    received: list[str] = Field(default_factory=list)  # entry ids, the last one told last
    shown: list[str] = Field(default_factory=list)  # ids of the entries of the last cards
    cards: dict[str, str] = Field(default_factory=dict)  # entry id → status, as last shown
    placed: str = ""  # commune and entry of the places shown last
    guided: int = 0  # steps of the first card told one by one
    human_offered: bool = False  # the last reply asked « voulez-vous parler à quelqu’un ? »
    reassured: bool = False  # what is kept, and who reads it, was said
    far: bool = False  # lives far from the Loir-et-Cher, in no commune of the table
    elsewhere: bool = False  # « je ne connais que le Loir-et-Cher » was said
    offered: list[str] = Field(default_factory=list)  # ids of the related needs spoken of
    unclear: list[str] = Field(default_factory=list)  # ids of the entries of the needs offered
    clarified: int = 0  # times the need itself was asked
    focus: str | None = None  # id of the entry the person asked about
    pending: Fact | None = None  # the question that waits for an answer
    asked: list[Fact] = Field(default_factory=list)
    skipped: list[Fact] = Field(default_factory=list)  # « je ne sais pas », refused
    misunderstood: int = 0  # in a row
    dangers: list[str] = Field(default_factory=list)  # kinds alerted, the most pressing first
    #: Those of ``dangers`` that no rule read in what was said: the person may say it is not so.
    only_heard: list[str] = Field(default_factory=list)
    hinted: list[str] = Field(default_factory=list)  # kinds hinted at, once each
    discreet: bool = False
    language: str | None = None  # of a message not written in French
    paused: list[Stage] = Field(default_factory=list)  # steps to take up again, oldest first
    sheet: RequestSheet | None = None  # as shown; what the person agrees to is what leaves
    contact: ContactGiven | None = None
    #: What was told after the consent and is in no request yet: offered once, then twice.
    left_out: int = 0
    lacking: list[Way] = Field(default_factory=list)  # ways to be reached that they have not
    declined: RequestSheet | None = None  # the sheet that they did not want to send, if any
    just_declined: bool = False  # by the last message
    case_code: str | None = None

    @property
    def danger(self) -> str | None:
        """The most pressing danger alerted, if any."""
        return self.dangers[0] if self.dangers else None

    def situation(self) -> Mapping[Fact, Value]:
        """Return the facts as the conditions of the catalogue read them, the sure ones only."""
        return {
            fact: known.as_value() for fact, known in self.facts.items() if not known.approximate
        }


class Turn(BaseModel):
    """What the person did: typed ``text`` or chose ``value``; ``intent`` is Rasa's reading,
    ``right`` the name of a right found in the text. ``last`` is when the conversation was last
    written to, None when that is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str = ""
    value: str | None = None
    intent: Intent = Intent.FALLBACK
    confidence: float = 0.0
    right: str | None = None
    now: datetime
    last: datetime | None = None


class OpenCase(BaseModel):
    """Effect: hand over the sheet the person agreed to. The service answers with the receipt."""

    kind: Literal["open_case"] = "open_case"
    sheet: RequestSheet
    contact: ContactGiven


class AskedFor(StrEnum):
    """Why a case is looked up, that is, what its state decides."""

    STATUS = "status"  # « où en est ma demande ? »
    HANDOFF = "handoff"  # a second request is possible once the first one is over


class LookUpCase(BaseModel):
    """Effect: look the case up; the answer comes back to ``waiting.respond_to_case``."""

    kind: Literal["look_up_case"] = "look_up_case"
    code: str
    asked_for: AskedFor = AskedFor.STATUS


class EraseConversation(BaseModel):
    """Effect: erase everything about this conversation."""

    kind: Literal["erase"] = "erase"


Effect = OpenCase | LookUpCase | EraseConversation


class Reply(BaseModel):
    """The new state, the messages to show and the effects the service must carry out.

    What an effect says is shown before ``messages``. ``said`` is what the transcript keeps
    of the person's words when they hold a contact; None keeps them as they are.
    """

    session: Session
    messages: list[Message]
    effects: list[Effect] = Field(default_factory=list)
    said: str | None = None

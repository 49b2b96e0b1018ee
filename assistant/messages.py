"""The messages of a conversation, exactly as the public API gives them (v1).

Everything a channel shows is one of these; a channel never builds a text of its own
about an aid, a place or a danger.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Role(StrEnum):
    """Who speaks."""

    ASSISTANT = "assistant"
    CITIZEN = "citizen"
    AGENT = "agent"


class MessageKind(StrEnum):
    """What a message is, so that a channel knows how to show it."""

    TEXT = "text"
    QUESTION = "question"
    AIDS = "aids"
    PLACES = "places"
    URGENT = "urgent"
    HANDOFF = "handoff"
    RECEIPT = "receipt"


class _Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ChoiceButton(_Message):
    """A possible answer: ``label`` is shown, ``value`` is sent back.

    ``picto`` names the pictogram to show beside the label, for who reads badly.
    """

    label: str
    value: str
    picto: str | None = Field(default=None, exclude_if=lambda picto: picto is None)


class CardSource(_Message):
    """Where the card comes from and the date at which it was true."""

    title: str
    url: str | None = None
    checked_on: date
    to_verify: bool = False


class LineCard(_Message):
    """A national help line, as dialled."""

    number: str
    name: str
    hours: str | None = None
    cost: str | None = None
    deaf: str | None = None
    checked_on: date


class AidCard(_Message):
    """An aid for this situation. ``score`` is the relevance, from 0 to 1, higher is better.

    ``acronyms`` say what the acronyms of the card mean: « MSA : mutualité sociale agricole ».
    ``review`` says since when nobody has checked the card, when it is too long ago.
    """

    id: str
    title: str
    summary: str
    status: Literal["likely", "to_check", "unlikely"]
    because: list[str]
    missing: list[str]
    amount: str | None = None
    delay: Literal["tonight", "this_week", "weeks"]
    delay_detail: str | None = None
    steps: list[str]
    documents: list[str]
    provider: str
    url: str | None = None
    source: CardSource
    score: float
    lines: list[LineCard] = Field(default_factory=list)
    themes: list[str] = Field(default_factory=list)
    acronyms: list[str] = Field(default_factory=list)
    review: str | None = None
    text: str | None = None


class PlaceCard(_Message):
    """A place with a human. ``distance_km`` is null when it cannot be known.

    ``phone_of`` names who answers when the place has no telephone of its own.
    """

    id: str
    name: str
    type: str
    type_label: str
    address: str | None = None
    commune: str
    code_insee: str
    lat: float | None = None
    lon: float | None = None
    distance_km: float | None = None
    approximate: bool = False
    phone: str | None = None
    phone_of: str | None = None
    email: str | None = None
    url: str | None = None
    hours: str | None = None
    open_now: bool | None = None
    source: CardSource


class Message(_Message):
    """One message. ``choices`` come with a question; ``fact`` names what it asks."""

    id: str = ""
    role: Role = Role.ASSISTANT
    kind: MessageKind = MessageKind.TEXT
    text: str = ""
    choices: list[ChoiceButton] | None = None
    fact: str | None = None
    aids: list[AidCard] | None = None
    places: list[PlaceCard] | None = None
    lines: list[LineCard] | None = None
    discreet: bool = False


class Contract:
    """Bounds of the public contract."""

    MAX_TEXT = 2000  # characters of one message of a citizen

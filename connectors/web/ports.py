"""What the web pages need besides the conversation, as small interfaces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from assistant.messages import AidCard, CardSource


class CaseShown(Protocol):
    """Where a case stands; ``words`` says it in French, as the chat does."""

    @property
    def words(self) -> str:
        """Return the sentence for the person."""

    @property
    def since(self) -> datetime:
        """Return when it came to this state."""

    @property
    def due(self) -> datetime | None:
        """Return when an answer is due, if it is."""


class CaseLookup(Protocol):
    """Cases by their receipt code."""

    async def status(self, code: str) -> CaseShown | None:
        """Return where the case with this code stands, or None if there is none."""


@dataclass(frozen=True, slots=True)
class CardTitle:
    """A card in a list."""

    id: str
    title: str
    summary: str
    kind: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """The cards of a theme, by title; ``id`` is the end of its address."""

    id: str
    label: str
    cards: tuple[CardTitle, ...]


@dataclass(frozen=True, slots=True)
class FigureUsed:
    """An amount that a card names: its value, since when, the text of law, the warning."""

    label: str
    value: str
    since: date
    reference: str
    note: str | None


@dataclass(frozen=True, slots=True)
class FullCard:
    """Everything a card says, read without a conversation.

    ``conditions`` are sentences; ``checked_on`` is the day for which the card is known right.
    """

    aid: AidCard
    kind: str
    themes: tuple[Shelf, ...]
    conditions: tuple[str, ...]
    places: tuple[str, ...]
    figures: tuple[FigureUsed, ...]
    sources: tuple[CardSource, ...]
    related: tuple[CardTitle, ...]
    checked_on: date
    owner: str


class CatalogueShelves(Protocol):
    """The catalogue, to be read from one end to the other."""

    @property
    def shelves(self) -> Sequence[Shelf]:
        """Return every theme with its cards."""

    def card(self, card_id: str) -> FullCard | None:
        """Return a card, or None when it does not exist or is too old to be shown."""


class WebLimits(Protocol):
    """How often a browser may ask; each method gives the seconds to wait, 0.0 if none."""

    async def conversation(self, host: str | None) -> float:
        """Count a new conversation of the address ``host``."""

    async def message(self, conversation_id: str) -> float:
        """Count a message of the conversation."""

    async def code(self, host: str | None) -> float:
        """Count a look-up of a receipt code by the address ``host``."""


@dataclass(frozen=True, slots=True)
class SiteInfo:
    """What the pages say of the service itself.

    ``exit_url`` is the neutral page of « Quitter vite »; ``data_contact`` the address to
    write to about personal data, when there is one.
    """

    exit_url: str = "https://www.meteofrance.com/"
    controller: str = "Département de Loir-et-Cher"
    data_contact: str | None = None
    conversation_days: int = 30
    case_months: int = 6
    https: bool = False

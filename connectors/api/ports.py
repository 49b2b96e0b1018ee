"""What the API needs of the rest of the service, as small interfaces.

``create_app`` gives an object for each; tests give fakes. The functions on the catalogue and
the directory are plain and may take some milliseconds: the routes run them in a thread.

    ContactRefused      no way to reach the person in what they gave; says which part is wrong
    AlreadyHandedOver   the same request is open with another contact; gives its code
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from assistant.conversation import ContactGiven
from assistant.messages import AidCard, PlaceCard
from knowledge_base.vocabulary import PlaceType, Theme


@dataclass(frozen=True, slots=True)
class Point:
    """A point on the map, in decimal degrees (WGS 84)."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class CommuneFound:
    """A commune as the person chooses it in a list."""

    code_insee: str
    nom: str
    code_postal: str


@dataclass(frozen=True, slots=True)
class CaseReceipt:
    """What the person keeps of a hand-off: a code of six characters."""

    code: str
    status: str


@dataclass(frozen=True, slots=True)
class CaseStatus:
    """Where a case stands. ``words`` says it in French, as the chat does.

    ``taken_by`` is the service or professional in charge, ``due`` when an answer is due.
    """

    status: str
    since: datetime
    taken_by: str | None
    due: datetime | None
    words: str


class ContactRefused(Exception):
    """The contact details cannot be used; ``detail`` tells the person what to change."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class AlreadyHandedOver(Exception):
    """The same request is open under ``code`` with another contact; nothing was changed."""

    def __init__(self, code: str) -> None:
        super().__init__("already handed over with another contact")
        self.code = code


class Aids(Protocol):
    """The catalogue and its search."""

    def search(self, query: str, commune: str | None, limit: int) -> Sequence[AidCard]:
        """Return the best cards for ``query``, best first; ``commune`` is a code INSEE."""

    def aid(self, aid_id: str) -> AidCard | None:
        """Return one card with its full text, or None if there is no such aid."""


class Places(Protocol):
    """The directory."""

    def near(
        self,
        where: str | Point,
        types: Sequence[PlaceType],
        theme: Theme | None,
        limit: int,
    ) -> Sequence[PlaceCard]:
        """Return the nearest places, nearest first; ``where`` is a code INSEE or a point."""


class Communes(Protocol):
    """The communes."""

    def starting_with(self, text: str, limit: int) -> Sequence[CommuneFound]:
        """Return the communes that ``text`` may mean (name or post code), best first."""

    def meant_by(self, answer: str) -> CommuneFound | None:
        """Return the commune of this code INSEE, name or post code, read as in the chat."""


class Handoffs(Protocol):
    """Cases handed to a professional."""

    async def hand_off(self, conversation_id: str, contact: ContactGiven) -> CaseReceipt:
        """Hand the conversation over; asking twice gives the same case.

        The person has given their consent. Raises UnknownConversation, ContactRefused,
        AlreadyHandedOver, Declined or NothingToSend.
        """

    async def status(self, code: str) -> CaseStatus | None:
        """Return where the case with this code stands, or None if there is no such case."""


@dataclass(frozen=True, slots=True)
class ApiPorts:
    """Everything the API reads and asks, besides the conversation."""

    aids: Aids
    places: Places
    communes: Communes
    handoffs: Handoffs

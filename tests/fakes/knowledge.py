"""The catalogue, the directory and the cases in memory, for the API and the pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from assistant.conversation import ContactGiven
from assistant.messages import AidCard, PlaceCard
from connectors.api.ports import (
    ApiPorts,
    CaseReceipt,
    CaseStatus,
    CommuneFound,
    ContactRefused,
    Point,
)
from knowledge_base.vocabulary import PlaceType, Theme
from tests.fakes.cards import FRANCE_SERVICES, HOUSING_BENEFIT, RENT, SOCIAL_CENTRE
from tests.fakes.gateway import CODE

BLOIS = CommuneFound("41018", "Blois", "41000")
VENDOME = CommuneFound("41269", "Vendôme", "41100")


class FakeAids:
    """Two aids; remembers what was searched."""

    def __init__(self) -> None:
        self.searched: list[tuple[str, str | None, int]] = []

    def search(self, query: str, commune: str | None, limit: int) -> Sequence[AidCard]:
        """Return the same cards for every query."""
        self.searched.append((query, commune, limit))
        return [RENT, HOUSING_BENEFIT][:limit]

    def aid(self, aid_id: str) -> AidCard | None:
        """Return the card of the aid about rent."""
        return RENT if aid_id == RENT.id else None


class FakePlaces:
    """Two places; remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str | Point, list[PlaceType], Theme | None, int]] = []

    def near(
        self, where: str | Point, types: Sequence[PlaceType], theme: Theme | None, limit: int
    ) -> Sequence[PlaceCard]:
        """Return the same places for everywhere."""
        self.asked.append((where, list(types), theme, limit))
        return [SOCIAL_CENTRE, FRANCE_SERVICES][:limit]


class FakeCommunes:
    """Two communes."""

    def starting_with(self, text: str, limit: int) -> Sequence[CommuneFound]:
        """Return the communes whose name begins so."""
        all_of_them = (BLOIS, VENDOME)
        return [one for one in all_of_them if one.nom.lower().startswith(text.lower())][:limit]

    def meant_by(self, answer: str) -> CommuneFound | None:
        """Return the commune of this code or of this very name."""
        known = {name: one for one in (BLOIS, VENDOME) for name in (one.code_insee, one.nom)}
        return known.get(answer)


class FakeHandoffs:
    """One case, with the code of the fake gateway."""

    def __init__(self) -> None:
        self.handed: list[tuple[str, ContactGiven]] = []
        self.refusal: Exception | None = None

    async def hand_off(self, conversation_id: str, contact: ContactGiven) -> CaseReceipt:
        """Refuse a number that is too short, else give the code."""
        if contact.phone is not None and len(contact.phone) < 10:
            raise ContactRefused("Ce numéro de téléphone n’est pas complet.")
        if self.refusal is not None:
            raise self.refusal
        self.handed.append((conversation_id, contact))
        return CaseReceipt(CODE, "sent")

    async def status(self, code: str) -> CaseStatus | None:
        """Return the only case."""
        if code != CODE:
            return None
        return CaseStatus(
            status="taken",
            since=datetime(2026, 11, 20, 23, 30, tzinfo=UTC),
            taken_by="Maison départementale des solidarités de Blois",
            due=datetime(2026, 11, 27, 16, 0, tzinfo=UTC),
            words="Un professionnel s’occupe de votre demande : MDS de Blois.",
        )


def fake_ports() -> ApiPorts:
    """Return the four ports of the API."""
    return ApiPorts(FakeAids(), FakePlaces(), FakeCommunes(), FakeHandoffs())

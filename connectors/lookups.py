"""The catalogue, the directory and the cases, in the shape that the API asks for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from assistant.answer import aid_card, place_card
from assistant.candidates import Candidate, candidates
from assistant.conversation import ContactGiven
from assistant.knowledge import Knowledge
from assistant.messages import AidCard, PlaceCard
from assistant.replies.because import quoting
from connectors.api.ports import (
    AlreadyHandedOver,
    CaseReceipt,
    CaseStatus,
    CommuneFound,
    ContactRefused,
    Point,
)
from connectors.database import Database
from connectors.handoff.cases import OtherContact, UnknownCase, lookup
from connectors.handoff.contact import ContactInvalid, validate_contact
from connectors.turns import Turns
from knowledge_base.conditions import evaluate
from knowledge_base.facts import Fact
from knowledge_base.geography import Commune
from knowledge_base.vocabulary import PlaceType, Stage, Theme


class CatalogueAids:
    """Search and cards without a conversation: no side effect."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    def search(self, query: str, commune: str | None, limit: int) -> Sequence[AidCard]:
        known = self._knowledge
        hits = known.search.search(query, limit, commune)
        situation = {Fact.COMMUNE: commune} if commune else {}
        scores = {hit.entry_id: hit.score for hit in hits}
        found = {one.entry.id: one for one in candidates(known.catalogue, scores, situation)}
        shown = [found[hit.entry_id] for hit in hits if hit.entry_id in found]
        said = known.hide_contact(query)
        return [aid_card(one, known.catalogue, quoting(said, one.entry)) for one in shown]

    def aid(self, aid_id: str) -> AidCard | None:
        catalogue = self._knowledge.catalogue
        entry = catalogue.entries.get(aid_id)
        stage = catalogue.stages.get(aid_id, Stage.CURRENT)
        if entry is None or stage is Stage.HIDDEN:
            return None
        verdict = evaluate(entry.conditions, {}, catalogue.figures)
        card = aid_card(Candidate(entry, 1.0, verdict, stage), catalogue)
        parts = [card.summary, *card.steps, *card.documents, card.delay_detail or ""]
        return card.model_copy(update={"text": "\n".join(part for part in parts if part)})


class DirectoryPlaces:
    """The nearest places."""

    def __init__(self, knowledge: Knowledge, clock: Callable[[], datetime]) -> None:
        self._directory, self._clock = knowledge.directory, clock
        self._lines = knowledge.catalogue.lines

    def near(
        self, where: str | Point, types: Sequence[PlaceType], theme: Theme | None, limit: int
    ) -> Sequence[PlaceCard]:
        now = self._clock()
        if isinstance(where, Point):
            found = self._directory.nearest(
                lat=where.lat, lon=where.lon, types=types, theme=theme, limit=limit, at=now
            )
        else:
            found = self._directory.nearest(where, types=types, theme=theme, limit=limit, at=now)
        return [place_card(near, now, self._lines) for near in found]


class CommuneLookup:
    """The communes that a person may mean."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._communes = knowledge.communes

    def starting_with(self, text: str, limit: int) -> Sequence[CommuneFound]:
        return [_found(commune) for commune in self._communes.search(text, limit)]

    def meant_by(self, answer: str) -> CommuneFound | None:
        commune = self._communes.by_code(answer) or self._communes.named_by(answer)
        return None if commune is None else _found(commune)


def _found(commune: Commune) -> CommuneFound:
    return CommuneFound(commune.code_insee, commune.name, commune.postal_code)


class CaseDesk:
    """Cases opened and followed without the chat's own steps."""

    def __init__(self, database: Database, turns: Turns) -> None:
        self._database, self._turns = database, turns

    async def hand_off(self, conversation_id: str, contact: ContactGiven) -> CaseReceipt:
        return await asyncio.to_thread(self._hand_off, conversation_id, contact)

    async def status(self, code: str) -> CaseStatus | None:
        return await asyncio.to_thread(self._status, code)

    def _hand_off(self, conversation_id: str, given: ContactGiven) -> CaseReceipt:
        try:
            contact = validate_contact(given.phone, given.email, safe_hours=given.safe_hours)
        except ContactInvalid as invalid:
            raise ContactRefused(" ".join(invalid.problems.values())) from invalid
        checked = ContactGiven(
            phone=contact.phone, email=contact.email, safe_hours=contact.safe_hours
        )
        try:
            opened = self._turns.hand_off(conversation_id, checked)
        except OtherContact as other:
            raise AlreadyHandedOver(other.code) from other
        return CaseReceipt(opened.code, opened.status.value)

    def _status(self, code: str) -> CaseStatus | None:
        try:
            with self._database.reading() as session:
                found = lookup(session, code)
        except UnknownCase:
            return None
        return CaseStatus(found.status.value, found.since, found.taken_by, found.due, found.label)

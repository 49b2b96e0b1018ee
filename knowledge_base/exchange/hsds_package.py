"""Everything that we say in HSDS: the file of an export, and the shelf that the API reads."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from knowledge_base.catalogue import Catalogue
from knowledge_base.exchange import hsds
from knowledge_base.exchange.hsds import Record
from knowledge_base.exchange.hsds_services import full_service, service
from knowledge_base.exchange.offer import (
    LeftOut,
    load_table,
    shared_places,
    shown,
    thematiques_of,
)
from knowledge_base.structures import Place
from knowledge_base.tokens import fold


def package(catalogue: Catalogue, places: Sequence[Place]) -> tuple[Record, list[LeftOut]]:
    """Return the organizations and the services, fully nested, and what is left out."""
    kept, left = shared_places(places)
    table = load_table()
    cards = shown(catalogue)
    names = {entry.id for entry in cards}
    hidden = sorted(catalogue.entries.keys() - names)
    left += [LeftOut(card, "fiche cachée, trop ancienne") for card in hidden]
    done = {
        "version": hsds.VERSION,
        "profile": hsds.PROFILE,
        "organizations": [hsds.organization(place) for place in kept],
        "services": [full_service(entry, catalogue, kept, table) for entry in cards],
    }
    return done, left


class HumanServices:
    """The services, ready to be read: the list is made once, a whole service when asked."""

    version = hsds.VERSION
    profile = hsds.PROFILE

    def __init__(self, catalogue: Catalogue, places: Sequence[Place]) -> None:
        self._catalogue, self._table = catalogue, load_table()
        self._places, _ = shared_places(places)
        entries = shown(catalogue)
        self._entries = {hsds.uid("service", entry.id): entry for entry in entries}
        self._listed = {i: service(e, catalogue) for i, e in self._entries.items()}
        self._texts = {
            i: fold(f"{one['name']} {one['description']} {' '.join(self._entries[i].keywords)}")
            for i, one in self._listed.items()
        }
        self._terms = {
            i: {term.value for term in thematiques_of(e, self._table)} | set(e.themes)
            for i, e in self._entries.items()
        }
        self._whole = lru_cache(maxsize=len(entries) or 1)(self._full)

    def ids(self, search: str = "", term: str | None = None) -> list[str]:
        """Return the ids of the services that say every word of ``search``, in our order."""
        words = fold(search).split()
        return [
            i
            for i, text in self._texts.items()
            if all(word in text for word in words) and (term is None or term in self._terms[i])
        ]

    def listed(self, service_id: str) -> Record:
        """Return a service with its one-to-one fields."""
        return self._listed[service_id]

    def whole(self, service_id: str) -> Record | None:
        """Return a service with all that is related to it, or None for an unknown id."""
        return self._whole(service_id) if service_id in self._entries else None

    def _full(self, service_id: str) -> Record:
        entry = self._entries[service_id]
        return full_service(entry, self._catalogue, self._places, self._table)

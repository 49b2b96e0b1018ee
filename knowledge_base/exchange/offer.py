"""What the catalogue and the directory offer to others: which card, at which places, and why not.

A card names the types of place where a human helps with it, the best first: that one carries the
offer, the others orient to it. ``data/offre.yml`` says it better where a person had to decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from data_inclusion.schema import v1
from pydantic import Field, model_validator

from knowledge_base.catalogue import DATA, Catalogue
from knowledge_base.models import Entry, Model, Text
from knowledge_base.structures import SECRET, Place
from knowledge_base.vocabulary import EntryKind, PlaceType, Stage, Theme

TABLE = DATA / "offre.yml"


class CardTerms(Model):
    """How one card is said to others: by its thématiques and carriers, or ``sauf`` why not."""

    thematiques: tuple[v1.Thematique, ...] = ()
    lieux: tuple[PlaceType, ...] = ()
    sauf: Text | None = None

    @model_validator(mode="after")
    def _said_or_not(self) -> CardTerms:
        if bool(self.thematiques) == bool(self.sauf):
            raise ValueError("donnez « thematiques », ou « sauf » avec la raison")
        return self


class OfferTable(Model):
    """The table: every theme, every category, and the cards that a theme does not say well."""

    themes: dict[Theme, tuple[v1.Thematique, ...]]
    categories: dict[v1.Categorie, Theme]
    fiches: dict[str, CardTerms] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _every_theme(self) -> OfferTable:
        missing = [theme.value for theme in Theme if theme not in self.themes]
        missing += [one.value for one in v1.Categorie if one not in self.categories]
        if missing:
            raise ValueError(f"sans ligne : {', '.join(missing)}")
        return self


@dataclass(frozen=True, slots=True)
class Offer:
    """A card, the places that carry it and what it is about."""

    entry: Entry
    places: tuple[Place, ...]
    thematiques: tuple[v1.Thematique, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What is not exported, by its id, and why."""

    id: str
    reason: str


@lru_cache(maxsize=4)
def load_table(path: Path = TABLE) -> OfferTable:
    """Read the table. Raises pydantic's ValidationError for a term that does not exist."""
    return OfferTable.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def shown(catalogue: Catalogue) -> list[Entry]:
    """Return the cards that may be shown, by id; a hidden card is for its owner only."""
    stages = catalogue.stages
    ids = sorted(card for card in catalogue.entries if stages.get(card) is not Stage.HIDDEN)
    return [catalogue.entries[card] for card in ids]


def shared_places(places: Sequence[Place]) -> tuple[list[Place], list[LeftOut]]:
    """Return the places that others may have, by id, and the others with the reason."""
    kept: list[Place] = []
    left: list[LeftOut] = []
    for place in sorted(places, key=lambda place: place.id):
        if place.type in SECRET:
            left.append(LeftOut(place.id, "mise à l’abri : où elle se fait n’est pas publié"))
        elif place.announced:
            left.append(LeftOut(place.id, "ouverture annoncée, jamais confirmée"))
        else:
            kept.append(place)
    return kept, left


def carriers(entry: Entry, places: Sequence[Place], table: OfferTable) -> tuple[Place, ...]:
    """Return the places of ``places`` that carry the card, not those that orient to it."""
    terms = table.fiches.get(entry.id)
    kinds = (terms.lieux if terms else ()) or entry.places[:1]
    return tuple(place for place in places if place.type in kinds)


def offers(
    catalogue: Catalogue, places: Sequence[Place], table: OfferTable
) -> tuple[list[Offer], list[LeftOut]]:
    """Return what places of ours offer: services, and the rights that are given here.

    A national right (AAH, RSA…) is nobody's offer in particular: its own administration says it.
    """
    found: list[Offer] = []
    left = [
        LeftOut(card, "fiche cachée, trop ancienne")
        for card, stage in sorted(catalogue.stages.items())
        if stage is Stage.HIDDEN
    ]
    for entry in shown(catalogue):
        offer = _offer(entry, places, table)
        if isinstance(offer, LeftOut):
            left.append(offer)
        else:
            found.append(offer)
    return found, left


def _offer(entry: Entry, places: Sequence[Place], table: OfferTable) -> Offer | LeftOut:
    terms = table.fiches.get(entry.id)
    if entry.kind is not EntryKind.SERVICE and entry.territory == "france":
        return LeftOut(
            entry.id, f"{entry.kind.label} de toute la France : l’offre d’aucun lieu d’ici"
        )
    if terms is not None and terms.sauf is not None:
        return LeftOut(entry.id, terms.sauf.replace("'", "’"))
    thematiques = thematiques_of(entry, table)
    if not thematiques:
        said = ", ".join(theme.label for theme in entry.themes)
        return LeftOut(entry.id, f"aucune thématique pour : {said}")
    found = carriers(entry, places, table)
    if not found:
        return LeftOut(entry.id, f"aucun lieu du type « {entry.places[0].label} »")
    return Offer(entry, found, thematiques)


def thematiques_of(entry: Entry, table: OfferTable) -> tuple[v1.Thematique, ...]:
    """Return what the card is about, sorted; those of its themes when no line says it better."""
    terms = table.fiches.get(entry.id)
    if terms is not None and terms.thematiques:
        return tuple(sorted(terms.thematiques))
    return tuple(sorted({term for theme in entry.themes for term in table.themes[theme]}))


def themes_of(thematiques: Iterable[v1.Thematique], table: OfferTable) -> tuple[Theme, ...]:
    """Return our themes that say ``thematiques``, the exact one or the category's."""
    exact = {term: theme for theme, terms in table.themes.items() for term in terms}
    found = {exact.get(one) or table.categories[_category(one)] for one in thematiques}
    return tuple(theme for theme in Theme if theme in found)


def _category(thematique: v1.Thematique) -> v1.Categorie:
    return v1.Categorie(thematique.value.partition("--")[0])

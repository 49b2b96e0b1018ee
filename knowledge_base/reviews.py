"""What is to be read again, and by whom: cards, places, numbers and amounts.

Cards have their own review period; the others are looked at by the age of their source.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields
from datetime import date
from typing import TextIO

from knowledge_base.catalogue import Catalogue
from knowledge_base.freshness import checked_on, months_between, stage
from knowledge_base.structures import Place
from knowledge_base.vocabulary import Stage

#: Who keeps what has no owner of its own.
CATALOGUE_OWNER = "equipe-catalogue"
DIRECTORY_OWNER = "equipe-annuaire"
#: A telephone or an address is asked again every two years.
PLACE_MONTHS = 24
LINE_MONTHS = 24


@dataclass(frozen=True, slots=True)
class Review:
    """One thing to read again; ``months`` is how long ago it was known to be right."""

    owner: str
    what: str
    id: str
    title: str
    checked_on: date
    months: int
    state: str


def reviews(catalogue: Catalogue, places: Iterable[Place], today: date) -> list[Review]:
    """Return everything to read again on ``today``, by owner, the oldest first."""
    found = [
        *_cards(catalogue, today),
        *_lines(catalogue, today),
        *_figures(catalogue, today),
        *_places(places, today),
    ]
    return sorted(found, key=lambda one: (one.owner, one.checked_on, one.what, one.id))


def write_csv(found: Iterable[Review], stream: TextIO) -> None:
    """Write one line for each, with a heading a spreadsheet shows."""
    table = csv.writer(stream)
    table.writerow([one.name for one in fields(Review)])
    table.writerows(astuple(one) for one in found)


def _cards(catalogue: Catalogue, today: date) -> Iterator[Review]:
    for entry in catalogue.entries.values():
        where = stage(entry, today)
        if where is not Stage.CURRENT:
            known = checked_on(entry)
            months = int(months_between(known, today))
            yield Review(entry.owner, "fiche", entry.id, entry.title, known, months, where.label)


def _lines(catalogue: Catalogue, today: date) -> Iterator[Review]:
    for line_id, line in catalogue.lines.items():
        months = int(months_between(line.checked_on, today))
        if line.to_verify or months >= LINE_MONTHS:
            title = f"{line.number} {line.name}"
            state = _state(line.to_verify)
            yield Review(CATALOGUE_OWNER, "numéro", line_id, title, line.checked_on, months, state)


def _figures(catalogue: Catalogue, today: date) -> Iterator[Review]:
    for code, figure in catalogue.figures.items():
        if figure.to_verify:
            known = figure.checked_on or figure.in_force_since
            months = int(months_between(known, today))
            yield Review(
                CATALOGUE_OWNER, "montant", code, figure.label, known, months, _state(True)
            )


def _places(places: Iterable[Place], today: date) -> Iterator[Review]:
    for place in places:
        known = place.source.checked_on
        months = int(months_between(known, today))
        if place.to_verify or months >= PLACE_MONTHS:
            state = _state(place.to_verify)
            yield Review(DIRECTORY_OWNER, "lieu", place.id, place.name, known, months, state)


def _state(to_verify: bool) -> str:
    return "À vérifier" if to_verify else Stage.DUE.label

"""What ``check`` says of the catalogue: its problems, and counts that show what it lacks.

The models refuse what is not a card at all; here is what makes a valid card a bad one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from knowledge_base import freshness, prose, readability
from knowledge_base.catalogue import Catalogue
from knowledge_base.models import Entry, Source
from knowledge_base.vocabulary import Theme

_TERRITORIES = {
    "france": "France",
    "region-24": "Centre-Val de Loire",
    "departement-41": "Loir-et-Cher",
}
_COMMUNES = "Quelques communes"
#: Upper bounds, in months, of the ages of sources.
_AGES = ((6, "moins de 6 mois"), (12, "6 à 12 mois"), (24, "1 à 2 ans"), (36, "2 à 3 ans"))
#: A page of that year or before is not sure: the sheets of 2020 are an outline.
_LAST_DOUBTFUL_YEAR = 2021
_OLDER = "plus de 3 ans"
_NO_SOURCE = "aucune"


def problems(catalogue: Catalogue) -> list[str]:
    """Return a sentence, with file and field, for each thing that an editor must correct."""
    found = freshness.shared_situations(catalogue)
    for entry in catalogue.entries.values():
        found.extend(prose.problems(entry, catalogue.lines))
        found.extend(readability.problems(entry, catalogue.acronyms))
        found.extend(_old_sources(entry))
        if entry.need is None:
            found.append(f"{entry.id}.yml : need : écrire le besoin en quelques mots")
    return found


def _old_sources(entry: Entry) -> Iterator[str]:
    """Yield a sentence for each source too old to be sure that does not say so."""
    for source in entry.sources:
        if source.checked_on.year <= _LAST_DOUBTFUL_YEAR and not source.to_verify:
            yield (
                f"{entry.id}.yml : sources : « {source.title} » date de {source.checked_on.year} : "
                "ajouter « to_verify: true », ou une source plus récente"
            )


def counts(catalogue: Catalogue, places: int, today: date | None = None) -> list[str]:
    """Return the lines of the report: sizes, then cards by theme, territory and age of source."""
    day = today or date.today()  # noqa: DTZ011 - a calendar day of the person at the keyboard
    entries = list(catalogue.entries.values())
    situations = sum(len(sayings) for sayings in catalogue.sayings.values())
    due = freshness.due(catalogue, day)
    return [
        f"{len(entries)} fiches, {situations} façons de dire,",
        f"{len(catalogue.figures)} montants, {len(catalogue.lines)} numéros, {places} lieux.",
        "Par thème (une fiche peut en avoir plusieurs) :",
        *_by_theme(entries),
        "Par territoire :",
        *_by_territory(entries),
        "Par âge de la source la plus récente :        toutes    sûres",
        *_by_age(entries, day),
        f"{len(due)} fiches à relire ; {freshness.unconfirmed(catalogue)} sans source sûre.",
    ]


def _by_theme(entries: Iterable[Entry]) -> Iterator[str]:
    themes = Counter(theme for entry in entries for theme in entry.themes)
    return (f"  {theme.label:<36} {themes[theme]:>4} fiches" for theme in Theme)


def _by_territory(entries: Iterable[Entry]) -> Iterator[str]:
    territories = Counter(
        _TERRITORIES[entry.territory] if isinstance(entry.territory, str) else _COMMUNES
        for entry in entries
    )
    labels = (*_TERRITORIES.values(), _COMMUNES)
    return (f"  {label:<36} {territories[label]:>4} fiches" for label in labels)


def _by_age(entries: list[Entry], today: date) -> Iterator[str]:
    every = Counter(_age(entry.sources, today) for entry in entries)
    sure = Counter(
        _age([source for source in entry.sources if not source.to_verify], today)
        for entry in entries
    )
    labels = (*(label for _, label in _AGES), _OLDER, _NO_SOURCE)
    return (f"  {label:<36} {every[label]:>12} {sure[label]:>8}" for label in labels)


def _age(sources: Iterable[Source], today: date) -> str:
    newest = max((source.checked_on for source in sources), default=None)
    if newest is None:
        return _NO_SOURCE
    months = freshness.months_between(newest, today)
    return next((label for bound, label in _AGES if months < bound), _OLDER)

"""The catalogue as it is read on the web: by theme, then card by card."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.answer import aid_card
from assistant.candidates import Candidate
from assistant.messages import CardSource
from connectors.web.ports import CardTitle, FigureUsed, FullCard, Shelf
from knowledge_base.catalogue import Catalogue
from knowledge_base.conditions import evaluate
from knowledge_base.figures import figure_in_french
from knowledge_base.freshness import checked_on
from knowledge_base.models import Entry
from knowledge_base.sources import shown_first
from knowledge_base.tokens import fold
from knowledge_base.vocabulary import Stage, Theme

_CODE = re.compile(r"\{([a-z0-9_]+)\}")
_MARK = re.compile(r"[«»“”’'\s]+")


class Shelves:
    """Every card that may be shown, by theme; built once, at the start."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        hidden = {card_id for card_id, at in catalogue.stages.items() if at is Stage.HIDDEN}
        self._entries = {e.id: e for e in catalogue.entries.values() if e.id not in hidden}
        self._titles = {entry.id: _title(entry) for entry in self._entries.values()}
        self._shelves = {theme: self._shelf(theme) for theme in Theme}

    @property
    def shelves(self) -> tuple[Shelf, ...]:
        return tuple(self._shelves.values())

    def card(self, card_id: str) -> FullCard | None:
        entry, catalogue = self._entries.get(card_id), self._catalogue
        if entry is None:
            return None
        stage = catalogue.stages.get(card_id, Stage.CURRENT)
        verdict = evaluate(entry.conditions, {}, catalogue.figures)
        return FullCard(
            aid=aid_card(Candidate(entry, 1.0, verdict, stage), catalogue),
            kind=entry.kind.label,
            themes=tuple(self._shelves[theme] for theme in entry.themes),
            conditions=tuple(condition.because for condition in entry.conditions),
            places=tuple(kind.label for kind in entry.places),
            figures=self._figures(entry),
            sources=_sources(entry),
            related=self._known(entry.related),
            checked_on=checked_on(entry),
            owner=entry.owner,
        )

    def _shelf(self, theme: Theme) -> Shelf:
        mine = self._known(e.id for e in self._entries.values() if theme in e.themes)
        ordered = sorted(mine, key=lambda card: _MARK.sub(" ", fold(card.title)))
        return Shelf(theme.value.replace("_", "-"), theme.label, tuple(ordered))

    def _known(self, ids: Iterable[str]) -> tuple[CardTitle, ...]:
        return tuple(self._titles[card_id] for card_id in ids if card_id in self._titles)

    def _figures(self, entry: Entry) -> tuple[FigureUsed, ...]:
        said = " ".join((entry.summary, entry.amount or "", *entry.steps))
        used = (self._catalogue.figures[code] for code in dict.fromkeys(_CODE.findall(said)))
        return tuple(
            FigureUsed(
                label=figure.label,
                value=figure_in_french(figure),
                since=figure.in_force_since,
                reference=figure.reference,
                note=figure.note or ("à vérifier" if figure.to_verify else None),
            )
            for figure in used
        )


def _title(entry: Entry) -> CardTitle:
    summary = entry.summary.split(". ")[0].rstrip(".") + "."
    return CardTitle(entry.id, entry.title, summary, entry.kind.label)


def _sources(entry: Entry) -> tuple[CardSource, ...]:
    """Return the sources of a card, in the order of ``shown_first``."""
    ordered = shown_first(entry.sources)
    return tuple(CardSource.model_validate(source.model_dump()) for source in ordered)

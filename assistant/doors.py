"""Six doors for a person who was not understood: a few words, a pictogram, some themes.

Six, because more is not read on a telephone. Violence is not one of them: its number is at the
top of every page, and somebody may look at the screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from assistant.messages import ChoiceButton
from knowledge_base.vocabulary import Theme


@dataclass(frozen=True, slots=True)
class Door:
    """A door: its words, its pictogram (``picto-<id>.svg`` on the pages), where it leads."""

    id: str
    label: str
    emoji: str
    themes: tuple[Theme, ...]


DOORS: Final = (
    Door("logement", "Me loger", "🏠", (Theme.LOGEMENT,)),
    Door("argent", "L’argent, les dettes, à manger", "💶", (Theme.BUDGET, Theme.ALIMENTATION)),
    Door("sante", "La santé, le handicap", "❤️", (Theme.SANTE, Theme.HANDICAP)),
    Door(
        "famille",
        "Les enfants, la famille, le grand âge",
        "👪",
        (Theme.ENFANCE_FAMILLE, Theme.PERSONNES_AGEES),
    ),
    Door("travail", "Le travail, se déplacer", "💼", (Theme.INSERTION, Theme.MOBILITE)),
    Door(
        "papiers",
        "Les papiers, mes droits",
        "📄",
        (Theme.ACCES_AUX_DROITS, Theme.JUSTICE, Theme.NUMERIQUE, Theme.ETRANGERS),
    ),
)
#: Value of a choice that opens a door: « door:logement ».
VALUE: Final = "door:"


def buttons() -> list[ChoiceButton]:
    """Return the six choices."""
    return [
        ChoiceButton(label=door.label, value=f"{VALUE}{door.id}", picto=door.id) for door in DOORS
    ]


def door_of(value: str) -> Door | None:
    """Return the door that a choice opens, or None."""
    wanted = value.removeprefix(VALUE)
    return next((door for door in DOORS if value.startswith(VALUE) and door.id == wanted), None)

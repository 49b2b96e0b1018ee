"""How people say that they have no telephone, whose number it is, or that it is wrong."""

from __future__ import annotations

import pytest

from assistant.conversation import Way
from assistant.understanding.contacting import (
    corrects_contact,
    corrects_hours,
    goes_there,
    ways_missing,
    whose_contact,
)

PHONE, EMAIL, BOTH = frozenset({Way.PHONE}), frozenset({Way.EMAIL}), frozenset(Way)
NONE: frozenset[Way] = frozenset()


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("je n'ai pas de téléphone", PHONE),
        ("j'ai plus de crédit", PHONE),
        ("sans portable", PHONE),
        ("on m'a volé mon téléphone", PHONE),
        ("mon tel est cassé", PHONE),
        ("mon mari surveille mon téléphone", PHONE),
        ("je ne veux pas donner mon numéro", PHONE),
        ("pas mon numéro", PHONE),
        ("pas de mail", EMAIL),
        ("j'ai pas d'adresse mail", EMAIL),
        ("j'ai pas internet", EMAIL),
        ("j'ai ni téléphone ni mail", BOTH),
        ("j'ai pas de tel et pas de mail", BOTH),
        ("ni l'un ni l'autre", BOTH),
        ("j'ai rien du tout", BOTH),
        ("aucun des deux", BOTH),
        ("non", NONE),
        ("pas de sms svp", NONE),
        ("pas le matin", NONE),
        ("je préfère pas par téléphone", NONE),
        ("je ne veux plus", NONE),
        ("j'ai un téléphone", NONE),
        ("annulez", NONE),
    ],
)
def test_a_way_that_somebody_has_not(text: str, missing: frozenset[Way]) -> None:
    """It is no refusal of the hand-off."""
    assert ways_missing(text) == missing


@pytest.mark.parametrize(
    ("text", "whose"),
    [
        ("le numéro de ma voisine (masqué)", "ma voisine"),
        ("c'est celui de ma sœur (masqué)", "ma soeur"),
        ("ma voisine 06 12 34 56 78", "ma voisine"),
        ("appelez mon assistante sociale au 02 54 00 00 00", "mon assistante sociale"),
        ("06 12 34 56 78 c'est ma fille", "ma fille"),
        ("je demande pour ma mère 06 12 34 56 78", None),
        ("06 12 34 56 78", None),
        ("mon numéro c'est le 06 12 34 56 78", None),
    ],
)
def test_whose_contact_it_is(text: str, whose: str | None) -> None:
    """The professional must know that somebody else will answer."""
    assert whose_contact(text) == whose


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("je me suis trompé de numéro", True),
        ("non c'est pas le bon numéro", True),
        ("mon numéro est faux", True),
        ("je veux changer mon mail", True),
        ("erreur dans mon adresse", True),
        ("le matin", False),
        ("je me suis trompé de commune", False),
        ("pas avant 18 h", False),
    ],
)
def test_a_contact_given_wrong(text: str, wrong: bool) -> None:
    """It is asked again; hours are not asked of a wrong number."""
    assert corrects_contact(text) is wrong


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("ne m'appelez plus le soir", True),
        ("finalement appelez moi le matin", True),
        ("pouvez-vous me rappeler plutôt après 18 h", True),
        ("je me suis trompée d'horaires", True),
        ("je suis pas dispo le lundi", True),
        ("quand allez-vous m'appeler ?", False),
        ("je me suis trompé de numéro", False),
        ("ma voisine m'appelle tous les soirs", False),
        ("je ne suis pas venu lundi", False),
        ("merci, à lundi", False),
    ],
)
def test_hours_that_no_longer_hold(text: str, other: bool) -> None:
    """A call at the wrong hour may put somebody in danger: it is heard, once it has left."""
    assert corrects_hours(text) is other


@pytest.mark.parametrize(
    ("text", "goes"),
    [
        ("je préfère y aller", True),
        ("je vais passer", True),
        ("j'irai sur place", True),
        ("je veux bien", False),
        ("je vais mal", False),
    ],
)
def test_somebody_who_would_rather_go(text: str, goes: bool) -> None:
    """A place is shown."""
    assert goes_there(text) is goes

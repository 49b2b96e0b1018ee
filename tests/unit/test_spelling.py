"""Everyday French is brought to its usual spelling, and the rest is left as it is."""

from __future__ import annotations

import pytest

from assistant.understanding.sound import sound
from assistant.understanding.spelling import load_speller, normalise


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("jsui enseinte", "je suis enceinte"),
        ("g 2 enfan", "j'ai 2 enfants"),
        ("jé 19 an", "j'ai 19 an"),
        ("jtouche lapl", "je touche l'apl"),
        ("kan jarive pa a payé le loyé", "quand j'arrive pas a payé le loyer"),
        ("il ma dit ke cé fini", "il m'a dit que c'est fini"),
        ("luissier é venu", "l'huissier et venu"),
        ("au chomage depui 2 moi", "au chômage depuis 2 mois"),
        ("ma mer a 86 ans", "ma mère a 86 ans"),
        ("il ne c pas lire", "il ne sait pas lire"),
        ("jveu voir kelkun", "je veux voir quelqu'un"),
        ("mon fis est otiste", "mon fils est autiste"),
        ("pr mes papié", "pour mes papiers"),
        ("une alocassion", "une allocation"),
    ],
)
def test_what_is_badly_written_is_repaired(written: str, meant: str) -> None:
    """SMS, missing accents, glued words and words written as they sound are read."""
    assert normalise(written) == meant


@pytest.mark.parametrize(
    "text",
    [
        "J’habite Couëtron-au-Perche avec Kevin et Fatoumata.",
        "Je suis à la retraite, c'est ma sœur qui m'aide !",
        "La MDPH, la CAF et la CPAM ne répondent pas.",
        "My husband beat me and I have no money",
        "Llegamos de Venezuela hace un mes, dormimos en casa de una prima",
        "ماذا أفعل؟",
        "500 g de farine",
        "xyzzyplugh",
        "",
    ],
)
def test_what_is_not_understood_is_kept(text: str) -> None:
    """Names, right spelling, other languages and unknown words come back untouched."""
    assert normalise(text) == text


def test_marks_and_spaces_stay_where_they_are() -> None:
    """Only words change: line breaks, marks and spaces are those of the person."""
    assert (
        normalise("slt,  jsui seul...\n\nki m'aide ?") == "salut,  je suis seul...\n\nqui m'aide ?"
    )


def test_a_repaired_word_knows_where_it_was_written() -> None:
    """Each piece keeps its place in the message, to show the words of the person."""
    text = "oui jsui la"
    pieces = load_speller().pieces(text)
    assert [(piece.meant, text[piece.start : piece.end]) for piece in pieces] == [
        ("oui", "oui"),
        ("je suis", "jsui"),
        ("la", "la"),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [("enseinte", "enceinte"), ("otiste", "autiste"), ("retrete", "retraite"), ("kité", "quitter")],
)
def test_words_that_sound_alike(one: str, other: str) -> None:
    """Two spellings of the same sounds are heard alike."""
    assert sound(one) == sound(other)

"""Short sentences, and no acronym that nobody explains."""

from __future__ import annotations

import pytest

from knowledge_base import readability
from knowledge_base.catalogue import Catalogue
from knowledge_base.models import Entry


@pytest.fixture
def card(catalogue: Catalogue) -> Entry:
    """Give a card with as few words as may be."""
    changes = {
        "title": "Une aide",
        "summary": "Une aide.",
        "conditions": (),
        "steps": ("Demandez.",),
        "documents": ("Bail",),
        "provider": "État",
        "delay_detail": None,
    }
    return catalogue.entries["visale"].model_copy(update=changes)


def test_the_mean_length_of_sentences_is_counted() -> None:
    """Words are what blanks separate; a sentence ends with a full stop or a question mark."""
    assert readability.mean_length("Un deux trois. Quatre ? Cinq !") == pytest.approx(5 / 3)
    assert readability.mean_length("« L’aide : deux » –") == 2


def test_a_long_sentence_is_found(card: Entry) -> None:
    """Twenty words pass, twenty-one do not."""
    assert list(readability.problems(card.model_copy(update={"steps": ("mot " * 20,)}), {})) == []
    long = card.model_copy(update={"steps": ("Demandez.", "mot " * 21)})
    assert list(readability.problems(long, {})) == [
        "visale.yml : steps.1 : phrases de 21 mots : 20 au plus, en moyenne"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Le CCAS (centre communal d’action sociale) aide.",
        "L’assurance maladie (CPAM) paie.",
        "Le service d’hébergement (115 – SIAO) répond.",
        "Prenez rendez-vous dans un CSAPA, un centre de soins.",
        "Une ALD est une affection de longue durée.",
        "À Vendôme, l’association ALVE accompagne.",
    ],
)
def test_an_acronym_explained_where_it_comes_first_passes(card: Entry, text: str) -> None:
    """Brackets, a comma or a definition are explanations."""
    assert list(readability.problems(card.model_copy(update={"summary": text}), {})) == []


@pytest.mark.parametrize(
    ("text", "acronym"),
    [
        ("Allez au CCAS.", "CCAS"),
        ("Allez au CCAS (à vérifier).", "CCAS"),
        ("Décision de la MDPH (décision).", "MDPH"),
    ],
)
def test_an_acronym_without_explanation_is_found(card: Entry, text: str, acronym: str) -> None:
    """A note in brackets is not a meaning."""
    found = list(readability.problems(card.model_copy(update={"summary": text}), {}))
    assert found == [
        f"visale.yml : summary : sigle sans explication « {acronym} » : "
        "l’expliquer entre parenthèses, ou l’ajouter à sigles.yml"
    ]


def test_the_explanation_comes_at_the_first_use(card: Entry) -> None:
    """Explained in the last step, it is read too late."""
    steps = ("Allez au CCAS.", "Le CCAS (centre communal d’action sociale) répond.")
    found = list(readability.problems(card.model_copy(update={"steps": steps}), {}))
    assert [problem.split(" : ")[1] for problem in found] == ["steps.0"]


def test_shared_acronyms_are_shown_with_their_meaning(card: Entry) -> None:
    """Only those that the card uses and does not explain itself."""
    shared = {"MSA": "mutualité sociale agricole", "Caf": "caisse", "CPAM": "caisse primaire"}
    steps = ("Demandez à la Caf ou à la MSA, ou à l’assurance maladie (CPAM).",)
    used = card.model_copy(update={"steps": steps})
    assert list(readability.problems(used, shared)) == []
    assert readability.meanings(used, shared) == [
        "Caf : caisse",
        "MSA : mutualité sociale agricole",
    ]


def test_the_shared_list_serves(catalogue: Catalogue) -> None:
    """A card of the catalogue says what its acronyms mean."""
    assert readability.meanings(catalogue.entries["ars"], catalogue.acronyms) == [
        "Caf : caisse d’allocations familiales",
        "MSA : mutualité sociale agricole, pour le monde agricole",
    ]

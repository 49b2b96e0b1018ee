"""What may be shown, in which order: received never, urgent help first."""

from __future__ import annotations

import pytest

from assistant.candidates import candidates, reassessed, worth_showing
from knowledge_base.catalogue import Catalogue
from knowledge_base.conditions import Situation
from knowledge_base.facts import Fact


def shown(
    catalogue: Catalogue, scores: dict[str, float], situation: Situation, limit: int = 3
) -> list[str]:
    """Return the entries shown, in order."""
    found = candidates(catalogue, scores, situation)
    return [one.entry.id for one in worth_showing(found, limit)]


@pytest.mark.parametrize(
    ("situation", "entry_id"),
    [
        ({Fact.BENEFITS_RECEIVED: frozenset({"apa"})}, "apa_domicile"),
        ({Fact.BENEFITS_RECEIVED: frozenset({"apl", "rsa"})}, "rsa"),
        ({Fact.BENEFITS_RECEIVED: frozenset({"css"})}, "css"),
        ({Fact.HEALTH_COVER: "css"}, "css"),
    ],
)
def test_what_is_received_is_not_proposed(
    catalogue: Catalogue, situation: Situation, entry_id: str
) -> None:
    """However it was said, an aid already received is never a card."""
    assert candidates(catalogue, {entry_id: 0.9}, situation) == []
    assert [one.entry.id for one in candidates(catalogue, {entry_id: 0.9}, {})] == [entry_id]


def test_urgent_help_comes_first_whatever_its_score(catalogue: Catalogue) -> None:
    """A roof for tonight is read before a social housing file, however well found."""
    scores = {"logement_social": 0.9, "siao_115": 0.2}
    assert shown(catalogue, scores, {}) == ["siao_115", "logement_social"]


def test_an_urgent_help_that_hardly_answers_stays_away(catalogue: Catalogue) -> None:
    """Found by chance, it is neither first nor shown at once; « more » shows it last."""
    scores = {"logement_social": 0.9, "dalo": 0.3, "siao_115": 0.04}
    assert shown(catalogue, scores, {}) == ["logement_social", "dalo"]
    assert shown(catalogue, scores, {}, limit=6) == ["logement_social", "dalo", "siao_115"]


def test_what_is_ruled_out_is_not_urgent(catalogue: Catalogue) -> None:
    """An entry whose condition fails does not come first."""
    found = candidates(catalogue, {"siao_115": 0.5}, {})
    assert found[0].is_urgent
    ruled_out = candidates(catalogue, {"mission_locale": 0.5}, {Fact.AGE: (60.0, 60.0)})
    assert not ruled_out[0].is_urgent


def test_the_entries_of_a_danger_come_before_all(catalogue: Catalogue) -> None:
    """What the alert calls for passes even another urgent help."""
    found = candidates(catalogue, {"siao_115": 0.9, "violences_conjugales": 0.1}, {})
    order = [one.entry.id for one in worth_showing(found, 3, ("violences_conjugales",))]
    assert order == ["violences_conjugales", "siao_115"]


def test_knowing_one_fact_more_is_the_same_as_starting_again(catalogue: Catalogue) -> None:
    """The short way to reassess gives what the long way gives, for every fact."""
    scores = dict.fromkeys(catalogue.entries, 0.5)
    values = {
        Fact.AGE: (70.0, 70.0),
        Fact.BENEFITS_RECEIVED: frozenset({"aah", "apl"}),
        Fact.HEALTH_COVER: "css",
        Fact.INCOME: (0.0, 0.0),
        Fact.RESIDENCE_STATUS: "undocumented",
    }
    before = candidates(catalogue, scores, {})
    for fact, value in values.items():
        again = reassessed(before, {fact: value}, fact, catalogue.figures)
        assert again == candidates(catalogue, scores, {fact: value})


def test_what_is_unlikely_is_not_shown(catalogue: Catalogue) -> None:
    """A refusal among the first cards takes the place of an aid."""
    situation: Situation = {Fact.AGE: (60.0, 60.0)}
    scores = {"mission_locale": 0.9, "bilan_competences": 0.08}
    assert shown(catalogue, scores, situation) == ["bilan_competences"]
    assert shown(catalogue, scores, {})[0] == "mission_locale"


def test_what_the_person_named_is_shown_even_unlikely(catalogue: Catalogue) -> None:
    """They asked for it: the card says why not, after those that may help."""
    scores = {"mission_locale": 0.9, "bilan_competences": 0.8, "formation": 0.7, "vae": 0.6}
    found = candidates(catalogue, scores, {Fact.AGE: (60.0, 60.0)})
    cards = worth_showing(found, 3, named={"mission_locale"})
    assert [one.entry.id for one in cards][-1] == "mission_locale"
    assert len(cards) == 3
    assert cards[-1].verdict.against == (
        "La mission locale reçoit jusqu’à 25 ans. Après, c’est France Travail.",
    )

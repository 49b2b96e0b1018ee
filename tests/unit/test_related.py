"""Related needs: additive weights, two offers at most, nothing shown or received again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.expected import value_of_choice
from knowledge_base import catalogue as catalogue_module
from knowledge_base.catalogue import Catalogue, CatalogueError
from knowledge_base.conditions import Situation, Status, evaluate
from knowledge_base.facts import FACTS, Fact
from knowledge_base.related import Offer, offers, problems, touched
from knowledge_base.vocabulary import Theme

ALONE_AT_82: Situation = {
    Fact.AGE: (82.0, 82.0),
    Fact.HOUSEHOLD: "alone",
    Fact.LOSS_OF_AUTONOMY: "yes",
}


def offered(
    catalogue: Catalogue,
    situation: Situation,
    shown: tuple[str, ...] = (),
    left_out: tuple[str, ...] = (),
) -> list[Offer]:
    """Return the offers made with the published weights."""
    return offers(
        catalogue.related, catalogue.entries, catalogue.figures, situation, shown, left_out
    )


def test_weights_add_up_and_reasons_are_said(catalogue: Catalogue) -> None:
    """82 years, alone, help every day: three points, and one more for a card that names it."""
    found = {offer.entry.id: offer for offer in offered(catalogue, ALONE_AT_82, ("apa_domicile",))}
    assert set(found) == {"portage_repas", "teleassistance"}
    assert found["teleassistance"].points == 4
    assert found["teleassistance"].because == (
        "75 ans ou plus",
        "une personne qui vit seule",
        "un besoin d’aide chaque jour",
    )


def test_too_few_points_offer_nothing(catalogue: Catalogue) -> None:
    """One light reason is not enough, nor a card that names an entry without any reason."""
    assert offered(catalogue, {Fact.AGE: (82.0, 82.0)}) == []
    assert offered(catalogue, {}, ("apa_domicile", "rsa", "fsl_impayes")) == []


def test_what_is_shown_or_left_out_is_not_offered(catalogue: Catalogue) -> None:
    """Neither a card just shown, nor what was received or offered before."""
    shown = offered(catalogue, ALONE_AT_82, ("teleassistance",), ("portage_repas",))
    assert {"teleassistance", "portage_repas"} & {offer.entry.id for offer in shown} == set()


def test_what_is_ruled_out_is_not_offered(catalogue: Catalogue) -> None:
    """Enough points, but a condition that fails: nothing is said of it."""
    young = {Fact.EMPLOYMENT_STATUS: "job_seeker", Fact.AGE: (22.0, 22.0)}
    old = {Fact.EMPLOYMENT_STATUS: "job_seeker", Fact.AGE: (40.0, 40.0)}
    assert "mission_locale" in {offer.entry.id for offer in offered(catalogue, young)}
    assert "mission_locale" not in {offer.entry.id for offer in offered(catalogue, old)}


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    known=st.dictionaries(
        st.sampled_from([fact for fact in Fact if FACTS[fact].choices]), st.integers(0, 20)
    ),
    data=st.data(),
)
def test_offers_are_few_and_never_change_what_is_likely(
    catalogue: Catalogue, known: dict[Fact, int], data: st.DataObject
) -> None:
    """Whatever is known and shown: two at most, other entries, none that is unlikely."""
    ids = st.sampled_from(sorted(catalogue.entries))
    shown = tuple(data.draw(st.lists(ids, max_size=4, unique=True)))
    left_out = tuple(data.draw(st.lists(ids, max_size=4)))
    situation = {
        fact: value_of_choice(fact, FACTS[fact].choices[at % len(FACTS[fact].choices)])
        for fact, at in known.items()
    }
    made = offered(catalogue, situation, shown, left_out)
    assert len(made) <= 2
    for offer in made:
        assert offer.entry.id not in {*shown, *left_out}
        assert offer.because
        verdict = evaluate(offer.entry.conditions, situation, catalogue.figures)
        assert verdict.status is not Status.UNLIKELY


def test_the_facts_touch_their_themes(catalogue: Catalogue) -> None:
    """Debts and no car are two subjects; « aucune dette » is none."""
    related, figures = catalogue.related, catalogue.figures
    situation = {Fact.DEBTS: "overwhelming", Fact.TRANSPORT: "no_car"}
    assert list(touched(related, situation, figures)) == [Theme.BUDGET, Theme.MOBILITE]
    assert list(touched(related, {Fact.DEBTS: "none"}, figures)) == []


def test_the_published_file_refers_to_what_exists_and_speaks_plainly(
    catalogue: Catalogue,
) -> None:
    """Its entries and amounts exist; a reason is a few words, without promise."""
    related = catalogue.related
    assert len(related.offers) >= 30
    assert list(problems(related, catalogue.entries, catalogue.figures)) == []
    for reasons in related.offers.values():
        for reason in reasons:
            assert len(reason.because.split()) <= 8
            assert "droit" not in reason.because
            assert re.search(r"['.]", reason.because) is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param("  css:\n", "  cmu:\n", "fiche inconnue « cmu »", id="an unknown entry"),
        pytest.param("below: rsa_base", "below: rmi", "montant inconnu « rmi »", id="an amount"),
        pytest.param("most: 2", "most: 9", "besoins_lies.yml : most", id="too many at once"),
        pytest.param("is: [none, basic]", "is: [nothing]", "valeur inconnue", id="a value"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    """Who edits the weights is told what is wrong."""
    data = tmp_path / "data"
    data.mkdir()
    for path in catalogue_module.DATA.iterdir():
        if path.name != "besoins_lies.yml":
            (data / path.name).symlink_to(path)
    text = (catalogue_module.DATA / "besoins_lies.yml").read_text(encoding="utf-8")
    (data / "besoins_lies.yml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogueError, match=said):
        catalogue_module.load(data)

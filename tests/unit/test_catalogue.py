"""The catalogue is valid, and its errors name the file and the field."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from knowledge_base import catalogue as catalogue_module
from knowledge_base import freshness
from knowledge_base.catalogue import DATA, Catalogue, CatalogueError
from knowledge_base.models import NOTHING_TO_BRING

#: Ids that the first edition must hold (issue « first response », §3).
FIRST_EDITION = set(
    """
    rsa prime_activite ass fsl_impayes fsl_acces fsl_energie apl logement_social dalo expulsion
    siao_115 apa_domicile apa_etablissement aspa ash teleassistance portage_repas repit_aidants
    adaptation_logement aah pch aeeh rqth cmi scolarisation_handicap aesh dossier_mdph recours_mdph
    css ame medecin_traitant pmi suivi_grossesse planification sante_mentale_jeunes addictions paje
    asf pension_alimentaire ars mode_garde aide_educative enfance_danger enfants_places
    violences_conjugales aide_urgence_violences ordonnance_protection surendettement pcb
    aide_alimentaire droit_compte aide_juridictionnelle point_justice protection_juridique obseques
    mobilite_emploi permis mission_locale cej iae illettrisme apprentissage_francais
    france_services conseiller_numerique assistante_sociale
    """.split()
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Give a copy of the data that a test may spoil."""
    shutil.copytree(DATA, tmp_path / "data")
    return tmp_path / "data"


def test_the_first_edition_is_complete(catalogue: Catalogue) -> None:
    """Every right and service asked for has its card, with at least 12 ways of saying."""
    assert set(catalogue.entries) >= FIRST_EDITION
    assert all(len(entry.situations) >= 12 for entry in catalogue.entries.values())


@pytest.mark.parametrize(
    ("documents", "said"),
    [
        pytest.param("documents: []", "liste vide", id="an empty list"),
        pytest.param("", "liste vide", id="no list"),
        pytest.param(
            f'documents: ["{NOTHING_TO_BRING}", "Bail"]', "aucun autre papier", id="none and one"
        ),
    ],
)
def test_a_card_says_what_to_bring_or_that_nothing_is(
    copy: Path, documents: str, said: str
) -> None:
    """Nobody has to guess whether no paper is needed or nobody looked."""
    path = copy / "droits" / "bourse_college.yml"
    text = path.read_text(encoding="utf-8")
    assert text.count('documents: ["Avis d’impôt"]') == 1
    path.write_text(text.replace('documents: ["Avis d’impôt"]', documents), encoding="utf-8")
    with pytest.raises(CatalogueError, match=rf"bourse_college\.yml : documents : .*{said}"):
        catalogue_module.load(copy)


def test_nothing_to_bring_is_said_in_full(catalogue: Catalogue) -> None:
    """Where the first step needs no paper, the card says so in the same words everywhere."""
    assert catalogue.entries["suicide_ecoute"].documents == (
        "Aucun papier à préparer pour commencer.",
    )


def test_no_situation_is_in_two_cards(catalogue: Catalogue) -> None:
    """A way of saying leads to one card."""
    assert freshness.shared_situations(catalogue) == []


def test_no_amount_is_written_in_prose(catalogue: Catalogue) -> None:
    """Euros come from montants.yml, by reference."""
    for entry in catalogue.entries.values():
        prose = " ".join([entry.summary, *entry.steps, entry.amount or "", *entry.documents])
        assert "€" not in prose, entry.id
        assert " euros" not in prose, entry.id


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param("kind: right", "kind: gift", "apl.yml : kind", id="an unknown kind"),
        pytest.param("summary:", "resume:", "apl.yml : resume", id="an unknown field"),
        pytest.param("id: apl", "id: apm", "différent du nom du fichier", id="another id"),
        pytest.param("related: [", "related: [rsa, rsa, ", "écrite deux fois", id="a card twice"),
    ],
)
def test_an_error_names_the_file_and_the_field(copy: Path, old: str, new: str, said: str) -> None:
    """An editor finds the mistake."""
    path = copy / "droits" / "apl.yml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogueError, match=said):
        catalogue_module.load(copy)


def test_a_reference_to_nothing_is_an_error(copy: Path) -> None:
    """A related card, an amount or a number that does not exist is named."""
    path = copy / "droits" / "aah.yml"
    text = path.read_text(encoding="utf-8").replace("{aah_max}", "{aah_maximum}")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"aah\.yml : montant inconnu « aah_maximum »"):
        catalogue_module.load(copy)


def test_an_income_is_compared_with_money_only(copy: Path) -> None:
    """A number of days is no ceiling of income."""
    path = copy / "droits" / "aspa.yml"
    text = path.read_text(encoding="utf-8").replace(
        "below: aspa_seul_mois", "below: are_jours_minimum"
    )
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match="« are_jours_minimum » n’est pas une somme d’argent"):
        catalogue_module.load(copy)


def test_every_problem_is_told_at_once(copy: Path) -> None:
    """Two mistakes in two files are two problems."""
    for name in ("apl", "dalo"):
        path = copy / "droits" / f"{name}.yml"
        text = path.read_text(encoding="utf-8").replace("kind: right", "kind: gift", 1)
        path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        catalogue_module.load(copy)
    assert len([problem for problem in caught.value.problems if ": kind :" in problem]) == 2


def test_the_digest_changes_with_the_content(copy: Path) -> None:
    """One letter more in a card makes another catalogue."""
    before = catalogue_module.digest(copy)
    path = copy / "droits" / "apl.yml"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert catalogue_module.digest(copy) != before

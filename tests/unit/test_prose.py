"""The words of a card hold no number of the law and promise nothing."""

from __future__ import annotations

import pytest

from knowledge_base import prose
from knowledge_base.catalogue import Catalogue
from knowledge_base.passages import Passage, passages


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Il faut 130 jours ou 910 heures de travail.", ["130", "910"]),
        ("Elle paie 50 % ou 70 % des travaux.", ["50 %", "70 %"]),
        ("La famille paie 20% du prix.", ["20%"]),
        ("Le plafond est de 1 200 € par mois.", ["1 200 €"]),
        ("Le repas coûte un euro.", ["euro"]),
        ("L’aide paie vingt pour cent du prix.", ["pour cent"]),
        ("Il faut habiter à plus de 3 km.", ["3 km"]),
        ("Le CAP dure 35 h par semaine.", ["35"]),
        ("Il faut 2000 heures de travail.", ["2000"]),
        ("Un psychologue est remboursé 12 fois.", ["12"]),
        ("Allez au 28 rue des Écoles.", ["28"]),
        ("Appelez le 3919.", ["3919"]),
        ("Il y a 41 lieux.", ["41"]),
        ("À partir de 2 enfants.", ["2"]),
        ("C’est à 30 minutes.", ["30"]),
    ],
)
def test_a_number_of_the_law_is_found(text: str, found: list[str]) -> None:
    """Amounts, rates, thresholds, quantities, addresses and telephone numbers."""
    assert prose.numbers(Passage("steps.0", text), []) == found


@pytest.mark.parametrize(
    "text",
    [
        "Cette aide est pour les enfants de 6 à 18 ans, ou de 11-14 ans.",
        "La réponse vient en 2 mois, ou sous 48 heures.",
        "Écrivez dans les 15 jours ouvrés, avant la fin du 3e mois.",
        "Revenus des 12 derniers mois.",
        "L’accueil est ouvert de 9 h à 12 h 30.",
        "Les cartes ne valent plus rien après le 31 décembre 2026.",
        "L’hiver 2025-2026, du 1er novembre au 31 mars (fiche de 2020).",
        "Formulaire Cerfa 14732 et bulletin n° 2.",
        "Les soins sont pris en charge à 100 %.",
        "Demandez à l’Udaf 41 ou à l’AV41, sur le site 1jeune1solution.gouv.fr.",
        "De 18 à 25 ans, regardez l’aide Départ 18-25.",
        "Demandez le permis à un euro par jour.",
        "Le plafond est de {aspa_seul_mois} par mois.",
    ],
)
def test_ages_delays_dates_hours_forms_and_names_may_be_said(text: str) -> None:
    """These do not change with the amounts of the law."""
    assert prose.numbers(Passage("steps.0", text), []) == []


def test_the_number_of_a_line_of_the_card_may_be_said() -> None:
    """« 115 » is the name of the service; its card shows the line, with source and date."""
    passage = Passage("title", "115 : trouver un toit pour cette nuit")
    assert prose.numbers(passage, ["115"]) == []
    assert prose.numbers(Passage("title", "Appelez le 1150"), ["115"]) == ["1150"]


def test_a_reference_where_nothing_replaces_it_is_found(catalogue: Catalogue) -> None:
    """A person would read the code."""
    changes = {"documents": ("Un relevé de {mva}",), "steps": ("La MVA est de {mva}.",)}
    entry = catalogue.entries["mva"].model_copy(update=changes)
    assert list(prose.problems(entry, catalogue.lines)) == [
        "mva.yml : documents.0 : {mva} n’est remplacé que dans summary, amount et steps"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Le site dit si vous y avez droit.",
        "Vous avez bien droit à cette aide.",
        "Les enfants ont droit à l’AME.",
        "Elle est pour les personnes qui n’ont pas droit à l’APA.",
        "Un étudiant n’a en général droit à rien.",
        "Le RSA y donne droit aussi.",
        "Vous êtes éligible.",
        "Vérifiez votre éligibilité.",
        "Vous toucherez cette aide chaque mois.",
    ],
)
def test_a_promise_is_found(text: str, catalogue: Catalogue) -> None:
    """The assistant says « probable » or « à vérifier », never « vous avez droit »."""
    entry = catalogue.entries["visale"].model_copy(update={"steps": (text,)})
    found = list(prose.problems(entry, catalogue.lines))
    assert len(found) == 1
    assert found[0].startswith("visale.yml : steps.0 : promesse « ")


@pytest.mark.parametrize(
    "text",
    [
        "Vous avez le droit de quitter le logement.",
        "La personne a un droit au séjour en France.",
        "La personne a des droits par le chômage.",
        "Vous avez déjà les mêmes droits.",
        "Faites vérifier vos droits.",
    ],
)
def test_speaking_of_rights_is_no_promise(text: str, catalogue: Catalogue) -> None:
    """A freedom, a right of residence or « vos droits » promise no aid."""
    entry = catalogue.entries["visale"].model_copy(update={"steps": (text,)})
    assert list(prose.problems(entry, catalogue.lines)) == []


def test_every_text_that_is_shown_is_read(catalogue: Catalogue) -> None:
    """Title, conditions, amount, delay, papers and provider count; situations do not."""
    fields = {passage.field for passage in passages(catalogue.entries["aspa"])}
    assert {"title", "summary", "conditions.0.because", "conditions.3.otherwise"} <= fields
    assert {"amount", "delay_detail", "steps.4", "documents.0", "provider"} <= fields
    assert not any(field.startswith("situations") for field in fields)

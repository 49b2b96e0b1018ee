"""What ``check`` refuses in a card that is otherwise valid, and what it counts."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from knowledge_base import catalogue as catalogue_module
from knowledge_base import checking
from knowledge_base.__main__ import main
from knowledge_base.catalogue import DATA, Catalogue
from knowledge_base.vocabulary import Theme

Write = Callable[[str], list[str]]


@pytest.fixture
def step(tmp_path: Path) -> Write:
    """Give a function that writes one more step in a card and returns the problems found."""
    data = tmp_path / "data"
    shutil.copytree(DATA, data)
    path = data / "droits" / "visale.yml"
    card = path.read_text(encoding="utf-8")

    def problems(text: str) -> list[str]:
        path.write_text(card.replace("steps:\n", f'steps:\n  - "{text}"\n', 1), encoding="utf-8")
        return checking.problems(catalogue_module.load(data))

    return problems


def test_no_card_has_a_problem(catalogue: Catalogue) -> None:
    """The catalogue that is served has no number of the law, no promise, no hard text."""
    assert checking.problems(catalogue) == []


def test_the_file_and_the_field_are_named(step: Write) -> None:
    """An editor finds the place, and what to do."""
    assert step("Il faut 910 heures de travail.") == [
        "visale.yml : steps.0 : nombre dans le texte « 910 » : le mettre dans montants.yml "
        "et l’appeler entre accolades, ou l’écrire sans nombre"
    ]


def test_every_mistake_of_a_text_is_told(step: Write) -> None:
    """A number, a promise and an acronym are three problems."""
    found = step("Vous avez droit à 75 % du prix avec le ZZZ.")
    assert [problem.split(" : ")[2].split(" « ")[0] for problem in found] == [
        "nombre dans le texte",
        "promesse",
        "sigle sans explication",
    ]


def test_a_catalogue_with_a_problem_fails_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Continuous integration sees the status; the editor sees the sentence."""
    data = tmp_path / "data"
    shutil.copytree(DATA, data)
    path = data / "droits" / "visale.yml"
    text = path.read_text(encoding="utf-8").replace("elle est acceptée", "vous y avez droit", 1)
    path.write_text(text, encoding="utf-8")
    assert main(["check", "--data", str(data)]) == 1
    assert "visale.yml : steps.1 : promesse « avez droit »" in capsys.readouterr().err


def test_the_command_prints_its_counts(capsys: pytest.CaptureFixture[str]) -> None:
    """Themes, territories and ages of the sources show what the catalogue lacks."""
    assert main(["check"]) == 0
    printed = capsys.readouterr().out
    for title in ("Par thème", "Par territoire", "Par âge de la source la plus récente"):
        assert title in printed


def test_cards_are_counted_by_territory_and_by_age_of_source(catalogue: Catalogue) -> None:
    """A card counts once for its territory; an unsure source counts as one, not as sure."""
    kept = ("ars", "transport_tarif", "accueil_jour")
    small = Catalogue({name: catalogue.entries[name] for name in kept}, {}, {}, {}, {}, digest="")
    lines = checking.counts(small, 0, date(2025, 12, 1))
    report = {line[:38].strip(): line[38:].split() for line in lines if line.startswith("  ")}
    assert report["France"] == ["1", "fiches"]
    assert report["Centre-Val de Loire"] == ["1", "fiches"]
    assert report["Loir-et-Cher"] == ["1", "fiches"]
    assert report["moins de 6 mois"] == ["2", "2"]
    assert report["plus de 3 ans"] == ["1", "0"]
    assert report["aucune"] == ["0", "1"]


def test_a_card_without_its_need_in_a_few_words_is_told(catalogue: Catalogue) -> None:
    """A person could not choose it when several needs are possible."""
    nameless = catalogue.entries["apl"].model_copy(update={"need": None})
    changed = replace(catalogue, entries={**catalogue.entries, "apl": nameless})
    assert checking.problems(changed) == ["apl.yml : need : écrire le besoin en quelques mots"]


def test_an_old_source_says_that_it_is_to_verify(catalogue: Catalogue) -> None:
    """A sheet of 2020 is an outline: the card shows the doubt, or has something newer."""
    entry = catalogue.entries["ars"]
    old = entry.sources[0].model_copy(update={"checked_on": date(2020, 11, 12), "to_verify": False})
    unmarked = replace(catalogue, entries={"ars": entry.model_copy(update={"sources": (old,)})})
    (problem,) = [one for one in checking.problems(unmarked) if "sources" in one]
    assert problem.startswith("ars.yml : sources : ")
    assert "date de 2020" in problem
    marked = old.model_copy(update={"to_verify": True})
    doubtful = replace(catalogue, entries={"ars": entry.model_copy(update={"sources": (marked,)})})
    assert [one for one in checking.problems(doubtful) if "sources" in one] == []


def test_the_catalogue_is_wide_and_every_theme_is_told(catalogue: Catalogue) -> None:
    """At least 240 cards, fifteen ways of saying on each, every theme of the plan."""
    assert len(catalogue.entries) >= 240
    assert min(len(entry.situations) for entry in catalogue.entries.values()) >= 15
    assert {theme for entry in catalogue.entries.values() for theme in entry.themes} == set(Theme)

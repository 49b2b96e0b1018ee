"""Somebody can be reached everywhere in Loir-et-Cher, for everything."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge_base.catalogue import Catalogue
from knowledge_base.competence import LINES
from knowledge_base.coverage import Cover, covers, problems, thin_spots
from knowledge_base.places import Directory, load_directory
from knowledge_base.vocabulary import Theme


@pytest.fixture(scope="module", name="directory")
def _directory() -> Directory:
    return load_directory()


@pytest.fixture(scope="module", name="found")
def _found(directory: Directory) -> list[Cover]:
    return list(covers(directory))


def test_each_commune_has_somebody_for_each_theme(found: list[Cover], catalogue: Catalogue) -> None:
    """267 communes, 14 themes: never nobody."""
    assert len({(cover.commune.code_insee, cover.theme) for cover in found}) == 267 * len(Theme)
    assert list(problems(found, catalogue.lines)) == []


def test_a_place_that_nobody_answers_for_is_named(found: list[Cover], catalogue: Catalogue) -> None:
    """Without a telephone, a relay and a line, the commune and the theme are said."""
    mute = [replace(found[0], contact=None)]
    without = {
        name: line for name, line in catalogue.lines.items() if name not in LINES[found[0].theme]
    }
    (problem,) = problems(mute, without)
    assert found[0].commune.name in problem
    assert found[0].theme.label in problem
    assert list(problems(mute, catalogue.lines)) == []


def test_every_theme_has_lines_that_exist(catalogue: Catalogue) -> None:
    """The lines of last resort are in the table of numbers."""
    assert LINES.keys() == set(Theme)
    assert {line for lines in LINES.values() for line in lines} <= catalogue.lines.keys()


def test_thin_spots_count_relays_and_distances(found: list[Cover]) -> None:
    """One line by theme; what is far is named with its distance."""
    near = replace(found[0], distance_km=3.0, contact=found[0].place)
    far = replace(found[1], theme=near.theme, distance_km=27.4, contact=None)
    (line,) = thin_spots([near, far])
    assert line.startswith(f"  {near.theme.label}")
    assert "0 par un relais" in line
    assert "1 à plus de 20 km" in line
    assert f"le plus loin : {far.commune.name}, 27 km" in line

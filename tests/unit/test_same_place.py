"""Two places are one only by a rule that a person would not contradict."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from typing import Any

import pytest

from knowledge_base.exchange.same_place import (
    DIFFERENT,
    Certainty,
    best_match,
    same_place,
    street_key,
)
from knowledge_base.places import load_directory
from knowledge_base.structures import Place, PlaceSource
from knowledge_base.vocabulary import PlaceType


def place(name: str, kind: PlaceType = PlaceType.CCAS, **more: Any) -> Place:
    """Return a place of Mer, with these values besides."""
    values = {
        "id": "ici",
        "name": name,
        "type": kind,
        "commune": "Mer",
        "code_insee": "41136",
        "lat": 47.7,
        "lon": 1.5,
        "source": PlaceSource(title="Une liste", checked_on=date(2026, 1, 5)),
        "licence": "Licence Ouverte",
    }
    return Place.model_validate(values | more)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        pytest.param("3 av. du Dr-Roux (2e étage)", "3 avenue docteur roux", id="abbreviations"),
        pytest.param("12, rue Haute, BP 12", "12 rue haute", id="comma after the number"),
        pytest.param(
            "Cité administrative, porte D, 34 avenue Maunoury",
            "34 avenue maunoury",
            id="the building before the street",
        ),
        pytest.param("9 Place de l’Église", "9 place eglise", id="accents, links and capitals"),
        pytest.param("Place de la Mairie", "place mairie", id="no number"),
        pytest.param("Le Bourg", "", id="no street"),
        pytest.param("BP 4", "", id="a post box"),
        pytest.param(None, "", id="no address"),
    ],
)
def test_an_address_is_compared_by_its_street(written: str | None, key: str) -> None:
    """What surrounds the street and the way it is shortened do not count."""
    assert street_key(written) == key


def test_one_type_at_one_address_is_one_place_however_it_is_written() -> None:
    """Nobody would keep two CCAS behind one door."""
    a = place("Centre communal d’action sociale (CCAS) de Mer", address="9 Rue Nationale")
    b = place("CCAS", address="9, rue nationale (rez-de-chaussée)")
    found = same_place(a, b)
    assert (found.certainty, found.reason) == (Certainty.SAME, "même type et même adresse")


def test_two_types_at_one_address_are_two_places_even_with_one_phone_and_one_siret() -> None:
    """A town hall and what it hosts are two places for the person who looks for one."""
    shared = {"address": "9 rue Nationale", "phone": "+33254810000", "siret": "21410136000018"}
    town_hall = place("Mairie de Mer", PlaceType.MAIRIE, **shared)
    assert same_place(town_hall, place("France services", PlaceType.FRANCE_SERVICES, **shared)) == (
        DIFFERENT
    )


def test_one_address_without_a_street_proves_nothing() -> None:
    """« Le Bourg » is the address of a whole village."""
    a = place("Mairie de Mer", PlaceType.MAIRIE, address="Le Bourg")
    b = place("Mairie annexe du Bout du pont", PlaceType.MAIRIE, address="Le Bourg")
    assert same_place(a, b) == DIFFERENT


def test_the_same_siret_is_the_same_place_in_another_commune_too() -> None:
    """A register says it better than an address that moved."""
    a = place("CCAS de Mer", siret="26410085600015")
    b = place("CCAS Mer", siret="26410085600015", commune="Blois", code_insee="41018")
    assert same_place(a, b).reason == "même SIRET"


def test_the_same_phone_proves_nothing_without_the_name() -> None:
    """A switchboard answers for several associations."""
    a = place("Croix-Rouge", PlaceType.AIDE_ALIMENTAIRE, phone="+33254810000")
    b = place("Secours populaire", PlaceType.AIDE_ALIMENTAIRE, phone="+33254810000")
    assert same_place(a, b) == DIFFERENT
    again = place("Croix Rouge de Mer", PlaceType.EPICERIE_SOCIALE, phone="+33254810000")
    assert same_place(a, again).is_same


def test_two_associations_at_one_address_are_for_a_person_to_look_at() -> None:
    """A house of associations has one address and many doors."""
    a = place("Croix-Rouge", PlaceType.AIDE_ALIMENTAIRE, address="2 rue Haute")
    b = place("Secours populaire", PlaceType.AIDE_ALIMENTAIRE, address="2 rue Haute")
    assert same_place(a, b).certainty is Certainty.CANDIDATE


def test_one_name_in_one_commune_is_for_a_person_to_look_at() -> None:
    """It moved, or there are two: a program cannot tell."""
    a = place("Bibliothèque municipale", PlaceType.BIBLIOTHEQUE, address="2 rue Haute")
    b = place("Bibliothèque municipale de Mer", PlaceType.BIBLIOTHEQUE, address="5 rue Basse")
    found = same_place(a, b)
    assert (found.certainty, found.reason) == (Certainty.CANDIDATE, "même commune et même nom")


def test_two_delegated_town_halls_with_names_that_look_alike_stay_two() -> None:
    """Two letters make another village."""
    a = place("Mairie déléguée de Saint-Agil", PlaceType.MAIRIE_DELEGUEE, phone="+33254800000")
    b = place("Mairie déléguée de Saint-Avit", PlaceType.MAIRIE_DELEGUEE, phone="+33254800000")
    assert same_place(a, b) == DIFFERENT


def test_similar_names_a_few_steps_apart_are_for_a_person_to_look_at() -> None:
    """The boundary of a commune may pass between two descriptions of one door."""
    here = {"precise": True, "lat": 47.7000, "lon": 1.5000}
    a = place("Espace France services", PlaceType.FRANCE_SERVICES, **here)
    there = {"precise": True, "commune": "Suèvres", "code_insee": "41252"}
    near = place("France services", PlaceType.FRANCE_SERVICES, lat=47.7010, lon=1.5000, **there)
    far = place("France services", PlaceType.FRANCE_SERVICES, lat=47.7020, lon=1.5000, **there)
    assert same_place(a, near).reason == "noms proches, à moins de 150 m"
    assert same_place(a, far) == DIFFERENT


def test_the_surest_of_several_places_is_found() -> None:
    """The rule of high precision comes before the name alone."""
    wanted = place("CCAS", address="9 rue Nationale")
    namesake = place("CCAS de Mer", id="namesake", address="1 rue Haute")
    itself = place("Action sociale", id="itself", address="9 rue Nationale")
    found = best_match(wanted, [namesake, itself])
    assert found is not None
    assert (found[0].id, found[1].is_same) == ("itself", True)
    assert best_match(wanted, [place("Mairie", PlaceType.MAIRIE)]) is None


def test_no_two_places_of_the_directory_are_said_to_be_the_same() -> None:
    """They were told apart by hand: a rule that merges two of them is wrong."""
    found = [
        (a.id, b.id)
        for a, b in combinations(load_directory().places, 2)
        if same_place(a, b).is_same or same_place(b, a).is_same
    ]
    assert found == []

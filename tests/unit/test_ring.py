"""The places around the département: added, merged by a sure rule, or left for a person."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from knowledge_base.exchange.national_places import FRANCE_SERVICES, FRANCE_TRAVAIL, capitalised
from knowledge_base.exchange.ring import merged, with_ring
from knowledge_base.geography import Commune, Communes
from knowledge_base.structures import Place, PlaceSource

SERVICES = (
    "id", "nom", "adresse", "complement", "code_postal", "commune", "code_insee", "departement",
    "lat", "lon", "telephone", "courriel", "lundi", "mardi", "mercredi", "jeudi", "vendredi",
    "samedi", "prise_rdv", "commentaire", "type", "format", "groupe", "labellisation",
)  # fmt: skip
AGENCIES = (
    "nom", "type", "adresse", "complement", "code_postal", "commune", "departement", "lat",
    "lon", "code_safir",
)  # fmt: skip
#: A degree of latitude is 111 km: B is 11 km north of A, C is 56 km north of it.
COMMUNES = Communes(
    (
        Commune("41001", "Ici", ("41000",), "41", "E", "Une CC", 900, 47.0, 1.3),
        Commune("37001", "Proche", ("37000",), "37", "F", "Une CC", 900, 47.1, 1.3),
        Commune("37002", "Lointaine", ("37500",), "37", "F", "Une CC", 900, 47.5, 1.3),
    )
)
OURS = Place(
    id="fs-ours",
    name="France services d’Ici",
    type="france_services",
    address="3 rue Haute",
    postal_code="41000",
    commune="Ici",
    code_insee="41001",
    lat=47.0,
    lon=1.3,
    source=PlaceSource(title="Notre relevé", checked_on=date(2026, 10, 9)),
    licence="Licence Ouverte",
)  # type: ignore[call-arg]


def service(code: str, name: str, commune: str, lat: float, **values: str) -> dict[str, str]:
    """Make a row of the list of the France services."""
    place = {"41001": "41000", "37001": "37000", "37002": "37500"}[commune]
    return {
        "id": code, "nom": name, "code_postal": place, "code_insee": commune, "lat": str(lat),
        "lon": "1.3", "commune": "x", "format": "Fixe", "adresse": "1 rue Neuve",
        "telephone": "02 47 00 00 00", **values,
    }  # fmt: skip


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """Give a folder with an empty list of agencies."""
    write(tmp_path / FRANCE_TRAVAIL, AGENCIES, [])
    return tmp_path


def write(path: Path, fields: Sequence[str], rows: Sequence[dict[str, str]]) -> None:
    """Write a table; what a row does not say is empty."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, fields, restval="")
        table.writeheader()
        table.writerows(rows)


def test_a_near_place_is_added_and_a_far_one_is_not(sources: Path) -> None:
    """Thirty kilometres from the nearest of our communes, as the crow flies."""
    rows = [
        service("fs-1", "France services Proche", "37001", 47.1),
        service("fs-2", "France services Lointaine", "37002", 47.5),
    ]
    write(sources / FRANCE_SERVICES, SERVICES, rows)
    places, ring = with_ring([OURS], sources, COMMUNES)
    assert [place.id for place in places] == ["fs-ours", "fs-1"]
    assert ring.far == 1
    assert places[1].phone == "+33247000000"
    assert places[1].service_area == ()


def test_the_same_place_is_merged_and_keeps_both_sources(sources: Path) -> None:
    """Same type, same street: one place. Ours says the address, the other the telephone."""
    row = service("fs-1", "Maison France services", "41001", 47.0, adresse="3, rue Haute")
    write(sources / FRANCE_SERVICES, SERVICES, [row])
    places, ring = with_ring([OURS], sources, COMMUNES)
    (place,) = places
    assert (place.id, place.name) == ("fs-ours", "France services d’Ici")
    assert place.phone == "+33247000000"
    assert place.source.title == "Notre relevé"
    assert [source.checked_on for source in place.other_sources] == [date(2024, 8, 1)]
    assert ring.merged == [("fs-1", "fs-ours", "même type et même adresse")]


def test_a_likely_double_is_left_for_a_person(sources: Path) -> None:
    """Same commune and same name at another address: neither merged nor added."""
    row = service("fs-1", "France services d'Ici", "41001", 47.0)
    write(sources / FRANCE_SERVICES, SERVICES, [row])
    places, ring = with_ring([OURS], sources, COMMUNES)
    assert places == [OURS]
    assert [(new, known) for new, known, _ in ring.candidates] == [("fs-1", "fs-ours")]
    assert "fs-1 ~ fs-ours" in "\n".join(ring.lines())


def test_a_place_already_taken_by_its_id_is_not_taken_twice(sources: Path) -> None:
    """The list was read for our directory: its ids are ours."""
    row = service("fs-ours", "Un autre nom", "41001", 47.0)
    write(sources / FRANCE_SERVICES, SERVICES, [row])
    places, ring = with_ring([OURS], sources, COMMUNES)
    assert places == [OURS]
    assert ring.merged == []


def test_the_offices_of_a_direction_are_no_agency(sources: Path) -> None:
    """Nobody is received at the seat of a regional direction."""
    write(sources / FRANCE_SERVICES, SERVICES, [])
    agency = {"commune": "PROCHE", "code_postal": "37000", "departement": "37", "lat": "47.1",
              "lon": "1.3", "code_safir": "37021"}  # fmt: skip
    rows = [
        agency | {"nom": "France Travail - APE PROCHE LE HAUT"},
        agency | {"nom": "France Travail - DR CENTRE SIEGE", "code_safir": "37022"},
    ]
    write(sources / FRANCE_TRAVAIL, AGENCIES, rows)
    places, _ = with_ring([], sources, COMMUNES)
    assert [(place.id, place.name) for place in places] == [
        ("ft-37021", "France Travail Proche le Haut")
    ]
    assert places[0].to_verify


def test_hours_are_taken_whole_or_not_at_all() -> None:
    """Half of the hours of one source and half of the other would be true for nobody."""
    said = OURS.model_copy(update={"hours_text": "le matin"})
    other = OURS.model_copy(
        update={
            "opening_hours": "Mo-Fr 09:00-12:00",
            "source": PlaceSource(title="Une liste", checked_on=date(2024, 8, 1)),
        }
    )
    assert merged(said, other).opening_hours is None
    assert merged(OURS, other).opening_hours == "Mo-Fr 09:00-12:00"


def test_a_doubtful_value_makes_the_place_doubtful() -> None:
    """A telephone of 2019 is shown as to verify, also on a place that was sure."""
    old = PlaceSource(title="Une vieille liste", checked_on=date(2019, 8, 11))
    other = OURS.model_copy(update={"phone": "+33247000000", "to_verify": True, "source": old})
    assert merged(OURS, other).to_verify
    nothing_new = OURS.model_copy(update={"to_verify": True, "source": old})
    assert not merged(OURS, nothing_new).to_verify


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("LA FERTÉ SAINT AUBIN", "La Ferté Saint Aubin"),
        ("NOGENT LE ROTROU", "Nogent le Rotrou"),
        ("Loches", "Loches"),
    ],
)
def test_names_in_capitals_are_read_aloud(written: str, read: str) -> None:
    """Capitals are hard to read, and shout."""
    assert capitalised(written) == read

"""The national files: each row becomes a place of ours, or says why it does not."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest

from knowledge_base.exchange import national_places
from knowledge_base.exchange.communes import france_communes
from knowledge_base.exchange.national_places import (
    administration_row,
    commune_of,
    france_services_row,
    france_travail_row,
    places_of,
    read_national,
)
from knowledge_base.geography import Communes
from knowledge_base.structures import Place
from knowledge_base.vocabulary import PlaceType

COMMUNES = (
    "code_insee,nom,codes_postaux,departement,region,epci,epci_nom,population,lat,lon,"
    "superficie_km2,siren,arrondissement,communes_deleguees,loir_et_cher\n"
    "69123,Lyon,69001 69007,69,84,200046977,Métropole,520000,,,,,,,0\n"
    "28012,Arrou,28290,28,24,200000001,CC A,3600,48.09,1.12,,,,Courtalain;Langey,0\n"
    "28088,Châteaudun,28200,28,24,200000001,CC A,13000,48.07,1.33,,,,,0\n"
    "97411,Saint-Denis,97400,974,04,249740119,CINOR,150000,-20.93,55.45,,,,,0\n"
    "98735,Papeete,98714,987,,,,26000,,,,,,,0\n"
)
SERVICE = {
    "id": "fs-9", "nom": "France services de Saint-Denis", "adresse": "1 rue de Paris",
    "complement": "", "code_postal": "97400", "commune": "Saint-Denis", "code_insee": "97411",
    "departement": "974", "lat": "-20.88", "lon": "55.45", "telephone": "02 62 40 00 00",
    "courriel": "", "lundi": "09:00 - 12:00 / 13:30 - 17:00", "mardi": "09:00 - 12:00",
    "mercredi": "", "jeudi": "", "vendredi": "", "samedi": "", "prise_rdv": "Non",
    "commentaire": ".", "type": "Principal", "format": "Fixe", "groupe": "", "labellisation": "",
}  # fmt: skip
AGENCY = {
    "nom": "France Travail - CHATEAUDUN", "type": "FT", "adresse": "3 rue de Jallans",
    "complement": "", "code_postal": "28200", "commune": "CHATEAUDUN", "departement": "28",
    "lat": "48.06", "lon": "1.34", "code_safir": "28015",
}  # fmt: skip
OFFICE = {
    "id": "clic-69387-01", "type": "clic", "nom": "Point d'information - Lyon",
    "adresse": "186 rue de Gerland", "code_postal": "69007", "commune": "Lyon",
    "code_insee": "69387", "departement": "69", "telephone": "04 72 71 66 80",
    "courriel": "", "site": "www.rhone.fr",
}  # fmt: skip


@pytest.fixture
def communes(tmp_path: Path) -> Communes:
    """Four communes of France that have a centre, and one that has none."""
    path = tmp_path / "communes_france.csv"
    path.write_text(COMMUNES, encoding="utf-8")
    return france_communes(path)


def one(rows: Sequence[Mapping[str, str]], as_row: object, communes: Communes) -> Place | str:
    """Return what the only row became."""
    (found,) = places_of([dict(row) for row in rows], as_row, communes, [])  # type: ignore[arg-type]
    return found


def test_the_table_of_france_keeps_what_is_located(communes: Communes) -> None:
    """A city without a centre in the source has that of its town hall; others are left out."""
    assert [commune.name for commune in communes] == ["Lyon", "Arrou", "Châteaudun", "Saint-Denis"]
    lyon = communes.by_code("69123")
    assert lyon is not None
    assert (lyon.lat, lyon.lon) == (45.7676, 4.8345)


def test_a_france_services_overseas_is_a_place(communes: Communes) -> None:
    """Its point is where it is, its telephone has the prefix of La Réunion, its hours are read."""
    found = one([SERVICE], france_services_row, communes)
    assert isinstance(found, Place)
    assert found.type is PlaceType.FRANCE_SERVICES
    assert (found.lat, found.lon, found.precise) == (-20.88, 55.45, True)
    assert found.phone == "+262262400000"
    assert found.opening_hours == "Mo 09:00-12:00,13:30-17:00; Tu 09:00-12:00; PH off"
    assert found.source.checked_on == date(2024, 8, 1)
    assert found.note is None
    assert not found.to_verify


def test_a_bus_is_nowhere_in_particular(communes: Communes) -> None:
    """The point of an itinerant service is its garage: it stands at its commune, approximate."""
    found = one([SERVICE | {"format": "Itinérante"}], france_services_row, communes)
    assert isinstance(found, Place)
    assert (found.lat, found.lon, found.precise) == (-20.93, 55.45, False)


def test_a_point_out_of_the_mainland_is_refused_there(communes: Communes) -> None:
    """Latitude and longitude exchanged: the row is left out, and counted."""
    exchanged = AGENCY | {"lat": "1.34", "lon": "48.06"}
    assert one([exchanged], france_travail_row, communes) == "ligne incorrecte"


def test_an_agency_is_found_by_postal_code_and_name(communes: Communes) -> None:
    """The file has no INSEE code, and writes names in capitals."""
    found = one([AGENCY], france_travail_row, communes)
    assert isinstance(found, Place)
    assert found.id == "ft-28015"
    assert found.name == "France Travail Chateaudun"
    assert (found.code_insee, found.commune) == ("28088", "Châteaudun")
    assert found.phone == "3949"
    assert found.to_verify


def test_a_district_is_its_city(communes: Communes) -> None:
    """Lyon 7e (69387) is Lyon; a site without its scheme is completed."""
    found = one([OFFICE], administration_row, communes)
    assert isinstance(found, Place)
    assert found.code_insee == "69123"
    assert found.type is PlaceType.POINT_INFO_AUTONOMIE
    assert found.url == "http://www.rhone.fr"
    assert not found.precise
    assert found.to_verify


@pytest.mark.parametrize(
    ("row", "code"),
    [
        pytest.param({"code_insee": "28114", "code_postal": "28290", "commune": "Courtalain",
                      "departement": "28"}, "28012", id="former-commune"),
        pytest.param({"code_insee": "", "code_postal": "28019", "commune": "CHATEAUDUN CEDEX",
                      "departement": "28"}, "28088", id="code-of-a-post-office"),
        pytest.param({"code_insee": "", "code_postal": "28019", "commune": "Nulle-Part",
                      "departement": "28"}, None, id="unknown"),
    ],
)  # fmt: skip
def test_the_commune_of_a_row(communes: Communes, row: dict[str, str], code: str | None) -> None:
    """By its code, or the postal code and a former name, or the département and the name."""
    found = commune_of(row, communes)
    assert (found and found.code_insee) == code


def test_a_type_that_is_not_ours_is_counted(communes: Communes) -> None:
    """Nothing is forced into a type that would mislead."""
    found = one([OFFICE | {"type": "apec"}], administration_row, communes)
    assert found == "type sans équivalent ici (apec)"


def test_a_delegated_town_hall_is_not_the_town_hall(communes: Communes) -> None:
    """The file of 2019 gives both the same type; the name tells them apart."""
    row = OFFICE | {"type": "mairie", "nom": "Mairie déléguée - Lyon"}
    found = one([row], administration_row, communes)
    assert isinstance(found, Place)
    assert found.type is PlaceType.MAIRIE_DELEGUEE


def test_the_three_files_are_read_together(communes: Communes, tmp_path: Path) -> None:
    """The places of all, and what was refused by file."""
    for file, rows in (
        (national_places.FRANCE_SERVICES, [SERVICE]),
        (national_places.FRANCE_TRAVAIL, [AGENCY]),
        (national_places.ADMINISTRATION, [OFFICE, OFFICE | {"type": "apec"}]),
    ):
        opened = gzip.open if file.endswith(".gz") else open
        with opened(tmp_path / file, "wt", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
    read = read_national(tmp_path, communes)
    assert [place.id for place in read.places] == ["fs-9", "ft-28015", "clic-69387-01"]
    assert read.refused == {
        "annuaire_administration_2019.csv.gz : type sans équivalent ici (apec)": 1
    }

"""The import of the directory: rows of the sources become places of ours."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from knowledge_base.exchange.directory_41 import Report, import_directory
from knowledge_base.geography import load_communes
from knowledge_base.places import Directory, PlaceSource, load_directory

ROW = {
    "id": "mds-1",
    "nom": "Maison des solidarités - Blois",
    "type": "mds",
    "adresse": "34 avenue Maunoury",
    "complement": "Porte D - BP 123",
    "code_postal": "41006",
    "commune": "Blois",
    "code_insee": "41018",
    "lat": 47.5929,
    "lon": 1.3377,
    "precision_coord": "adresse",
    "telephone": "02 54 58 43 79",
    "courriel": "pas une adresse",
    "horaires": "lun-ven 9h-12h",
    "services": "Service social de l'agglomération",
    "source": "DILA, Annuaire de l'administration, état d'août-octobre 2019 (x)",
    "licence": "Licence Ouverte 2.0",
    "date": "2019-08-11",
}
COMMUNES_CSV = (
    "code_insee,nom,codes_postaux,departement,region,epci,epci_nom,population,lat,lon,"
    "superficie_km2,siren,arrondissement,communes_deleguees,loir_et_cher\n"
    "41018,Blois,41000,41,24,200030385,CA de Blois ''Agglopolys'',48000,47.58126,1.3049,,,,,1\n"
    "75056,Paris,75001,75,11,200054781,Métropole,2100000,48.85,2.35,,,,,0\n"
)


def imported(
    folder: Path, rows: Sequence[object], additions: Sequence[object]
) -> tuple[Report, Directory]:
    """Import these rows and additions, and load what was written."""
    for name, content in (
        ("annuaire_41.jsonl", rows),
        ("annuaire_41_complement.jsonl", additions),
    ):
        text = "\n".join(json.dumps(row) for row in content)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "communes_france.csv").write_text(COMMUNES_CSV, encoding="utf-8")
    report = import_directory(folder, folder / "out")
    communes = load_communes(folder / "out" / "communes.csv")
    return report, load_directory(folder / "out" / "structures", communes)


def test_a_row_becomes_a_place(tmp_path: Path) -> None:
    """Names, phones and hours take our form; what cannot be used is left out and reported."""
    report, places = imported(tmp_path, [ROW], [])
    found = places.get("mds-1")
    assert found is not None
    assert found.name == "Maison des solidarités de Blois"
    assert found.address == "34 avenue Maunoury (Porte D)"
    assert found.postal_code == "41000"
    assert found.phone == "+33254584379"
    assert found.email is None
    assert "mds-1 : courriel" in report.refused_values
    assert found.opening_hours == "Mo-Fr 09:00-12:00; PH off"
    assert found.services == "Service social de l’agglomération"
    assert found.source.title == "Annuaire de l’administration, état de 2019"
    assert found.to_verify


def test_an_addition_replaces_only_what_it_says(tmp_path: Path) -> None:
    """The new value wins, a missing one keeps the old, both sources stay."""
    addition = {
        "id": "cpl-1",
        "remplace": "mds-1",
        "nom": "MDS de Blois",
        "type": "mds",
        "adresse": "Cité administrative, 34 avenue Maunoury",
        "commune": "Blois",
        "code_insee": "41018",
        "lat": 47.58126,
        "lon": 1.3049,
        "precision_coord": "commune",
        "source": "https://exemple.fr/page (« Une page », 2025)",
        "licence": "page publique",
        "date": "2025-05",
    }
    report, places = imported(tmp_path, [ROW], [addition])
    found = places.get("mds-1")
    assert found is not None
    assert report.merged == ["mds-1"]
    assert places.get("cpl-1") is None
    assert found.name == "MDS de Blois"
    assert found.address == "Cité administrative, 34 avenue Maunoury"
    assert found.phone == "+33254584379"
    assert (found.lat, found.precise) == (47.5929, True)
    assert found.source == PlaceSource(
        title="« Une page » (exemple.fr)",
        url="https://exemple.fr/page",
        checked_on=date(2025, 5, 1),
    )
    assert [source.checked_on for source in found.other_sources] == [date(2019, 8, 11)]
    assert found.to_verify  # its telephone is of 2019


def test_a_new_street_moves_the_place(tmp_path: Path) -> None:
    """The coordinates of the old address are not those of another street."""
    addition = ROW | {
        "id": "cpl-1",
        "remplace": "mds-1",
        "adresse": "12 rue Neuve",
        "precision_coord": "commune",
        "date": "2026-01-01",
    }
    _, places = imported(tmp_path, [ROW], [addition])
    found = places.get("mds-1")
    assert found is not None
    assert (found.lat, found.lon, found.precise) == (47.58126, 1.3049, False)


def test_an_undated_page_is_to_be_verified(tmp_path: Path) -> None:
    """Its date is the one at which the copy was read, and it is marked."""
    row = {key: value for key, value in ROW.items() if key != "date"}
    _, places = imported(tmp_path, [row], [])
    found = places.get("mds-1")
    assert found is not None
    assert (found.source.checked_on, found.to_verify) == (date(2026, 11, 21), True)


def test_a_recent_row_needs_no_verification(tmp_path: Path) -> None:
    """A row of 2026 without doubt is shown as it is."""
    _, places = imported(tmp_path, [ROW | {"date": "2026-10-09"}], [])
    found = places.get("mds-1")
    assert found is not None
    assert not found.to_verify


def test_a_place_listed_twice_is_kept_once(tmp_path: Path) -> None:
    """The known twins are merged: the second one only gives what the first one lacks."""
    library = {key: value for key, value in ROW.items() if key != "telephone"}
    kept = library | {"id": "mn-59", "nom": "Bibliothèque", "type": "bibliotheque"}
    twin = ROW | {"id": "mn-61", "nom": "Biblio", "type": "bibliotheque"}
    report, places = imported(tmp_path, [kept, twin], [])
    assert report.dropped == ["mn-61"]
    assert len(places) == 1
    found = places.get("mn-59")
    assert found is not None
    assert (found.name, found.phone) == ("Bibliothèque Abbé-Grégoire", "+33254584379")


def test_hours_that_the_note_contradicts_stay_as_text(tmp_path: Path) -> None:
    """« Exclusivement sur rendez-vous » is not « ouvert maintenant »."""
    row = ROW | {"rendez_vous": "Oui", "note": "Exclusivement sur rendez-vous"}
    _, places = imported(tmp_path, [row], [])
    found = places.get("mds-1")
    assert found is not None
    assert found.opening_hours is None
    text = (found.hours_text or "").replace("\u00a0", " ")
    assert text == "lundi au vendredi : 9 h – 12 h ; Exclusivement sur rendez-vous"
    assert found.appointment == "Exclusivement sur rendez-vous"


def test_a_bus_is_nowhere_in_particular(tmp_path: Path) -> None:
    """The address and the hours of a bus are not those of a counter."""
    row = ROW | {"note": "itinérant : 44 communes"}
    _, places = imported(tmp_path, [row], [])
    found = places.get("mds-1")
    assert found is not None
    assert not found.precise
    assert found.opening_hours is None
    assert (found.hours_text or "").endswith("; bus itinérant")


def test_a_ccas_serves_its_commune_and_an_epci_its_communes(tmp_path: Path) -> None:
    """Who is served is known from the type; an MDS serves everybody."""
    rows = [ROW, ROW | {"id": "ccas-1", "type": "ccas"}, ROW | {"id": "cias-1", "type": "cias"}]
    _, places = imported(tmp_path, rows, [])
    areas = [found.service_area for found in places]
    assert areas == [("41018",), ("41018",), ()]


def test_communes_far_away_are_left_out(tmp_path: Path) -> None:
    """Only ours and their neighbours are kept, without quotes in the names."""
    _, places = imported(tmp_path, [ROW], [])
    assert [(c.code_insee, c.epci_name) for c in places.communes] == [
        ("41018", "CA de Blois Agglopolys")
    ]

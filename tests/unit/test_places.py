"""The directory: what a place is, the nearest ones, the competent one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pytest

from knowledge_base.geography import Commune, Communes
from knowledge_base.hours import PARIS
from knowledge_base.places import (
    Directory,
    DirectoryError,
    NearPlace,
    Place,
    PlaceSource,
    load_directory,
    phone_in_french,
)
from knowledge_base.structures import THEMES
from knowledge_base.vocabulary import PlaceType, Theme

MONDAY_MORNING = datetime(2026, 11, 23, 10, 0, tzinfo=PARIS)
SOURCE = PlaceSource(title="Une source", checked_on=date(2026, 10, 9))


def commune(code: str, name: str, lat: float, population: int = 1000) -> Commune:
    """Make a commune on the meridian 1.3; one hundredth of a degree is 1.112 km."""
    return Commune(code, name, ("41000",), "41", "E", "Une CC", population, lat, 1.3)


HERE, THERE = commune("41001", "Ici", 47.60), commune("41002", "Là-bas", 47.70)
COMMUNES = Communes((HERE, THERE))


def place(
    place_id: str,
    kind: PlaceType = PlaceType.FRANCE_SERVICES,
    *,
    lat: float = 47.60,
    where: Commune = HERE,
    **values: object,
) -> Place:
    """Make a place with what a test looks at; its address is known unless it says not."""
    fields: dict[str, object] = {
        "id": place_id,
        "name": f"Lieu {place_id}",
        "type": kind,
        "commune": where.name,
        "code_insee": where.code_insee,
        "lat": lat,
        "lon": 1.3,
        "precise": True,
        "source": SOURCE,
        "licence": "Licence Ouverte",
    }
    return Place.model_validate(fields | values)


def directory(*places: Place) -> Directory:
    """Make a directory of these places in our two communes."""
    return Directory(places, COMMUNES)


def ids(found: Sequence[NearPlace]) -> list[str]:
    """Return the ids of the places found, in order."""
    return [near.place.id for near in found]


@pytest.fixture(scope="module")
def real() -> Directory:
    """Return the committed directory of Loir-et-Cher."""
    return load_directory()


# --- what a place is


def test_a_place_takes_the_themes_of_its_type() -> None:
    """The type decides the themes, unless the row says otherwise."""
    assert place("a", PlaceType.ADIL).themes == (Theme.LOGEMENT,)
    assert place("a", PlaceType.FORMATION, themes=["etrangers"]).themes == (Theme.ETRANGERS,)


def test_every_type_has_its_themes() -> None:
    """A type added to the vocabulary must be given its themes."""
    assert set(PlaceType) == set(THEMES)


@pytest.mark.parametrize(
    "values",
    [
        {"phone": "02 54 58 41 41"},
        {"email": "mairie"},
        {"opening_hours": "lundi 9h"},
        {"themes": ["football"]},
        {"postal_code": "4100"},
        {"unknown_field": "x"},
        {"lat": 1.3},
    ],
)
def test_a_wrong_value_is_refused(values: dict[str, object]) -> None:
    """Values in another form than ours never enter the directory."""
    with pytest.raises(ValueError, match="1 validation error"):
        Place.model_validate(place("a").model_dump() | values)


def test_hours_join_what_can_and_cannot_be_computed() -> None:
    """A person reads the hours of the counter, then what the source adds."""
    here = place("a", opening_hours="Mo-Fr 09:00-12:00; PH off", hours_text="sur rendez-vous l’été")
    hours = (here.hours or "").replace("\u00a0", " ")
    assert hours == "lundi au vendredi : 9 h – 12 h ; sur rendez-vous l’été"
    assert place("b").hours is None


def test_the_address_is_on_one_line() -> None:
    """Street, postal code and commune; nothing when the street is not known."""
    here = place("a", address="1 rue Haute", postal_code="41000")
    assert here.full_address == "1 rue Haute, 41000 Ici"
    assert place("b", postal_code="41000").full_address is None


@pytest.mark.parametrize(
    ("stored", "expected"),
    [("+33254584141", "02 54 58 41 41"), ("+33969369341", "09 69 36 93 41"), ("115", "115")],
)
def test_phones_are_read_as_in_french(stored: str, expected: str) -> None:
    """Two figures by two, and short numbers as they are dialled."""
    assert expected == phone_in_french(stored)


# --- the nearest places


def test_places_come_by_distance() -> None:
    """Without anything else to tell them apart, the nearest is first."""
    found = directory(place("far", lat=47.65), place("near", lat=47.61)).nearest("41001")
    assert [(n.place.id, n.distance_km) for n in found] == [("near", 1.1), ("far", 5.6)]


def test_the_place_of_the_commune_comes_first() -> None:
    """One's own CCAS is proposed before a nearer place that serves everybody."""
    ccas = place("ccas", PlaceType.CCAS, lat=47.62, service_area=["41001"])
    found = directory(place("fs"), ccas).nearest("41001")
    assert [(n.place.id, n.serves) for n in found] == [("ccas", True), ("fs", False)]


def test_the_mds_in_the_commune_counts_as_its_own() -> None:
    """The areas of the MDS are not known: the one that stands in the commune comes first."""
    mds = place("mds", PlaceType.MDS, lat=47.62)
    assert ids(directory(place("fs"), mds).nearest("41001")) == ["mds", "fs"]


def test_a_place_of_another_commune_is_not_proposed() -> None:
    """The CCAS next door does not receive the people of another commune."""
    other = place("ccas", PlaceType.CCAS, where=THERE, service_area=["41002"])
    assert ids(directory(other, place("fs", lat=47.69)).nearest("41001")) == ["fs"]


def test_a_place_of_another_commune_is_better_than_nothing() -> None:
    """With nothing else of what was asked, somebody there can still say where to go."""
    other = place("cias", PlaceType.CIAS, where=THERE, service_area=["41002"])
    found = directory(other, place("fs")).nearest("41001", types=[PlaceType.CIAS])
    assert ids(found) == ["cias"]


def test_the_town_hall_stands_in_for_a_missing_ccas() -> None:
    """A commune without a CCAS does its work at the town hall, not the CCAS next door."""
    other = place("ccas", PlaceType.CCAS, where=THERE, service_area=["41002"])
    hall = place("mairie", PlaceType.MAIRIE, service_area=["41001"])
    found = directory(other, hall).nearest("41001", types=[PlaceType.CCAS])
    assert [(n.place.id, n.stands_for) for n in found] == [("mairie", (PlaceType.CCAS,))]
    (asked,) = directory(other, hall).nearest("41001", types=[PlaceType.MAIRIE])
    assert asked.stands_for == ()


def test_a_place_of_shelter_is_never_proposed() -> None:
    """Not even when nothing else is asked for: whoever looks for somebody must not find it."""
    shelter = place("shelter", PlaceType.HEBERGEMENT_VIOLENCES, address="1 rue Haute")
    both = directory(shelter, place("fs"))
    assert ids(both.nearest("41001")) == ["fs"]
    assert both.nearest("41001", types=[PlaceType.HEBERGEMENT_VIOLENCES]) == []


def test_types_and_themes_filter() -> None:
    """Only the places of the types asked for, and that serve the theme, are candidates."""
    all_places = directory(
        place("adil", PlaceType.ADIL), place("fs"), place("mds", PlaceType.MDS, lat=47.61)
    )
    assert ids(all_places.nearest("41001", theme=Theme.LOGEMENT)) == ["mds", "adil"]
    both = all_places.nearest(
        "41001", types=[PlaceType.FRANCE_SERVICES, PlaceType.ADIL], theme=Theme.LOGEMENT
    )
    assert ids(both) == ["adil"]


def test_a_place_without_address_is_not_at_zero_kilometre() -> None:
    """A place located by its commune is about a kilometre away, and said approximate."""
    vague, known = place("vague", precise=False), place("known", lat=47.605)
    found = directory(vague, known).nearest("41001")
    assert [(n.place.id, n.distance_km, n.approximate) for n in found] == [
        ("known", 0.6, False),
        ("vague", 1.0, True),
    ]


def test_a_position_gives_distances_and_the_commune() -> None:
    """With a position the commune is found, so its own places still come first."""
    hall = place("mairie", PlaceType.MAIRIE, where=THERE, lat=47.70, service_area=["41002"])
    found = directory(place("fs", lat=47.68), hall).nearest(lat=47.69, lon=1.3)
    assert [(n.place.id, n.distance_km) for n in found] == [("mairie", 1.1), ("fs", 1.1)]


def test_without_any_place_of_the_person_there_is_no_distance() -> None:
    """Distances are unknown, and places that serve everybody come before the others."""
    hall = place("mairie", PlaceType.MAIRIE, service_area=["41001"])
    found = directory(hall, place("fs")).nearest()
    assert [(n.place.id, n.distance_km) for n in found] == [("fs", None)]


def test_announced_places_come_last() -> None:
    """An opening that nobody confirmed never hides a place that is open."""
    announced = place("new", announced=True)
    found = directory(announced, place("old", lat=47.69)).nearest("41001")
    assert ids(found) == ["old", "new"]


def test_no_more_places_than_asked() -> None:
    """The limit is respected."""
    assert len(directory(*(place(f"p{n}") for n in range(8))).nearest("41001", limit=3)) == 3


def test_open_now_is_told_when_a_moment_is_given() -> None:
    """Open, closed or unknown; and nothing is told without a moment."""
    all_places = directory(
        place("open", opening_hours="Mo-Fr 09:00-12:00; PH off"),
        place("closed", lat=47.61, opening_hours="Tu 09:00-12:00; PH off"),
        place("unknown", lat=47.62, hours_text="le matin"),
    )
    found = all_places.nearest("41001", at=MONDAY_MORNING)
    assert [near.open_now for near in found] == [True, False, None]
    assert [near.open_now for near in all_places.nearest("41001")] == [None, None, None]


def test_whom_to_call_when_a_place_has_no_phone() -> None:
    """The place itself, the place that hosts it, or the one that answers for its type."""
    own = place("own", phone="+33254584141")
    hosted = place("hosted", PlaceType.POINT_JUSTICE, hosted_by="own")
    mds = place("mds", PlaceType.MDS)
    switchboard = place("cd", PlaceType.CONSEIL_DEPARTEMENTAL, phone="+33254584100")
    alone = place("alone", PlaceType.HOPITAL)
    all_places = directory(own, hosted, mds, switchboard, alone)
    assert all_places.contact(own) == own
    assert all_places.contact(hosted) == own
    assert all_places.contact(mds) == switchboard
    assert all_places.contact(alone) is None


def test_a_place_is_found_by_its_id() -> None:
    """An id that does not exist gives None."""
    all_places = directory(place("a"), place("b"))
    found = all_places.get("b")
    assert found is not None
    assert found.id == "b"
    assert all_places.get("zzz") is None


# --- the competent place


def test_the_first_group_of_types_takes_the_case() -> None:
    """Handicap goes to the MDPH even when an MDS is nearer."""
    all_places = directory(place("mds", PlaceType.MDS), place("mdph", PlaceType.MDPH, lat=47.69))
    assert all_places.competent(Theme.HANDICAP, "41001").id == "mdph"
    assert all_places.competent(Theme.BUDGET, "41001").id == "mds"


def test_the_young_go_to_the_mission_locale() -> None:
    """From 16 to 25 years old, work is the business of a mission locale."""
    all_places = directory(
        place("ft", PlaceType.FRANCE_TRAVAIL), place("ml", PlaceType.MISSION_LOCALE, lat=47.69)
    )
    takers = [
        all_places.competent(Theme.INSERTION, "41001", age=age).id for age in (15, 16, 25, 26)
    ]
    assert takers == ["ft", "ml", "ml", "ft"]
    assert all_places.competent(Theme.INSERTION, "41001").id == "ft"


def test_a_case_never_goes_to_an_announced_place() -> None:
    """A case is not sent to a door that may be closed."""
    all_places = directory(
        place("new", PlaceType.MDS, announced=True),
        place("old", PlaceType.MDS, where=THERE, lat=47.70),
    )
    assert all_places.competent(Theme.BUDGET, "41001").id == "old"


def test_a_case_from_elsewhere_goes_to_the_departement() -> None:
    """An unknown commune leaves the case with those who can redirect it."""
    all_places = directory(
        place("mds", PlaceType.MDS), place("cd", PlaceType.CONSEIL_DEPARTEMENTAL)
    )
    assert all_places.competent(Theme.BUDGET, "75056").id == "cd"


def test_a_case_never_leaves_the_departement() -> None:
    """A nearer place on the other side of the border is shown, and takes no case."""
    border = Commune("37001", "En face", ("37000",), "37", "F", "Une autre CC", 900, 47.601, 1.3)
    across = place("fs-37", where=border, lat=47.601, phone="+33247000000")
    ours = place("fs-41", lat=47.69, phone="+33254000000")
    both = Directory([across, ours], Communes((HERE, THERE, border)))
    near = both.nearest("41001", types=[PlaceType.FRANCE_SERVICES], limit=2)
    assert [one.place.id for one in near] == ["fs-37", "fs-41"]
    assert both.competent(Theme.NUMERIQUE, "41001").id == "fs-41"


def test_nobody_of_ours_answers_for_a_place_of_elsewhere() -> None:
    """A library of another département without a telephone has no relay here."""
    border = Commune("37001", "En face", ("37000",), "37", "F", "Une autre CC", 900, 47.601, 1.3)
    town_hall = place("mairie", PlaceType.MAIRIE, phone="+33254000000")
    library = place("biblio", PlaceType.BIBLIOTHEQUE, where=border)
    both = Directory([town_hall, library], Communes((HERE, THERE, border)))
    assert both.contact(library) is None


def test_nobody_to_take_a_case_is_an_error() -> None:
    """An empty directory is a fault of ours, said at once."""
    with pytest.raises(DirectoryError, match="aucun lieu"):
        directory(place("hall", PlaceType.MAIRIE)).competent(Theme.BUDGET, "41001")


def test_every_commune_has_a_reachable_competent_place_for_every_theme(real: Directory) -> None:
    """For 267 communes and 14 themes, somebody of the right kind can be called or written to."""
    right = {
        Theme.HANDICAP: {"mdph"},
        Theme.INSERTION: {"france_travail"},
        Theme.PERSONNES_AGEES: {"point_info_autonomie"},
        Theme.VIOLENCES: {"cidff"},
        Theme.JUSTICE: {"point_justice"},
        Theme.NUMERIQUE: {"france_services"},
        Theme.ACCES_AUX_DROITS: {"france_services"},
    }
    wrong = []
    for town in real.communes.ours():
        for theme in Theme:
            taker = real.competent(theme, town.code_insee)
            if taker.type not in right.get(theme, {"mds"}) or real.contact(taker) is None:
                wrong.append((town.name, theme.value, taker.id))
    assert wrong == []


# --- the committed directory


def test_the_committed_directory_is_whole(real: Directory) -> None:
    """528 rows and 56 new ones, less the two that were there twice."""
    assert len(real) == 637


def test_every_commune_has_its_town_hall_first(real: Directory) -> None:
    """Asked for a town hall, each of the 267 communes gets its own."""
    for town in real.communes.ours():
        hall = real.nearest(town.code_insee, types=[PlaceType.MAIRIE], limit=1)[0]
        assert (hall.place.code_insee, hall.serves) == (town.code_insee, True)


def test_the_mds_of_mer_has_its_new_address(real: Directory) -> None:
    """A row that was completed keeps its id and both its sources."""
    mds = real.get("mds-41136")
    assert mds is not None
    assert mds.name == "Maison départementale des solidarités (MDS) de Mer"
    assert mds.address == "5 avenue Maunoury"
    assert mds.phone is None
    assert mds.opening_hours is None
    assert mds.hours_text is not None
    assert mds.hours_text.startswith("accueil téléphonique")
    assert mds.source.checked_on == date(2026, 3, 7)
    assert len(mds.other_sources) == 1
    assert not mds.to_verify


def test_a_contact_of_2019_is_to_be_verified(real: Directory) -> None:
    """The MDPH has an address of 2022 and a telephone of 2019."""
    mdph = real.get("maison_handicapees-41018-01")
    assert mdph is not None
    assert mdph.phone == "+33254584440"
    assert mdph.precise
    assert mdph.to_verify


def test_unconfirmed_openings_are_marked(real: Directory) -> None:
    """Two MDS were announced for 2026 and nothing says that they opened."""
    announced = [found.id for found in real if found.announced]
    assert sorted(announced) == ["mds-41095", "mds-41151"]


# --- the files


def test_errors_of_the_files_are_all_named(tmp_path: Path) -> None:
    """An editor sees every problem at once, with its file and line."""
    good = place("a", hosted_by="nowhere").model_dump(mode="json", exclude_none=True)
    lines = [json.dumps(good), json.dumps(good | {"phone": "zéro deux"}), "{}"]
    (tmp_path / "lieux.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(DirectoryError) as caught:
        load_directory(tmp_path, COMMUNES)
    problems = caught.value.problems
    assert any(problem.startswith("lieux.jsonl, ligne 2 : phone") for problem in problems)
    assert any(problem.startswith("lieux.jsonl, ligne 3 : id") for problem in problems)
    assert "a : hosted_by : lieu inconnu « nowhere »" in problems


def test_an_empty_directory_is_an_error(tmp_path: Path) -> None:
    """A service without any place must not start."""
    with pytest.raises(DirectoryError, match="aucun lieu"):
        load_directory(tmp_path, COMMUNES)

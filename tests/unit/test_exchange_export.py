"""What we give to others: checked by the published schema, complete, and nothing that harms."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
from data_inclusion.schema import v1
from pydantic import ValidationError

from knowledge_base.__main__ import main
from knowledge_base.catalogue import Catalogue, load
from knowledge_base.exchange import data_inclusion
from knowledge_base.exchange.audiences import publics_of
from knowledge_base.exchange.data_inclusion import Export
from knowledge_base.exchange.networks import kind_of
from knowledge_base.exchange.offer import CardTerms, load_table, offers, themes_of
from knowledge_base.places import Directory, load_directory
from knowledge_base.vocabulary import PlaceType, Stage, Theme


@pytest.fixture(scope="module", name="catalogue")
def _catalogue() -> Catalogue:
    """The catalogue on a day when one card only is too old to be shown."""
    return replace(load(), stages={"accueil_jour": Stage.HIDDEN})


@pytest.fixture(scope="module", name="directory")
def _directory() -> Directory:
    return load_directory()


@pytest.fixture(scope="module", name="exported")
def _exported(catalogue: Catalogue, directory: Directory) -> Export:
    return data_inclusion.export(catalogue, directory, site="https://aide.example.org")


def test_every_row_passes_the_schema_without_a_warning(exported: Export) -> None:
    """Structures first: a service without its structure would be refused by data·inclusion."""
    for row in exported.structures:
        v1.Structure.model_validate(row, context={"ignore_warnings": False})
    for row in exported.services:
        v1.Service.model_validate(row, context={"ignore_warnings": False})
    structures = {row["id"] for row in exported.structures}
    assert {row["structure_id"] for row in exported.services} <= structures
    ids = [row["id"] for row in (*exported.structures, *exported.services)]
    assert len(ids) == len(set(ids))


def test_the_same_input_gives_the_same_rows(
    catalogue: Catalogue, directory: Directory, exported: Export
) -> None:
    """A harvester sees what changed, and nothing else."""
    again = data_inclusion.export(catalogue, directory, site="https://aide.example.org")
    assert json.dumps(again.services) == json.dumps(exported.services)
    assert json.dumps(again.structures) == json.dumps(exported.structures)


def test_a_service_says_where_how_and_for_whom(exported: Export) -> None:
    """The mission locale of Blois, from the card and from the directory."""
    wanted = "premiere-reponse-41--mission_locale:mission_locale-41018-01"
    [row] = [one for one in exported.services if one["id"] == wanted]
    assert row["structure_id"] == "premiere-reponse-41--mission_locale-41018-01"
    assert row["lien_source"] == "https://aide.example.org/catalogue/fiche/mission_locale"
    assert row["publics"] == ["jeunes"]
    assert "choisir-un-metier--decouvrir-un-metier-ou-un-secteur-dactivite" in row["thematiques"]
    assert (row["commune"], row["code_insee"]) == ("Blois", "41018")
    assert row["telephone"].startswith("+33254")
    assert {"se-presenter", "telephoner"} <= set(row["modes_mobilisation"])
    assert row["zone_eligibilite"] == ["41"]


def test_whom_to_call_for_a_place_without_a_phone_is_named(
    exported: Export, directory: Directory
) -> None:
    """The point-justice of Herbault is in a France services, which answers; the row says so."""
    wanted = "premiere-reponse-41--point_justice:pj-41101-9"
    [row] = [one for one in exported.services if one["id"] == wanted]
    host = directory.get("fs-1346")
    assert host is not None
    assert row["telephone"] == host.phone
    assert row["mobilisation_precisions"] == f"On peut joindre : {host.name}"


def test_what_we_do_not_know_is_not_said(exported: Export) -> None:
    """No card says what a service costs: « gratuit » would be invented."""
    assert not any("frais" in row for row in exported.services)
    by_commune_only = [row for row in exported.structures if "latitude" not in row]
    assert by_commune_only
    assert all("longitude" not in row for row in by_commune_only)


def test_what_is_left_out_has_its_reason(exported: Export, directory: Directory) -> None:
    """Each of the reasons, on a card or a place that everybody knows."""
    reasons = {one.id: one.reason for one in exported.left_out}
    assert reasons["accueil_jour"] == "fiche cachée, trop ancienne"
    assert reasons["aah"] == "Droit ou aide de toute la France : l’offre d’aucun lieu d’ici"
    assert reasons["residence_autonomie"] == (
        "autonomie des personnes âgées : le vocabulaire n’a rien"
    )
    announced = {place.id for place in directory.places if place.announced}
    assert {reasons[place] for place in announced} <= {"ouverture annoncée, jamais confirmée"}


def test_where_people_are_sheltered_is_not_exported(exported: Export) -> None:
    """Neither the place nor the offer."""
    said = json.dumps([exported.structures, exported.services])
    assert "cpl-emmaus-solidarite-rural" not in said
    assert "mise_abri_violences" not in said


def test_the_table_names_cards_that_exist(catalogue: Catalogue) -> None:
    """A card that is renamed takes its line with it."""
    assert load_table().fiches.keys() <= catalogue.entries.keys()


def test_a_card_whose_themes_have_no_word_is_left_out(catalogue: Catalogue) -> None:
    """The autonomy of old people has no thématique: the nearest one would be a wrong one."""
    table = load_table().model_copy(update={"fiches": {}})
    _, left = offers(catalogue, load_directory().places, table)
    reasons = {one.id: one.reason for one in left}
    old = catalogue.entries["repit_aidants"].model_copy(update={"themes": (Theme.PERSONNES_AGEES,)})
    only = replace(catalogue, entries={old.id: old}, stages={})
    _, left = offers(only, load_directory().places, table)
    assert "repit_aidants" not in reasons
    assert [one.reason for one in left] == ["aucune thématique pour : Personnes âgées"]


def test_a_line_of_the_table_says_terms_or_a_reason() -> None:
    """Both, or neither, is a slip."""
    with pytest.raises(ValidationError, match="thematiques"):
        CardTerms()


def test_themes_come_back_from_thematiques() -> None:
    """The exact one first, else the category: every thématique is a theme of ours."""
    table = load_table()
    alone = {term: themes_of([term], table) for term in v1.Thematique}
    assert all(len(themes) == 1 for themes in alone.values())
    assert alone[v1.Thematique.LOGEMENT_HEBERGEMENT__REDUIRE_LES_IMPAYES_DE_LOYER] == (
        Theme.LOGEMENT,
    )
    assert alone[v1.Thematique.SANTE__CONSTITUER_UN_DOSSIER_MDPH_INVALIDITE] == (Theme.HANDICAP,)


@pytest.mark.parametrize(
    ("card", "publics"),
    [
        pytest.param("mission_locale", ["jeunes"], id="an age at most"),
        pytest.param(
            "accueil_familial_adultes",
            ["personnes-en-situation-de-handicap", "seniors"],
            id="one or the other",
        ),
        pytest.param("france_services", ["tous-publics"], id="no condition"),
        pytest.param("siao_115", ["tous-publics"], id="a condition that no public says whole"),
    ],
)
def test_the_publics_are_those_of_the_conditions(
    catalogue: Catalogue, card: str, publics: list[str]
) -> None:
    """One public is enough for who reads: a public that is not enough must not be there."""
    assert [one.value for one in publics_of(catalogue.entries[card])] == publics


@pytest.mark.parametrize(
    ("name", "networks", "kind"),
    [
        pytest.param("CCAS de Mer", [], PlaceType.CCAS, id="acronym"),
        pytest.param("Mairie déléguée de Coulanges", [], PlaceType.MAIRIE_DELEGUEE, id="longest"),
        pytest.param("Médiathèque de Mer", [], PlaceType.BIBLIOTHEQUE, id="other word"),
        pytest.param("Association Alpha", ["chrs"], PlaceType.CHRS, id="network"),
        pytest.param("Mission locale", ["france-service"], PlaceType.MISSION_LOCALE, id="name"),
        pytest.param("Association Alpha", ["communes"], None, id="network of several types"),
        pytest.param("Mairiebelle", [], None, id="the beginning of a word"),
    ],
)
def test_the_type_is_read_in_the_name_then_in_the_network(
    name: str, networks: list[str], kind: PlaceType | None
) -> None:
    """The schema does not say it."""
    assert kind_of(name, frozenset(map(v1.ReseauPorteur, networks))) is kind


def test_the_command_writes_json_and_csv_and_says_what_it_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same rows twice; the counts, the quality and each reason are printed."""
    assert main(["export", "data-inclusion", "--to", str(tmp_path), "--on", "2026-11-25"]) == 0
    rows = json.loads((tmp_path / "services.json").read_text(encoding="utf-8"))
    with (tmp_path / "services.csv").open(encoding="utf-8", newline="") as stream:
        table = list(csv.DictReader(stream))
    assert [one["id"] for one in table] == [one["id"] for one in rows]
    assert json.loads(table[0]["thematiques"]) == rows[0]["thematiques"]
    said = capsys.readouterr().out
    assert f"{len(rows)} services" in said
    assert "Qualité moyenne des services : 0." in said
    assert "mise à l’abri : où elle se fait n’est pas publié" in said
    assert "cpl-emmaus-solidarite-rural" in said
    assert "cpl-asld-astrolabe" in said


def test_the_hsds_file_reads_again_as_what_we_have(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Export then import: every place and card is known, nothing differs, nothing is refused."""
    file = tmp_path / "hsds.json"
    assert main(["export", "hsds", "--to", str(file), "--on", "2026-11-25"]) == 0
    package = json.loads(file.read_text(encoding="utf-8"))
    number = len(package["organizations"]) + len(package["services"])
    capsys.readouterr()
    options = ["--to", str(tmp_path / "out"), "--partout"]  # our neighbours' places too
    assert main(["import", "hsds", str(file), *options]) == 0
    first, second = capsys.readouterr().out.strip().splitlines()
    assert first == (
        f"{number} lignes – pris : 0 · modifié : 0 · déjà connu : {number} · "
        "rattaché : 0 · refusé : 0"
    )
    assert second.startswith("Propositions et rapport : ")

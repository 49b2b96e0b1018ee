"""An import proposes; it names every row that it refuses and changes nothing that we curate."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge_base.__main__ import main
from knowledge_base.catalogue import DATA
from knowledge_base.exchange.row_files import FileRefused, read_rows
from knowledge_base.models import Entry
from knowledge_base.places import load_directory
from knowledge_base.structures import Place, as_line

CCAS = {
    "source": "dora",
    "id": "dora--ccas-mer",
    "nom": "CCAS de Mer",
    "date_maj": "2026-03-02",
    "commune": "Mer",
    "code_postal": "41500",
    "code_insee": "41136",
    "adresse": "9 rue Nationale",
    "telephone": "02 54 81 40 80",
    "horaires_accueil": "Mo-Fr 09:00-12:00; PH off",
    "reseaux_porteurs": ["ccas-cias"],
}
TOWN_HALL = {
    "id": "mairie-41136",
    "name": "Mairie de Mer",
    "type": "mairie",
    "address": "9 rue Nationale",
    "postal_code": "41500",
    "commune": "Mer",
    "code_insee": "41136",
    "lat": 47.70216,
    "lon": 1.50632,
    "phone": "+33254814080",
    "source": {"title": "Une liste", "checked_on": "2026-10-09"},
    "licence": "Licence Ouverte 2.0",
}
Run = Callable[..., int]


@pytest.fixture(name="data")
def _data(tmp_path: Path) -> Path:
    """A directory of one town hall and two cards, to import against."""
    data = tmp_path / "data"
    (data / "structures").mkdir(parents=True)
    (data / "services").mkdir()
    for name in ("communes.csv", "numeros.yml", "montants.yml", "sigles.yml"):
        (data / name).write_bytes((DATA / name).read_bytes())
    card = (DATA / "services" / "teleassistance.yml").read_text(encoding="utf-8")
    values = yaml.safe_load(card) | {"related": []}
    path = data / "services" / "teleassistance.yml"
    path.write_text(yaml.safe_dump(values, allow_unicode=True), encoding="utf-8")
    line = as_line(Place.model_validate(TOWN_HALL))
    (data / "structures" / "mairies.jsonl").write_text(f"{line}\n", encoding="utf-8")
    return data


@pytest.fixture(name="run")
def _run(tmp_path: Path, data: Path) -> Run:
    """Import files with these options; the proposals go to « out »."""

    def run(*arguments: object) -> int:
        words = [str(one) for one in arguments]
        return main(["import", *words, "--to", str(tmp_path / "out"), "--data", str(data)])

    return run


def written(path: Path, rows: object) -> Path:
    """Write rows as JSON and return the path."""
    path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    return path


def report(folder: Path) -> list[dict[str, str]]:
    """Return the lines of the report that was written."""
    with (folder / "out" / "rapport.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def proposed(folder: Path) -> list[dict[str, Any]]:
    """Return the places that were proposed."""
    lines = (folder / "out" / "lieux.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_a_structure_becomes_a_proposed_place(run: Run, tmp_path: Path, data: Path) -> None:
    """The phone is put in our form, the type is read in the name, the directory does not move."""
    before = (data / "structures" / "mairies.jsonl").read_bytes()
    assert run("data-inclusion", written(tmp_path / "a.json", [CCAS])) == 0
    [place] = proposed(tmp_path)
    assert (place["id"], place["type"]) == ("di-dora-ccas-mer", "ccas")
    assert (place["phone"], place["opening_hours"]) == ("+33254814080", "Mo-Fr 09:00-12:00; PH off")
    assert place["source"] == {"title": "data·inclusion (dora)", "checked_on": "2026-03-02"}
    assert [one["résultat"] for one in report(tmp_path)] == ["pris"]
    assert [path.name for path in (data / "structures").iterdir()] == ["mairies.jsonl"]
    assert (data / "structures" / "mairies.jsonl").read_bytes() == before


def test_a_service_says_what_its_structure_does(run: Run, tmp_path: Path) -> None:
    """A place gains the themes of its services; a service without its structure is refused."""
    service = {
        "source": "dora",
        "structure_id": CCAS["id"],
        "id": "dora--s1",
        "nom": "Transport solidaire",
        "description": "Des bénévoles conduisent.",
        "date_maj": "2026-03-02",
        "thematiques": ["mobilite--etre-accompagne-dans-son-parcours-mobilite"],
    }
    lost = service | {"id": "dora--s2", "structure_id": "dora--ailleurs"}
    files = [
        written(tmp_path / "structures.json", [CCAS]),
        written(tmp_path / "services.json", [service, lost]),
    ]
    run("data-inclusion", *files)
    [place] = proposed(tmp_path)
    assert "mobilite" in place["themes"]
    assert place["services"] == "Transport solidaire"
    outcomes = {one["identifiant"]: one["résultat"] for one in report(tmp_path)}
    assert outcomes == {"dora--ccas-mer": "pris", "dora--s1": "rattaché", "dora--s2": "refusé"}


def test_one_bad_row_among_a_hundred_is_named_and_the_others_are_taken(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The schema says what is wrong with it."""
    rows = [CCAS | {"id": f"dora--{n}", "adresse": f"{n + 10} rue Haute"} for n in range(100)]
    rows[41] = rows[41] | {"date_maj": "hier"}
    assert run("data-inclusion", written(tmp_path / "a.json", rows)) == 0
    assert len(proposed(tmp_path)) == 99
    [bad] = [one for one in report(tmp_path) if one["résultat"] == "refusé"]
    assert (bad["ligne"], bad["identifiant"]) == ("ligne 42", "dora--41")
    assert bad["raison"] == "date_maj : date incorrecte"
    assert "refusé : date_maj : date incorrecte : dora--41" in capsys.readouterr().out


def test_a_list_that_was_cut_gives_its_whole_rows(run: Run, tmp_path: Path) -> None:
    """A download that stopped loses its last row only, and says so."""
    rows = [CCAS | {"id": f"dora--{n}", "adresse": f"{n} rue Haute"} for n in range(1, 4)]
    text = json.dumps(rows)
    path = tmp_path / "cut.json"
    path.write_text(text[: text.rindex("rue Haute")], encoding="utf-8")
    assert run("data-inclusion", path) == 0
    assert [one["id"] for one in proposed(tmp_path)] == ["di-dora-1", "di-dora-2"]
    [bad] = [one for one in report(tmp_path) if one["résultat"] == "refusé"]
    assert bad["ligne"] == "ligne 3"
    assert bad["raison"].startswith("JSON coupé ou illisible")


def test_a_table_with_other_columns_is_refused_whole(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is guessed from the order of the columns; nothing is written."""
    path = tmp_path / "a.csv"
    path.write_text("nom;adresse\nCCAS;9 rue Haute\n", encoding="utf-8")
    assert run("data-inclusion", path) == 1
    said = capsys.readouterr().err
    assert "colonnes absentes : source, id, date_maj (lues : nom, adresse)" in said
    assert not (tmp_path / "out").exists()


def test_a_table_is_read_like_the_list(run: Run, tmp_path: Path) -> None:
    """By commas or semicolons, with the three ways in which lists are written in a cell."""
    columns = [*CCAS]
    networks = ('["ccas-cias"]', "{ccas-cias}", "ccas-cias")
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, columns, delimiter=";")
        writer.writeheader()
        for n, cell in enumerate(networks):
            changed = {"id": f"dora--{n}", "adresse": f"{n + 10} rue Haute"}
            writer.writerow(CCAS | changed | {"nom": "Action sociale", "reseaux_porteurs": cell})
    run("data-inclusion", path)
    rows = report(tmp_path)
    # The network « ccas-cias » is two types: without a name that says it, nobody can tell.
    assert {one["raison"] for one in rows} == {
        "type de lieu non reconnu, ni par le nom ni par le réseau"
    }
    path.write_text(path.read_text("utf-8-sig").replace("Action", "CCAS action"), "utf-8")
    run("data-inclusion", path)
    assert [one["type"] for one in proposed(tmp_path)] == ["ccas"] * 3


def test_a_row_of_another_departement_is_refused_unless_asked(run: Run, tmp_path: Path) -> None:
    """Orléans is not ours; « --partout » takes it when its commune is in the table."""
    there = {"commune": "Tours", "code_insee": "37261", "code_postal": "37000", "nom": "CCAS Tours"}
    path = written(tmp_path / "a.json", [CCAS | there])
    run("data-inclusion", path)
    assert [one["raison"] for one in report(tmp_path)] == ["autre département que le 41"]
    national = tmp_path / "communes.csv"
    head = "code_insee,nom,codes_postaux,departement,epci,epci_nom,population,lat,lon"
    national.write_text(
        f"{head},communes_deleguees\n37261,Tours,37000,37,1,Métropole,1,47.39,0.69,\n"
        "41136,Mer,41500,41,2,CC,1,47.70,1.50,\n",
        encoding="utf-8",
    )
    run("data-inclusion", path, "--partout", "--communes", national)
    [place] = proposed(tmp_path)
    assert (place["commune"], place["code_insee"]) == ("Tours", "37261")


def test_a_place_that_we_have_is_reported_field_by_field(
    run: Run, tmp_path: Path, data: Path
) -> None:
    """Same type and same address: nothing is written but what differs, in the report."""
    told = {"nom": "Mairie", "telephone": "+33254000000", "adresse": "9, Rue Nationale"}
    before = (data / "structures" / "mairies.jsonl").read_bytes()
    run("data-inclusion", written(tmp_path / "a.json", [CCAS | told]))
    rows = report(tmp_path)
    assert {(one["résultat"], one["raison"], one["lieu"]) for one in rows} == {
        ("déjà connu", "même type et même adresse", "mairie-41136")
    }
    found = {one["champ"]: (one["ici"], one["fichier"]) for one in rows if one["champ"]}
    assert found["phone"] == ("+33254814080", "+33254000000")
    assert found["opening_hours"] == ("", "Mo-Fr 09:00-12:00; PH off")
    assert proposed(tmp_path) == []
    assert (data / "structures" / "mairies.jsonl").read_bytes() == before


def test_a_place_is_changed_only_when_a_person_names_it(
    run: Run, tmp_path: Path, data: Path
) -> None:
    """What the row does not say stays; the former place is kept beside the report."""
    told = CCAS | {"nom": "Mairie", "telephone": "+33254000000"}
    run("data-inclusion", written(tmp_path / "a.json", [told]), "--accept", "mairie-41136")
    assert {one["résultat"] for one in report(tmp_path)} == {"modifié"}
    place = load_directory(data / "structures").get("mairie-41136")
    assert place is not None
    assert (place.phone, place.postal_code) == ("+33254000000", "41500")
    assert place.source.title == "data·inclusion (dora)"
    assert [one.title for one in place.other_sources] == ["Une liste"]
    kept = (tmp_path / "out" / "remplaces.jsonl").read_text(encoding="utf-8")
    assert json.loads(kept)["phone"] == "+33254814080"


def test_a_new_place_that_is_accepted_joins_the_directory(
    run: Run, tmp_path: Path, data: Path
) -> None:
    """In a file of its own, that no source writes again; importing it twice adds it once."""
    path = written(tmp_path / "a.json", [CCAS])
    run("data-inclusion", path, "--accept", "dora--ccas-mer")
    run("data-inclusion", path, "--accept", "dora--ccas-mer")
    lines = (data / "structures" / "importes.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["di-dora-ccas-mer"]
    assert load_directory(data / "structures").get("di-dora-ccas-mer") is not None
    assert [one["résultat"] for one in report(tmp_path)] == ["déjà connu"]


def test_a_place_that_only_looks_like_ours_is_proposed_with_a_word(
    run: Run, tmp_path: Path
) -> None:
    """One name in one commune at two addresses: a person compares."""
    told = {"nom": "Mairie de Mer", "adresse": "1 place de la Halle", "telephone": ""}
    run("data-inclusion", written(tmp_path / "a.json", [CCAS | told]))
    [row] = report(tmp_path)
    assert row["résultat"] == "pris"
    assert row["raison"] == "à comparer avec mairie-41136 (même commune et même nom)"


def test_what_cannot_be_used_is_left_and_said(run: Run, tmp_path: Path) -> None:
    """A wrong phone, a point in the sea and a site without address do not lose the place."""
    told = {"telephone": "02 54", "latitude": 48.9, "longitude": -4.5}
    run("data-inclusion", written(tmp_path / "a.json", [CCAS | told | {"telephone": "0254814"}]))
    [place] = proposed(tmp_path)
    assert "phone" not in place
    assert "precise" not in place
    [row] = report(tmp_path)
    assert row["raison"] == "laissé : point trop loin de sa commune, telephone 0254814"


def test_the_directory_of_2019_becomes_places_to_verify(run: Run, tmp_path: Path) -> None:
    """Its types are ours under other names; its date is that of the table."""
    table = (
        "id,type,nom,adresse,code_postal,commune,code_insee,departement,telephone,courriel,site\n"
        "cidf-41018-01,cidf,CIDFF - Blois,13 rue Roland-Garros,41000,Blois,41018,41,"
        "02 54 42 17 39,,www.cidff41.fr\n"
        "bav-41018-01,bav,Bureau,1 rue Haute,41000,Blois,41018,41,,,\n"
    )
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(table.encode()))
    assert run("dila", path) == 0
    [place] = proposed(tmp_path)
    assert (place["type"], place["name"]) == ("cidff", "CIDFF de Blois")
    assert (place["to_verify"], place["source"]["checked_on"]) == (True, "2019-08-01")
    taken, refused = report(tmp_path)
    assert taken["raison"] == "laissé : site"
    assert refused["raison"] == "type hors de l’annuaire : bav"


def test_a_sheet_becomes_a_card_to_write_without_any_figure(run: Run, tmp_path: Path) -> None:
    """Title, source, page, date, to verify: what the sheet of 2020 grants is not copied."""
    sheet = {
        "id": "F16225",
        "titre": "Aide de 1 200 € pour l'autonomie des plus de 60 ans",
        "fil_ariane": ["Social - Santé", "Personnes âgées"],
        "texte": "Le plafond est de 906 € par mois.",
        "url": "https://www.service-public.fr/particuliers/vosdroits/F16225",
        "date_modification": "2020-06-02",
    }
    outside = sheet | {"id": "F2", "fil_ariane": ["Loisirs", "Sport"], "url": "https://a.fr/F2"}
    empty = sheet | {"id": "F3", "texte": "", "url": "https://a.fr/F3"}
    path = tmp_path / "a.jsonl"
    lines = [json.dumps(one) for one in (sheet, outside, empty)]
    path.write_text("\n".join([*lines, '{"id": "F4", ']), encoding="utf-8")
    run("service-public", path)
    text = (tmp_path / "out" / "fiches" / "sp_f16225.yml").read_text(encoding="utf-8")
    card = yaml.safe_load(text)
    assert card["title"] == "Aide de … € pour l’autonomie des plus de … ans"
    assert card["themes"] == ["personnes_agees"]
    [source] = card["sources"]
    assert (str(source["checked_on"]), source["to_verify"]) == ("2020-06-02", True)
    assert "906" not in text
    assert set(card) <= set(Entry.model_fields)
    reasons = {one["identifiant"] or one["ligne"]: one["raison"] for one in report(tmp_path)}
    assert reasons == {
        "F16225": "fiche à écrire",
        "F2": "hors des domaines du plan : Loisirs",
        "F3": "fiche sans texte (recherche guidée, liste de liens)",
        "ligne 4": "JSON illisible : Expecting property name enclosed in double quotes",
    }


def test_a_sheet_that_a_card_already_cites_is_known(run: Run, tmp_path: Path, data: Path) -> None:
    """The site changed its name: the page is the same one."""
    card = yaml.safe_load((data / "services" / "teleassistance.yml").read_text(encoding="utf-8"))
    cited = card["sources"][0]["url"].replace("service-public.gouv.fr", "service-public.fr")
    sheet = {
        "id": "F1",
        "titre": "Téléassistance",
        "fil_ariane": ["Famille"],
        "texte": "…",
        "url": cited,
        "date_modification": "2020-06-02",
    }
    run("service-public", written(tmp_path / "a.json", [sheet]))
    [row] = report(tmp_path)
    assert (row["résultat"], row["lieu"]) == ("déjà connu", "teleassistance")
    assert not (tmp_path / "out" / "fiches").exists()


def test_a_service_of_another_directory_gives_its_place_and_a_card_to_write(
    run: Run, tmp_path: Path
) -> None:
    """Without our attributes: the type by the name, the hours by the schedules."""
    weekly = {"freq": "WEEKLY", "byday": "MO,TU", "opens_at": "09:00:00", "closes_at": "12:00:00"}
    where = {
        "id": "loc-1",
        "location_type": "physical",
        "name": "Centre social de la Chiff",
        "addresses": [{"address_1": "2 rue Haute", "city": "Blois", "postal_code": "41000"}],
        "phones": [{"id": "p", "number": "02 54 00 11 22"}],
        "schedules": [{"id": "s"} | weekly],
    }
    service = {
        "id": "svc-1",
        "name": "Écrivain public",
        "status": "active",
        "assured_date": "2026-01-05",
        "organization": {"id": "o", "name": "Ville de Blois", "description": "x"},
        "service_at_locations": [{"id": "at", "location": where}],
    }
    undated = service | {"id": "svc-2", "assured_date": None, "service_at_locations": []}
    run("hsds", written(tmp_path / "a.json", {"contents": [service, undated], "page_number": 1}))
    [place] = proposed(tmp_path)
    assert (place["type"], place["phone"]) == ("centre_social", "+33254001122")
    assert place["opening_hours"] == "Mo,Tu 09:00-12:00; PH off"
    assert (place["source"]["checked_on"], place["to_verify"]) == ("2026-01-05", True)
    card = yaml.safe_load((tmp_path / "out/fiches/hsds_svc_1.yml").read_text(encoding="utf-8"))
    assert (card["kind"], card["provider"]) == ("service", "Ville de Blois")
    refused = [one["raison"] for one in report(tmp_path) if one["résultat"] == "refusé"]
    assert refused == ["assured_date : la date de vérification manque"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"", "fichier vide", id="empty"),
        pytest.param(b"\x1f\x8bxx", "illisible", id="broken gzip"),
        pytest.param("é;à\n".encode("latin-1"), "UTF-8", id="latin-1"),
        pytest.param(b"[]", "aucune ligne", id="no row"),
    ],
)
def test_a_file_that_is_none_of_these_formats_is_refused(
    tmp_path: Path, content: bytes, message: str
) -> None:
    """The message names the file and what is wrong with it."""
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(FileRefused, match=rf"a\.json : .*{message}"):
        read_rows(path)


def test_rows_that_are_not_objects_are_named(tmp_path: Path) -> None:
    """A list of names is not a list of rows; a text may hold a separator of lines."""
    rows: Sequence[object] = [{"id": "a\u2028b"}, "CCAS", {"id": "c"}]
    found = read_rows(written(tmp_path / "a.json", rows))
    assert [one.fault for one in found] == [None, "un objet est attendu", None]
    lines = tmp_path / "a.jsonl"
    lines.write_text('{"id": "a\u2028b"}\n\n{"id": "c"}\n', encoding="utf-8")
    assert [(one.where, one.row["id"]) for one in read_rows(lines)] == [
        ("ligne 1", "a\u2028b"),
        ("ligne 3", "c"),
    ]

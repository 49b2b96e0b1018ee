"""Import of the help lines: the source table of numbers into ``numeros.yml``."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import yaml

from knowledge_base.models import Line

#: Our id for each number of the source, in the order of the file that is written.
_IDS = {
    "15": "samu_15",
    "17": "police_17",
    "18": "pompiers_18",
    "112": "urgence_112",
    "114": "urgence_114",
    "115": "samu_social_115",
    "119": "enfance_danger_119",
    "3919": "violences_femmes_3919",
    "3114": "suicide_3114",
    "3977": "maltraitance_3977",
    "3018": "harcelement_3018",
    "116006": "france_victimes_116006",
    "116000": "enfants_disparus_116000",
    "116117": "garde_116117",
    "0800231313": "drogues_info",
    "0980980930": "alcool_info",
    "0974751313": "joueurs_info",
    "3989": "tabac_info",
    "0800235236": "fil_sante_jeunes",
    "0800840800": "sida_info",
    "0805160075": "loyers_impayes",
    "0806706806": "logement_indigne",
    "0806000113": "demande_logement_social",
    "0800112212": "energie_info",
    "0808800700": "renovation_energetique",
    "3646": "assurance_maladie_3646",
    "3230": "caf_3230",
    "3949": "france_travail_3949",
    "3960": "assurance_retraite_3960",
    "3939": "allo_service_public_3939",
    "3414": "banque_de_france_3414",
    "0969390000": "defenseur_des_droits",
    "0800730123": "aide_handicap_ecole",
    "0806000278": "etudiants_urgence_sociale",
    "0800122500": "reviens_te_former",
    "0805805817": "info_escroqueries",
    "0800066666": "canicule_info",
}
#: Numbers that another one replaced: kept out, never shown.
_REPLACED = frozenset({"3020"})
_HEADER = (
    "# Numéros d’urgence et d’écoute. Fichier produit par knowledge_base/exchange/lines.py :\n"
    "# ajouter un numéro ici demande sa source et la date à laquelle il a été contrôlé.\n"
)


class LineImportError(Exception):
    """The source table holds a number without an id of ours, or cannot be read."""


def import_lines(csv_path: Path) -> dict[str, Line]:
    """Read the source table of numbers; keys are our ids.

    Raises LineImportError when a line cannot be read, is unknown, or is missing.
    """
    lines: dict[str, Line] = {}
    with csv_path.open(encoding="utf-8", newline="") as stream:
        for position, row in enumerate(csv.DictReader(stream), start=2):
            where = f"{csv_path.name}, ligne {position}"
            try:
                dialled = row["numero"].replace(" ", "")
                if dialled in _REPLACED:
                    continue
                if dialled not in _IDS:
                    raise LineImportError(f"{where} : numéro sans identifiant « {dialled} »")
                lines[_IDS[dialled]] = _line(row)
            except (KeyError, ValueError) as error:
                raise LineImportError(f"{where} : {error}") from error
    missing = sorted(set(_IDS.values()) - set(lines))
    if missing:
        raise LineImportError(f"{csv_path.name} : il manque {', '.join(missing)}")
    return {key: lines[key] for key in _IDS.values()}


def latest_lines(imported: Mapping[str, Line], kept: Mapping[str, Line]) -> dict[str, Line]:
    """Return ``imported`` with the lines of ``kept`` that it lacks or that were checked later."""
    later = {
        line_id: line
        for line_id, line in kept.items()
        if line_id not in imported or line.checked_on > imported[line_id].checked_on
    }
    return {**imported, **later}


def write_lines(lines: Mapping[str, Line], path: Path) -> None:
    """Write ``numeros.yml`` in the order of ``lines``, without the empty fields."""
    rows = {key: line.model_dump(exclude_none=True) for key, line in lines.items()}
    text = yaml.safe_dump(rows, allow_unicode=True, sort_keys=False, width=100)
    path.write_text(_HEADER + text, encoding="utf-8")


def _line(raw: Mapping[str, str]) -> Line:
    row = {key: value.replace("'", "’") for key, value in raw.items()}
    return Line(
        number=_as_dialled(row["numero"]),
        name=row["nom"],
        purpose=row["objet"],
        audience=row["public"] or None,
        hours=row["horaires"] or None,
        cost=row["cout"] or None,
        deaf=row["accessibilite_sourds"] or None,
        urgent=row["urgence"] == "oui",
        source=row["source"],
        checked_on=_day(row["date_source"]),
        to_verify=row["a_verifier"] == "oui",
        note=_note(row),
    )


def _as_dialled(number: str) -> str:
    compact = number.replace(" ", "")
    return compact if len(compact) <= 4 else number


def _note(row: Mapping[str, str]) -> str | None:
    other = f"autre accès : {row['autres_acces']}" if row["autres_acces"] else ""
    return " ; ".join(part for part in (row["note"], other) if part) or None


def _day(text: str) -> date:
    """Return the first day of a year or month when the source gives no day."""
    parts = [int(part) for part in text.split("-")] + [1, 1]
    return date(parts[0], parts[1], parts[2])

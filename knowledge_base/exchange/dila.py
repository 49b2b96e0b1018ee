"""The directory of the administration (DILA) received: its own rows, or those collected here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic import ValidationError

from knowledge_base.exchange.place_rows import place_of
from knowledge_base.exchange.placing import Territory, Told, faults, located
from knowledge_base.exchange.receiving import Reception, Refused
from knowledge_base.exchange.row_files import Numbered, Row
from knowledge_base.structures import TYPES, Place

COLUMNS = ("id", "type", "nom", "code_insee")
#: The types of DILA that are places of ours under another name; the others keep their own.
_TYPES = {
    "accompagnement_personnes_agees": "aidants_repit",
    "cg": "conseil_departemental",
    "cidf": "cidff",
    "cij": "information_jeunesse",
    "cio": "orientation_scolaire",
    "clic": "point_info_autonomie",
    "commission_conciliation": "commission_conciliation_logement",
    "ddcs": "services_etat_cohesion_sociale",
    "ddcspp": "services_etat_cohesion_sociale",
    "epci": "intercommunalite",
    "maison_handicapees": "mdph",
    "mjd": "maison_justice_droit",
    "msap": "france_services",
    "permanence_juridique": "point_justice",
    "pif": "point_info_famille",
    "sous_pref": "sous_prefecture",
    "te": "tribunal_enfants",
    "tgi": "tribunal",
    "ti": "tribunal",
}
#: What a row of the table of 2019 does not say of itself; its month is the first of its dates.
_TABLE_OF_2019 = {
    "source": "DILA, Annuaire de l'administration, état d'août-octobre 2019",
    "date": "2019-08",
    "licence": "Licence Ouverte 2.0 (Etalab)",
}


def receive(rows: Iterable[Numbered], reception: Reception, territory: Territory) -> None:
    """Give every row of ``rows`` to ``reception`` as a place."""
    rows = list(rows)
    by_id = {str(numbered.row.get("id", "")): numbered.row for numbered in rows}
    for numbered in rows:
        row_id = str(numbered.row.get("id", ""))
        left: list[str] = []
        try:
            if numbered.fault is not None:
                raise Refused(numbered.fault)
            place = place_of_row(numbered.row, by_id, territory, left)
        except Refused as refused:
            reception.refuse(numbered, row_id, str(refused))
            continue
        remark = f"laissé : {', '.join(left)}" if left else ""
        reception.receive(numbered, row_id, place, remark)


def place_of_row(
    row: Row, by_id: Mapping[str, Row], territory: Territory, left: list[str]
) -> Place:
    """Return the place of a row. Raises Refused for a type or a commune that is not ours."""
    missing = [name for name in COLUMNS if not row.get(name)]
    if missing:
        raise Refused(f"manque : {', '.join(missing)}")
    where = located(
        Told(row["code_insee"], row.get("code_postal"), row.get("commune"), *_point(row)),
        territory,
        left,
    )
    kind = _TYPES.get(row["type"], row["type"])
    if kind not in TYPES:
        raise Refused(f"type hors de l’annuaire : {row['type']}")
    full = row if "source" in row else row | _TABLE_OF_2019
    if "site" in full and not str(full["site"]).startswith(("http://", "https://")):
        left.append("site")
        full = {key: value for key, value in full.items() if key != "site"}
    values = full | {
        "id": str(row["id"]).lower(),
        "type": kind,
        "code_insee": where["code_insee"],
        "lat": where["lat"],
        "lon": where["lon"],
        "precision_coord": "adresse" if where["precise"] else "commune",
    }
    refused: list[str] = []
    try:
        place = place_of(values, by_id, territory.communes, refused)
    except ValidationError as error:
        raise Refused(faults(error)) from error
    except (KeyError, ValueError, TypeError) as error:
        raise Refused(f"ligne incomplète : {error}") from error
    left.extend(one.partition(" : ")[2] for one in refused)
    return place


def _point(row: Row) -> tuple[float | None, float | None]:
    """Return the point of the address; that of the commune is not the place's."""
    if row.get("precision_coord") != "adresse":
        return None, None
    try:
        return float(row["lat"]), float(row["lon"])
    except (KeyError, ValueError, TypeError):
        return None, None

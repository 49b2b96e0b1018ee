"""Rows of data·inclusion v1 received: structures become places, services say what they do."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from data_inclusion.schema import v1
from pydantic import BaseModel, ValidationError

from knowledge_base.exchange.data_inclusion import SOURCE
from knowledge_base.exchange.networks import kind_of
from knowledge_base.exchange.offer import OfferTable, load_table, themes_of
from knowledge_base.exchange.place_rows import is_old
from knowledge_base.exchange.place_texts import address_of, said_in
from knowledge_base.exchange.placing import (
    Territory,
    Told,
    Values,
    faults,
    local_id,
    located,
    made,
    opened,
    reached,
)
from knowledge_base.exchange.receiving import Outcome, Received, Reception, Refused
from knowledge_base.exchange.row_files import Numbered, Row
from knowledge_base.structures import THEMES, Place
from knowledge_base.vocabulary import PlaceType, Theme

#: The columns without which a CSV file is not of data·inclusion.
COLUMNS = ("source", "id", "nom", "date_maj")
LICENCE = "Licence Ouverte 2.0 (data·inclusion)"
_LISTS = frozenset(
    "reseaux_porteurs thematiques publics modes_accueil zone_eligibilite modes_mobilisation "
    "mobilisable_par".split()
)
M = TypeVar("M", bound=BaseModel)


@dataclass(slots=True)
class _Services:
    """The services of the files, by structure; each is told with the row it was read in."""

    by_structure: dict[str, list[v1.Service]] = field(default_factory=dict)
    rows: list[tuple[Numbered, v1.Service]] = field(default_factory=list)


def receive(
    rows: Iterable[Numbered],
    reception: Reception,
    territory: Territory,
    known: Mapping[str, Place],
) -> None:
    """Give every structure of ``rows`` to ``reception``, and attach the services to them."""
    rows = list(rows)
    services = _services(rows, reception)
    table, taken = load_table(), set()
    for numbered in rows:
        if numbered.fault is not None or _is_service(numbered.row):
            continue
        row_id = str(numbered.row.get("id", ""))
        try:
            left: list[str] = []
            mine = services.by_structure.get(row_id, [])
            place = place_of_structure(numbered.row, territory, known, mine, table, left)
        except Refused as refused:
            reception.refuse(numbered, row_id, str(refused))
            continue
        taken.add(row_id)
        reception.receive(numbered, row_id, place, _remark(left))
    for numbered, service in services.rows:
        _attach(numbered, service, taken, reception)


def _remark(left: list[str]) -> str:
    return f"laissé : {', '.join(left)}" if left else ""


def _services(rows: Iterable[Numbered], reception: Reception) -> _Services:
    services = _Services()
    for numbered in rows:
        if numbered.fault is not None:
            reception.refuse(numbered, "", numbered.fault)
        elif _is_service(numbered.row):
            try:
                service = _valid(v1.Service, numbered.row)
            except Refused as refused:
                reception.refuse(numbered, str(numbered.row.get("id", "")), str(refused))
                continue
            services.rows.append((numbered, service))
            services.by_structure.setdefault(service.structure_id, []).append(service)
    return services


def _attach(numbered: Numbered, service: v1.Service, taken: set[str], reception: Reception) -> None:
    if service.structure_id in taken:
        reason = f"service de {service.structure_id}"
        row = Received(numbered.where, service.id, Outcome.ATTACHED, reason)
        reception.done.report.rows.append(row)
    else:
        reason = f"structure absente ou refusée : {service.structure_id}"
        reception.refuse(numbered, service.id, reason)


def _is_service(row: Row) -> bool:
    return "structure_id" in row


def _valid(model: type[M], row: Row) -> M:
    """Return a row read by the schema. Raises Refused with what is wrong."""
    read = {key: _listed(value) if key in _LISTS else value for key, value in row.items()}
    try:
        return model.model_validate(read)
    except ValidationError as error:
        raise Refused(faults(error)) from error


def _listed(value: Any) -> Any:
    """Return a list written in a cell of a CSV: « ["a", "b"] », « {a,b} » or « a, b »."""
    if not isinstance(value, str):
        return value
    if value.startswith("["):
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            return value
    return [part.strip().strip('"') for part in value.strip("{}").split(",") if part.strip()]


def place_of_structure(
    row: Row,
    territory: Territory,
    known: Mapping[str, Place],
    services: Iterable[v1.Service],
    table: OfferTable,
    left: list[str],
) -> Place:
    """Return the place that a structure is; what is not used of it is named in ``left``.

    The schema does not say the type: it is ours for a place of ours, else read in the name or
    the network. Raises Refused when there is none, or when the commune is not known.
    """
    structure = _valid(v1.Structure, row)
    told = Told(
        structure.code_insee,
        structure.code_postal,
        structure.commune,
        structure.latitude,
        structure.longitude,
    )
    where = located(told, territory, left)
    mine = structure.id.removeprefix(f"{SOURCE}--") if structure.source == SOURCE else None
    ours = known.get(mine or "")
    kind = (
        ours.type if ours else kind_of(structure.nom, frozenset(structure.reseaux_porteurs or ()))
    )
    if kind is None:
        raise Refused("type de lieu non reconnu, ni par le nom ni par le réseau")
    said = _said(structure.description, services)
    return made(
        {
            "id": mine or local_id("di", structure.id),
            "name": structure.nom,
            "type": kind,
            "siret": structure.siret,
            "address": address_of(structure.adresse, structure.complement_adresse),
            **where,
            # As it is written: the schema adds a slash to a bare site.
            **reached(structure.telephone, structure.courriel, row.get("site_web"), left),
            **said,
            **opened(structure.horaires_accueil, said.get("hours_text")),
            "themes": _themes(kind, services, table),
            **_provenance(structure, row.get("lien_source")),
        }
    )


def _said(description: str | None, services: Iterable[v1.Service]) -> Values:
    """Return what a place does: its own words, else the names of its services."""
    said, plain = said_in(description)
    names = " ; ".join(dict.fromkeys(service.nom for service in services))
    return {"services": plain or names or None} | said


def _themes(
    kind: PlaceType, services: Iterable[v1.Service], table: OfferTable
) -> tuple[Theme, ...]:
    found = themes_of({one for service in services for one in service.thematiques or ()}, table)
    return tuple(dict.fromkeys((*THEMES[kind], *found)))


def _provenance(structure: v1.Structure, link: str | None) -> Values:
    day: date = structure.date_maj
    source = {"title": f"data·inclusion ({structure.source})", "checked_on": day}
    return {
        "source": source | ({"url": link} if link else {}),
        "licence": LICENCE,
        "to_verify": is_old({"date": day.isoformat()}),
    }

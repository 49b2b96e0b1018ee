"""Organizations and services of HSDS 3 received: locations become places, services drafts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from knowledge_base.editing import UNKNOWN_PAGE, UNKNOWN_PROVIDER, Draft
from knowledge_base.exchange.drafts import DraftReception, without_figures
from knowledge_base.exchange.hsds import LOCAL_ID, PLACE_EXTRAS, TAXONOMY, Record
from knowledge_base.exchange.hsds_schedules import expression
from knowledge_base.exchange.networks import kind_of
from knowledge_base.exchange.place_texts import address_of
from knowledge_base.exchange.placing import (
    Territory,
    Told,
    Values,
    local_id,
    located,
    made,
    opened,
    reached,
)
from knowledge_base.exchange.receiving import Reception, Refused
from knowledge_base.exchange.row_files import Numbered
from knowledge_base.structures import Place
from knowledge_base.vocabulary import EntryKind

LICENCE = "Données HSDS, licence à vérifier"
_STRUCTURED = frozenset({"themes", "service_area", "source", "other_sources", "to_verify"})
_ID_MOST = 60


def receive(
    rows: Iterable[Numbered],
    places: Reception,
    cards: DraftReception,
    territory: Territory,
    today: date,
) -> None:
    """Give the locations of ``rows`` to ``places`` and the services to ``cards``.

    A location is received once; the organizations come first, which say more of it.
    """
    rows = sorted(rows, key=lambda numbered: "locations" not in numbered.row)
    seen: set[str] = set()
    for numbered in rows:
        if numbered.fault is not None:
            places.refuse(numbered, "", numbered.fault)
            continue
        row, row_id = numbered.row, str(numbered.row.get("id", ""))
        is_service = "status" in row
        if is_service:
            _receive_card(numbered, row_id, cards)
        elif "locations" not in row:
            places.refuse(numbered, row_id, "ni un service, ni une organisation avec ses lieux")
        for owner, where in _locations(row):
            known = str(where.get("id", ""))
            if known not in seen:
                seen.add(known)
                _receive_place(numbered, (owner, where), places, territory, today)


def _locations(row: Record) -> Iterator[tuple[Record, Record]]:
    """Yield each location of a record with the organization that it belongs to."""
    for where in _records(row.get("locations")):
        yield row, where
    for at in _records(row.get("service_at_locations")):
        if isinstance(at.get("location"), dict):
            owner = {"name": row.get("name"), "assured_date": row.get("assured_date")}
            yield owner, at["location"]


def _records(value: Any) -> list[Record]:
    return [one for one in value or () if isinstance(one, dict)] if isinstance(value, list) else []


def _receive_place(
    numbered: Numbered,
    told: tuple[Record, Record],
    places: Reception,
    territory: Territory,
    today: date,
) -> None:
    owner, where = told
    row_id = str(where.get("id") or owner.get("id") or "")
    left: list[str] = []
    try:
        place = place_of(owner, where, territory, today, left)
    except Refused as refused:
        places.refuse(numbered, row_id, str(refused))
    else:
        places.receive(numbered, row_id, place, f"laissé : {', '.join(left)}" if left else "")


def place_of(
    owner: Record, where: Record, territory: Territory, today: date, left: list[str]
) -> Place:
    """Return the place that a location of an organization is. Raises Refused, with why."""
    extras = extras_of(where)
    address = next(iter(_records(where.get("addresses"))), {})
    told = Told(
        where.get("external_identifier"),
        address.get("postal_code") or None,
        address.get("city"),
        where.get("latitude"),
        where.get("longitude"),
    )
    located_at = located(told, territory, left)
    name = str(where.get("name") or owner.get("name") or "")
    kind = extras.get("type") or kind_of(name)
    if kind is None:
        raise Refused("type de lieu non reconnu")
    phone = next((one.get("number") for one in _records(where.get("phones"))), None)
    contact = next((one.get("email") for one in _records(where.get("contacts"))), None)
    return made(
        {
            "id": local_id("hsds", str(where.get("id", ""))),
            "name": name,
            "type": kind,
            "siret": _siret(owner),
            "address": address_of(address.get("address_1"), address.get("address_2")),
            **located_at,
            **reached(phone, owner.get("email") or contact, owner.get("website"), left),
            **_hours(extras, where),
            **(extras or _foreign(owner, today)),
        }
    )


def extras_of(record: Record) -> Values:
    """Return what our own attributes say of a record, by field of a place of ours."""
    values: Values = {}
    for one in _records(record.get("attributes")):
        term = one.get("taxonomy_term") or {}
        name, value = str(term.get("code")), one.get("value")
        ours = term.get("taxonomy") == TAXONOMY and (name == LOCAL_ID or name in PLACE_EXTRAS)
        if ours and isinstance(value, str):
            try:
                values[name] = json.loads(value) if name in _STRUCTURED else value
            except json.JSONDecodeError as error:
                raise Refused(f"attribut illisible : {name}") from error
    return values


def _hours(extras: Values, where: Record) -> Values:
    if "opening_hours" in extras or "hours_text" in extras:
        return {}
    return opened(*expression(_records(where.get("schedules"))))


def _siret(owner: Record) -> str | None:
    found = _records(owner.get("organization_identifiers"))
    return next((i.get("identifier") for i in found if i.get("identifier_type") == "SIRET"), None)


def _foreign(owner: Record, today: date) -> Values:
    """Return what a record of others says of itself: read ``today`` when it gives no date."""
    changes = _records(owner.get("metadata"))
    told = [owner.get("assured_date"), *(one.get("last_action_date") for one in changes)]
    days = [day for text in told if (day := _day(str(text or ""))) is not None]
    return {
        "services": owner.get("description"),
        "source": {
            "title": f"HSDS ({owner.get('name', '')})",
            "checked_on": min(max(days), today) if days else today,
        },
        "licence": LICENCE,
        "to_verify": True,
    }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _receive_card(numbered: Numbered, row_id: str, cards: DraftReception) -> None:
    try:
        draft = draft_of(numbered.row)
    except Refused as refused:
        cards.refuse(numbered, row_id, str(refused))
    else:
        cards.receive(numbered, row_id, draft)


def draft_of(row: Record) -> Draft:
    """Return the draft of a service: its own id when it is ours. Raises Refused, with why."""
    missing = [name for name in ("id", "name") if not row.get(name)]
    if missing:
        raise Refused(f"manque : {', '.join(missing)}")
    checked = _day(str(row.get("assured_date") or ""))
    if checked is None:
        raise Refused("assured_date : la date de vérification manque")
    mine = extras_of(row).get(LOCAL_ID)
    foreign = local_id("hsds", str(row["id"])).replace("-", "_")[:_ID_MOST]
    provider = (row.get("organization") or {}).get("name")
    return Draft(
        id=mine or foreign,
        kind=EntryKind.SERVICE,
        title=row["name"] if mine else without_figures(row["name"]),
        checked_on=checked,
        provider=provider or UNKNOWN_PROVIDER,
        source_title=f"HSDS : {provider or row['name']}",
        source_url=row.get("url") or UNKNOWN_PAGE,
        to_verify=True,
    )

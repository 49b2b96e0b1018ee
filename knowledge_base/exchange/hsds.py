"""Our places and cards said in HSDS 3.0 (Open Referral): organizations and services, nested.

HSDS asks for UUIDs: they follow from our ids, and ours are beside them, as attributes, with all
that HSDS has no field for. A place is an organization with one location.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid5

from knowledge_base.catalogue import Catalogue
from knowledge_base.exchange.data_inclusion import DETAILED, description_of
from knowledge_base.exchange.hsds_schedules import schedules
from knowledge_base.exchange.offer import OfferTable, carriers, thematiques_of
from knowledge_base.facts import Fact
from knowledge_base.figures import fill
from knowledge_base.freshness import checked_on
from knowledge_base.models import NOTHING_TO_BRING, Condition, Entry, Figure, Line
from knowledge_base.structures import Place, as_line

VERSION = "3.0"
PROFILE = "https://docs.openreferral.org/en/latest/hsds/overview.html"
#: The taxonomy under which our own words are attributes.
TAXONOMY = "premiere-reponse-41"
#: The namespace of every id: changing it changes them all.
_NAMESPACE = UUID("6f1f3c52-9a3e-5c0e-8d41-000000000041")
#: The attribute that holds the id of ours.
LOCAL_ID = "id"
#: What a place of ours says that HSDS has no field for; ``note`` is for our team only.
PLACE_EXTRAS = (
    "type", "services", "audience", "appointment", "opening_hours", "hours_text", "themes",
    "postal_code", "service_area", "hosted_by", "source", "other_sources", "licence", "to_verify",
)  # fmt: skip
_TERRITORIES = {
    "france": "France",
    "region-24": "Centre-Val de Loire",
    "departement-41": "Loir-et-Cher",
}

Record = dict[str, Any]


def uid(kind: str, local: str) -> str:
    """Return the UUID of a record of ours: always the same for the same id."""
    return str(uuid5(_NAMESPACE, f"{kind}/{local}"))


def attribute(kind: str, local: str, name: str, value: str, taxonomy: str = TAXONOMY) -> Record:
    """Return an attribute of a record: the term ``name`` of ``taxonomy`` with its value."""
    return {
        "id": uid("attribute", f"{kind}/{local}/{taxonomy}/{name}/{value}"),
        "link_id": uid(kind, local),
        "link_entity": kind,
        "value": value,
        "taxonomy_term": {
            "id": uid("taxonomy_term", f"{taxonomy}/{name}"),
            "code": name,
            "name": name,
            "description": name,
            "taxonomy": taxonomy,
        },
    }


def organization(place: Place) -> Record:
    """Return the organization that a place is, with its location."""
    local = place.id
    identifier = {
        "id": uid("identifier", local),
        "identifier_type": "SIRET",
        "identifier": place.siret,
    }
    return _without_empty(
        {
            "id": uid("organization", local),
            "name": place.name,
            "description": description_of(place) or place.type.label,
            "email": place.email,
            "website": place.url,
            "organization_identifiers": [identifier] if place.siret else None,
            "locations": [location(place)],
        }
    )


@lru_cache(maxsize=1024)
def location(place: Place) -> Record:
    """Return where a place is, with what HSDS cannot say; not the point of the town hall.

    Many services are at one place: it is said once, and not to be changed.
    """
    local = place.id
    contact = {"id": uid("contact", local), "email": place.email}
    return _without_empty(
        {
            "id": uid("location", local),
            "location_type": "physical",
            "name": place.name,
            "latitude": place.lat if place.precise else None,
            "longitude": place.lon if place.precise else None,
            "external_identifier": place.code_insee,
            "external_identifier_type": "code INSEE de la commune",
            "addresses": [_address(place)] if place.address else None,
            "contacts": [contact] if place.email else None,
            "phones": [_phone(uid("phone", local), place.phone)] if place.phone else None,
            "schedules": schedules(place.opening_hours, uid("location", local)) or None,
            "attributes": [
                attribute("location", local, name, value) for name, value in _extras(place).items()
            ],
        }
    )


def _extras(place: Place) -> dict[str, str]:
    said = json.loads(as_line(place))
    if place.address is not None:
        said.pop("postal_code", None)  # it is in the address
    extras = {name: said[name] for name in PLACE_EXTRAS if name in said}
    return {LOCAL_ID: place.id} | {name: _text(value) for name, value in extras.items()}


def service(entry: Entry, catalogue: Catalogue) -> Record:
    """Return a card with its one-to-one fields, as a list of services gives it."""
    figures = catalogue.figures
    return _without_empty(
        {
            "id": uid("service", entry.id),
            "organization_id": uid("provider", entry.provider),
            "name": entry.title,
            "description": _description(entry, figures),
            "url": entry.url,
            "status": "active",
            "application_process": "\n".join(fill(step, figures) for step in entry.steps),
            "eligibility_description": _rules(entry),
            **_ages(entry.conditions),
            "assured_date": checked_on(entry).isoformat(),
            "organization": {
                "id": uid("provider", entry.provider),
                "name": entry.provider,
                "description": entry.provider,
            },
        }
    )


def full_service(
    entry: Entry, catalogue: Catalogue, places: Sequence[Place], table: OfferTable
) -> Record:
    """Return a card with all that is related to it: lines, papers, areas, places, themes."""
    local = entry.id
    return service(entry, catalogue) | _without_empty(
        {
            "phones": [_line(local, catalogue.lines[code], code) for code in entry.lines] or None,
            "service_areas": [
                {"id": uid("service_area", f"{local}/{name}"), "name": name}
                for name in _areas(entry)
            ],
            "service_at_locations": [_at(entry, place) for place in carriers(entry, places, table)]
            or None,
            "required_documents": [
                {"id": uid("required_document", f"{local}/{paper}"), "document": paper}
                for paper in entry.documents
                if paper != NOTHING_TO_BRING
            ]
            or None,
            "attributes": list(_card_attributes(entry, table)),
        }
    )


def _card_attributes(entry: Entry, table: OfferTable) -> Iterable[Record]:
    local = entry.id
    yield attribute("service", local, LOCAL_ID, local)
    yield attribute("service", local, "kind", entry.kind.value)
    yield attribute("service", local, "delay", entry.delay.value)
    for theme in entry.themes:
        yield attribute("service", local, theme.value, theme.label)
    for source in entry.sources:
        yield attribute("service", local, "source", source.model_dump_json())
    for term in thematiques_of(entry, table):
        yield attribute("service", local, term.value, term.label, "data-inclusion-v1")


def _at(entry: Entry, place: Place) -> Record:
    local = f"{entry.id}/{place.id}"
    areas = [
        {"id": uid("service_area", f"{local}/{code}"), "name": code, "description": "code INSEE"}
        for code in place.service_area
    ]
    return _without_empty(
        {
            "id": uid("service_at_location", local),
            "service_areas": areas or None,
            "location": location(place),
        }
    )


def _description(entry: Entry, figures: Mapping[str, Figure]) -> str:
    amount = f"Montant : {fill(entry.amount, figures)}" if entry.amount else ""
    return "\n".join(text for text in (fill(entry.summary, figures), amount) if text)


def _rules(entry: Entry) -> str | None:
    return "\n".join(one.otherwise for one in entry.conditions if not one.soft) or None


def _ages(conditions: Iterable[Condition]) -> Record:
    """Return the ages that a condition alone bounds: « 60 ans ou un handicap » bounds none."""
    leaves = [one.any[0] for one in conditions if len(one.any) == 1 and not one.soft]
    ages = [leaf for leaf in leaves if leaf.fact is Fact.AGE]
    least = [leaf.at_least for leaf in ages if leaf.at_least is not None]
    most = [leaf.at_most for leaf in ages if leaf.at_most is not None]
    return {
        "minimum_age": max(least) if least else None,
        "maximum_age": min(most) if most else None,
    }


def _areas(entry: Entry) -> list[str]:
    if isinstance(entry.territory, str):
        return [_TERRITORIES[entry.territory]]
    return list(entry.territory)


def _address(place: Place) -> Record:
    """Return the address of a place that has a street: HSDS wants one."""
    detailed = DETAILED.match(place.address or "")
    return _without_empty(
        {
            "id": uid("address", place.id),
            "address_1": detailed["street"] if detailed else place.address or "",
            "address_2": detailed["detail"] if detailed else None,
            "city": place.commune,
            "state_province": place.code_insee[:2],
            "postal_code": place.postal_code or "",
            "country": "FR",
            "address_type": "physical",
        }
    )


def _phone(identifier: str, number: str, description: str | None = None) -> Record:
    return _without_empty(
        {"id": identifier, "number": number, "type": "voice", "description": description}
    )


def _line(local: str, line: Line, code: str) -> Record:
    said = " · ".join(text for text in (line.name, line.hours, line.cost) if text)
    return _phone(uid("phone", f"{local}/{code}"), line.number, said)


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _without_empty(record: Record) -> Record:
    return {key: value for key, value in record.items() if value is not None}

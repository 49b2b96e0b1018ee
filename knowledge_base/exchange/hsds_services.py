"""Our cards said in HSDS 3.0: services, with all that is related to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from knowledge_base.catalogue import Catalogue
from knowledge_base.exchange.hsds import (
    LOCAL_ID,
    Record,
    attribute,
    location,
    phone_record,
    uid,
    without_empty,
)
from knowledge_base.exchange.offer import OfferTable, carriers, thematiques_of
from knowledge_base.facts import Fact
from knowledge_base.figures import fill
from knowledge_base.freshness import checked_on
from knowledge_base.models import NOTHING_TO_BRING, Condition, Entry, Figure, Line
from knowledge_base.structures import Place

_TERRITORIES = {
    "france": "France",
    "region-24": "Centre-Val de Loire",
    "departement-41": "Loir-et-Cher",
}


def service(entry: Entry, catalogue: Catalogue) -> Record:
    """Return a card with its one-to-one fields, as a list of services gives it."""
    figures = catalogue.figures
    return without_empty(
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
    return service(entry, catalogue) | without_empty(
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
    return without_empty(
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


def _line(local: str, line: Line, code: str) -> Record:
    said = " · ".join(text for text in (line.name, line.hours, line.cost) if text)
    return phone_record(uid("phone", f"{local}/{code}"), line.number, said)

"""Our places and cards said in data·inclusion v1: structures, and services at structures.

Every row is checked by the published package; the ids follow from ours and never change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import mean
from typing import Any

from data_inclusion.schema import v1
from data_inclusion.schema.v1.score_qualite import score
from pydantic import BaseModel, ValidationError

from knowledge_base.catalogue import Catalogue
from knowledge_base.exchange.audiences import publics_of
from knowledge_base.exchange.networks import NETWORKS
from knowledge_base.exchange.offer import (
    LeftOut,
    Offer,
    OfferTable,
    load_table,
    offers,
    shared_places,
)
from knowledge_base.exchange.place_texts import description_of, street_and_detail
from knowledge_base.exchange.placing import faults
from knowledge_base.figures import fill
from knowledge_base.freshness import checked_on
from knowledge_base.models import NOTHING_TO_BRING, Entry, Figure
from knowledge_base.places import Directory
from knowledge_base.structures import Place
from knowledge_base.vocabulary import EntryKind

#: Who we are among the producers of data·inclusion; the first part of every id of ours.
SOURCE = "premiere-reponse-41"
_NAME_MOST = 150
_CENTRE_VAL_DE_LOIRE = ["18", "28", "36", "37", "41", "45"]
_ZONES = {"france": ["france"], "departement-41": ["41"], "region-24": _CENTRE_VAL_DE_LOIRE}
#: The columns of the CSV files, in the order of the schema.
STRUCTURE_FIELDS = tuple(v1.Structure.model_fields)
SERVICE_FIELDS = tuple(v1.Service.model_fields)

Row = dict[str, Any]


@dataclass(slots=True)
class Export:
    """What was exported, as rows of plain values, and what was not. Scores are from 0 to 1."""

    structures: list[Row] = field(default_factory=list)
    services: list[Row] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    criteria: dict[str, list[float]] = field(default_factory=dict)

    @property
    def quality(self) -> float:
        """Return the mean score of the services, 0 when there is none."""
        return round(mean(self.scores), 3) if self.scores else 0.0


def export(
    catalogue: Catalogue,
    directory: Directory,
    site: str | None = None,
    table: OfferTable | None = None,
) -> Export:
    """Return everything that we offer; ``site`` is where our cards are read, if anywhere."""
    done = Export()
    kept, left = shared_places(directory.places)
    done.left_out.extend(left)
    for place in kept:
        _add(done, done.structures, v1.Structure, structure_row(place))
    valid = {row["id"] for row in done.structures}
    found, left = offers(catalogue, kept, table or load_table())
    done.left_out.extend(left)
    for offer in found:
        for place in offer.places:
            if _id(place.id) in valid:
                contact = directory.contact(place)
                row = service_row(offer, place, contact, catalogue.figures, site)
                _add(done, done.services, v1.Service, row)
    return done


def structure_row(place: Place) -> Row:
    """Return the structure that ``place`` is. Not said: its type (but by its network), what the
    team notes, where it is when only its commune is known.
    """
    return _without_empty(
        {
            "source": SOURCE,
            "id": _id(place.id),
            "nom": _name(place.name),
            "date_maj": place.source.checked_on.isoformat(),
            "description": description_of(place),
            "siret": place.siret,
            **_where(place),
            **_reach(place),
            "site_web": place.url,
            "horaires_accueil": place.opening_hours,
            "reseaux_porteurs": [NETWORKS[place.type].value] if place.type in NETWORKS else None,
        }
    )


def service_row(
    offer: Offer,
    place: Place,
    contact: Place | None,
    figures: Mapping[str, Figure],
    site: str | None = None,
) -> Row:
    """Return the service that ``place`` gives by the card; what we do not know is not said.

    ``contact`` is whom to call: the place, or the one that hosts it or answers for it.
    """
    entry, where = offer.entry, _where(place)
    given = entry.kind is EntryKind.RIGHT and entry.amount is not None
    return _without_empty(
        {
            "source": SOURCE,
            "structure_id": _id(place.id),
            "id": f"{_id(entry.id)}:{place.id}",
            "nom": _name(entry.title),
            "description": _explained(entry, figures),
            "lien_source": f"{site.rstrip('/')}/catalogue/fiche/{entry.id}" if site else None,
            "date_maj": checked_on(entry).isoformat(),
            "type": v1.TypeService.AIDE_FINANCIERE.value if given else None,
            "thematiques": [term.value for term in offer.thematiques],
            "publics": [public.value for public in publics_of(entry)],
            "conditions_acces": _conditions(entry),
            **where,
            **(_reach(contact) if contact else {}),
            "modes_accueil": ["en-presentiel"] if "adresse" in where else None,
            "zone_eligibilite": _zone(entry, place),
            "lien_mobilisation": entry.url,
            "modes_mobilisation": _ways(entry, place, contact),
            "mobilisable_par": [v1.PersonneMobilisatrice.USAGERS.value],
            "mobilisation_precisions": _precisions(place, contact),
            "horaires_accueil": place.opening_hours,
        }
    )


def _add(done: Export, rows: list[Row], model: type[BaseModel], row: Row) -> None:
    """Keep a row that the schema takes, without any of its warnings; else say why not."""
    try:
        checked = model.model_validate(row, context={"ignore_warnings": False})
    except ValidationError as error:
        done.left_out.append(LeftOut(row["id"], faults(error)))
        return
    rows.append(row)
    if isinstance(checked, v1.Service):
        total, criteria = score(checked)
        done.scores.append(total)
        for name, value in criteria.items():
            if value is not None:
                done.criteria.setdefault(name, []).append(value)


def _id(local: str) -> str:
    return f"{SOURCE}--{local}"


def _name(text: str) -> str:
    """Return a name without its final stop, cut at a word to what the schema takes."""
    text = text.rstrip(".")
    return text if len(text) <= _NAME_MOST else f"{text[: _NAME_MOST - 2].rsplit(' ', 1)[0]} …"


def _where(place: Place) -> Row:
    """Return the address; the town hall's point is not the place's, so it is not given."""
    street, detail = street_and_detail(place.address)
    return _without_empty(
        {
            "commune": place.commune,
            "code_postal": place.postal_code,
            "code_insee": place.code_insee,
            "adresse": street,
            "complement_adresse": detail,
            "longitude": place.lon if place.precise else None,
            "latitude": place.lat if place.precise else None,
        }
    )


def _reach(place: Place) -> Row:
    return _without_empty({"telephone": place.phone, "courriel": place.email})


def _explained(entry: Entry, figures: Mapping[str, Figure]) -> str:
    steps = "\n".join(f"- {fill(step, figures)}" for step in entry.steps)
    return f"{fill(entry.summary, figures)}\n\nQue faire :\n{steps}"


def _conditions(entry: Entry) -> str | None:
    rules = [condition.otherwise for condition in entry.conditions if not condition.soft]
    papers = [f"À apporter : {paper}" for paper in entry.documents if paper != NOTHING_TO_BRING]
    return "\n".join([*rules, *papers]) or None


def _zone(entry: Entry, place: Place) -> list[str]:
    if place.service_area:
        return sorted(place.service_area)
    return _ZONES[entry.territory] if isinstance(entry.territory, str) else list(entry.territory)


def _precisions(place: Place, contact: Place | None) -> str | None:
    relay = contact is not None and contact.id != place.id
    said = [place.appointment, f"On peut joindre : {contact.name}" if contact and relay else None]
    return "\n".join(text for text in said if text) or None


def _ways(entry: Entry, place: Place, contact: Place | None) -> list[str] | None:
    ways = {
        v1.ModeMobilisation.ENVOYER_UN_COURRIEL: contact and contact.email,
        v1.ModeMobilisation.SE_PRESENTER: place.address,
        v1.ModeMobilisation.TELEPHONER: contact and contact.phone,
        v1.ModeMobilisation.UTILISER_LIEN_MOBILISATION: entry.url,
    }
    return [way.value for way, means in ways.items() if means] or None


def _without_empty(row: Row) -> Row:
    return {key: value for key, value in row.items() if value is not None}

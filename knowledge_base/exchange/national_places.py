"""Places of the whole of France: three national files, read like the directory of Loir-et-Cher.

A row of each file is written again as a row of the collected directory, which ``place_of``
turns into a place. The file of 2019 is there for scale: each of its places is « to verify ».
"""

from __future__ import annotations

import csv
import gzip
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from knowledge_base.commune_names import name_key
from knowledge_base.exchange.place_rows import Row, place_of
from knowledge_base.geography import Commune, Communes
from knowledge_base.structures import TYPES, Place
from knowledge_base.vocabulary import PlaceType

FRANCE_SERVICES = "france_services_2024.csv"
FRANCE_TRAVAIL = "agences_france_travail.csv"
ADMINISTRATION = "annuaire_administration_2019.csv.gz"
FILES = (FRANCE_SERVICES, FRANCE_TRAVAIL, ADMINISTRATION)

_P = PlaceType
#: Our type for a type of 2019, where it has another name. The others have no equal here.
#: A « maison de services au public » has become a France services, or has closed.
_TYPES_OF_2019: dict[str, PlaceType] = {
    "accompagnement_personnes_agees": _P.AIDANTS_REPIT, "afpa": _P.FORMATION,
    "bav": _P.AIDE_VICTIMES, "cg": _P.CONSEIL_DEPARTEMENTAL, "cidf": _P.CIDFF,
    "cij": _P.INFORMATION_JEUNESSE, "cio": _P.ORIENTATION_SCOLAIRE,
    "clic": _P.POINT_INFO_AUTONOMIE,
    "commission_conciliation": _P.COMMISSION_CONCILIATION_LOGEMENT,
    "ddcs": _P.SERVICES_ETAT_COHESION_SOCIALE, "ddcspp": _P.SERVICES_ETAT_COHESION_SOCIALE,
    "epci": _P.INTERCOMMUNALITE, "maison_handicapees": _P.MDPH,
    "mjd": _P.MAISON_JUSTICE_DROIT, "msap": _P.FRANCE_SERVICES,
    "permanence_juridique": _P.POINT_JUSTICE, "pif": _P.POINT_INFO_FAMILLE,
    "prudhommes": _P.TRIBUNAL, "sous_pref": _P.SOUS_PREFECTURE,
    "te": _P.TRIBUNAL_ENFANTS, "tgi": _P.TRIBUNAL, "ti": _P.TRIBUNAL,
}  # fmt: skip
#: Districts of the three largest cities, which the files name and the table does not hold.
_DISTRICTS = (("751", "75056"), ("132", "13055"), ("6938", "69123"))
#: Words that stay small inside a name written in capitals in the source.
_SMALL = frozenset("à au aux d de des du en et l la le les sous sur".split())
_CEDEX = re.compile(r"\s+cedex(?:\s+\d+)?$", re.IGNORECASE)
_OPEN_LICENCE = "Licence Ouverte 2.0 (Etalab)"
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi")


@dataclass(slots=True)
class National:
    """What was read. ``refused`` counts the rows left out, by reason and file, in French;
    ``refused_values`` names the values left out of the places that were kept."""

    places: list[Place] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    refused_values: list[str] = field(default_factory=list)


def read_national(folder: Path, communes: Communes) -> National:
    """Read the three files under ``folder``; ``communes`` are those of France.

    Raises OSError when a file is missing.
    """
    read = National()
    for file, as_row in (
        (FRANCE_SERVICES, france_services_row),
        (FRANCE_TRAVAIL, france_travail_row),
        (ADMINISTRATION, administration_row),
    ):
        for place in places_of(table(folder / file), as_row, communes, read.refused_values):
            if isinstance(place, str):
                read.refused[f"{file} : {place}"] += 1
            else:
                read.places.append(place)
    return read


def places_of(
    rows: Iterable[Row],
    as_row: Callable[[Row], Row | None],
    communes: Communes,
    refused_values: list[str],
) -> Iterator[Place | str]:
    """Return for each row its place, or in French why it has none."""
    for raw in rows:
        row = as_row(raw)
        if row is None:
            yield f"type sans équivalent ici ({raw['type']})"
            continue
        commune = commune_of(row, communes)
        if commune is None:
            yield "commune inconnue ou sans coordonnées"
            continue
        try:
            known = row | {"code_insee": commune.code_insee}
            yield place_of(known, {}, communes, refused_values)
        except ValidationError:
            yield "ligne incorrecte"


def commune_of(row: Row, communes: Communes) -> Commune | None:
    """Return the commune of a row by its code, or else by postal code and name, or None.

    The files hold codes of communes that merged since, and names in capitals.
    """
    code = row.get("code_insee", "")
    city = next((city for start, city in _DISTRICTS if code.startswith(start)), code)
    known = communes.by_code(city)
    if known is not None:
        return known
    name = name_key(_CEDEX.sub("", row["commune"]))
    sharing = communes.by_postal_code(row["code_postal"])
    # The codes of post offices (« cedex ») are those of no commune: the département is left.
    nearby = sharing or tuple(c for c in communes if c.departement == row["departement"])
    same = [c for c in nearby if name in {name_key(n) for n in (c.name, *c.former_names)}]
    found = same or list(sharing)
    return found[0] if len(found) == 1 else None


def france_services_row(raw: Row) -> Row:
    """Return a row of the list of the France services (ANCT, August 2024)."""
    itinerant = raw["format"] in ("Itinérante", "Bus_équivalent")
    remarks = ("itinérant" if itinerant else "", raw["commentaire"].strip(" ."))
    return _row(
        raw,
        id=raw["id"],
        type=_P.FRANCE_SERVICES.value,
        horaires=" ; ".join(f"{day[:3]} {raw[day]}" for day in _DAYS if raw[day]),
        rendez_vous=raw["prise_rdv"],
        note=" ; ".join(remark for remark in remarks if remark),
        source="ANCT, liste des France services (anct-carto/france_services)",
        licence=_OPEN_LICENCE,
        date="2024-08-01",
    )


def france_travail_row(raw: Row) -> Row:
    """Return a row of the agencies of France Travail (April 2020), without telephones."""
    agency = raw["nom"].removeprefix("France Travail - ").removeprefix("APE ")
    code = raw["code_safir"] or name_key(f"{raw['departement']} {agency}").replace(" ", "-")
    return _row(
        raw,
        id=f"ft-{code}",
        type=_P.FRANCE_TRAVAIL.value,
        nom=f"France Travail {capitalised(agency)}",
        telephone="3949",
        source="gip-inclusion/les-emplois (jeu de démonstration)",
        licence="AGPL-3.0 (dépôt) ; adresses publiques",
        date="2020-04-09",
        note="adresse de 2020 : à vérifier ; 3949 est le numéro national",
    )


def capitalised(name: str) -> str:
    """Return « La Ferté Saint Aubin » for « LA FERTÉ SAINT AUBIN », « Nogent le Rotrou »."""
    if not name.isupper():
        return name
    first, *others = name.lower().split()
    return " ".join([first.capitalize(), *(w if w in _SMALL else w.capitalize() for w in others)])


def administration_row(raw: Row) -> Row | None:
    """Return a row of the directory of 2019, or None for a type that we do not have."""
    kind = _TYPES_OF_2019.get(raw["type"]) or TYPES.get(raw["type"])
    if kind is None:
        return None
    if raw["nom"].startswith("Mairie déléguée"):
        kind = _P.MAIRIE_DELEGUEE
    site = raw["site"]
    return _row(
        raw,
        id=raw["id"].lower(),
        type=kind.value,
        site=site if not site or site.startswith("http") else f"http://{site}",
        source="DILA, Annuaire de l'administration, état d'août-octobre 2019",
        licence=_OPEN_LICENCE,
        date="2019-08-11",
        note="donnée de 2019 : à vérifier avant diffusion",
    )


def _row(raw: Row, **values: str) -> Row:
    """Return ``raw`` and ``values`` (which win) without what is empty, located or not."""
    row = {name: value for name, value in (raw | values).items() if value}
    if "lat" not in row:
        return row | {"precision_coord": "centre de la commune"}
    point = {"lat": float(row["lat"]), "lon": float(row["lon"])}
    return row | point | {"precision_coord": "adresse"}


def table(path: Path) -> Iterator[Row]:
    """Read the rows of a file of values, compressed or not. Raises OSError."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)

"""``search``, ``places`` and ``eval``: what a person would find."""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path

from knowledge_base import catalogue as catalogue_module
from knowledge_base import evaluation_report, evaluation_systems
from knowledge_base.catalogue import Catalogue, CatalogueError
from knowledge_base.commands import Commands, encoder_specs
from knowledge_base.conditions import evaluate
from knowledge_base.encoder import Encoder, load_encoder
from knowledge_base.evaluation_report import Group
from knowledge_base.facts import Fact
from knowledge_base.figures import fill
from knowledge_base.geography import load_communes
from knowledge_base.models import Entry
from knowledge_base.places import load_directory
from knowledge_base.search import Hit, Searcher
from knowledge_base.vocabulary import PlaceType, Theme

#: The files of a labelled set: the messages written for the first 122 cards, those for all,
#: everyday short ones, and official questions (tune only).
_PARTS = {
    "first": ("needs.yml",),
    "wide": ("needs_wide.yml",),
    "short": ("needs_short.yml",),
    "official": ("questions_publiques.yml",),
}
#: Measured together, as the figures published since the second file are.
_STORIES = (*_PARTS["first"], *_PARTS["wide"])


def add_to(commands: Commands) -> None:
    """Declare the commands."""
    search = commands.add_parser("search", help="chercher dans le catalogue")
    search.add_argument("query")
    search.add_argument("--commune")
    search.add_argument("--limit", type=int, default=3)
    search.add_argument("--json", action="store_true")
    search.set_defaults(command=_search)
    places = commands.add_parser("places", help="chercher un lieu")
    places.add_argument("commune")
    places.add_argument("--type", action="append", default=[], choices=[t.value for t in PlaceType])
    places.add_argument("--theme", choices=[t.value for t in Theme])
    places.add_argument("--limit", type=int, default=5)
    places.set_defaults(command=_places)
    measure = commands.add_parser("eval", help="mesurer la recherche sur un jeu étiqueté")
    measure.add_argument("--set", default="tune", choices=["tune", "report"])
    measure.add_argument("--messages", type=Path, default=Path("tests/quality"))
    measure.add_argument(
        "--part",
        default="all",
        choices=["all", *_PARTS],
        help="first : écrits pour 122 fiches ; wide : pour le catalogue élargi ; short : courts, "
        "de tous les jours ; official : titres de fiches officielles",
    )
    measure.set_defaults(command=_eval)


def _encoders(options: argparse.Namespace) -> list[Encoder]:
    return [load_encoder(spec) for spec in encoder_specs(options)]


def _eval(options: argparse.Namespace) -> int:
    known = catalogue_module.load()
    searcher = Searcher.open(options.var / "index", known, _encoders(options))
    groups = _groups(options)
    if not groups:
        raise CatalogueError([f"« {options.part} » : aucun fichier dans le jeu « {options.set} »."])
    alone = evaluation_systems.encoders_alone(options.var / "models", known)
    today = date.today()  # noqa: DTZ011 - a calendar day of the person at the keyboard
    for line in evaluation_report.run(searcher, alone, groups, today):
        print(line, flush=True)
    return 0


def _groups(options: argparse.Namespace) -> list[Group]:
    """Return the files to measure, those that are not comparable apart."""
    names = {"": _STORIES, "-short": _PARTS["short"], "-official": _PARTS["official"]}
    if options.part != "all":
        names = {f"-{options.part}": _PARTS[options.part]}
    folder, pages = options.messages / options.set, options.var / "evaluation"
    return [
        Group(
            tuple(folder / file for file in files), pages / f"recherche-{options.set}{suffix}.html"
        )
        for suffix, files in names.items()
        if all((folder / file).exists() for file in files)
    ]


def _search(options: argparse.Namespace) -> int:
    known = catalogue_module.load()
    code = _commune_code(options.commune)
    searcher = Searcher.open(options.var / "index", known, _encoders(options))
    hits = searcher.search(options.query, options.limit, code, explain=not options.json)
    if options.json:
        cards = [_card(known, known.entries[hit.entry_id], hit.score, code) for hit in hits]
        print(json.dumps({"results": cards}, ensure_ascii=False, indent=2))
        return 0
    for hit in hits:
        _print_card(known.entries[hit.entry_id], known, hit)
    return 0


def _card(known: Catalogue, entry: Entry, score: float, commune: str | None) -> dict[str, object]:
    verdict = evaluate(entry.conditions, {Fact.COMMUNE: commune} if commune else {}, known.figures)
    source = entry.sources[0]
    return {
        "id": entry.id,
        "title": entry.title,
        "summary": fill(entry.summary, known.figures),
        "score": round(score, 3),
        "status": verdict.status.value,
        "because": list(verdict.because),
        "missing": [fact.value for fact in verdict.missing],
        "amount": fill(entry.amount, known.figures) if entry.amount else None,
        "delay": entry.delay.value,
        "steps": [fill(step, known.figures) for step in entry.steps],
        "source": f"{source.title} ({source.checked_on.isoformat()})",
        "url": source.url,
    }


def _print_card(entry: Entry, known: Catalogue, hit: Hit) -> None:
    """Print a card with the reason it was found: what people say that is like the query."""
    print(f"■ {entry.title}  [{hit.score:.2f}]")
    print(f"  {fill(entry.summary, known.figures)}")
    if hit.because is not None:
        print(f"  Parce que des personnes dans ce cas disent : « {hit.because} »")
    if entry.amount:
        print(f"  Montant : {fill(entry.amount, known.figures)}")
    for to_do in entry.steps:
        print(f"  – {fill(to_do, known.figures)}")
    source = entry.sources[0]
    checked = " – à vérifier" if source.to_verify else ""
    print(f"  Source : {source.title} ({source.checked_on}{checked})\n")


def _commune_code(name: str | None) -> str | None:
    if name is None:
        return None
    communes = load_communes()
    found = communes.by_code(name) or next(iter(communes.search(name, 1)), None)
    if found is None:
        raise CatalogueError([f"commune inconnue : « {name} »"])
    return found.code_insee


def _places(options: argparse.Namespace) -> int:
    directory = load_directory()
    found = directory.nearest(
        _commune_code(options.commune),
        types=tuple(PlaceType(kind) for kind in options.type),
        theme=Theme(options.theme) if options.theme else None,
        limit=options.limit,
    )
    for near in found:
        about = "environ " if near.approximate else ""
        distance = "" if near.distance_km is None else f" – {about}{near.distance_km} km"
        place = near.place
        address = ", ".join(part for part in (place.address, place.commune) if part)
        print(f"{place.name}{distance}\n  {address} – {place.phone or 'téléphone inconnu'}")
        print(f"  Source : {place.source.title} ({place.source.checked_on})")
    return 0

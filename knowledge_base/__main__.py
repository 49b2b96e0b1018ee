"""Command line of the catalogue: ``python -m knowledge_base check | build | search | eval | …``."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from knowledge_base import adapter, checking, embedded_model, evaluation_report, index
from knowledge_base import catalogue as catalogue_module
from knowledge_base.adapter import AdapterError
from knowledge_base.catalogue import Catalogue, CatalogueError
from knowledge_base.conditions import evaluate
from knowledge_base.encoder import Encoder, EncoderError, encoder_name, load_encoder
from knowledge_base.exchange.directory_41 import import_directory
from knowledge_base.exchange.lines import import_lines, write_lines
from knowledge_base.facts import Fact
from knowledge_base.figures import (
    fill,
    import_figures,
    import_parameters,
    load_parameters,
    write_figures,
)
from knowledge_base.geography import load_communes
from knowledge_base.models import Entry
from knowledge_base.places import DirectoryError, load_directory
from knowledge_base.search import Hit, Searcher
from knowledge_base.settings import SearchSettings
from knowledge_base.steps import step
from knowledge_base.vocabulary import PlaceType, Theme

_BUILD_THREADS = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status."""
    options = _parser(SearchSettings()).parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except (CatalogueError, DirectoryError) as error:
        print("\n".join(error.problems), file=sys.stderr)
    except (index.StaleIndex, EncoderError, AdapterError) as error:
        print(error, file=sys.stderr)
    return 1


def _parser(settings: SearchSettings) -> argparse.ArgumentParser:
    """Return the parser; what is not on the command line is as the service is set."""
    parser = argparse.ArgumentParser(prog="python -m knowledge_base", description=__doc__)
    parser.add_argument("--var", type=Path, default=settings.var_dir, help="dossier des données")
    parser.add_argument(
        "--encoder", default=settings.encoder, help="modèle à la place du modèle fourni"
    )
    parser.add_argument(
        "--second-encoder", default=settings.second_encoder, help="deuxième modèle, ou vide"
    )
    commands = parser.add_subparsers(required=True, metavar="commande")
    check = commands.add_parser("check", help="contrôler le catalogue et l’annuaire")
    check.add_argument("--data", type=Path, default=catalogue_module.DATA, help="autres fiches")
    check.set_defaults(command=_check)
    build = commands.add_parser("build", help="construire le modèle et l’index s’ils ont changé")
    build.add_argument("--force", action="store_true")
    build.set_defaults(command=_build)
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
    measure.set_defaults(command=_eval)
    train = commands.add_parser("train", help="réentraîner le modèle de langue sur le catalogue")
    train.add_argument("--steps", type=int, help="pas d’entraînement (500 par défaut)")
    train.set_defaults(command=_train)
    fetch = commands.add_parser("import", help="produire montants, numéros et annuaire")
    fetch.add_argument("sources", type=Path, help="dossier des fichiers sources")
    fetch.set_defaults(command=_import)
    return parser


def _specs(options: argparse.Namespace) -> list[str]:
    main_spec = options.encoder or str(options.var / "models" / "e5-small")
    return [main_spec, options.second_encoder] if options.second_encoder else [main_spec]


def _encoders(options: argparse.Namespace) -> list[Encoder]:
    return [load_encoder(spec) for spec in _specs(options)]


def _check(options: argparse.Namespace) -> int:
    known = catalogue_module.load(options.data)
    print("\n".join(checking.counts(known, len(load_directory()))))
    problems = checking.problems(known)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def _build(options: argparse.Namespace) -> int:
    folder = options.var / "models" / "e5-small"
    target = options.var / "index"
    names = [encoder_name(spec) for spec in _specs(options)]
    _build_danger(options)
    built = options.encoder is not None or embedded_model.is_built(folder)
    if not options.force and built and index.is_current(target, catalogue_module.digest(), names):
        print("Modèle et index : à jour.", flush=True)
        return 0
    known = catalogue_module.load()
    if options.encoder is None and (options.force or not built):
        with step("Modèle de langue", "préparation (environ une minute)"):
            embedded_model.build(folder)
    with step("Index de recherche", f"{len(known.entries)} fiches"):
        encoders = [load_encoder(spec, _BUILD_THREADS) for spec in _specs(options)]
        built_index = index.build(known, encoders, index.off_topic_messages())
        index.save(built_index, target)
    return 0


def _build_danger(options: argparse.Namespace) -> None:
    folder = options.var / "models" / "e5-small-danger"
    if not options.force and embedded_model.is_built(folder, adapter.DANGER):
        return
    with step("Modèle du danger", "préparation (une demi-minute environ)"):
        embedded_model.build(folder, learnt=adapter.DANGER)


def _eval(options: argparse.Namespace) -> int:
    known = catalogue_module.load()
    searcher = Searcher.open(options.var / "index", known, _encoders(options))
    path = options.messages / options.set / "needs.yml"
    page = options.var / "evaluation" / f"recherche-{options.set}.html"
    print("\n".join(evaluation_report.run(searcher, path, page)))
    return 0


def _train(options: argparse.Namespace) -> int:
    # Imported here: it brings torch, which no other command of this module needs so early.
    from knowledge_base import training

    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    recipe = training.Recipe()
    if options.steps is not None:
        recipe = replace(recipe, steps=options.steps)
    published = options.var / "models" / "e5-small-published"
    if not embedded_model.is_served(published):
        with step("Modèle publié", "préparation (environ une minute)"):
            embedded_model.build(published, learnt=None)
    print(f"Entraînement : {recipe.steps} pas (20 à 30 minutes sur deux cœurs)…", flush=True)
    off_topic = index.off_topic_messages()
    written = training.make_adapter(published, catalogue_module.load(), off_topic, recipe)
    print(f"Écrit : {written}. Lancez « make index » puis « eval --set tune ».")
    return 0


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


def _import(options: argparse.Namespace) -> int:
    data = catalogue_module.DATA
    amounts = import_figures(options.sources / "montants_cles.csv")
    thresholds = import_parameters(
        options.sources / "openfisca_parametres.csv", load_parameters()
    )
    write_figures(amounts | thresholds, data / "montants.yml")
    write_lines(import_lines(options.sources / "numeros_utiles.csv"), data / "numeros.yml")
    print(import_directory(options.sources, data / "structures"))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Command line of the assistant: ``python -m assistant simulate | train-danger``."""

from __future__ import annotations

import os

# Before any native library loads: spinning threads cost more than they give.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import argparse
import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.simulation.command import simulate
from assistant.simulation.words import SEEDS
from assistant.urgency.rules import load_rules
from knowledge_base import catalogue, embedded_model
from knowledge_base.catalogue import CatalogueError
from knowledge_base.encoder import EncoderError
from knowledge_base.index import StaleIndex
from knowledge_base.settings import SearchSettings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m assistant", description=__doc__)
    parser.add_argument(
        "--var", type=Path, default=SearchSettings().var_dir, help="dossier de travail"
    )
    commands = parser.add_subparsers(required=True, metavar="commande")
    train = commands.add_parser("train-danger", help="réentraîner le modèle qui voit le danger")
    train.add_argument("--steps", type=int, help="pas d’entraînement")
    train.add_argument("--go-on", action="store_true", help="repartir du modèle actuel")
    train.add_argument(
        "--new", nargs="+", default=[], metavar="fichier", help="repartir, surtout avec ceux-ci"
    )
    train.add_argument("--long", action="store_true", help="apprentissage long (accélérateur)")
    train.set_defaults(command=_train_danger)
    _add_simulate(commands.add_parser("simulate", help="mesurer l’entretien, personnes simulées"))
    options = parser.parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except (CatalogueError, StaleIndex, EncoderError) as error:
        print(error, file=sys.stderr)
    return 1


def _add_simulate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", choices=SEEDS, default="B", help="A pour régler, B pour publier")
    parser.add_argument("--size", type=int, default=500, help="nombre de personnes")
    parser.add_argument(
        "--flatten", type=float, default=0.0, help="0 à 1 : rapprocher les proportions de l’égalité"
    )
    parser.set_defaults(command=_simulate)


def _simulate(options: argparse.Namespace) -> int:
    settings = SearchSettings().model_copy(update={"var_dir": options.var})
    for line in simulate(catalogue.load(), settings, options.seed, options.size, options.flatten):
        print(line, flush=True)
    return 0


def _train_danger(options: argparse.Namespace) -> int:
    # Imported here: it brings torch.
    from assistant.urgency import training
    from knowledge_base.learning.recipe import going_on

    logging.basicConfig(level=logging.INFO, format="%(message)s")
    recipe = training.LONG if options.long else training.DangerRecipe()
    if options.new:
        recipe = replace(training.WITH_NEW, new=tuple(options.new))
    if options.steps is not None:
        recipe = replace(recipe, steps=options.steps)
    go_on = options.go_on or bool(options.new)
    if go_on:
        recipe = going_on(recipe)
    published = embedded_model.published(options.var / "models")
    known = catalogue.load()
    print(f"Entraînement : {recipe.steps} pas (20 à 30 minutes sur deux cœurs)…", flush=True)
    written = training.make_adapter(published, list(load_rules(known)), known, recipe, go_on=go_on)
    print(f"Écrit : {written}. Lancez « make index », puis mesurez sur le jeu « tune ».")
    return 0


if __name__ == "__main__":
    sys.exit(main())

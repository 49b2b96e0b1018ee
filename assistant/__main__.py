"""Command line of the assistant: ``python -m assistant train-danger``."""

from __future__ import annotations

import os

# Before torch loads: spinning threads cost more than they give.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import argparse
import logging
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from assistant.urgency.rules import load_rules
from knowledge_base import catalogue, embedded_model


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m assistant", description=__doc__)
    parser.add_argument("--var", type=Path, default=Path("var"), help="dossier de travail")
    commands = parser.add_subparsers(required=True, metavar="commande")
    train = commands.add_parser("train-danger", help="réentraîner le modèle qui voit le danger")
    train.add_argument("--steps", type=int, help="pas d’entraînement")
    train.add_argument("--go-on", action="store_true", help="repartir du modèle actuel")
    train.set_defaults(command=_train_danger)
    options = parser.parse_args(arguments)
    return int(options.command(options))


def _train_danger(options: argparse.Namespace) -> int:
    # Imported here: it brings torch.
    from assistant.urgency import training

    logging.basicConfig(level=logging.INFO, format="%(message)s")
    recipe = training.DangerRecipe()
    if options.steps is not None:
        recipe = replace(recipe, steps=options.steps)
    if options.go_on:
        # Other draws, smaller steps: what is learnt is refined, not learnt again.
        recipe = replace(recipe, seed=recipe.seed + 1, rate=recipe.rate / 2)
    published = options.var / "models" / "e5-small-published"
    if not embedded_model.is_served(published):
        print("Modèle publié : préparation…", flush=True)
        embedded_model.build(published, learnt=None)
    known = catalogue.load()
    print(f"Entraînement : {recipe.steps} pas (20 à 30 minutes sur deux cœurs)…", flush=True)
    written = training.make_adapter(
        published, list(load_rules(known)), known, recipe, go_on=options.go_on
    )
    print(f"Écrit : {written}. Lancez « make index », puis mesurez sur le jeu « tune ».")
    return 0


if __name__ == "__main__":
    sys.exit(main())

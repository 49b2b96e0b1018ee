"""Command line of the assistant: ``python -m assistant simulate``."""

from __future__ import annotations

import os

# Before any native library loads: spinning threads cost more than they give on two cores.
for _name, _value in (
    ("OMP_WAIT_POLICY", "passive"),
    ("OMP_NUM_THREADS", "1"),
    ("OPENBLAS_NUM_THREADS", "1"),
    ("TOKENIZERS_PARALLELISM", "false"),
):
    os.environ.setdefault(_name, _value)

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.simulation.command import simulate
from assistant.simulation.words import SEEDS
from knowledge_base import catalogue
from knowledge_base.catalogue import CatalogueError
from knowledge_base.encoder import EncoderError
from knowledge_base.index import StaleIndex


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except (CatalogueError, StaleIndex, EncoderError) as error:
        print(error, file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m assistant", description=__doc__)
    parser.add_argument("--var", type=Path, default=Path("var"), help="dossier des données")
    commands = parser.add_subparsers(required=True, metavar="commande")
    simulated = commands.add_parser("simulate", help="mesurer l’entretien sur des citoyens simulés")
    simulated.add_argument(
        "--seed", choices=SEEDS, default="B", help="A pour régler, B pour publier"
    )
    simulated.add_argument("--size", type=int, default=500, help="nombre de personnes")
    simulated.add_argument(
        "--flatten",
        type=float,
        default=0.0,
        help="de 0 à 1 : rapproche les proportions de l’égalité",
    )
    simulated.set_defaults(command=_simulate)
    return parser


def _simulate(options: argparse.Namespace) -> int:
    known = catalogue.load()
    for line in simulate(known, options.var, options.seed, options.size, options.flatten):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

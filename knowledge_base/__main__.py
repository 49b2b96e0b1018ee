"""Command line of the catalogue: ``python -m knowledge_base check | build | search | …``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from knowledge_base.adapter import AdapterError
from knowledge_base.catalogue import CatalogueError
from knowledge_base.commands import (
    building,
    checking,
    editing,
    exporting,
    freshness,
    importing,
    looking,
    updating,
)
from knowledge_base.encoder import EncoderError
from knowledge_base.figures import FigureError
from knowledge_base.geography import GeographyError
from knowledge_base.index import StaleIndex
from knowledge_base.places import DirectoryError
from knowledge_base.settings import SearchSettings

_FAMILIES = (checking, freshness, editing, building, looking, updating, importing, exporting)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status."""
    options = _parser(SearchSettings()).parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except (CatalogueError, DirectoryError) as error:
        print("\n".join(error.problems), file=sys.stderr)
    except (StaleIndex, EncoderError, AdapterError, FigureError, GeographyError) as error:
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
    for family in _FAMILIES:
        family.add_to(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())

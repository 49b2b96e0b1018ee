"""``figures update`` and ``directory update``: our data made again from the dated sources."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from knowledge_base import catalogue as catalogue_module
from knowledge_base.commands import Commands
from knowledge_base.exchange import law_figures
from knowledge_base.exchange.directory_41 import import_directory
from knowledge_base.exchange.lines import import_lines, latest_lines, write_lines


def add_to(commands: Commands) -> None:
    """Declare the commands."""
    for name, help_text, update in (
        ("figures", "montants et seuils de la loi", _update_figures),
        ("directory", "communes, lieux et numéros nationaux", _update_directory),
    ):
        actions = commands.add_parser(name, help=help_text).add_subparsers(
            required=True, metavar="action"
        )
        action = actions.add_parser("update", help="refaire le fichier à partir des sources")
        action.add_argument(
            "--from",
            dest="source",
            required=True,
            help="dossier des fichiers sources (ou « openfisca » pour les montants)",
        )
        action.add_argument("--data", type=Path, default=catalogue_module.DATA)
        action.set_defaults(command=update)


def _update_figures(options: argparse.Namespace) -> int:
    """Write ``montants.yml`` from a folder, or from the installed OpenFisca-France."""
    today = date.today()  # noqa: DTZ011 - a calendar day of the person at the keyboard
    known = catalogue_module.read_figures(options.data)
    if options.source == law_figures.OPENFISCA:
        read = law_figures.installed_parameters(today)
        new, kept = law_figures.from_openfisca(known, read, today)
    else:
        new, kept = law_figures.from_tables(Path(options.source), today), []
    law_figures.write_figures(new, options.data / "montants.yml")
    print("\n".join(law_figures.changes(known, new, kept).lines()))
    return 0


def _update_directory(options: argparse.Namespace) -> int:
    """Write the numbers and the places; what was added or checked later by hand stays."""
    source = Path(options.source)
    lines = import_lines(source / "numeros_utiles.csv")
    by_hand = catalogue_module.read_lines(options.data)
    write_lines(latest_lines(lines, by_hand), options.data / "numeros.yml")
    print("\n".join(import_directory(source, options.data).lines()))
    return 0

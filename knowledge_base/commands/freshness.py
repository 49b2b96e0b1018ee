"""``freshness`` and ``links``: what is to read again, and which addresses are wrong."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from datetime import date
from pathlib import Path

from knowledge_base import catalogue as catalogue_module
from knowledge_base import contacts_check
from knowledge_base.commands import Commands
from knowledge_base.places import load_directory
from knowledge_base.reviews import reviews, write_csv


def add_to(commands: Commands) -> None:
    """Declare the commands."""
    fresh = commands.add_parser("freshness", help="ce qui est à relire, et par qui")
    fresh.add_argument("--csv", help="fichier à écrire, ou « - » pour la sortie")
    fresh.add_argument("--owner", help="un seul responsable")
    fresh.add_argument(
        "--on", type=date.fromisoformat, default=None, help="un autre jour (AAAA-MM-JJ)"
    )
    fresh.set_defaults(command=_freshness)
    links = commands.add_parser("links", help="contrôler les adresses web et les téléphones")
    links.add_argument("--online", action="store_true", help="interroger aussi chaque page")
    links.set_defaults(command=_links)


def _freshness(options: argparse.Namespace) -> int:
    today = options.on or date.today()  # noqa: DTZ011 - a calendar day of the person here
    found = reviews(catalogue_module.load(), load_directory(), today)
    if options.owner:
        found = [one for one in found if one.owner == options.owner]
    if options.csv == "-":
        write_csv(found, sys.stdout)
        return 0
    if options.csv:
        with Path(options.csv).open("w", encoding="utf-8", newline="") as stream:
            write_csv(found, stream)
    for (owner, what, state), number in sorted(
        Counter((one.owner, one.what, one.state) for one in found).items()
    ):
        print(f"{owner:<20} {what:<8} {state:<26} {number:>4}")
    return 0


def _links(options: argparse.Namespace) -> int:
    known, places = catalogue_module.load(), list(load_directory())
    found = contacts_check.links(known, places)
    problems = list(contacts_check.badly_written(known, places))
    if options.online:
        problems += contacts_check.dead(found)
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(found)} adresses lues, {len(problems)} à corriger.")
    return 1 if problems else 0

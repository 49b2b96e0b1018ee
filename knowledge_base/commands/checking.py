"""``check``: is the catalogue true to its rules, and what does it lack?"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from knowledge_base import catalogue as catalogue_module
from knowledge_base import checking, contacts_check, coverage
from knowledge_base.commands import Commands
from knowledge_base.places import load_directory


def add_to(commands: Commands) -> None:
    """Declare the command."""
    check = commands.add_parser("check", help="contrôler le catalogue et l’annuaire")
    check.add_argument("--data", type=Path, default=catalogue_module.DATA, help="autres fiches")
    check.set_defaults(command=_check)


def _check(options: argparse.Namespace) -> int:
    known = catalogue_module.load(options.data)
    directory = load_directory()
    print("\n".join(checking.counts(known, len(directory))))
    covers = list(coverage.covers(directory))
    print(f"Qui répond, pour chaque domaine, dans les {len(directory.communes.ours())} communes :")
    print("\n".join(coverage.thin_spots(covers)))
    problems = checking.problems(known)
    problems += coverage.problems(covers, known.lines)
    problems += contacts_check.badly_written(known, directory)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0

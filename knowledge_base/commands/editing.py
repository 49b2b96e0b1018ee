"""``new`` and ``schema``: for who writes a card."""

from __future__ import annotations

import argparse
from datetime import date

from knowledge_base import editing
from knowledge_base.commands import Commands
from knowledge_base.vocabulary import EntryKind


def add_to(commands: Commands) -> None:
    """Declare the commands."""
    new = commands.add_parser("new", help="commencer une fiche")
    kinds = ", ".join(f"{kind.value} ({kind.label.lower()})" for kind in EntryKind)
    new.add_argument("kind", choices=[kind.value for kind in EntryKind], help=kinds)
    new.add_argument("id", help="nom du fichier : minuscules, sans accent, mots séparés par « _ »")
    new.add_argument("--title", default="À ÉCRIRE : ce à quoi la fiche sert")
    new.set_defaults(command=_new)
    schema = commands.add_parser("schema", help="refaire le schéma JSON des fiches")
    schema.set_defaults(command=_schema)


def _new(options: argparse.Namespace) -> int:
    today = date.today()  # noqa: DTZ011 - a calendar day of the person at the keyboard
    path = editing.write_new(EntryKind(options.kind), options.id, options.title, today)
    print(f"Écrite : {path}\nRemplissez-la, puis lancez « check » : il dit ce qui manque.")
    return 0


def _schema(options: argparse.Namespace) -> int:
    editing.SCHEMA.write_text(editing.json_schema(), encoding="utf-8")
    print(f"Écrit : {editing.SCHEMA}")
    return 0

"""``import``: places and cards of others, as proposals; ours change only by their names."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from knowledge_base import catalogue as catalogue_module
from knowledge_base.commands import Commands
from knowledge_base.editing import Draft
from knowledge_base.exchange import data_inclusion_rows, dila, hsds_rows, proposing, service_public
from knowledge_base.exchange.drafts import DraftReception
from knowledge_base.exchange.placing import Territory
from knowledge_base.exchange.receiving import Reception
from knowledge_base.exchange.row_files import FileRefused, Numbered, read_rows
from knowledge_base.geography import load_communes
from knowledge_base.places import load_directory
from knowledge_base.structures import Place


@dataclass(frozen=True, slots=True)
class _Import:
    """What an import reads against: our places, the communes, and where our cards are."""

    known: Sequence[Place]
    places: Reception
    territory: Territory
    data: Path

    def cards(self) -> DraftReception:
        """Return what receives cards, against ours."""
        entries = catalogue_module.load(self.data).entries
        return DraftReception(entries, self.places.done.report)


def add_to(commands: Commands) -> None:
    """Declare the command and its formats."""
    parser = commands.add_parser("import", help="recevoir des lieux et des fiches, en propositions")
    formats = parser.add_subparsers(required=True, metavar="format")
    for name, help_text, columns, receive in (
        ("data-inclusion", "data·inclusion v1, JSON ou CSV", data_inclusion_rows.COLUMNS, _di),
        ("hsds", "HSDS 3, JSON", (), _hsds),
        ("dila", "annuaire de l’administration, JSON Lines ou CSV", dila.COLUMNS, _dila),
        ("service-public", "fiches de service-public, JSON Lines", (), _service_public),
    ):
        one = formats.add_parser(name, help=help_text)
        one.add_argument("files", nargs="+", type=Path, metavar="FICHIER")
        one.add_argument("--to", type=Path, help="dossier des propositions")
        one.add_argument(
            "--accept", action="append", default=[], metavar="ID",
            help="lieu à écrire dans l’annuaire (répétable)",
        )  # fmt: skip
        one.add_argument("--partout", action="store_true", help="aussi les autres départements")
        one.add_argument("--communes", type=Path, help="autre table des communes (CSV)")
        one.add_argument("--data", type=Path, default=catalogue_module.DATA)
        one.set_defaults(command=_command(name, columns, receive))


def _command(
    name: str, columns: Sequence[str], receive: Callable[[list[Numbered], _Import], Sequence[Draft]]
) -> Callable[[argparse.Namespace], int]:
    def command(options: argparse.Namespace) -> int:
        folder = options.to or options.var / "propositions" / name
        try:
            rows = [row for file in options.files for row in read_rows(file, columns)]
        except FileRefused as refused:
            print(refused, file=sys.stderr)
            return 1
        reading = _opened(options)
        drafts = receive(rows, reading)
        done = reading.places.done
        proposing.write(done, drafts, folder)
        if done.accepted:
            proposing.accept(done.accepted, options.data / "structures")
        print("\n".join(done.report.lines()))
        print(f"Propositions et rapport : {folder}")
        return 0

    return command


def _opened(options: argparse.Namespace) -> _Import:
    own = options.data / "communes.csv"
    communes = load_communes(options.communes or own)
    known = load_directory(options.data / "structures", load_communes(own)).places
    territory = Territory(communes, options.partout)
    return _Import(known, Reception(known, options.accept), territory, options.data)


def _di(rows: list[Numbered], reading: _Import) -> Sequence[Draft]:
    known = {place.id: place for place in reading.known}
    data_inclusion_rows.receive(rows, reading.places, reading.territory, known)
    return ()


def _hsds(rows: list[Numbered], reading: _Import) -> Sequence[Draft]:
    today = date.today()  # noqa: DTZ011 - a calendar day of the person at the keyboard
    cards = reading.cards()
    hsds_rows.receive(rows, reading.places, cards, reading.territory, today)
    return cards.drafts


def _dila(rows: list[Numbered], reading: _Import) -> Sequence[Draft]:
    dila.receive(rows, reading.places, reading.territory)
    return ()


def _service_public(rows: list[Numbered], reading: _Import) -> Sequence[Draft]:
    cards = reading.cards()
    service_public.receive(rows, cards)
    return cards.drafts

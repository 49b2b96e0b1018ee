"""Help for who writes a card: an empty one to fill, and its JSON Schema for editors."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
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
title: {title}
need: "À ÉCRIRE : le besoin en quelques mots" # sur un bouton : « Payer le loyer »
kind: {kind}
themes:
  - {theme} # {themes}
provider: {provider}
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
  - title: {source_title}
    url: {source_url}
    checked_on: {checked_on} # la date à laquelle l’éditeur de la page le disait
{reviewed}review_months: {months}
owner: equipe-catalogue
"""

#: What a draft says of what it does not know.
UNKNOWN_PROVIDER = "À ÉCRIRE : qui donne l’aide"
UNKNOWN_PAGE = "https://"


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known of a card before a person writes it."""

    id: str
    kind: EntryKind
    title: str
    checked_on: date
    theme: Theme = Theme.HANDICAP
    provider: str = UNKNOWN_PROVIDER
    source_title: str = "À ÉCRIRE : qui le dit"
    source_url: str = UNKNOWN_PAGE
    to_verify: bool = False
    reviewed_on: date | None = None


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
    draft = Draft(entry_id, kind, title, checked_on=today, reviewed_on=today)
    path.write_text(skeleton(draft), encoding="utf-8")
    return path


def skeleton(draft: Draft) -> str:
    """Return the text of a card to fill; what ``draft`` does not know is marked « À ÉCRIRE »."""
    source = "    to_verify: true\n" if draft.to_verify else ""
    reviewed = f"reviewed_on: {draft.reviewed_on}\n" if draft.reviewed_on else ""
    return _SKELETON.format(
        id=draft.id,
        title=_quoted(draft.title),
        kind=draft.kind.value,
        theme=draft.theme.value,
        themes=", ".join(theme.value for theme in Theme),
        provider=_quoted(draft.provider),
        nothing=NOTHING_TO_BRING,
        source_title=_quoted(draft.source_title),
        source_url=_quoted(draft.source_url),
        checked_on=draft.checked_on.isoformat(),
        reviewed=source + reviewed,
        months=REVIEW_MONTHS[draft.kind],
    )


def _quoted(text: str) -> str:
    """Return a text as a double-quoted scalar, which JSON and YAML write alike."""
    return json.dumps(text.replace('"', "”"), ensure_ascii=False)


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
    schema["required"] = [*schema["required"], "documents", "need"]
    for definition in (condition, leaf, schema["$defs"]["Source"]):
        del definition["description"]  # for who reads the code
    schema["description"] = "Le guide est dans docs/catalogue.md."
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"

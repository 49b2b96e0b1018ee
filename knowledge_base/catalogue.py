"""Loading and checking the catalogue: entries, figures and help lines.

Errors name the file and the field, and are collected: an editor sees all of them at once.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from knowledge_base.facts import FACTS, Fact
from knowledge_base.models import Entry, Figure, Line
from knowledge_base.related import NO_OFFER, Related
from knowledge_base.related import problems as related_problems
from knowledge_base.vocabulary import Stage

DATA = Path(__file__).parent / "data"
M = TypeVar("M", bound=BaseModel)
_BENEFITS = frozenset(choice.value for choice in FACTS[Fact.BENEFITS_RECEIVED].choices)
_FIGURE = re.compile(r"\{([a-z0-9_]+)\}")


class CatalogueError(Exception):
    """The catalogue holds errors; ``problems`` has one sentence for each, with its file."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything the assistant knows of aids; ``digest`` changes when any of it does.

    ``sayings`` are, for each entry, its situations and the further ways of saying of
    ``paroles/`` and ``scenes/``: what the search learns from, too many to be read on the card.
    ``scenes`` are those of them that only tell a moment, and never what is needed.
    ``acronyms`` are those whose meaning is shown under the cards that do not say it,
    ``related`` the offers made after the cards: the search knows neither, nor does ``digest``.
    ``stages`` are those of the cards to review, by id; see ``freshness.as_of``.
    """

    entries: Mapping[str, Entry]
    sayings: Mapping[str, tuple[str, ...]]
    figures: Mapping[str, Figure]
    lines: Mapping[str, Line]
    acronyms: Mapping[str, str]
    digest: str
    related: Related = NO_OFFER
    stages: Mapping[str, Stage] = field(default_factory=dict)
    scenes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def entry_files(data: Path = DATA) -> list[Path]:
    """Return the files of the entries, sorted by name."""
    return sorted([*data.glob("droits/*.yml"), *data.glob("services/*.yml")])


def load(data: Path = DATA) -> Catalogue:
    """Read and validate every file under ``data``.

    Raises CatalogueError with every problem found.
    """
    problems: list[str] = []
    entries: dict[str, Entry] = {}
    for path in entry_files(data):
        entry = _read(path, Entry, problems)
        if entry is None:
            continue
        if path.stem != entry.id:
            problems.append(f"{path.name} : id « {entry.id} » différent du nom du fichier")
        if entry.id in entries:
            problems.append(f"{path.name} : id « {entry.id} » déjà employé")
        entries[entry.id] = entry
    figures = _read_table(data / "montants.yml", Figure, problems)
    lines = _read_table(data / "numeros.yml", Line, problems)
    acronyms = _acronyms(data / "sigles.yml", problems)
    for entry in entries.values():
        problems.extend(_broken_references(entry, entries, figures, lines))
    scenes = {entry_id: _said(data / "scenes" / f"{entry_id}.yml") for entry_id in entries}
    sayings = {
        entry.id: tuple(
            dict.fromkeys(
                (
                    *entry.situations,
                    *_said(data / "paroles" / f"{entry.id}.yml"),
                    *scenes[entry.id],
                )
            )
        )
        for entry in entries.values()
    }
    problems.extend(
        f"{path.parent.name}/{path.name} : fiche inconnue"
        for path in _said_files(data)
        if path.stem not in entries
    )
    related = _read_related(data / "besoins_lies.yml", problems)
    problems.extend(related_problems(related, entries, figures))
    if problems:
        raise CatalogueError(problems)
    return Catalogue(
        entries, sayings, figures, lines, acronyms, digest(data), related, scenes=scenes
    )


def read_figures(data: Path = DATA) -> dict[str, Figure]:
    """Read ``montants.yml`` alone: a card may name a figure that is not there yet.

    Raises CatalogueError.
    """
    return _read_alone(data / "montants.yml", Figure)


def read_lines(data: Path = DATA) -> dict[str, Line]:
    """Read ``numeros.yml`` alone. Raises CatalogueError."""
    return _read_alone(data / "numeros.yml", Line)


def _read_alone(path: Path, model: type[M]) -> dict[str, M]:
    problems: list[str] = []
    rows = _read_table(path, model, problems)
    if problems:
        raise CatalogueError(problems)
    return rows


def digest(data: Path = DATA) -> str:
    """Return a SHA-256 over the names and contents of the files that the index is made from."""
    total = hashlib.sha256()
    tables = [data / "montants.yml", data / "numeros.yml", data / "hors_sujet.yml"]
    for path in [*entry_files(data), *_said_files(data), *tables]:
        if path.exists():
            total.update(f"{path.parent.name}/{path.name}".encode())
            total.update(path.read_bytes())
    return total.hexdigest()


def _said_files(data: Path) -> list[Path]:
    return sorted([*data.glob("paroles/*.yml"), *data.glob("scenes/*.yml")])


def _said(path: Path) -> tuple[str, ...]:
    raw = _yaml(path) if path.exists() else []
    return tuple(map(str, raw if isinstance(raw, list) else []))


def figures_in(text: str) -> list[str]:
    """Return the codes of the figures named in braces in ``text``."""
    return _FIGURE.findall(text)


def _read(path: Path, model: type[M], problems: list[str]) -> M | None:
    try:
        return model.model_validate(_yaml(path))
    except yaml.YAMLError as error:
        problems.append(f"{path.name} : YAML illisible : {error}")
    except ValidationError as error:
        problems.extend(_sentences(path.name, error))
    return None


def _read_related(path: Path, problems: list[str]) -> Related:
    return (_read(path, Related, problems) if path.exists() else None) or NO_OFFER


def _read_table(path: Path, model: type[M], problems: list[str]) -> dict[str, M]:
    rows: dict[str, M] = {}
    raw = _yaml(path) if path.exists() else {}
    if not isinstance(raw, dict):
        problems.append(f"{path.name} : une table « code : valeurs » est attendue")
        return rows
    for code, values in raw.items():
        try:
            rows[str(code)] = model.model_validate(values)
        except ValidationError as error:
            problems.extend(_sentences(f"{path.name} : {code}", error))
    return rows


def _acronyms(path: Path, problems: list[str]) -> dict[str, str]:
    raw = _yaml(path) if path.exists() else {}
    if isinstance(raw, dict) and all(
        isinstance(text, str) for part in raw.items() for text in part
    ):
        return raw
    problems.append(f"{path.name} : une table « sigle : sens » est attendue")
    return {}


def _yaml(path: Path) -> object:
    # The C loader is as safe, and ten times faster where libyaml is there.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506


def _sentences(where: str, error: ValidationError) -> Iterable[str]:
    for detail in error.errors():
        field = ".".join(str(part) for part in detail["loc"])
        yield f"{where} : {field or 'fiche'} : {detail['msg']}"


def _broken_references(
    entry: Entry,
    entries: Mapping[str, Entry],
    figures: Mapping[str, Figure],
    lines: Mapping[str, Line],
) -> Iterable[str]:
    where = f"{entry.id}.yml"
    named = [
        code
        for text in (entry.amount or "", entry.summary, *entry.steps)
        for code in figures_in(text)
    ]
    yield from (f"{where} : montant inconnu « {code} »" for code in named if code not in figures)
    for condition in entry.conditions:
        for leaf in condition.any:
            for limit in (leaf.below, leaf.above):
                if limit is not None and limit not in figures:
                    yield f"{where} : conditions : montant inconnu « {limit} »"
                elif limit is not None and figures[limit].unit != "€":
                    yield f"{where} : conditions : « {limit} » n’est pas une somme d’argent"
    for other in entry.already:
        if other not in entries and other not in _BENEFITS:
            yield f"{where} : already : valeur inconnue « {other} »"
    for other in entry.related:
        if other not in entries:
            yield f"{where} : related : fiche inconnue « {other} »"
    for line in entry.lines:
        if line not in lines:
            yield f"{where} : lines : numéro inconnu « {line} »"

"""The command ``eval``: measures every system in one run, prints them, writes the pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from knowledge_base import (
    evaluation,
    evaluation_copies,
    evaluation_page,
    evaluation_systems,
    minilm,
)
from knowledge_base.catalogue import Catalogue
from knowledge_base.encoder import USE, load_encoder
from knowledge_base.evaluation import Answer, Message
from knowledge_base.evaluation_copies import COPY_COSINE, Learnt
from knowledge_base.evaluation_page import Findings
from knowledge_base.evaluation_systems import OURS, System
from knowledge_base.search import UNSURE, Searcher


@dataclass(frozen=True, slots=True)
class Group:
    """Files that are measured together, and the page that shows them."""

    paths: tuple[Path, ...]
    page: Path


def run(
    searcher: Searcher,
    alone: Mapping[str, System],
    groups: Sequence[Group],
    today: date,
) -> Iterator[str]:
    """Measure every system on each of ``groups``; write the pages, yield what to print."""
    missing = [] if minilm.LABEL in alone else [minilm.MISSING]
    copies = _copies(searcher.catalogue, [path for group in groups for path in group.paths])
    for group in groups:
        yield from _group(searcher, alone, group, today, (*missing, copies))
    yield from (*missing, copies)


def _group(
    searcher: Searcher,
    alone: Mapping[str, System],
    group: Group,
    today: date,
    notes: tuple[str, ...],
) -> Iterator[str]:
    files = {path.name: evaluation.load_messages(path) for path in group.paths}
    messages = [message for some in files.values() for message in some]
    systems = evaluation_systems.compare(searcher, alone, messages)
    ours = systems[OURS]
    yield from _figures(systems, searcher.catalogue, " et ".join(files))
    if len(files) > 1:
        yield from _file_by_file(ours, files, searcher.catalogue)
    told = (*evaluation.coverage(ours), *evaluation.refusals(ours))
    said = (*notes, *(f"{OURS} (seuil du doute {UNSURE}) : {line}" for line in told))
    name = group.paths[0].parent.name
    found = Findings(name, tuple(files), today, systems, said)
    group.page.parent.mkdir(parents=True, exist_ok=True)
    group.page.write_text(evaluation_page.render(found, searcher.catalogue), encoding="utf-8")
    yield f"Rapport et erreurs une à une : {group.page}\n"


def _figures(
    systems: Mapping[str, Sequence[Answer]], known: Catalogue, files: str
) -> Iterator[str]:
    for name, answers in systems.items():
        yield f"== {name} : {files}"
        yield from evaluation.lines(answers, known, themes=name == OURS)
        yield from evaluation.refusals(answers) if name == OURS else ()
        yield ""


def _file_by_file(
    ours: Sequence[Answer], files: Mapping[str, Sequence[Message]], known: Catalogue
) -> Iterator[str]:
    at = 0
    for name, messages in files.items():
        part = {OURS: ours[at : at + len(messages)]}
        yield from (line for line in _figures(part, known, name) if "thème" not in line)
        at += len(messages)


def _copies(known: Catalogue, paths: Sequence[Path]) -> str:
    """Return how many messages are near copies of a saying: by words, and by meaning.

    Counts only: the texts of the set that is published are not to be read.
    """
    sayings = Learnt.of(text for ways in known.sayings.values() for text in ways)
    told = {one.id: one.text for path in paths for one in evaluation.load_messages(path)}
    by_words = evaluation_copies.near_by_words(sayings, told)
    cosines = evaluation_copies.nearest(load_encoder(USE), sayings.texts, list(told.values()))
    return (
        f"Quasi-copies d’une façon de dire : {len(by_words)} sur {len(told)} par les 4-mots, "
        f"{int((cosines >= COPY_COSINE).sum())} par le sens (cosinus USE de {COPY_COSINE} ou "
        f"plus ; le plus haut : {float(cosines.max()):.2f})"
    )

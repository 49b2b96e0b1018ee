"""The command ``eval``: measures every system in one run, prints them, writes the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from knowledge_base import evaluation, evaluation_copies, evaluation_page, minilm
from knowledge_base.catalogue import Catalogue
from knowledge_base.encoder import USE, load_encoder
from knowledge_base.evaluation import Answer, Message
from knowledge_base.evaluation_copies import Copy
from knowledge_base.evaluation_page import Findings
from knowledge_base.search import UNSURE, Searcher

#: The signals of the search that are measured alone, with their labels.
_ALONE = {
    "words": "BM25 sur les mots, seul",
    "situations:0": "Encodeur entraîné, seul",
    "situations:1": "USE-multilingual, seul",
}
_SYSTEM = "Première réponse"


def run(searcher: Searcher, paths: Sequence[Path], page: Path, today: date) -> list[str]:
    """Measure every system on the sets of ``paths``, write ``page``, return what to print."""
    messages = [message for path in paths for message in evaluation.load_messages(path)]
    known = searcher.catalogue
    systems = _systems(searcher, messages)
    copies = _overlap(known, messages)
    notes = _notes(systems, copies)
    told = evaluation.coverage(systems[_SYSTEM])
    said = (*notes, *([] if told is None else [f"{_SYSTEM} : {told}"]))
    files = tuple(path.name for path in paths)
    found = Findings(paths[0].parent.name, files, today, systems, said)
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(evaluation_page.render(found, known), encoding="utf-8")
    near = [f"  {copy.message} : « {copy.saying} »" for copy in copies if copy.near]
    return [*_figures(systems, known), *notes, *near, f"Rapport et erreurs une à une : {page}"]


def _systems(searcher: Searcher, messages: Sequence[Message]) -> dict[str, list[Answer]]:
    systems = {_SYSTEM: evaluation.run_system(searcher, messages)}
    systems |= evaluation.run_signals(searcher, messages, _ALONE)
    other = minilm.load()
    if other is not None:
        systems[minilm.LABEL] = evaluation.run_encoder(other, searcher.catalogue, messages)
    return systems


def _figures(systems: dict[str, list[Answer]], known: Catalogue) -> Iterator[str]:
    for name, answers in systems.items():
        yield f"== {name}"
        yield from evaluation.lines(answers, known, themes=name == _SYSTEM)
        yield ""


def _notes(systems: dict[str, list[Answer]], copies: Sequence[Copy]) -> list[str]:
    """Return the sentences that go with the figures."""
    missing = [] if minilm.LABEL in systems else [minilm.MISSING]
    return [
        *missing,
        f"{_SYSTEM} : {evaluation.refusals(systems[_SYSTEM])} (seuil {UNSURE})",
        f"Quasi-copies de ce qui sert à apprendre : {sum(copy.near for copy in copies)} sur "
        f"{len(copies)} messages (4-mots au plus {max(c.grams for c in copies):.2f}, "
        f"cosinus au plus {max(c.cosine for c in copies):.2f})",
    ]


def _overlap(known: Catalogue, messages: Sequence[Message]) -> list[Copy]:
    sayings = [text for ways in known.sayings.values() for text in ways]
    return evaluation_copies.overlap(load_encoder(USE), sayings, messages)

"""The systems that ``eval`` compares: the search of the service, and simpler ones alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from knowledge_base import embedded_model, minilm
from knowledge_base.catalogue import Catalogue
from knowledge_base.dense import DenseIndex, views_of
from knowledge_base.encoder import Encoder, load_encoder
from knowledge_base.evaluation import Answer, Message
from knowledge_base.holdout import compared
from knowledge_base.search import Hit, Searcher

System = Callable[[Sequence[Message]], list[Answer]]
OURS = "Première réponse"
PUBLISHED = "e5 publié (sans notre entraînement), seul"
#: The signals of the search that are measured alone, with their labels.
_ALONE = {
    "words": "BM25 sur les mots, seul",
    "situations:0": "Encodeur entraîné, seul",
    "situations:1": "USE-multilingual, seul",
}
_DEPTH = 10
_THREADS = 2


def encoders_alone(models: Path, known: Catalogue) -> dict[str, System]:
    """Return the encoders that the service does not use: e5 as published, and all-MiniLM.

    The first is built under ``models`` if needed; the second is absent when not installed.
    """
    found = {PUBLISHED: load_encoder(str(embedded_model.published(models)), _THREADS)}
    other = minilm.load()
    if other is not None:
        found[minilm.LABEL] = other
    return {label: encoder_alone(encoder, known) for label, encoder in found.items()}


def compare(
    searcher: Searcher, alone: Mapping[str, System], messages: Sequence[Message]
) -> dict[str, list[Answer]]:
    """Return what each system answers to ``messages``, ours first."""
    found = {OURS: run_system(searcher, messages)}
    found |= run_signals(searcher, messages, _ALONE)
    return found | {label: system(messages) for label, system in alone.items()}


def run_system(searcher: Searcher, messages: Sequence[Message]) -> list[Answer]:
    """Return what the search of the service gives."""
    answers = []
    for message in messages:
        hits: list[Hit] = searcher.search(message.text, _DEPTH)
        scope = hits[0].in_scope if hits else 0.0
        answers.append(Answer(message, tuple(hit.entry_id for hit in hits), scope))
    return answers


def run_signals(
    searcher: Searcher, messages: Sequence[Message], signals: Mapping[str, str]
) -> dict[str, list[Answer]]:
    """Return what each signal of the search gives alone, by the label of ``signals``."""
    ids = list(searcher.catalogue.entries)
    found: dict[str, list[Answer]] = {label: [] for label in signals.values()}
    for message in messages:
        evidence = searcher.evidence(message.text)
        for signal, label in signals.items():
            order = np.argsort(-evidence.signals[signal])[:_DEPTH]
            found[label].append(Answer(message, tuple(ids[int(i)] for i in order)))
    return found


def encoder_alone(encoder: Encoder, known: Catalogue) -> System:
    """Return the system that ``encoder`` makes alone, compared with the sayings as ours are."""
    ids = list(known.entries)
    told = [[entry.title, entry.summary] for entry in known.entries.values()]
    shown = [list(compared(known.sayings[entry_id])) for entry_id in ids]
    index = DenseIndex.build(*views_of(encoder, told, shown), len(ids))

    def answers(messages: Sequence[Message]) -> list[Answer]:
        query = index.centre(encoder.encode_query([message.text for message in messages]))
        orders = np.argsort(-index.scores(query)[0], axis=1)[:, :_DEPTH]
        return [
            Answer(message, tuple(ids[int(i)] for i in order))
            for message, order in zip(messages, orders, strict=True)
        ]

    return answers

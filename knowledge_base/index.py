"""The search index of the catalogue: built by a command, read by every copy of the service.

A manifest records what it was made from; an index made from something else is refused.
"""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import yaml

from knowledge_base.catalogue import DATA, Catalogue
from knowledge_base.dense import DenseIndex, views_of
from knowledge_base.encoder import Encoder, Vectors
from knowledge_base.fusion import Calibration, Evidence, Scores
from knowledge_base.head import Head
from knowledge_base.holdout import compared
from knowledge_base.letters import Letters
from knowledge_base.lexical import LexicalIndex, Reading
from knowledge_base.models import Entry

logger = logging.getLogger(__name__)

#: Raised when the layout or the computation changes: an older index is rebuilt.
VERSION = 5
_MANIFEST = "manifest.json"
_LEARNT = "learnt.npz"


class StaleIndex(Exception):
    """The index on disk is missing, or was made from another catalogue or model."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index was made from."""

    version: int
    catalogue: str
    encoders: tuple[tuple[str, int], ...]
    entries: tuple[str, ...]
    views: int

    @classmethod
    def of(cls, catalogue: Catalogue, encoders: Sequence[Encoder], views: int) -> Manifest:
        """Return the manifest of an index of ``catalogue`` made with ``encoders``."""
        made_with = tuple((encoder.name, encoder.dimension) for encoder in encoders)
        return cls(VERSION, catalogue.digest, made_with, tuple(catalogue.entries), views)


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was fitted on all the sayings (``knowledge_base.learnt``).

    ``in_scope`` gives the probability that some entry answers, ``right_entry`` that a given
    one does.
    """

    head: Head
    letters: Letters
    in_scope: Calibration
    right_entry: Calibration

    def save(self, path: Path, about: str = "") -> None:
        """Write everything in one file, the weights in 16 bits; ``about`` says what was learnt."""
        np.savez_compressed(
            path,
            mean=self.head.mean,
            weights=self.head.weights.astype(np.float16),
            bias=self.head.bias,
            table=self.letters.table,
            unit=np.float32(self.letters.unit),
            rarity=self.letters.rarity,
            letters_weights=self.letters.weights.astype(np.float16),
            letters_bias=self.letters.bias.astype(np.float16),
            in_scope=np.stack([self.in_scope.coefficients, self.in_scope.scale]),
            right_entry=np.stack([self.right_entry.coefficients, self.right_entry.scale]),
            about=np.array(about),
        )

    @classmethod
    def read(cls, path: Path) -> Learnt:
        """Read what ``save`` wrote."""
        with np.load(path) as arrays:
            return cls(
                Head(arrays["mean"], arrays["weights"].astype(np.float32), arrays["bias"]),
                Letters(
                    arrays["table"],
                    float(arrays["unit"]),
                    arrays["rarity"],
                    arrays["letters_weights"].astype(np.float32),
                    arrays["letters_bias"].astype(np.float32),
                ),
                Calibration(*arrays["in_scope"]),
                Calibration(*arrays["right_entry"]),
            )


@dataclass(frozen=True, slots=True)
class Index:
    """Everything a query is compared with; entries are numbered as in the manifest."""

    manifest: Manifest
    dense: tuple[DenseIndex, ...]
    lexical: tuple[LexicalIndex, ...]
    learnt: Learnt

    def evidence(self, queries: Sequence[str], vectors: Sequence[Vectors]) -> list[Evidence]:
        """Return every signal of each of ``queries``.

        ``vectors[i]`` [n, d] are the queries for encoder i.
        """
        cosines = [
            dense.scores(dense.centre(rows))
            for dense, rows in zip(self.dense, vectors, strict=True)
        ]
        return [
            self._evidence(query, n, cosines, vectors[0][n : n + 1])
            for n, query in enumerate(queries)
        ]

    def _evidence(
        self, query: str, n: int, cosines: Sequence[tuple[Scores, Scores]], vector: Vectors
    ) -> Evidence:
        signals = {one.reading.value: one.scores(query) for one in self.lexical}
        for number, (situations, general) in enumerate(cosines):
            signals[f"situations:{number}"] = situations[n]
            signals[f"general:{number}"] = general[n]
        # The first encoder is the one that learnt the catalogue: the head reads it alone.
        signals["head"], nothing = self.learnt.head.scores(vector)
        signals["letters"], none_called = self.learnt.letters.scores(query)
        return Evidence(signals, (nothing, none_called))

    def called(self, text: str, vector: Vectors) -> Scores:
        """Return the probability [entries] that ``text`` calls for each, by what was learnt.

        ``vector`` [1, d] is that of the first encoder.
        """
        both = self.learnt.head.scores(vector)[0] + self.learnt.letters.scores(text)[0]
        return np.asarray(np.exp(both / 2), dtype=np.float32)


def build(catalogue: Catalogue, encoders: Sequence[Encoder], learnt: Learnt) -> Index:
    """Build the index; ``learnt`` was fitted for this catalogue and these encoders."""
    entries = list(catalogue.entries.values())
    told = [[entry.title, entry.summary] for entry in entries]
    shown = [list(compared(catalogue.sayings[entry.id])) for entry in entries]
    views = [views_of(encoder, told, shown) for encoder in encoders]
    manifest = Manifest.of(catalogue, encoders, len(views[0][0]))
    logger.info("index: %d entries, %d views", len(entries), manifest.views)
    dense = tuple(DenseIndex.build(*one, len(entries)) for one in views)
    documents = [_document(entry, catalogue.sayings[entry.id]) for entry in entries]
    lexical = tuple(LexicalIndex.build(reading, documents) for reading in Reading)
    return Index(manifest, dense, lexical, learnt)


def texts_to_read(catalogue: Catalogue, encoders: int) -> int:
    """Return how many texts ``build`` has read by ``encoders`` encoders."""
    entries = catalogue.entries.values()
    told = 2 * len(catalogue.entries)  # the title and the summary
    return encoders * (told + sum(len(compared(catalogue.sayings[one.id])) for one in entries))


def save(index: Index, folder: Path) -> None:
    """Write ``index`` so that a reader sees the old one or the new one, never half of it."""
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for number, dense in enumerate(index.dense):
        dense.save(part, f"dense{number}")
    for lexical in index.lexical:
        lexical.save(part)
    index.learnt.save(part / _LEARNT)
    (part / _MANIFEST).write_text(json.dumps(asdict(index.manifest)), encoding="utf-8")
    # The old one goes away whole: killed in the middle, it would be a manifest without its files.
    old = folder.with_name(folder.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    part.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def load(folder: Path, catalogue: Catalogue, encoders: Sequence[Encoder]) -> Index:
    """Read the index made from ``catalogue`` and ``encoders``.

    Raises StaleIndex when there is none or it was made from something else.
    """
    path = folder / _MANIFEST
    if not path.exists():
        raise StaleIndex(f"Il n’y a pas d’index dans « {folder} » : lancez « make index ».")
    raw = json.loads(path.read_text(encoding="utf-8"))
    found = Manifest(
        raw["version"],
        raw["catalogue"],
        tuple((name, size) for name, size in raw["encoders"]),
        tuple(raw["entries"]),
        raw["views"],
    )
    expected = Manifest.of(catalogue, encoders, found.views)
    if found != expected:
        raise StaleIndex(
            "L’index a été construit avec un autre catalogue ou un autre modèle "
            f"({found.encoders} au lieu de {expected.encoders}) : lancez « make index »."
        )
    size = len(found.entries)
    return Index(
        found,
        tuple(DenseIndex.load(folder, f"dense{i}", size) for i in range(len(found.encoders))),
        tuple(LexicalIndex.load(reading, folder, size) for reading in Reading),
        Learnt.read(folder / _LEARNT),
    )


def is_current(folder: Path, digest: str, encoders: Sequence[str]) -> bool:
    """Tell whether the index was made from this catalogue and by encoders of these names.

    Loads nothing; ``load`` also checks the dimensions.
    """
    path = folder / _MANIFEST
    # The manifest is written last, and what is learnt just before: both, or it was cut short.
    if not (path.exists() and (folder / _LEARNT).exists()):
        return False
    raw = json.loads(path.read_text(encoding="utf-8"))
    made_by = [name for name, _ in raw["encoders"]]
    return (raw["version"], raw["catalogue"], made_by) == (VERSION, digest, list(encoders))


def off_topic_messages(data: Path = DATA) -> list[str]:
    """Return the messages that no entry answers, from ``hors_sujet.yml``."""
    return list(yaml.safe_load((data / "hors_sujet.yml").read_text(encoding="utf-8")))


def _document(entry: Entry, sayings: Sequence[str]) -> str:
    """Return the text of ``entry``, said as in ``sayings``, for the lexical indexes."""
    return " ".join([entry.title, entry.summary, *entry.keywords, *sayings])

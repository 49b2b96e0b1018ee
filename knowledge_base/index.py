"""The search index of the catalogue: built by a command, read by every copy of the service.

A manifest records what it was made from; an index made from something else is refused.
"""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import yaml

from knowledge_base import confidence, head
from knowledge_base.catalogue import DATA, Catalogue
from knowledge_base.dense import DenseIndex, views_of
from knowledge_base.encoder import Encoder, Vectors
from knowledge_base.fusion import Calibration, Evidence
from knowledge_base.head import Head
from knowledge_base.holdout import halves, held_out
from knowledge_base.lexical import LexicalIndex, Reading
from knowledge_base.models import Entry

logger = logging.getLogger(__name__)

#: Raised when the layout or the computation changes: an older index is rebuilt.
VERSION = 3
_MANIFEST = "manifest.json"
_LEARNT = "learnt.npz"
#: Sayings kept out that the calibration looks at, more or less: more say the same, slower.
_CALIBRATED = 1_000


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
class Index:
    """Everything a query is compared with; entries are numbered as in the manifest.

    ``in_scope`` gives the probability that some entry answers, ``right_entry`` that a given
    one does.
    """

    manifest: Manifest
    dense: tuple[DenseIndex, ...]
    lexical: tuple[LexicalIndex, ...]
    head: Head
    in_scope: Calibration
    right_entry: Calibration

    def evidence(self, query: str, vectors: Sequence[Vectors]) -> Evidence:
        """Return every signal of ``query``; ``vectors[i]`` [1, d] is the query for encoder i."""
        signals = {one.reading.value: one.scores(query) for one in self.lexical}
        centred = [dense.centre(vector) for dense, vector in zip(self.dense, vectors, strict=True)]
        for number, (dense, vector) in enumerate(zip(self.dense, centred, strict=True)):
            situations, general = dense.scores(vector)
            signals[f"situations:{number}"] = situations
            signals[f"general:{number}"] = general
        signals["head"], nothing = self.head.scores(np.concatenate(centred, axis=1))
        return Evidence(signals, nothing)


def build(catalogue: Catalogue, encoders: Sequence[Encoder], off_topic: list[str]) -> Index:
    """Build the index; ``off_topic`` are messages that no entry answers."""
    entries = list(catalogue.entries.values())
    texts = [list(catalogue.sayings[entry.id]) for entry in entries]
    views = [views_of(encoder, [_general(e) for e in entries], texts) for encoder in encoders]
    learnt, calibrating = halves(off_topic)
    nothing = [encoder.encode_query(learnt) for encoder in encoders]
    manifest = Manifest.of(catalogue, encoders, len(views[0][0]))
    logger.info("index: %d entries, %d views", len(entries), manifest.views)
    said = [(text, owner) for owner, ways in enumerate(texts) for text in ways]
    seen = np.array([not held_out(text) for text, _ in said])
    known = [[text for text in ways if not held_out(text)] for ways in texts]
    partial = _assemble(manifest, entries, views, seen, known, nothing)
    asked = [vectors[~general] for vectors, _, general in views]
    kept_out = np.flatnonzero(~seen)
    kept_out = kept_out[:: max(1, round(len(kept_out) / _CALIBRATED))]
    unseen = [
        confidence.Example(said[i][0], said[i][1], [vectors[i : i + 1] for vectors in asked])
        for i in kept_out
    ]
    off_vectors = [encoder.encode_query(calibrating) for encoder in encoders]
    unseen += [
        confidence.Example(text, None, [vectors[i : i + 1] for vectors in off_vectors])
        for i, text in enumerate(calibrating)
    ]
    in_scope, right_entry = confidence.fit(partial.evidence, unseen)
    every = np.ones(len(said), dtype=bool)
    whole = _assemble(manifest, entries, views, every, texts, nothing, partial.head)
    return replace(whole, in_scope=in_scope, right_entry=right_entry)


def save(index: Index, folder: Path) -> None:
    """Write ``index`` so that a reader sees the old one or the new one, never half of it."""
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for number, dense in enumerate(index.dense):
        dense.save(part, f"dense{number}")
    for lexical in index.lexical:
        lexical.save(part)
    np.savez(
        part / _LEARNT,
        weights=index.head.weights,
        bias=index.head.bias,
        in_scope=np.stack([index.in_scope.coefficients, index.in_scope.scale]),
        right_entry=np.stack([index.right_entry.coefficients, index.right_entry.scale]),
    )
    (part / _MANIFEST).write_text(json.dumps(asdict(index.manifest)), encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)


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
    arrays = np.load(folder / _LEARNT)
    return Index(
        found,
        tuple(DenseIndex.load(folder, f"dense{i}", size) for i in range(len(found.encoders))),
        tuple(LexicalIndex.load(reading, folder, size) for reading in Reading),
        Head(arrays["weights"], arrays["bias"]),
        Calibration(*arrays["in_scope"]),
        Calibration(*arrays["right_entry"]),
    )


def is_current(folder: Path, digest: str, encoders: Sequence[str]) -> bool:
    """Tell whether the index was made from this catalogue and by encoders of these names.

    Loads nothing; ``load`` also checks the dimensions.
    """
    path = folder / _MANIFEST
    if not path.exists():
        return False
    raw = json.loads(path.read_text(encoding="utf-8"))
    made_by = [name for name, _ in raw["encoders"]]
    return (raw["version"], raw["catalogue"], made_by) == (VERSION, digest, list(encoders))


def off_topic_messages(data: Path = DATA) -> list[str]:
    """Return the messages that no entry answers, from ``hors_sujet.yml``."""
    return list(yaml.safe_load((data / "hors_sujet.yml").read_text(encoding="utf-8")))


def _assemble(
    manifest: Manifest,
    entries: list[Entry],
    views: Sequence[tuple[Vectors, np.ndarray, np.ndarray]],
    seen: np.ndarray,
    texts: list[list[str]],
    nothing: Sequence[Vectors],
    start: Head | None = None,
) -> Index:
    """Return the index of the situations ``seen`` (their texts by entry), not calibrated."""
    size = len(entries)
    dense = []
    for vectors, owners, general in views:
        mask = general.copy()
        mask[~general] = seen
        dense.append(DenseIndex.build(vectors[mask], owners[mask], general[mask], size))
    situations = [
        np.concatenate([vectors[~general][seen], none])
        for (vectors, _, general), none in zip(views, nothing, strict=True)
    ]
    side_by_side = np.concatenate(
        [one.centre(vectors) for one, vectors in zip(dense, situations, strict=True)], axis=1
    )
    _, owners, general = views[0]
    called = np.r_[owners[~general][seen], np.full(len(nothing[0]), size)]
    documents = [document(entry, said) for entry, said in zip(entries, texts, strict=True)]
    lexical = tuple(LexicalIndex.build(reading, documents) for reading in Reading)
    learnt = head.fit(side_by_side, called, size, start)
    return Index(manifest, tuple(dense), lexical, learnt, confidence.BLANK, confidence.BLANK)


def _general(entry: Entry) -> list[str]:
    return [entry.title, entry.summary]


def document(entry: Entry, situations: Sequence[str]) -> str:
    """Return the text of ``entry``, said as in ``situations``, for the lexical indexes."""
    return " ".join([entry.title, entry.summary, *entry.keywords, *situations])

"""The search index of the catalogue: built by a command, read by every copy of the service.

A manifest records what it was made from; an index made from something else is refused.
"""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import yaml

from knowledge_base.catalogue import DATA, Catalogue
from knowledge_base.dense import DenseIndex, views_of
from knowledge_base.encoder import Encoder, Vectors
from knowledge_base.fusion import Calibration, Scores, calibrate, features, fuse
from knowledge_base.lexical import LexicalIndex, Reading
from knowledge_base.models import Entry

logger = logging.getLogger(__name__)

#: Raised when the layout or the computation changes: an older index is rebuilt.
VERSION = 1
_MANIFEST = "manifest.json"
_CALIBRATION_DEPTH = 10  # entries of a query that the calibration looks at


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
    """Everything a query is compared with; entries are numbered as in the manifest."""

    manifest: Manifest
    dense: tuple[DenseIndex, ...]
    lexical: tuple[LexicalIndex, ...]
    calibration: Calibration

    def signals(self, query: str, vectors: Sequence[Vectors]) -> dict[str, Scores]:
        """Return every signal float32 [entries]; ``vectors[i]`` is the query for encoder i."""
        found = {one.reading.value: one.scores(query) for one in self.lexical}
        for (name, _), index, vector in zip(
            self.manifest.encoders, self.dense, vectors, strict=True
        ):
            situations, general = index.scores(index.centre(vector))
            found[f"situations:{name}"] = situations
            found[f"general:{name}"] = general
        return found


def build(catalogue: Catalogue, encoders: Sequence[Encoder], off_topic: list[str]) -> Index:
    """Build the index; ``off_topic`` are messages that no entry answers."""
    entries = list(catalogue.entries.values())
    texts = [list(catalogue.sayings[entry.id]) for entry in entries]
    views = [views_of(encoder, [_general(e) for e in entries], texts) for encoder in encoders]
    logger.info("index: %d entries, %d views", len(entries), len(views[0][0]))
    whole = _Parts(entries, views, [np.ones(len(v[0]), dtype=bool) for v in views])
    manifest = Manifest.of(catalogue, encoders, len(views[0][0]))
    calibration = _calibrate(manifest, entries, texts, encoders, views, off_topic)
    return Index(manifest, whole.dense(), whole.lexical(texts), calibration)


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
        part / "calibration.npz",
        coefficients=index.calibration.coefficients,
        scale=index.calibration.scale,
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
    arrays = np.load(folder / "calibration.npz")
    return Index(
        found,
        tuple(DenseIndex.load(folder, f"dense{i}", size) for i in range(len(found.encoders))),
        tuple(LexicalIndex.load(reading, folder, size) for reading in Reading),
        Calibration(arrays["coefficients"], arrays["scale"]),
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


def _general(entry: Entry) -> list[str]:
    return [entry.title, entry.summary]


def _document(entry: Entry, situations: Iterable[str]) -> str:
    return " ".join([entry.title, entry.summary, *entry.keywords, *situations])


class _Parts:
    """The views of the entries, or one half of their situations."""

    def __init__(
        self,
        entries: list[Entry],
        views: Sequence[tuple[Vectors, np.ndarray, np.ndarray]],
        masks: list[np.ndarray],
    ) -> None:
        self.entries, self.views, self.masks = entries, views, masks

    def dense(self) -> tuple[DenseIndex, ...]:
        return tuple(
            DenseIndex.build(vectors[mask], owners[mask], general[mask], len(self.entries))
            for (vectors, owners, general), mask in zip(self.views, self.masks, strict=True)
        )

    def lexical(self, situations: list[list[str]]) -> tuple[LexicalIndex, ...]:
        documents = [
            _document(entry, said) for entry, said in zip(self.entries, situations, strict=True)
        ]
        return tuple(LexicalIndex.build(reading, documents) for reading in Reading)


def _calibrate(
    manifest: Manifest,
    entries: list[Entry],
    texts: list[list[str]],
    encoders: Sequence[Encoder],
    views: Sequence[tuple[Vectors, np.ndarray, np.ndarray]],
    off_topic: list[str],
) -> Calibration:
    """Fit the probability on situations that the index has not seen (two folds)."""
    said = [(text, owner) for owner, ways in enumerate(texts) for text in ways]
    general = [~flags for _, _, flags in views]
    query_vectors = [vectors[mask] for (vectors, _, _), mask in zip(views, general, strict=True)]
    off_vectors = [encoder.encode_query(off_topic) for encoder in encoders]
    rows: list[np.ndarray] = []
    right: list[np.ndarray] = []
    blank = Calibration(np.zeros(1), np.ones(1))
    for fold in (0, 1):
        seen = np.array([number % 2 == fold for number in range(len(said))])
        masks = [np.r_[np.ones(int((~mask).sum()), dtype=bool), seen] for mask in general]
        parts = _Parts(entries, views, masks)
        kept = [
            [text for (text, owner), known in zip(said, seen, strict=True) if known and owner == i]
            for i in range(len(entries))
        ]
        half = Index(manifest, parts.dense(), parts.lexical(kept), blank)
        for number, (text, owner) in enumerate(said):
            if not seen[number]:
                vectors = [v[number : number + 1] for v in query_vectors]
                _collect(half, text, vectors, owner, rows, right)
        for number, text in enumerate(off_topic):
            _collect(half, text, [v[number : number + 1] for v in off_vectors], -1, rows, right)
    return calibrate(np.concatenate(rows), np.concatenate(right))


def _collect(
    index: Index,
    text: str,
    vectors: list[Vectors],
    owner: int,
    rows: list[np.ndarray],
    right: list[np.ndarray],
) -> None:
    signals = index.signals(text, vectors)
    fused = fuse(signals)
    best = np.argsort(-fused)[:_CALIBRATION_DEPTH]
    rows.append(features(signals, fused)[best])
    right.append(best == owner)

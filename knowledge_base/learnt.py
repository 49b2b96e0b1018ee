"""What the search learns from all the ways of saying: the head, and what a score is worth.

Every saying counts here, many more than those that a message is compared with
(``holdout.compared``), so fitting takes minutes. It is done once, by
``python -m knowledge_base learn``, and the file travels with the code beside the adapter of
the encoder. Where the catalogue or the encoder has changed since, the index is built with
what is fitted anew.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from knowledge_base import confidence, head, index
from knowledge_base.catalogue import DATA, Catalogue
from knowledge_base.encoder import Encoder, Vectors
from knowledge_base.holdout import halves, held_out
from knowledge_base.index import Index, Learnt
from knowledge_base.noise import situated

if TYPE_CHECKING:
    from knowledge_base.learning.letters import Classifier

SHIPPED = DATA / "encoder" / "e5-small-parcours-tete.npz"
#: Sayings kept out that the calibration looks at, more or less: more say the same, slower.
_CALIBRATED = 1_000


#: One saying in so many is learnt a second time with a courtesy, a town or an age around it:
#: they say nothing of a need, and must not make it look like no need at all.
_SITUATED = 4
#: More readings of everything, once what is kept out has served; smaller steps.
_MORE, _MORE_RATE = 2, 1e-3


@dataclass(frozen=True, slots=True)
class _Rows:
    """What is learnt from: ``texts``, their ``owners`` [n] (the number of entries for « no
    entry ») and whether each is ``seen`` before calibration; ``vectors`` float32 [m, d] are
    those of the first of them, which are what people say."""

    texts: list[str]
    owners: npt.NDArray[np.int64]
    seen: npt.NDArray[np.bool_]
    vectors: Vectors

    def of_vectors(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        """Return (owners, seen) [m] of the texts that have a vector."""
        size = len(self.vectors)
        return self.owners[:size], self.seen[:size]


def fit(catalogue: Catalogue, encoders: Sequence[Encoder], off_topic: list[str]) -> Learnt:
    """Fit on every saying; ``off_topic`` are messages that no entry answers.

    The probabilities are those of an index that has not seen what is kept out.
    """
    rows = _rows(catalogue, encoders[0], off_topic)
    classifier = _classifier(rows, len(catalogue.entries))
    first = _unseen(catalogue, encoders, off_topic, rows, classifier).learnt
    classifier.read(rows.texts, rows.owners, _MORE, _MORE_RATE)
    owners, _ = rows.of_vectors()
    whole = head.fit(rows.vectors, owners, len(catalogue.entries), first.head)
    return replace(first, head=whole, letters=classifier.letters())


def unseen(catalogue: Catalogue, encoders: Sequence[Encoder], off_topic: list[str]) -> Index:
    """Return the index as it would be for messages that it has not seen.

    A saying of the catalogue finds its own entry too easily; those kept out of the training
    and of this index behave as the messages of people do.
    """
    rows = _rows(catalogue, encoders[0], off_topic)
    classifier = _classifier(rows, len(catalogue.entries))
    return _unseen(catalogue, encoders, off_topic, rows, classifier)


def kept_out(catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    """Return, for each entry, its sayings that neither training nor ``unseen`` has seen."""
    return _sayings(catalogue, held_out)


def _classifier(rows: _Rows, entries: int) -> Classifier:
    """Return what the letters teach of all that is not kept out."""
    # Imported here: it brings torch, which only learning needs.
    from knowledge_base.learning import letters

    classifier = letters.Classifier(rows.texts, entries + 1)
    known = [text for text, seen in zip(rows.texts, rows.seen, strict=True) if seen]
    classifier.read(known, rows.owners[rows.seen], letters.READINGS)
    return classifier


def _unseen(
    catalogue: Catalogue,
    encoders: Sequence[Encoder],
    off_topic: list[str],
    rows: _Rows,
    classifier: Classifier,
) -> Index:
    owners, seen = rows.of_vectors()
    partial = head.fit(rows.vectors[seen], owners[seen], len(catalogue.entries))
    letters = classifier.letters()
    known = index.build(
        replace(catalogue, sayings=_sayings(catalogue, lambda text: not held_out(text))),
        encoders,
        Learnt(partial, letters, confidence.BLANK, confidence.BLANK),
    )
    asked: list[tuple[str, int | None]] = [one for one in _said(catalogue) if held_out(one[0])]
    asked = asked[:: max(1, round(len(asked) / _CALIBRATED))]
    asked += [(text, None) for text in halves(off_topic)[1]]
    asked += _with_something_around(asked)
    texts, answers = zip(*asked, strict=True)
    seen_of_them = known.evidence(texts, [one.encode_query(list(texts)) for one in encoders])
    in_scope, right_entry = confidence.fit(seen_of_them, answers)
    return replace(known, learnt=Learnt(partial, letters, in_scope, right_entry))


def _with_something_around(
    asked: Sequence[tuple[str, int | None]],
) -> list[tuple[str, int | None]]:
    dice = random.Random(len(asked))  # noqa: S311
    return [(situated(text, dice), owner) for text, owner in asked]


def ship(learnt: Learnt, made_from: str, path: Path = SHIPPED) -> Path:
    """Write ``learnt``, fitted on what ``made_from`` sums up; return the path."""
    learnt.save(path, made_from)
    return path


def shipped(made_from: str, path: Path = SHIPPED) -> Learnt | None:
    """Return what was fitted on exactly what ``made_from`` sums up, None when it was not."""
    if not path.exists():
        return None
    with np.load(path) as arrays:
        if str(arrays["about"]) != made_from:
            return None
    return Learnt.read(path)


def sum_of(catalogue: Catalogue, encoders: Sequence[Encoder], off_topic: Sequence[str]) -> str:
    """Return a SHA-256 of all that is learnt from, and of the encoders that read it."""
    entries = [
        [entry.id, entry.title, entry.summary, *entry.keywords, *catalogue.sayings[entry.id]]
        for entry in catalogue.entries.values()
    ]
    text = json.dumps([index.VERSION, [one.name for one in encoders], entries, list(off_topic)])
    return hashlib.sha256(text.encode()).hexdigest()


def _sayings(catalogue: Catalogue, kept: Callable[[str], bool]) -> dict[str, tuple[str, ...]]:
    return {
        entry_id: tuple(filter(kept, catalogue.sayings[entry_id])) for entry_id in catalogue.entries
    }


def _rows(catalogue: Catalogue, encoder: Encoder, off_topic: list[str]) -> _Rows:
    nothing = len(catalogue.entries)
    said = [(text, owner, not held_out(text)) for text, owner in _said(catalogue)]
    said += [(text, nothing, True) for text in halves(off_topic)[0]]
    dice = random.Random(len(said))  # noqa: S311
    some = said[::_SITUATED] + said[len(said) - len(halves(off_topic)[0]) :]
    said += [(situated(text, dice), owner, seen) for text, owner, seen in some]
    # Titles and the like are not what people say: only the letters learn from them.
    told = [
        (text, owner, True)
        for owner, entry in enumerate(catalogue.entries.values())
        for text in (entry.title, entry.summary, *entry.keywords)
    ]
    texts, owners, seen = zip(*said, *told, strict=True)
    vectors = encoder.encode_query([text for text, *_ in said])
    return _Rows(list(texts), np.array(owners), np.array(seen), vectors)


def _said(catalogue: Catalogue) -> list[tuple[str, int]]:
    return [
        (text, owner)
        for owner, entry_id in enumerate(catalogue.entries)
        for text in catalogue.sayings[entry_id]
    ]

"""The index as it would be for a message that it has not seen.

A saying of the catalogue finds its own entry too easily. Taken out of the index, those that
were also kept out of the training (``holdout``) behave as the messages of people do. Nothing
is encoded again: the views are those of the index that is served.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import faiss
import numpy as np
import numpy.typing as npt

from knowledge_base import head
from knowledge_base.catalogue import Catalogue
from knowledge_base.dense import DenseIndex
from knowledge_base.encoder import Encoder
from knowledge_base.holdout import halves, held_out
from knowledge_base.index import Index, document
from knowledge_base.lexical import LexicalIndex, Reading


def unseen_sayings(catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    """Return, for each entry, its sayings that neither training nor this index has seen."""
    return {
        entry_id: tuple(text for text in sayings if held_out(text))
        for entry_id, sayings in catalogue.sayings.items()
    }


def without_held_out(
    index: Index, catalogue: Catalogue, encoders: Sequence[Encoder], off_topic: list[str]
) -> Index:
    """Return ``index`` without the sayings held out; its calibration was fitted so."""
    kept = [
        [text for text in catalogue.sayings[entry_id] if not held_out(text)]
        for entry_id in index.manifest.entries
    ]
    seen = np.array(
        [
            not held_out(text)
            for entry_id in index.manifest.entries
            for text in catalogue.sayings[entry_id]
        ]
    )
    documents = [
        document(catalogue.entries[entry_id], said)
        for entry_id, said in zip(index.manifest.entries, kept, strict=True)
    ]
    dense = tuple(_without(one, seen) for one in index.dense)
    return replace(
        index,
        dense=dense,
        lexical=tuple(LexicalIndex.build(reading, documents) for reading in Reading),
        head=_head(dense, encoders, halves(off_topic)[0]),
    )


def _vectors(dense: DenseIndex) -> npt.NDArray[np.float32]:
    views = range(len(dense.owners))
    return np.stack([dense.index.reconstruct(view) for view in views]).astype(np.float32)


def _without(dense: DenseIndex, seen: npt.NDArray[np.bool_]) -> DenseIndex:
    mask = dense.general.copy()
    mask[~dense.general] = seen
    kept = faiss.IndexFlatIP(dense.mean.shape[1])
    kept.add(_vectors(dense)[mask])  # centred already
    return DenseIndex(kept, dense.mean, dense.owners[mask], dense.general[mask], dense.entries)


def _head(
    dense: Sequence[DenseIndex], encoders: Sequence[Encoder], nothing: list[str]
) -> head.Head:
    size = dense[0].entries
    said = [_vectors(one)[~one.general] for one in dense]
    none = [
        one.centre(encoder.encode_query(nothing))
        for one, encoder in zip(dense, encoders, strict=True)
    ]
    rows = np.concatenate([np.concatenate([a, b]) for a, b in zip(said, none, strict=True)], axis=1)
    owners = np.r_[dense[0].owners[~dense[0].general], np.full(len(nothing), size)]
    return head.fit(rows, owners.astype(np.int32), size)

"""The words citizens use, and what the search finds for them, looked up once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from assistant.replies.needs import SEARCHED
from knowledge_base import index as index_module
from knowledge_base import learnt
from knowledge_base.catalogue import Catalogue
from knowledge_base.encoder import Encoder, load_encoder
from knowledge_base.remembered import Remembering
from knowledge_base.search import Searcher
from knowledge_base.settings import SearchSettings

#: The two populations: constants are chosen on the first, figures published on the second.
SEEDS = ("A", "B")


def sayings(catalogue: Catalogue, seed: str) -> dict[str, tuple[str, ...]]:
    """Return the sayings of each entry for one population: none is in both."""
    start = SEEDS.index(seed)
    return {
        entry_id: tuple(sorted(said)[start :: len(SEEDS)])
        for entry_id, said in learnt.kept_out(catalogue).items()
    }


def search(
    catalogue: Catalogue, settings: SearchSettings, words: Iterable[str]
) -> dict[str, dict[str, float]]:
    """Return the relevance of the entries found for each of ``words``, best first.

    The index does not hold these sayings. What was found is kept in « simulation » for the
    next run. Raises EncoderError.
    """
    manifest = settings.var_dir / "index" / "manifest.json"
    made_from = manifest.read_bytes() if manifest.exists() else b""
    mark = hashlib.sha256(made_from + catalogue.digest.encode()).hexdigest()[:16]
    kept = settings.var_dir / "simulation" / f"hits-{mark}.json"
    hits: dict[str, dict[str, float]] = (
        json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    )
    missing = sorted(set(words) - set(hits))
    if missing:
        searcher = _searcher(catalogue, settings)
        for text in missing:
            hits[text] = {hit.entry_id: hit.score for hit in searcher.search(text, SEARCHED)}
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(hits, ensure_ascii=False), encoding="utf-8")
    return hits


def _searcher(catalogue: Catalogue, settings: SearchSettings) -> Searcher:
    first = settings.encoder or str(settings.var_dir / "models" / "e5-small")
    specs = [first, settings.second_encoder] if settings.second_encoder else [first]
    encoders: list[Encoder] = [
        Remembering(load_encoder(spec, settings.encoder_threads), settings.vectors)
        for spec in specs
    ]
    unseen = learnt.unseen(catalogue, encoders, index_module.off_topic_messages())
    return Searcher(catalogue, unseen, encoders)

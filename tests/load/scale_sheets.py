"""A catalogue of 2 980 official sheets of 2020, for scale only: it is never shown to anybody.

Each sheet gives a minimal entry, in memory: its title, the first sentences of its introduction
and the questions that go with it stand for the ways of saying the need.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from knowledge_base import index as index_module
from knowledge_base import learnt
from knowledge_base.catalogue import Catalogue
from knowledge_base.encoder import USE, load_encoder
from knowledge_base.models import Entry
from knowledge_base.search import Searcher
from knowledge_base.vocabulary import Theme
from tests.load.measures import each, p50_p95, settled_memory_mb, timed

_SHEETS = "fiches_service_public_2020.jsonl.gz"
FILES = (_SHEETS,)
_MESSAGES = Path(__file__).parents[1] / "quality" / "tune" / "needs.yml"
_ASKED = 200
_THREADS = 2
_QUESTIONS = 3  # of a sheet
_SENTENCES = 3  # of its introduction
_SENTENCE = re.compile(r"(?<=[.?!])\s+")


def measure(source: Path, work: Path) -> Iterator[tuple[str, ...]]:
    """Yield the lines of the table."""
    catalogue, took = timed(lambda: _catalogue(source / _SHEETS))
    said = sum(map(len, catalogue.sayings.values()))
    yield f"import de {len(catalogue.entries)} fiches, {said} façons de dire", f"{took:.1f} s"
    specs = (str(work.parents[1] / "models" / "e5-small"), USE)
    views, took = timed(lambda: _build(catalogue, specs, work / "index"))
    yield f"index de {views} vues par modèle, {_THREADS} fils", f"{took:.0f} s"
    encoders = [load_encoder(spec) for spec in specs]
    before = settled_memory_mb()
    searcher, took = timed(lambda: Searcher.open(work / "index", catalogue, encoders))
    yield "ouverture de l’index", f"{took:.1f} s"
    messages = yaml.safe_load(_MESSAGES.read_text(encoding="utf-8"))["messages"]
    texts = [message["text"] for message in messages][:_ASKED]
    searcher.search(texts[0])  # the first one reads the pages of the index
    encoding = [partial(one.encode_query, [text]) for text in texts for one in encoders]
    yield "un message compris par un modèle", *p50_p95(each(encoding))
    searches = [partial(searcher.search, text) for text in texts]
    yield f"recherche de {len(texts)} messages (récits compris)", *p50_p95(each(searches))
    yield "mémoire prise par l’index", f"{settled_memory_mb() - before:.0f} Mo"


def _build(catalogue: Catalogue, specs: Iterable[str], folder: Path) -> int:
    """Write the index under ``folder``; return its number of views for one model."""
    encoders = [load_encoder(spec, _THREADS) for spec in specs]
    fitted = learnt.fit(catalogue, encoders, index_module.off_topic_messages())
    index = index_module.build(catalogue, encoders, fitted)
    index_module.save(index, folder)
    return index.manifest.views


def _catalogue(path: Path) -> Catalogue:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        sheets = [json.loads(line) for line in stream]
    entries = {sheet["id"].lower(): _entry(sheet) for sheet in sheets}
    sayings = {entry.id: entry.situations for entry in entries.values()}
    return Catalogue(entries, sayings, {}, {}, {}, digest="fiches-2020")


def _entry(sheet: dict[str, Any]) -> Entry:
    """Return what the search reads of an entry; nothing else of it is filled."""
    about = sheet.get("introduction") or sheet.get("description") or sheet["titre"]
    questions = [linked["question"] for linked in sheet.get("questions_liees", ())]
    said = [sheet["titre"], *_SENTENCE.split(about)[:_SENTENCES], *questions[:_QUESTIONS]]
    return Entry.model_construct(
        id=sheet["id"].lower(),
        title=sheet["titre"],
        summary=about,
        themes=(Theme.ACCES_AUX_DROITS,),
        territory="france",
        keywords=(sheet["titre"],),
        situations=tuple(dict.fromkeys(said)),
    )

"""The places of the whole of France: reading three national files, loading, the nearest ones."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from knowledge_base.exchange.communes import france_communes
from knowledge_base.exchange.national_places import FILES as NATIONAL
from knowledge_base.exchange.national_places import National, read_national
from knowledge_base.places import load_directory
from knowledge_base.vocabulary import PlaceType, Theme
from tests.load.measures import each, p50_p95, settled_memory_mb, timed

_COMMUNES = "communes_france.csv"
FILES = (*NATIONAL, _COMMUNES)
_ASKED = 1_000


def measure(source: Path, work: Path) -> Iterator[tuple[str, ...]]:
    """Yield the lines of the table."""
    communes, took = timed(lambda: france_communes(source / _COMMUNES))
    yield f"{len(communes.communes)} communes lues", f"{took:.1f} s"
    read, took = timed(lambda: read_national(source, communes))
    yield f"import de {len(read.places)} lieux", f"{took:.1f} s"
    yield "lignes refusées, avec leur raison", str(read.refused.total())
    _write(read, work)
    del read
    before = settled_memory_mb()
    directory, took = timed(lambda: load_directory(work, communes))
    yield f"chargement des {len(directory)} lieux", f"{took:.1f} s"
    yield "mémoire prise par l’annuaire", f"{settled_memory_mb() - before:.0f} Mo"
    asked = random.Random(41).sample(communes.communes, _ASKED)
    for label, options in (
        ("sans type", {}),
        ("France services", {"types": [PlaceType.FRANCE_SERVICES]}),
        ("par domaine", {"theme": Theme.ACCES_AUX_DROITS}),
    ):
        look = [partial(directory.nearest, commune.code_insee, **options) for commune in asked]
        yield f"lieux les plus proches, {label}", *p50_p95(each(look))
    points = [partial(communes.nearest, commune.lat, commune.lon) for commune in asked]
    yield "commune d’une position", *p50_p95(each(points))
    typed = [partial(communes.search, commune.name[:5]) for commune in asked]
    yield "commune dont on tape le début", *p50_p95(each(typed))


def _write(read: National, work: Path) -> None:
    lines = (place.model_dump_json(exclude_defaults=True) for place in read.places)
    (work / "france.jsonl").write_text("\n".join(lines), encoding="utf-8")

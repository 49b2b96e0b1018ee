"""Places of every kind, drawn at random for the property tests."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from knowledge_base.commune import Commune
from knowledge_base.geography import load_communes
from knowledge_base.structures import THEMES, Place, PlaceSource
from knowledge_base.vocabulary import PlaceType, Theme

OURS = load_communes().ours()
_TYPES = tuple(kind for kind in PlaceType if kind is not PlaceType.HEBERGEMENT_VIOLENCES)
_HOURS = (
    "Mo-Fr 09:00-12:00,13:30-17:30; PH off",
    "Mo,Th 14:00-17:30; Sa[1] 09:00-12:00; PH off",
    "week 01-53/2 We 09:00-12:00; PH off",
    'Tu 10:00-12:00 unknown "permanence du maire"; PH off',
    "Mo-Su 08:00-20:00",
    "24/7",
)
_letters = st.characters(categories=("L", "N"), include_characters=" ’-.,;:()« »&")
words = st.text(_letters, min_size=2, max_size=60).map(str.strip).filter(lambda t: len(t) >= 2)
#: A name that every format takes: three characters or more, no full stop at its end.
names = words.map(lambda text: f"Lieu {text}".rstrip(". "))
streets = st.tuples(
    st.integers(1, 999),
    st.sampled_from(("rue Haute", "avenue du Dr-Roux", "place de l’Église", "mail Clouseau")),
    st.sampled_from(("", " (porte C)", " (2e étage, à droite)")),
).map(lambda parts: f"{parts[0]} {parts[1]}{parts[2]}")
phones = st.integers(0, 999_999).map(lambda n: f"+33254{n:06d}") | st.sampled_from(("115", "3919"))
emails = st.integers(0, 99).map(lambda n: f"accueil{n}@mairie-blois.fr")
sites = st.sampled_from(
    ("http://www.adil41.org", "https://www.blois.fr/ccas/", "https://ccas.example.org/a?b=1#c")
)
_days = st.dates(date(2010, 1, 1), date(2026, 6, 1))
sources = st.builds(PlaceSource, title=names, url=st.none() | sites, checked_on=_days)


def _at(draw: st.DrawFn, commune: Commune) -> dict[str, object]:
    precise = draw(st.booleans())
    shift = draw(st.floats(-0.02, 0.02)) if precise else 0.0
    lat, lon = round(commune.lat + shift, 6), round(commune.lon - shift, 6)
    return {"lat": lat, "lon": lon, "precise": precise}


@st.composite
def places(draw: st.DrawFn) -> Place:
    """Draw a place of Loir-et-Cher; what may be unknown sometimes is."""
    commune = draw(st.sampled_from(OURS))
    kind = draw(st.sampled_from(_TYPES))
    own_themes = draw(st.none() | st.lists(st.sampled_from(tuple(Theme)), min_size=1, unique=True))
    return Place(
        id=draw(st.from_regex(r"[a-z0-9][a-z0-9_-]{0,20}", fullmatch=True)),
        name=draw(names),
        type=kind,
        siret=draw(st.none() | st.from_regex(r"[0-9]{14}", fullmatch=True)),
        address=draw(st.none() | streets),
        postal_code=draw(st.none() | st.just(commune.postal_code)),
        commune=commune.name,
        code_insee=commune.code_insee,
        **_at(draw, commune),
        phone=draw(st.none() | phones),
        email=draw(st.none() | emails),
        url=draw(st.none() | sites),
        opening_hours=draw(st.none() | st.sampled_from(_HOURS)),
        hours_text=draw(st.none() | words),
        appointment=draw(st.none() | words),
        services=draw(st.none() | words),
        audience=draw(st.none() | words),
        themes=tuple(own_themes) if own_themes else THEMES[kind],
        service_area=tuple(draw(st.lists(st.sampled_from(["41018", "41136"]), unique=True))),
        hosted_by=draw(st.none() | st.just("france-services-1")),
        source=draw(sources),
        other_sources=tuple(draw(st.lists(sources, max_size=2))),
        licence=draw(names),
        note=draw(st.none() | words),
        to_verify=draw(st.booleans()),
    )

"""Showing the nearest places where a human helps."""

from __future__ import annotations

from assistant.answer import place_card
from assistant.conversation import Known, Provenance, Stage
from assistant.messages import MessageKind
from assistant.names import Response
from assistant.talk import HUMAN, OTHER_NEED, Talk
from knowledge_base.facts import Fact
from knowledge_base.geography import Commune, with_preposition
from knowledge_base.models import Entry
from knowledge_base.places import NearPlace
from knowledge_base.vocabulary import PlaceType, Theme

_SHOWN = 3
#: Where somebody listens to everything, when nothing better is known.
_GENERALISTS = (PlaceType.MDS, PlaceType.FRANCE_SERVICES, PlaceType.CCAS)


def show(talk: Talk, entry: Entry | None, theme: Theme | None = None) -> None:
    """Show the places that help with ``entry`` or ``theme``, near the person's commune.

    One place of each type, in the order of the entry: the third mairie teaches nothing.
    """
    commune = talk.commune
    if commune is None:
        return
    types = entry.places if entry is not None else (() if theme else _GENERALISTS)
    near = _best_of_each(talk, commune, types, theme)
    if not near:
        talk.say(Response.PLACES_NONE, choices=[HUMAN])
        return
    cards = [place_card(one, talk.turn.now) for one in near]
    text = talk.knowledge.wording.say(Response.PLACES_INTRO, commune=with_preposition(commune.name))
    talk.add(text, kind=MessageKind.PLACES, places=cards)


def show_human(talk: Talk) -> None:
    """Show the nearest place with a human when the commune is known, else the help line."""
    if talk.commune is not None:
        show(talk, None)


def ask_place(talk: Talk) -> None:
    """« Où puis-je aller ? »: the places of the current need, or first the commune."""
    talk.close_question()
    if talk.commune is None:
        talk.session.stage = Stage.PLACES_COMMUNE
        talk.say(Response.ASK_COMMUNE_FOR_PLACES, kind=MessageKind.QUESTION, choices=[HUMAN])
        return
    _show_for_need(talk)


def read_commune(talk: Talk) -> None:
    """Read the commune that was asked in order to show places."""
    commune = find_commune(talk)
    if commune is None:
        talk.say(Response.COMMUNE_NOT_FOUND, kind=MessageKind.QUESTION, choices=[HUMAN])
        return
    remember_commune(talk, commune)
    talk.session.stage = Stage.OPEN
    _show_for_need(talk)


def find_commune(talk: Talk) -> Commune | None:
    """Return the commune that the text names, alone or in a sentence."""
    return talk.knowledge.communes.named_by(talk.turn.text)


def remember_commune(talk: Talk, commune: Commune) -> None:
    """Keep the commune given as an answer."""
    talk.session.facts[Fact.COMMUNE] = Known(
        value=commune.code_insee, provenance=Provenance.ANSWERED
    )


def _show_for_need(talk: Talk) -> None:
    entries = talk.knowledge.catalogue.entries
    wanted = talk.session.focus or next(iter(talk.session.shown), None)
    entry = entries.get(wanted) if wanted else _best_candidate(talk)
    show(talk, entry)
    talk.say(Response.WHAT_NEXT, choices=[OTHER_NEED, HUMAN])


def _best_candidate(talk: Talk) -> Entry | None:
    scores = talk.session.candidates
    best = max(scores, key=lambda entry_id: scores[entry_id], default=None)
    return talk.knowledge.catalogue.entries.get(best) if best else None


def _best_of_each(
    talk: Talk, commune: Commune, types: tuple[PlaceType, ...], theme: Theme | None
) -> list[NearPlace]:
    directory, now = talk.knowledge.directory, talk.turn.now
    if not types:
        return directory.nearest(commune.code_insee, theme=theme, limit=_SHOWN, at=now)
    found: list[NearPlace] = []
    for kind in types:
        found += directory.nearest(commune.code_insee, types=(kind,), limit=1, at=now)
    # The best type first, wherever it is; then whoever is nearest.
    others = sorted(found[1:], key=lambda near: near.distance_km or 0.0)
    return [*found[:1], *others][:_SHOWN]

"""Showing the nearest places where a human helps."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from rapidfuzz import fuzz

from assistant.answer import is_reachable, place_card
from assistant.conversation import Known, Provenance, Stage
from assistant.messages import MessageKind, PlaceCard
from assistant.names import Intent, Response
from assistant.replies import steps
from assistant.request_sheet import competent, theme_of
from assistant.talk import HUMAN, Talk
from assistant.understanding.consent import has_no_commune, refuses
from assistant.understanding.intents import guess_intent
from knowledge_base.commune_names import name_key
from knowledge_base.facts import Fact
from knowledge_base.geography import Commune, with_preposition
from knowledge_base.hours import CLOSED, state_in_french
from knowledge_base.models import Entry
from knowledge_base.places import NearPlace, phone_in_french
from knowledge_base.tokens import all_words
from knowledge_base.vocabulary import PlaceType, Theme

_SHOWN = 3
#: Places among which one that is open, or can be reached, is looked for: beyond, it is too far.
_LOOKED_AT = 5
_NO_ANSWER = frozenset({Intent.DONT_KNOW, Intent.REFUSE_TO_ANSWER, Intent.DENY})
#: What goes with the name of a commune and tells nothing.
_SAYS_WHERE = frozenset(
    "a au aux chez cote d dans de des du en et habite habitons hab ici j je l la le les on pres "
    "reside secteur suis sur vers vis vit".split()
)
#: How alike (0..100) a name badly written and the name are: « romorentin lantenay ».
_SAME_NAME = 80.0
#: Where somebody listens to everything, when nothing better is known.
_GENERALISTS = (PlaceType.MDS, PlaceType.FRANCE_SERVICES, PlaceType.CCAS)


def show(talk: Talk, entry: Entry | None, theme: Theme | None = None) -> None:
    """Show the places that help with ``entry`` or ``theme``, near the person.

    One place of each type, in the order of the entry: the third mairie teaches nothing.
    """
    commune = talk.around
    if commune is None:
        return
    types = entry.places if entry is not None else (() if theme else _GENERALISTS)
    near = _best_of_each(talk, commune, types, theme)
    if not near:
        talk.say(Response.PLACES_NONE, choices=[HUMAN])
        return
    _say_places(talk, commune, near)


def _say_places(talk: Talk, commune: Commune, near: list[NearPlace]) -> None:
    cards = [_card(talk, one) for one in near]
    closed = [one for one in near if one.open_now is False]
    words = Response.PLACES_CLOSED if len(closed) == len(near) else Response.PLACES_INTRO
    text = talk.knowledge.wording.say(words, commune=with_preposition(commune.name))
    lines = [text, *(_when_it_opens(one, talk.turn.now) for one in closed)]
    lines += [_who_knows(talk, one) for one in near if not is_reachable(one)]
    talk.add("\n".join(lines), kind=MessageKind.PLACES, places=cards)


def _card(talk: Talk, near: NearPlace) -> PlaceCard:
    return place_card(near, talk.turn.now, talk.knowledge.catalogue.lines)


def _who_knows(talk: Talk, near: NearPlace) -> str:
    """Say who can tell how to reach a place of which nothing is known but its commune."""
    here = near.place.code_insee
    found = talk.knowledge.directory.nearest(here, types=(PlaceType.MAIRIE,), limit=1)
    hall = next((one.place for one in found if one.place.code_insee == here), None)
    who, phone = (
        (hall.name, phone_in_french(hall.phone))
        if hall is not None and hall.phone
        else whom_to_call(talk)
    )
    said = talk.knowledge.wording.say
    return said(Response.PLACES_NO_CONTACT, place=near.place.name, who=who, phone=phone)


def _when_it_opens(near: NearPlace, now: datetime) -> str:
    """Return « France services de Mer : fermé maintenant, ouvre lundi à 13 h 30. »."""
    state = state_in_french(near.place.opening_hours, now) or CLOSED
    return f"{near.place.name} : {state}."


def show_human(talk: Talk) -> None:
    """Show the nearest place with a human when the commune is known, else the help line."""
    if talk.around is not None:
        show(talk, None)


def show_where_to_go(talk: Talk) -> None:
    """Show where somebody receives: the places whose address is known.

    Without one near, the Département: it answers for everybody.
    """
    directory, now = talk.knowledge.directory, talk.turn.now
    near = _best_of_each(talk, talk.around, _GENERALISTS, None) if talk.around else []
    with_address = [one for one in near if one.place.address]
    if talk.around is not None and with_address:
        _say_places(talk, talk.around, with_address)
        return
    found = directory.nearest(types=(PlaceType.CONSEIL_DEPARTEMENTAL,), limit=1, at=now)
    talk.add(
        talk.knowledge.wording.say(Response.PLACES_ANYWHERE),
        kind=MessageKind.PLACES,
        places=[_card(talk, one) for one in found],
    )


def show_open_france_services(talk: Talk) -> None:
    """Show the nearest France services that is open now, or else the nearest one."""
    if talk.around is None:
        return
    near = talk.knowledge.directory.nearest(
        talk.around.code_insee,
        types=(PlaceType.FRANCE_SERVICES,),
        limit=_LOOKED_AT,
        at=talk.turn.now,
    )
    best = next((one for one in near if one.open_now), near[0] if near else None)
    if best is not None:
        _say_places(talk, talk.around, [best])


def ask_place(talk: Talk) -> None:
    """« Où puis-je aller ? »: the places of the current need, or first the commune."""
    if talk.around is None:
        talk.session.misunderstood = 0
        steps.step_aside(talk, Stage.PLACES_COMMUNE)
    else:
        _show_for_need(talk)


def read_commune(talk: Talk) -> None:
    """Read the commune that was asked in order to show places; without one, whom to call."""
    given = talk.turn.value in (steps.COMMUNE_UNKNOWN, steps.COMMUNE_REFUSED)
    commune = None if given else find_commune(talk)
    if commune is not None:
        only_near = is_unclear(talk) or talk.knowledge.communes.is_near(talk.turn.text)
        remember_commune(talk, commune, approximate=only_near)
        talk.session.misunderstood = 0
        steps.done(talk)
        _show_for_need(talk)
    elif given or talk.session.misunderstood or _gives_up(talk):
        talk.session.misunderstood = 0
        steps.done(talk)
        talk.session.skipped.append(Fact.COMMUNE)
        who, phone = whom_to_call(talk)
        talk.say(Response.PLACES_WITHOUT_COMMUNE, who=who, phone=phone)
        talk.what_next()
    else:
        talk.session.misunderstood = 1
        steps.ask_as(talk, Stage.PLACES_COMMUNE, not_found(talk))


def _gives_up(talk: Talk) -> bool:
    said = {talk.turn.intent, guess_intent(talk.turn.text)}
    return bool(said & _NO_ANSWER) or refuses(talk.turn.text) or has_no_commune(talk.turn.text)


def whom_to_call(talk: Talk) -> tuple[str, str]:
    """Return who answers for the competent place, and the number as it is read in France.

    The Département answers when nobody nearer has a telephone.
    """
    directory = talk.knowledge.directory
    answering = directory.contact(competent(talk))
    if answering is None or answering.phone is None:
        answering = directory.competent(theme_of(talk), "")
    return answering.name, phone_in_french(answering.phone or "")


def find_commune(talk: Talk) -> Commune | None:
    """Return the commune chosen, or the one that the text names, alone or in a sentence."""
    communes, chosen = talk.knowledge.communes, talk.turn.value or ""
    if chosen.startswith(steps.COMMUNE):
        return communes.by_code(chosen.removeprefix(steps.COMMUNE))
    return communes.named_by(talk.turn.text)


def is_only_a_commune(talk: Talk) -> bool:
    """Tell whether the message says a commune and nothing else: « Salbris », « à Morée »."""
    said = [word for word in all_words(talk.turn.text) if word not in _SAYS_WHERE]
    if all(word.isdigit() for word in said):
        return bool(said) and talk.knowledge.communes.named_by(" ".join(said)) is not None
    commune = talk.knowledge.communes.named_by(talk.turn.text)
    if commune is None:
        return False
    named = name_key(commune.name)
    only = name_key(" ".join(word for word in said if not word.isdigit()))
    return named.startswith(only) or fuzz.ratio(only, named) >= _SAME_NAME


def is_unclear(talk: Talk) -> bool:
    """Tell whether several communes have the name or the postal code that was typed."""
    return bool(talk.knowledge.communes.unclear_in(talk.turn.text))


def not_found(talk: Talk) -> Response:
    """Return what is said of a commune that could not be told."""
    return Response.COMMUNE_UNCLEAR if is_unclear(talk) else Response.COMMUNE_NOT_FOUND


def remember_commune(talk: Talk, commune: Commune, *, approximate: bool = False) -> None:
    """Keep the commune given as an answer; ``approximate`` when it serves for places only."""
    talk.session.facts[Fact.COMMUNE] = Known(
        value=commune.code_insee,
        provenance=Provenance.ANSWERED,
        words=talk.turn.text.strip(),
        approximate=approximate,
    )


def _show_for_need(talk: Talk) -> None:
    entries = talk.knowledge.catalogue.entries
    wanted = talk.session.focus or next(iter(talk.session.shown), None)
    entry = entries.get(wanted) if wanted else _best_candidate(talk)
    show(talk, entry)
    talk.what_next()


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
    # A place may do what several types do: it is shown once, with all of it.
    found: dict[str, NearPlace] = {}
    for kind in types:
        for near in _nearest_reachable(talk, commune, kind):
            first = found.setdefault(near.place.id, near)
            if first is not near:
                stands_for = (*first.stands_for, *near.stands_for)
                found[near.place.id] = replace(first, stands_for=stands_for)
    each = list(found.values())
    # The best type first, wherever it is; then whoever is nearest. What nobody can reach is last.
    others = sorted(each[1:], key=lambda near: near.distance_km or 0.0)
    return sorted([*each[:1], *others], key=lambda near: not is_reachable(near))[:_SHOWN]


def _nearest_reachable(talk: Talk, commune: Commune, kind: PlaceType) -> list[NearPlace]:
    """Return the nearest place of this type that can be reached, or else the nearest one."""
    found = talk.knowledge.directory.nearest(
        commune.code_insee, types=(kind,), limit=_LOOKED_AT, at=talk.turn.now
    )
    return [one for one in found if is_reachable(one)][:1] or found[:1]

"""After the cards: what others in the same situation ask for too, and what was not examined.

An offer is a reminder, never « vous avez droit »; it is made once. Nothing is offered after
a danger: one thing at a time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from assistant.answer import short_title
from assistant.candidates import Candidate, is_received
from assistant.messages import ChoiceButton
from assistant.names import AID, THEME, Response
from assistant.replies import received
from assistant.replies.because import CHOSEN
from assistant.talk import Talk
from knowledge_base.conditions import Status
from knowledge_base.models import Entry
from knowledge_base.related import Offer, offers, touched
from knowledge_base.vocabulary import Theme

#: Themes named at most: a longer list is not read.
_THEMES = 3
#: Entries found for a need of which one must be shown for the need to be answered.
_FIRST = 3
#: Relevance from which an entry that was not shown makes its theme worth naming.
_CALLED = 0.1


def show(talk: Talk, found: list[Candidate], shown: list[Candidate]) -> None:
    """Add the offers, then the needs told and the themes touched that have no card."""
    if talk.session.danger is not None:
        return
    made = _offers(talk, shown)
    if made:
        talk.session.offered.extend(offer.entry.id for offer in made)
        talk.say(
            Response.RELATED_OFFERS,
            offers="\n".join(_in_words(offer) for offer in made),
            choices=[
                ChoiceButton(label=short_title(one.entry), value=f"{AID}{one.entry.id}")
                for one in made
            ],
        )
    seen = [*(one.entry for one in shown), *(offer.entry for offer in made)]
    needs = _without_card(talk, found, {entry.id for entry in seen})
    themes = _not_examined(talk, found, [*seen, *needs])
    left = [ChoiceButton(label=short_title(one), value=f"{AID}{one.id}") for one in needs]
    left += [ChoiceButton(label=one.label, value=f"{THEME}{one.value}") for one in themes]
    if left:
        talk.say(Response.NOT_EXAMINED, themes=" ; ".join(one.label for one in left), choices=left)


def _without_card(talk: Talk, found: list[Candidate], seen: Collection[str]) -> list[Entry]:
    """Return, for each need told that got no card, the entry that answers it best.

    What is received, unlikely or about violence is not named again.
    """
    known = {
        one.entry.id: one.entry
        for one in found
        if one.score >= _CALLED
        and one.verdict.status is not Status.UNLIKELY
        and Theme.VIOLENCES not in one.entry.themes
    }
    left: dict[str, Entry] = {}
    for number, entry_ids in talk.session.found.items():
        if talk.session.needs[number] in CHOSEN:
            continue  # a theme chosen with a button is not one need
        first = entry_ids[:_FIRST]
        best = next((known[one] for one in first if one in known), None)
        if best is not None and not any(one in seen for one in first):
            left[best.id] = best
    return list(left.values())


def _offers(talk: Talk, shown: list[Candidate]) -> list[Offer]:
    known, situation = talk.knowledge.catalogue, talk.session.situation()
    got = {
        one.id
        for one in known.entries.values()
        if is_received(one, situation) or received.left_out(talk, one)
    }
    return offers(
        known.related,
        known.entries,
        known.figures,
        situation,
        shown=[one.entry.id for one in shown],
        left_out={*talk.session.offered, *got},
    )


def _not_examined(talk: Talk, found: list[Candidate], seen: Iterable[Entry]) -> list[Theme]:
    """Return the themes of the facts, then of the entries found, that were not looked at.

    Violence is never named here: it has its own way, and somebody may read the screen.
    """
    known = {theme for entry in seen for theme in entry.themes} | {Theme.VIOLENCES}
    return [theme for theme in dict.fromkeys(_touched(talk, found)) if theme not in known][:_THEMES]


def _touched(talk: Talk, found: list[Candidate]) -> Iterator[Theme]:
    known = talk.knowledge.catalogue
    yield from touched(known.related, talk.session.situation(), known.figures)
    yield from (one.entry.themes[0] for one in found if one.worth >= _CALLED)


def _in_words(offer: Offer) -> str:
    return f"– {offer.entry.title}. Pourquoi j’en parle : {', '.join(offer.because)}."

"""After the cards: what others in the same situation ask for too, and what was not examined.

An offer is a reminder, never « vous avez droit »; it is made once. Nothing is offered after
a danger: one thing at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assistant.answer import short_title
from assistant.candidates import Candidate, is_received
from assistant.messages import ChoiceButton
from assistant.names import AID, THEME, Response
from assistant.replies import received
from assistant.talk import Talk
from knowledge_base.related import Offer, offers, touched
from knowledge_base.vocabulary import Theme

#: Themes named at most: a longer list is not read.
_THEMES = 3
#: Relevance from which an entry that was not shown makes its theme worth naming.
_CALLED = 0.1


def show(talk: Talk, found: list[Candidate], shown: list[Candidate]) -> None:
    """Add the offers, then the themes touched that no card of ``shown`` is about."""
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
    themes = _not_examined(talk, found, [one.entry.themes for one in shown], made)
    if themes:
        talk.say(
            Response.NOT_EXAMINED,
            themes=", ".join(theme.label for theme in themes),
            choices=[ChoiceButton(label=t.label, value=f"{THEME}{t.value}") for t in themes],
        )


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


def _not_examined(
    talk: Talk,
    found: list[Candidate],
    shown: Iterable[tuple[Theme, ...]],
    made: list[Offer],
) -> list[Theme]:
    """Return the themes of the facts, then of the entries found, that were not looked at.

    Violence is never named here: it has its own way, and somebody may read the screen.
    """
    seen = {theme for themes in shown for theme in themes}
    seen.update(theme for offer in made for theme in offer.entry.themes)
    seen.add(Theme.VIOLENCES)
    return [theme for theme in dict.fromkeys(_touched(talk, found)) if theme not in seen][:_THEMES]


def _touched(talk: Talk, found: list[Candidate]) -> Iterator[Theme]:
    known = talk.knowledge.catalogue
    yield from touched(known.related, talk.session.situation(), known.figures)
    yield from (one.entry.themes[0] for one in found if one.worth >= _CALLED)


def _in_words(offer: Offer) -> str:
    return f"– {offer.entry.title}. Pourquoi j’en parle : {', '.join(offer.because)}."

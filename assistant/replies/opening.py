"""A door or a theme is opened: what was typed before is searched again in it, first.

« Je ne suis pas sûr », then « Me loger »: the words were not understood, the door says what
they were about. Without words that lead anywhere, the most frequent needs are offered.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

from assistant.doors import Door
from assistant.messages import ChoiceButton, MessageKind
from assistant.names import Response
from assistant.replies import alert, needs
from assistant.replies.because import CHOSEN
from assistant.talk import HUMAN, OTHER_NEED, Talk
from assistant.topics import Topic, load_topics
from knowledge_base.tokens import all_words
from knowledge_base.vocabulary import Theme

#: The words of the button « J’ai un autre souci », typed.
_ANOTHER = re.compile(r"(?:j ai )?(?:un )?autre (?:souci|probleme|besoin)|(?:une )?autre question")
#: Entries looked at: those of a door may come far behind the others.
_SEARCHED: Final = 60
#: Relevance from which an entry of the door answers words that were not understood. On 17
#: messages read by hand (28 November 2026), nonsense gives 0.001 and vague words 0.06 or more.
_ANSWERS: Final = 0.05
#: Relevance that the best one gets, since the person chose its door.
_CONFIRMED: Final = 0.5


def door(talk: Talk, chosen: Door) -> None:
    """Open one of the six doors."""
    _open(talk, chosen.label, chosen.themes, load_topics().of_door(chosen.id))


def theme(talk: Talk, chosen: Theme) -> None:
    """Open a theme named after the cards."""
    _open(talk, chosen.label, (chosen,), load_topics().of_theme(chosen))


def topic(talk: Talk, chosen: Topic) -> None:
    """Take a need chosen with a button as told."""
    talk.session.misunderstood = 0
    told = talk.knowledge.dangers.notice(chosen.label, rules_only=True)
    alert.warn(talk, told.certain)
    needs.learn(talk, chosen.told())
    needs.take(talk, chosen.label, chosen.scores())
    (alert.after if told.certain else needs.go_on)(talk)


def answered(talk: Talk) -> bool:
    """Read words that say little, typed behind a door; return False when they say nothing."""
    scores = _within(talk, talk.turn.text, talk.session.themes)
    if scores:
        _take(talk, talk.turn.text, scores)
    return bool(scores)


def _open(talk: Talk, label: str, themes: Sequence[Theme], offered: list[ChoiceButton]) -> None:
    session = talk.session
    session.misunderstood = 0
    talk.close_question()
    said = [*reversed(session.unread), *reversed(session.needs)]
    for words in dict.fromkeys(one for one in said if one not in CHOSEN):
        scores = _within(talk, words, themes)
        if scores:
            _take(talk, words, scores)
            return
    session.themes = list(themes)
    talk.asked = True
    talk.say(
        Response.WHICH_NEED,
        kind=MessageKind.QUESTION,
        choices=[*offered, OTHER_NEED, HUMAN],
        subject=label,
    )


def _take(talk: Talk, words: str, scores: dict[str, float]) -> None:
    talk.session.misunderstood = 0
    talk.session.unread.clear()
    talk.session.themes.clear()
    needs.take(talk, words, scores)
    needs.go_on(talk)


def _within(talk: Talk, words: str, themes: Collection[Theme]) -> dict[str, float]:
    """Return the entries of ``themes`` that ``words`` call for, the best first; {} for none.

    One at least is first of all about them: « assistante sociale » is in many themes, and
    answers « j’ai besoin d’aide » in none of them better than in the others.
    """
    entries, shown = talk.knowledge.catalogue.entries, talk.session.shown
    found = {
        hit.entry_id: hit.score
        for hit in needs.search(talk, words, _SEARCHED)
        if not set(themes).isdisjoint(entries[hit.entry_id].themes) and hit.entry_id not in shown
    }
    best = max((found[one] for one in found if entries[one].themes[0] in themes), default=0.0)
    if best < _ANSWERS:
        return {}
    raised = max(1.0, _CONFIRMED / best)
    kept = {one: min(1.0, score * raised) for one, score in found.items() if score >= _ANSWERS / 2}
    return dict(sorted(kept.items(), key=lambda one: -one[1]))


def asks_for_another(text: str) -> bool:
    """Tell whether the words of the button were typed: « j’ai un autre souci »."""
    return _ANOTHER.fullmatch(" ".join(all_words(text))) is not None

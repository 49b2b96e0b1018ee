"""Several needs could be meant: the person says which, with a button or in other words.

Asked before anything on the situation, when the entry found first is probably not the right
one; never after an alert, nor in another language. On the 594 older messages of *tune* it comes
once in twenty-five, the right need is among the five offered for 83 %, and the right entry comes
first for 88.2 % instead of 86.7 (hard ones: 83.8 instead of 81.5), by
``python -m tests.quality.measure tune needs``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from assistant.answer import short_title
from assistant.candidates import candidates
from assistant.messages import ChoiceButton, MessageKind
from assistant.names import NEED, Response
from assistant.replies import lost, needs
from assistant.talk import HUMAN, SHOW_AIDS, WHY, Talk
from knowledge_base.conditions import Status
from knowledge_base.models import Entry
from knowledge_base.tokens import fold

#: Under this probability of the entry found first, the need itself is asked.
UNCERTAIN: Final = 0.3
#: Needs offered; with « autre chose », six lines are read on a telephone.
MOST: Final = 5
#: Times the need is asked in one conversation: then the assistant shows what it has.
_TIMES: Final = 2
#: Relevance of the best entry of the need that was chosen, and what the others keep.
_CHOSEN: Final = 0.9
_LEFT: Final = 0.1
#: In the place of the id of an entry: none of the needs offered.
NONE: Final = "none"
_OTHER: Final = ChoiceButton(label="Autre chose", value=f"{NEED}{NONE}")
_RANK: Final = re.compile(
    r"(?:le |la |n |no |numero |choix |reponse )*"
    r"(?:(\d)|(premi|1er)|(deuxi|second|2e)|(trois|3e)|(quatr|4e)|(cinq|5e)|(derni))\w*"
)
#: A closed list: « rien ne va plus », « je sais pas adieu » are no answers, and are read whole.
_NEITHER: Final = re.compile(
    r"(?:non+ |nan )?(?:(?:rien|aucune?)(?: (?:de tout ca|de tout cela|de ca|des deux|la dedans))?"
    r"|(?:une )?autre(?: chose)?|pas ca|ni l un ni l autre)"
    r"|non+(?: merci)?|nan|(?:je |j )?(?:ne )?(?:sais|sai) pas(?: trop)?|jsp|chais pas"
)


def ask(talk: Talk) -> bool:
    """Ask which need is meant by the last one told; return False when it is clear enough."""
    session = talk.session
    found = session.found.get(len(session.needs) - 1, [])
    surest = max((session.candidates[one] for one in found), default=1.0)
    heard = session.language is None and not session.discreet and session.danger is None
    if surest >= UNCERTAIN or session.clarified >= _TIMES or not heard:
        return False
    offered = _offered(talk, found)
    if len(offered) < 2:
        return False
    session.clarified += 1
    session.unclear = [entry.id for entry in offered]
    _put(talk)
    return True


def why(talk: Talk) -> None:
    """« Pourquoi cette question ? »: the reason, then the question again."""
    talk.say(Response.WHY_CLARIFY)
    _put(talk)


def meant(talk: Talk) -> str | None:
    """Return the id of the entry that words typed in answer to the question name.

    « 2 », « le loyer » as on the button; NONE for « autre chose », « je ne sais pas »; None
    when they tell something else, or when nothing was asked.
    """
    offered, text = _waiting(talk), _plain(talk.turn.text)
    if not offered:
        return None
    said = [entry.id for entry in offered if _plain(label(entry)) == text]
    rank = _rank(text, len(offered))
    if said or rank is not None:
        return said[0] if rank is None else offered[rank].id
    return NONE if _NEITHER.fullmatch(text) else None


def typed(talk: Talk) -> bool:
    """Take words typed in answer to the question; return False when they tell something else."""
    chosen = meant(talk)
    if chosen is None:
        talk.session.unclear.clear()
        return False
    choose(talk, chosen)
    return True


def choose(talk: Talk, chosen: str) -> None:
    """Take the need of the entry ``chosen`` as the one meant, or none of those offered."""
    session, entries = talk.session, talk.knowledge.catalogue.entries
    entry = entries.get(chosen)
    number = next((n for n, ids in reversed(session.found.items()) if chosen in ids), None)
    session.unclear.clear()
    if entry is None or number is None:
        _left_aside(talk, len(session.needs) - 1, kept=[])
        lost.tell(talk)
        return
    same = [one.id for one in _entries(talk, session.found[number]) if label(one) == label(entry)]
    best = max(session.candidates[one] for one in same)
    _left_aside(talk, number, kept=same)
    for one in same:
        session.candidates[one] *= _CHOSEN / best
    session.misunderstood = 0
    needs.go_on(talk)


def label(entry: Entry) -> str:
    """Return the need that ``entry`` answers, as on a button."""
    return entry.need or short_title(entry)


def _put(talk: Talk) -> None:
    choices = [ChoiceButton(label=label(one), value=f"{NEED}{one.id}") for one in _waiting(talk)]
    talk.asked = True
    talk.say(
        Response.CLARIFY,
        kind=MessageKind.QUESTION,
        choices=[*choices, _OTHER, WHY, SHOW_AIDS, HUMAN],
    )


def _offered(talk: Talk, found: Sequence[str]) -> list[Entry]:
    """Return the first entry of each need found, the needs that the situation rules out apart."""
    session = talk.session
    scores = {one: session.candidates[one] for one in found}
    verdicts = candidates(talk.knowledge.catalogue, scores, session.situation())
    possible = {one.entry.id for one in verdicts if one.verdict.status is not Status.UNLIKELY}
    by_need: dict[str, Entry] = {}
    for entry in _entries(talk, found):
        if entry.id in possible:
            by_need.setdefault(label(entry), entry)
    return list(by_need.values())[:MOST]


def _left_aside(talk: Talk, number: int, kept: Sequence[str]) -> None:
    """Lower what was found for a need but ``kept``, which come first; other needs keep theirs."""
    session = talk.session
    found = session.found.get(number, [])
    elsewhere = {one for n, ids in session.found.items() if n != number for one in ids}
    others = [one for one in found if one not in kept]
    for one in others:
        if one not in elsewhere:
            session.candidates[one] *= _LEFT
    if kept:
        session.found[number] = [*kept, *others]


def _waiting(talk: Talk) -> list[Entry]:
    return _entries(talk, talk.session.unclear)


def _entries(talk: Talk, ids: Iterable[str]) -> list[Entry]:
    known = talk.knowledge.catalogue.entries
    return [known[one] for one in ids if one in known]


def _rank(text: str, offered: int) -> int | None:
    """Return the place, from 0, that ``text`` names: « 2 », « la première », « le dernier »."""
    named = _RANK.fullmatch(text)
    if named is None:
        return None
    digit, *ordinals = named.groups()
    place = int(digit) - 1 if digit else next(n for n, one in enumerate(ordinals) if one)
    place = offered - 1 if ordinals[-1] else place
    return place if 0 <= place < offered else None


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))

"""Why a card is shown when none of its conditions says it: the person's own words.

Always true: what is quoted was written, and it is what made the search find the card. What
was said of violence is not repeated: somebody may read the screen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from typing import Final

from assistant.doors import DOORS
from assistant.talk import Talk
from assistant.topics import load_topics
from knowledge_base.models import Entry
from knowledge_base.parts import sentences
from knowledge_base.tokens import fold
from knowledge_base.vocabulary import Theme

_WORD: Final = re.compile(r"\w+")
_LEAST: Final = 4  # letters of a word that tells something
_QUOTED: Final = 12  # words quoted at most
#: The words of the buttons that tell a need.
CHOSEN: Final = load_topics().labels() | frozenset(
    [door.label for door in DOORS] + [theme.label for theme in Theme]
)
_DANGER: Final = "Ce que vous avez dit fait penser à un danger."
_SPOKEN_OF: Final = "Vous en avez parlé."
NAMED: Final = "Vous avez demandé cette fiche."


def why(talk: Talk, entry: Entry) -> str | None:
    """Return the reason for the card of ``entry``, or None when nothing called for it."""
    rules = talk.knowledge.dangers.rules
    if any(entry.id in rules[name].entries for name in talk.session.dangers if name in rules):
        return _DANGER
    said = _need_of(talk, entry)
    if said is None:
        return NAMED if talk.session.focus == entry.id else None
    if said in CHOSEN:
        return f"Vous avez choisi : {said}."
    if Theme.VIOLENCES in entry.themes:
        return _SPOKEN_OF
    return quoting(talk.knowledge.hide_contact(said), entry)


def quoting(said: str, entry: Entry) -> str:
    """Return « Vous avez dit : « … ». » with the part of ``said`` nearest to ``entry``."""
    known = _words([entry.title, *entry.keywords]), _words(entry.situations)
    parts = sentences(said) or [said]
    part = max(parts, key=lambda one: _shared(one.split(), known))
    return f"Vous avez dit : « {_shortened(part.split(), known)} »."


def _need_of(talk: Talk, entry: Entry) -> str | None:
    """Return the need that found ``entry`` best; the last one told when two did as well."""
    session = talk.session
    ranks = [
        (ids.index(entry.id), -number)
        for number, ids in session.found.items()
        if entry.id in ids and number < len(session.needs)
    ]
    return session.needs[-min(ranks)[1]] if ranks else None


def _shortened(words: list[str], known: tuple[Set[str], Set[str]]) -> str:
    """Return the dozen words in a row that share the most with the card."""
    starts = range(max(1, len(words) - _QUOTED + 1))
    start = max(starts, key=lambda at: _shared(words[at : at + _QUOTED], known))
    quoted = " ".join(words[start : start + _QUOTED]).rstrip(" .,;:")
    before = "… " if start else ""
    return before + quoted + (" …" if start + _QUOTED < len(words) else "")


def _shared(words: Iterable[str], known: tuple[Set[str], Set[str]]) -> int:
    """Return how much ``words`` share with a card: its name counts more than its sayings."""
    told = _words(words)
    names, sayings = known
    return 3 * len(told & names) + len(told & sayings)


def _words(texts: Iterable[str]) -> set[str]:
    found = {word for text in texts for word in _WORD.findall(fold(text))}
    return {word for word in found if len(word) >= _LEAST}

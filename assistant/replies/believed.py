"""Which intent is believed, and which hides a need: « effacer mes dettes » erases nothing.

The engine is believed by default: a cry for help, « opérateur » or « je file » hold no word that
a list could ask for. What is doubted is what was seen to be misheard, told by its own words;
every example of the dialogue stays believed (tests/consistency/test_believed_examples.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from assistant.names import Intent
from assistant.replies import rights
from assistant.talk import Talk
from assistant.understanding.intents import guess_intent
from knowledge_base.tokens import all_words

#: From this confidence on a civility is one.
SURE: Final = 0.6
_SHORT: Final = 40  # letters: a longer message is never only a civility
#: « Bonjour, je suis à la rue » is a need.
_CIVILITIES: Final = frozenset({Intent.GREET, Intent.THANKS, Intent.GOODBYE, Intent.INSULT})

#: What tells, on the folded words, that it is no such request.
_SOMETHING_ELSE: Final[Mapping[Intent, re.Pattern[str]]] = {
    Intent.RESTART: re.compile(
        r"\b(?:aires?|familles?|lieux?|centres?|foyers?|structures?) d accueil\b"
        r"|\baccueil (?:de (?:jour|nuit)|familial|d urgence)\b"
    ),
    Intent.ASK_HUMAN: re.compile(r"\bentend\w* (?:\w+ )?voix\b|\binterpretes?\b"),
    Intent.ERASE: re.compile(r"\b(?:dettes?|credits?|prets?|casier|amendes?|fichage|ficp)\b"),
    Intent.CORRECT: re.compile(
        r"\bchang\w* (?:de |mon |son |le )?noms?(?: de famille| d usage)?$"
        r"|\bchang\w* (?:de |d |mon |ma |son |sa |le )?prenoms?\b"
    ),
    Intent.EMERGENCY: re.compile(
        r"\b(?:mari|femme|conjointe?|compagne|compagnon|pere|mere|papa|maman|frere|soeur|tante"
        r"|oncle) (?:est|etait) (?:\w+ )?(?:morte?|decedee?)\b"
        r"(?!.*\b(?:maintenant|devant|respire|sang|tuee?"
        r"|aide\w*|vien[st] de|ce (?:matin|soir)|cette nuit|a l instant)\b)"
    ),
}


def believed(talk: Talk) -> Intent:
    """Return the intent of the message, or the need that it may hide."""
    turn = talk.turn
    if turn.intent in _CIVILITIES and (turn.confidence < SURE or len(turn.text) > _SHORT):
        return Intent.DESCRIBE_NEED
    other = _SOMETHING_ELSE.get(turn.intent)
    if other is not None and other.search(" ".join(all_words(turn.text))):
        return Intent.DESCRIBE_NEED
    doubt = _DOUBTS.get(turn.intent)
    return Intent.DESCRIBE_NEED if doubt is not None and doubt(talk) else turn.intent


def _asks_about_no_right(talk: Talk) -> bool:
    """« Kiramı ödeyemiyorum » names no aid, and is no question about one."""
    return guess_intent(talk.turn.text) is not Intent.ASK_RIGHT and rights.meant(talk) is None


_DOUBTS: Final[Mapping[Intent, Callable[[Talk], bool]]] = {
    # There is nothing to correct in a first message.
    Intent.CORRECT: lambda talk: (
        not (talk.session.facts or talk.session.needs or talk.session.received)
    ),
    Intent.ASK_RIGHT: _asks_about_no_right,
    # « et demain ? » waits for an answer.
    Intent.GOODBYE: lambda talk: "?" in talk.turn.text,
}

"""Which intent is believed: a request must be in the words, not only in the engine's ear.

« effacer mes dettes » erases nothing, « aire d’accueil » starts nothing again, « j’entends des
voix » asks for no agent: what is not surely a request is a need, and is searched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from assistant.names import Intent
from assistant.replies import memory, needs, rights
from assistant.talk import Talk
from assistant.understanding.intents import guess_intent
from knowledge_base.tokens import all_words

#: From this confidence on a civility is one.
SURE: Final = 0.6
#: Letters: a longer message is never only a civility.
SHORT: Final = 40
#: « Bonjour, je suis à la rue » is a need.
CIVILITIES: Final = frozenset({Intent.GREET, Intent.THANKS, Intent.GOODBYE, Intent.INSULT})

#: What a request cannot do without, on the folded words.
_WORDS: Final[Mapping[Intent, re.Pattern[str]]] = {
    Intent.RESTART: re.compile(
        r"\b(?:re)?(?:commenc|demarr|start|part(?:ir|ons|e)?\b)\w*|\bzero\b|\bdebut\b|\bdepart\b"
        r"|\brese?t\w*|\breviens?\b|\brevenir\b|\bretour\w*|\bnouvelle\b|\bmenu\b|^accueil$"
    ),
    Intent.ASK_HUMAN: re.compile(
        r"\b(?:parl|discut|appel|rappel|telephon|contact|joindre|rencontr|transm|envo[iy]|demand"
        r"|humain|personne|quelqu|conseil|agent|assistante?s?|social|educat|professionnel"
        r"|rendez|rdv|vrai|dossier|aide|voir|qq|kelk|someone|human|speak|talk|call)\w*"
    ),
    Intent.GOODBYE: re.compile(
        r"\b(?:revoir|bientot|bye|ciao|tchao|adieu|salut|bonne|bon|bonsoir|merci|bisous?|plus tard"
        r"|prochaine|a plus|a demain|fini|ciao)\b"
    ),
    Intent.EMERGENCY: re.compile(
        r"\b(?:urg|vite|secour|sos|danger|grave|aide[rz]?|help|immediat|police|pompier|samu|sauve"
        r"|mour|meur|tue|peur|maintenant|tout de suite|panique|sang|feu|gaz|fumee)\w*"
    ),
}
_A_NAME: Final = re.compile(r"\bchang\w* (?:de |d |mon |ma |son |sa |le )?(?:pre)?noms?\b")


def believed(talk: Talk) -> Intent:
    """Return the intent of the message, or the need that it may hide."""
    turn = talk.turn
    if turn.intent in CIVILITIES and (turn.confidence < SURE or len(turn.text) > SHORT):
        return Intent.DESCRIBE_NEED
    plain = " ".join(all_words(turn.text))
    words = _WORDS.get(turn.intent)
    if words is not None and not words.search(plain):
        return Intent.DESCRIBE_NEED
    doubt = _DOUBTS.get(turn.intent)
    return Intent.DESCRIBE_NEED if doubt is not None and doubt(talk, plain) else turn.intent


def _corrects_nothing(talk: Talk, plain: str) -> bool:
    """Tell whether nothing was said that could be corrected."""
    session = talk.session
    nothing = not (session.facts or session.needs or session.received)
    return nothing or _A_NAME.search(plain) is not None


def _asks_about_no_right(talk: Talk, _: str) -> bool:
    """« Kiramı ödeyemiyorum » names no aid, and is no question about one."""
    return guess_intent(talk.turn.text) is not Intent.ASK_RIGHT and rights.meant(talk) is None


def _is_a_need_first(talk: Talk, _: str) -> bool:
    """« Où trouver des meubles pas chers ? » opens the conversation with a need that has a card."""
    if talk.session.candidates or guess_intent(talk.turn.text) is Intent.ASK_PLACE:
        return False
    hits = needs.search(talk, talk.turn.text, 1)
    return bool(hits) and hits[0].score >= needs.SURE_OF_ONE


_DOUBTS: Final[Mapping[Intent, Callable[[Talk, str], bool]]] = {
    Intent.CORRECT: _corrects_nothing,
    Intent.ASK_RIGHT: _asks_about_no_right,
    Intent.ASK_PLACE: _is_a_need_first,
    Intent.ERASE: lambda _, plain: memory.erases_something_else(plain),
}

"""« Sans que mes parents le sachent »: what is kept here and who reads it, once, before the rest.

Nothing is promised for the professionals: their duties are theirs, and the cards say what is
known of them.
"""

from __future__ import annotations

import re
from typing import Final

from assistant.answer import line_cards
from assistant.conversation import Known
from assistant.messages import Message
from assistant.names import Response
from assistant.talk import HUMAN, Talk
from knowledge_base.facts import Fact
from knowledge_base.tokens import all_words

_WHO: Final = (
    r"(?:mes|mon|ma|m[ao]n|le|la|l|leur|ses|son|sa) ?(?:darons?|daronne|vieux|re?ps|parents?|paren|"
    r"pere|mere|papa|maman|famille|mari|conjoint|copain|compagnon|femme|ex|frere|soeur|oncle|tante|"
    r"beau pere|belle mere|proches?|patron|voisins?)"
)
_KNOWS: Final = (
    r"(?:sach\w*|sav\w+|sait|appren\w*|soi(?:t|ent|s) (?:pas )?au courant|soi(?:t|ent) prevenue?s?|"
    r"voi(?:t|ent|ve)|decouvr\w*|l apprenn\w*|etre au courant|etre prevenue?s?)"
)
_SECRET: Final = re.compile(
    rf"(?:sans|pas|peur|jamais|faut pas|interdit) (?:surtout )?(?:qu\w? ?){{1,2}}"
    rf"(?:{_WHO}|ils?|elles?|on|personne|quelqu un)"
    rf" (?:\w+ ){{0,3}}?{_KNOWS}|"
    rf"{_WHO} (?:\w+ ){{0,3}}(?:va|vont|doi\w*|peu\w*|risque\w*|sera|seront) (?:\w+ ){{0,3}}"
    r"(?:savoir|apprendre|au courant|prevenue?s?)|"
    rf"{_WHO} (?:ne |n )?(?:le )?"
    r"(?:(?:sait|savent) (?:rien|pas que)|(?:est|sont) pas au courant)\b|"
    rf"(?:dire|dites|direz|dis|prevenir|prevenez|appeler|appelez|parler|avertir) (?:\w+ ){{0,3}}"
    r"(?:mes parents|mon pere|ma mere|mes darons)|"
    r"\ben (?:secret|cachette)\b|ca reste entre nous|sans que (?:ca|cela) se (?:sache|voie)"
)
#: Who writes is at least that old; a younger one is the child of who writes.
_YOUNGEST: Final = 10  # years
_ADULT: Final = 18
_YOUNG_LINE: Final = "fil_sante_jeunes"


def reassure(talk: Talk) -> None:
    """Say once what is kept, to who wants nobody to know or is under 18 and says so."""
    session = talk.session
    young = _is_minor(session.facts.get(Fact.AGE)) and Fact.FOR_WHOM not in session.facts
    secret = _SECRET.search(" ".join(all_words(talk.turn.text))) is not None
    if session.reassured or not (secret or young):
        return
    session.reassured = True
    known = talk.knowledge.catalogue.lines
    lines = line_cards([one for one in (_YOUNG_LINE,) if young and one in known], known)
    talk.first(
        Message(
            text=talk.knowledge.wording.say(Response.SECRECY),
            choices=[HUMAN],
            lines=lines or None,
            discreet=session.discreet,
        )
    )


def _is_minor(age: Known | None) -> bool:
    if age is None or age.low is None or age.high is None:
        return False
    return age.low >= _YOUNGEST and age.high < _ADULT

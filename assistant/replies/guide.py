"""« Oui », « ? », « c’est compliqué », « et alors ? »: one thing at a time, then a person.

After the cards, the first one is told step by step; then somebody is offered. A bare menu is
never the answer to who is lost.
"""

from __future__ import annotations

import re
from typing import Final

from assistant.answer import short_title
from assistant.messages import MessageKind
from assistant.names import Intent, Response
from assistant.replies import human, needs
from assistant.talk import HUMAN, MORE_AIDS, OTHER_NEED, PLACES, Talk
from knowledge_base.figures import fill
from knowledge_base.tokens import fold

#: Steps told one by one: beyond, a person does it better.
_STEPS: Final = 2
_LOST: Final = re.compile(
    r"(?:mais |et |ok |bon |non )*(?:"
    r"alors|donc|apres|ensuite|maintenant|quoi|hein|comment|"
    r"(?:c est |ca a l air |trop )+(?:trop |tres |bien |super )*"
    r"(?:complique|dur|difficile|flou|long)(?: (?:pour moi|tout ca|ca))?|"
    r"(?:c est )?pas (?:tres )?(?:clair|simple|facile)|"
    r"(?:je |j |moi )*(?:ne |n )?(?:comprends?|ai|y comprends?|pige) (?:pas|rien|plus rien)"
    r"(?: (?:compris|tout|a tout ca|du tout))?|(?:ai )?(?:pas|rien) compris|"
    r"(?:je |on )?(?:dois |doit |fais |fait )+quoi(?: (?:maintenant|alors|du coup))?|"
    r"qu est ce que je (?:fais|dois faire)(?: maintenant)?|comment (?:je |on )?(?:fais|fait|faire)|"
    r"par (?:quoi|ou) (?:je )?commence[rz]?|je (?:suis|sui) (?:perdue?|largue?e?)|"
    r"je sais pas (?:faire|comment faire|quoi faire)"
    r")(?: alors| du coup)?"
)


def is_lost(talk: Talk) -> bool:
    """Tell whether, after cards, the message only says that they do not help."""
    if not talk.session.shown:
        return False
    plain = " ".join(re.findall(r"\w+", fold(talk.turn.text)))
    return not plain or _LOST.fullmatch(plain) is not None


def answer(talk: Talk, intent: Intent) -> None:
    """Answer « oui », « non », « je ne sais pas », « ? » when nothing was asked."""
    if talk.human_was_offered and intent is Intent.AFFIRM:
        human.begin(talk)
    elif not talk.session.shown:
        needs.ask_the_need(talk)
    elif intent in (Intent.DENY, Intent.REFUSE_TO_ANSWER):
        talk.say(Response.NO_CARD_FITS, choices=[MORE_AIDS, OTHER_NEED, HUMAN])
    else:
        _next_step(talk)


def _next_step(talk: Talk) -> None:
    """Tell the next step of the first card; after two, offer somebody."""
    session, catalogue = talk.session, talk.knowledge.catalogue
    entry = catalogue.entries.get(session.shown[0])
    told = session.guided
    if entry is None or told >= min(_STEPS, len(entry.steps)):
        talk.say(Response.GUIDE_HUMAN, kind=MessageKind.QUESTION, choices=[HUMAN, OTHER_NEED])
        return
    session.guided += 1
    where = [] if talk.around is not None else [PLACES]
    talk.say(
        Response.GUIDE_NEXT if told else Response.GUIDE_FIRST,
        choices=[HUMAN, *where, OTHER_NEED],
        title=short_title(entry),
        step=fill(entry.steps[told], catalogue.figures),
    )

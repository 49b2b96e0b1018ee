"""« Vous faites quoi de mes données ? », « t’es qui ? »: a true answer, whatever was asked."""

from __future__ import annotations

import re
from typing import Final

from assistant.names import Response
from assistant.talk import HUMAN, OTHER_NEED, Talk
from knowledge_base.tokens import all_words

_DATA: Final = re.compile(
    r"(?:mes|nos|les|tes|vos|ces) (?:donnees|infos?|informations|messages)\b.*"
    r"(?:garde|conserve|vend|partage|montre|envoy|transm|lit|lira|lu|voi[rt]|protege|confiden)|"
    r"(?:fait|faites|fais|feras|ferez) (?:vous |tu )?(?:quoi |de |avec )+(?:mes|nos) "
    r"(?:donnees|infos?|informations|messages)|"
    r"qui (?:va |peut |pourra )?(?:lire|lit|lira|voir|voit|verra|entend) "
    r"(?:ca|cela|ce que|tout|mes)|"
    r"(?:c est|ca reste|est ce|est ce que c est) (?:anonyme|confidentiel|secret|enregistre)|"
    r"(?:enregistre|gardez?|conserve)\w* (?:vous )?"
    r"(?:ce que (?:je|j|on)|tout ce que|la conversation"
    r"|mes (?:donnees|infos?|informations|messages|reponses|paroles))"
)
_US: Final = re.compile(
    r"^(?:(?:salut|bonjour|mais|dis|eh) )*(?:(?:vous etes|t es|tu es|c est) qui|"
    r"qui (?:etes vous|es tu|est tu|t es|vous etes)|"
    r"(?:je parle a|c est) (?:qui|un robot|une machine|une vraie personne|un humain)|"
    r"(?:vous etes|t es|tu es|etes vous|es tu) (?:un |une )?(?:vraie? )?"
    r"(?:robot|humaine?|machine|ordinateur|ia|personne|intelligence artificielle|bot))\b"
)


def answer(talk: Talk) -> bool:
    """Answer a question about us or about what is kept; return whether it was one.

    What waits is asked again after it.
    """
    plain = " ".join(all_words(talk.turn.text))
    about = [
        text
        for text, asked in ((Response.ABOUT_DATA, _DATA), (Response.ABOUT_US, _US))
        if asked.search(plain)
    ]
    for text in about:
        talk.say(text, choices=[] if talk.waits else [OTHER_NEED, HUMAN])
    return bool(about)

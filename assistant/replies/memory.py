"""Correcting, coming back, starting again, erasing: what is remembered belongs to the person."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from assistant.conversation import EraseConversation, Known, Provenance, Session, Stage
from assistant.names import Response
from assistant.replies import clarify, needs, received, steps
from assistant.request_sheet import theme_of
from assistant.talk import HUMAN, OTHER_NEED, RESTART, Talk
from assistant.understanding.consent import agrees, refuses
from assistant.understanding.labels import inside_a_sentence, value_label
from knowledge_base.facts import FACTS, Fact
from knowledge_base.tokens import all_words, fold

#: A silence after which a person is told where the conversation was.
_LONG_SILENCE: Final = timedelta(hours=12)
#: Facts recalled at most, the last ones: it is one short line.
_RECALLED: Final = 3
_INSTEAD: Final = re.compile(
    r"\b(?:non|pas|mais|plutot|en fait|c est|c'est|je voulais dire|pardon|erreur|a)\b"
)
_ERASE: Final = re.compile(r"\b(?:effac|supprim)\w*\b(?! (?:pas|rien|plus)\b)")
#: What can be erased here: what was written, not a debt nor a criminal record.
_WHAT_IS_HERE: Final = re.compile(
    r"\b(?:tout|conversations?|discussion|echanges?|messages?|historique|donnees|traces?|infos?"
    r"|informations?|chat|reponses?|(?:ai|a) (?:dit|ecrit|raconte|mis))\b"
)
_BARE: Final = 2  # words of a bare request: « effacer svp »


def correct(talk: Talk) -> None:
    """« Non, en fait c’est pour mon père »: change the facts, then go on."""
    fresh = needs.learn(talk, needs.read(talk))
    if not fresh:
        fresh = _other_commune(talk)
    if not fresh:
        talk.say(Response.WHAT_TO_CORRECT, choices=[RESTART, HUMAN])
        return
    talk.say(Response.CORRECTED)
    needs.reformulate(talk, fresh)
    if talk.session.pending in fresh:
        talk.close_question()
    if not talk.waits and talk.session.candidates:
        needs.go_on(talk)
    else:
        talk.what_next()


def _other_commune(talk: Talk) -> dict[Fact, Known]:
    """« Non, pas Blois, Vendôme »: the commune said instead of the one that was noted."""
    noted = talk.around
    if noted is None:
        return {}
    text = _INSTEAD.sub(" ", fold(talk.turn.text)).replace(fold(noted.name), " ")
    meant = talk.knowledge.communes.named_by(" ".join(text.replace(",", " ").split()))
    if meant is None or meant == noted:
        return {}
    return needs.learn(talk, {Fact.COMMUNE: Known(value=meant.code_insee, words=talk.turn.text)})


def where_we_were(talk: Talk) -> str | None:
    """Return the line for a person who comes back to the interview after a long silence.

    Nothing is recalled after a danger: somebody else may be looking at the screen.
    """
    session, last = talk.session, talk.turn.last
    if last is None or talk.turn.now - last < _LONG_SILENCE or session.pending is None:
        return None
    wording = talk.knowledge.wording
    if session.discreet or session.danger is not None or Fact.VIOLENCE in session.facts:
        return wording.say(Response.CAME_BACK_DISCREET)
    told = [
        f"{FACTS[fact].label} : {value_label(fact, known, talk.knowledge.communes)}"
        for fact, known in session.facts.items()
        if known.provenance is not Provenance.DEDUCED
    ]
    noted = [inside_a_sentence(theme_of(talk).label), *told[-_RECALLED:]]
    return wording.say(Response.CAME_BACK, noted=" ; ".join(noted))


def take_back(talk: Talk) -> bool:
    """« Non, je ne le touche pas »: an aid noted as received is not; return whether it was so."""
    titles = received.taken_back(talk)
    if not titles:
        return False
    talk.say(Response.CORRECTED)
    talk.say(Response.UNDERSTOOD, facts=f"vous ne recevez pas : {', '.join(titles)}")
    if not talk.waits and talk.session.candidates:
        needs.go_on(talk)
    else:
        talk.what_next()
    return True


def restart(talk: Talk) -> None:
    """Forget the situation; the receipt of a case already sent is kept."""
    talk.session = Session(case_code=talk.session.case_code)
    talk.say(Response.RESTARTED, choices=[HUMAN])


def erase(talk: Talk) -> None:
    """Ask before erasing: it cannot be undone."""
    steps.step_aside(talk, Stage.ERASE_CONFIRM)


def asks_to_erase(text: str) -> bool:
    """Tell whether the words ask to erase the conversation: not « effacer mes dettes »."""
    plain = " ".join(all_words(text))
    return _ERASE.search(plain) is not None and (
        _WHAT_IS_HERE.search(plain) is not None or len(plain.split()) <= _BARE
    )


def confirm_erase(talk: Talk) -> None:
    """Read yes or no to erasing everything; anything but a clear yes erases nothing."""
    if _confirms(talk):
        talk.session = Session()
        talk.effects.append(EraseConversation())
        talk.say(Response.ERASED)
        return
    steps.done(talk)
    talk.say(Response.ERASE_KEPT)
    talk.what_next()


def _confirms(talk: Talk) -> bool:
    if talk.turn.value is not None:
        return talk.turn.value == steps.ERASE_YES
    text = talk.turn.text
    return agrees(text) or (_ERASE.search(fold(text)) is not None and not refuses(text))


def why(talk: Talk) -> None:
    """« Pourquoi cette question ? »: the reason; the question comes again after it."""
    step = steps.STEPS.get(talk.session.stage)
    waiting = talk.session.pending
    if step is not None:
        talk.say(step.why)
    elif waiting is not None:
        talk.add(FACTS[waiting].why)
    elif talk.session.unclear:
        clarify.why(talk)
    else:
        talk.say(Response.NO_QUESTION, choices=[OTHER_NEED, HUMAN])

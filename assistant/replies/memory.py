"""Correcting, starting again, erasing: what the assistant remembers belongs to the person."""

from __future__ import annotations

from assistant.conversation import EraseConversation, Session, Stage
from assistant.messages import ChoiceButton, MessageKind
from assistant.names import Intent, Response
from assistant.replies import needs
from assistant.talk import HUMAN, OTHER_NEED, RESTART, Talk
from knowledge_base.facts import FACTS

ERASE_YES = "erase:yes"
ERASE_NO = "erase:no"
_YES = ChoiceButton(label="Oui, tout effacer", value=ERASE_YES)
_NO = ChoiceButton(label="Non, garder", value=ERASE_NO)


def correct(talk: Talk) -> None:
    """« Non, en fait c’est pour mon père »: change the facts, then go on."""
    read = talk.knowledge.facts.read(talk.turn.text, talk.turn.now.date())
    fresh = needs.learn(talk, read)
    if not fresh:
        talk.say(
            Response.WHAT_TO_CORRECT,
            choices=[RESTART, HUMAN],
        )
        if talk.session.pending is not None:
            talk.ask(talk.session.pending)
        return
    talk.say(Response.CORRECTED)
    needs.reformulate(talk, fresh)
    if talk.session.pending in fresh:
        talk.close_question()
    if talk.session.pending is not None:
        talk.ask(talk.session.pending)
    elif talk.session.candidates:
        needs.go_on(talk)
    else:
        talk.say(Response.WHAT_NEXT, choices=[OTHER_NEED, HUMAN])


def restart(talk: Talk) -> None:
    """Forget the situation; the receipt of a case already sent is kept."""
    talk.session = Session(case_code=talk.session.case_code)
    talk.say(Response.RESTARTED, choices=[HUMAN])


def erase(talk: Talk) -> None:
    """Ask before erasing: it cannot be undone."""
    talk.close_question()
    talk.session.stage = Stage.ERASE_CONFIRM
    talk.say(Response.ERASE_CONFIRM, kind=MessageKind.QUESTION, choices=[_YES, _NO])


def confirm_erase(talk: Talk) -> None:
    """Read yes or no to erasing everything."""
    talk.session.stage = Stage.OPEN
    if talk.turn.value == ERASE_YES or talk.turn.intent in (Intent.AFFIRM, Intent.ERASE):
        talk.effects.append(EraseConversation())
        talk.say(Response.ERASED)
        return
    talk.say(Response.WHAT_NEXT, choices=[OTHER_NEED, HUMAN])


def why(talk: Talk) -> None:
    """« Pourquoi cette question ? »: the reason, then the question again."""
    waiting = talk.session.pending
    if waiting is None:
        talk.say(Response.NO_QUESTION, choices=[OTHER_NEED, HUMAN])
        return
    talk.add(FACTS[waiting].why)
    talk.ask(waiting)

"""What waits comes back: the end of every reply, and the answer of the service to a look-up."""

from __future__ import annotations

from assistant.conversation import AskedFor, LookUpCase, Reply, Session, Turn
from assistant.knowledge import Knowledge
from assistant.receipt import LookedUp
from assistant.replies import cases, human, needs, steps
from assistant.talk import Talk


def respond_to_case(
    session: Session, turn: Turn, asked: LookUpCase, found: LookedUp, knowledge: Knowledge
) -> Reply:
    """Go on with a turn once the case that ``respond`` asked for was looked up.

    Pure, as ``respond``: ``session`` is the one of its reply, and is not changed.
    """
    talk = Talk(session.model_copy(deep=True), turn, knowledge)
    if asked.asked_for is AskedFor.HANDOFF:
        human.with_case(talk, found)
    else:
        cases.tell(talk, found, asked.code)
    take_up_again(talk)
    return talk.reply()


def take_up_again(talk: Talk) -> None:
    """End the reply with the step that goes on, the one it interrupted, or the question.

    Does nothing when the reply already asks, or when a case must be looked up first.
    """
    session = talk.session
    if talk.asked or any(isinstance(effect, LookUpCase) for effect in talk.effects):
        return
    if session.stage not in steps.STEPS and session.paused:
        session.stage = session.paused.pop()
    if session.stage in steps.STEPS:
        steps.ask(talk, session.stage)
    elif session.pending is not None:
        if session.pending in session.facts or session.pending in session.skipped:
            _answered_meanwhile(talk)
        else:
            needs.ask(talk, session.pending)


def _answered_meanwhile(talk: Talk) -> None:
    """The question that waited found its answer: the interview goes on with the next one."""
    talk.close_question()
    if not needs.ask_next(talk) and not any(message.aids for message in talk.messages):
        needs.show_aids(talk)

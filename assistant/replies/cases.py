"""« Où en est ma demande ? »: the code is read, the service looks the case up."""

from __future__ import annotations

from assistant.conversation import LookUpCase, Stage
from assistant.messages import MessageKind
from assistant.names import Response
from assistant.receipt import find_code
from assistant.talk import HUMAN, Talk


def status(talk: Talk) -> None:
    """Look the case up with the code of the message, of the conversation, or ask for it."""
    talk.close_question()
    code = find_code(talk.turn.text) or talk.session.case_code
    if code is None:
        talk.session.stage = Stage.CASE_CODE
        talk.say(Response.CASE_ASK_CODE, kind=MessageKind.QUESTION, choices=[HUMAN])
        return
    talk.session.stage = Stage.OPEN
    talk.effects.append(LookUpCase(code=code))


def read_code(talk: Talk) -> None:
    """Read the code that was asked."""
    code = find_code(talk.turn.text)
    if code is None:
        talk.say(Response.CASE_UNKNOWN, kind=MessageKind.QUESTION, choices=[HUMAN])
        talk.session.stage = Stage.OPEN
        return
    talk.session.stage = Stage.OPEN
    talk.effects.append(LookUpCase(code=code))

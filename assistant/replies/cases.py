"""« Où en est ma demande ? »: the code is read, the service looks the case up."""

from __future__ import annotations

import re

from assistant.conversation import LookUpCase, Stage
from assistant.handoff import CODE_ALPHABET, CODE_LENGTH
from assistant.messages import MessageKind
from assistant.names import Response
from assistant.talk import HUMAN, Talk

_CODE = re.compile(rf"(?<![A-Z0-9])([{CODE_ALPHABET}]{{{CODE_LENGTH}}})(?![A-Z0-9])")
#: French words of six letters that are not codes; a code nearly always has a digit.
_HAS_DIGIT = re.compile(r"\d")


def status(talk: Talk) -> None:
    """Look the case up with the code of the message, of the conversation, or ask for it."""
    talk.close_question()
    code = _code(talk.turn.text) or talk.session.case_code
    if code is None:
        talk.session.stage = Stage.CASE_CODE
        talk.say(Response.CASE_ASK_CODE, kind=MessageKind.QUESTION, choices=[HUMAN])
        return
    talk.session.stage = Stage.OPEN
    talk.effects.append(LookUpCase(code=code))


def read_code(talk: Talk) -> None:
    """Read the code that was asked; anything of six characters is looked up."""
    compact = re.sub(r"[\s.\-]", "", talk.turn.text).upper()
    code = _code(talk.turn.text) or (compact if len(compact) == CODE_LENGTH else None)
    if code is None:
        talk.say(Response.CASE_UNKNOWN, kind=MessageKind.QUESTION, choices=[HUMAN])
        talk.session.stage = Stage.OPEN
        return
    talk.session.stage = Stage.OPEN
    talk.effects.append(LookUpCase(code=code))


def _code(text: str) -> str | None:
    for match in _CODE.finditer(text.upper()):
        if _HAS_DIGIT.search(match[1]) or match[1] in text:
            return match[1]
    return None

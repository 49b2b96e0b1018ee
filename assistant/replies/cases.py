"""« Où en est ma demande ? »: the code is read, the service looks the case up, it is told."""

from __future__ import annotations

import re
from typing import Final

from assistant.business_days import french_moment
from assistant.conversation import LookUpCase, Stage
from assistant.messages import MessageKind
from assistant.names import Intent, Response
from assistant.receipt import LookedUp, NotLookedUp, PublicStatus, find_code
from assistant.replies import places, steps
from assistant.talk import HUMAN, OTHER_NEED, Talk
from assistant.understanding.consent import refuses
from assistant.understanding.intents import guess_intent
from knowledge_base.tokens import fold

#: « mon code est… » and what follows.
_GIVEN: Final = re.compile(r"\b(?:mon|le) code (?:est|c ?'?est|:)\s*\S")
_LOST: Final = re.compile(r"\b(?:perdue?|egaree?|oublie\w*|effacee?|jetee?)\b")


def status(talk: Talk) -> None:
    """Look the case up with the code of the message, of the conversation, or ask for it."""
    written = find_code(talk.turn.text)
    if written is None and _GIVEN.search(fold(talk.turn.text)):
        # Another code than that of the conversation, badly written: not the case of this one.
        steps.step_aside(talk, Stage.CASE_CODE, Response.CASE_NO_CODE)
        return
    code = written or talk.session.case_code
    if code is None:
        steps.step_aside(talk, Stage.CASE_CODE)
    else:
        talk.effects.append(LookUpCase(code=code))


def read_code(talk: Talk) -> None:
    """Read the code that was asked; the step lasts until it is right or the person leaves."""
    code = find_code(talk.turn.text)
    if code is not None:
        talk.effects.append(LookUpCase(code=code))
    elif _is_lost(talk):
        steps.done(talk)
        who, phone = places.whom_to_call(talk)
        choices = [] if talk.waits else [OTHER_NEED, HUMAN]
        talk.say(Response.CASE_LOST, choices=choices, who=who, phone=phone)
    elif talk.turn.intent is Intent.DENY or refuses(talk.turn.text):
        steps.done(talk)
        talk.what_next()
    else:
        steps.ask_as(talk, Stage.CASE_CODE, Response.CASE_NO_CODE)


def _is_lost(talk: Talk) -> bool:
    unknown = Intent.DONT_KNOW in (talk.turn.intent, guess_intent(talk.turn.text))
    return unknown or _LOST.search(fold(talk.turn.text)) is not None


def tell(talk: Talk, found: LookedUp, code: str) -> None:
    """Say where the case stands; a code that gives nothing is asked again."""
    if isinstance(found, PublicStatus):
        if talk.session.stage is Stage.CASE_CODE:
            steps.done(talk)
        talk.say(
            Response.CASE_STATUS,
            kind=MessageKind.RECEIPT,
            choices=[] if talk.waits else [OTHER_NEED, HUMAN],
            status=found.label,
            place=found.place_name,
            since=french_moment(found.since),
        )
        return
    if code == talk.session.case_code and found is NotLookedUp.UNKNOWN:
        talk.session.case_code = None  # its delay of conservation is over
    too_many = found is NotLookedUp.TOO_MANY
    words = Response.CASE_WAIT if too_many else Response.CASE_UNKNOWN
    steps.step_aside(talk, Stage.CASE_CODE, words)

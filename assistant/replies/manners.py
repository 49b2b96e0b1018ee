"""Greetings, thanks, insults: short, kind, and always with a way on."""

from __future__ import annotations

from assistant.names import Intent, Response
from assistant.talk import HUMAN, OTHER_NEED, Talk

_TEXTS = {
    Intent.GREET: Response.GREET,
    Intent.THANKS: Response.THANKS,
    Intent.GOODBYE: Response.GOODBYE,
    Intent.INSULT: Response.INSULT,
}


def reply(talk: Talk) -> None:
    """Answer a civility; what waits is asked again after it."""
    text = _TEXTS.get(talk.turn.intent, Response.GREET)
    talk.say(text, choices=[] if talk.waits else [OTHER_NEED, HUMAN])

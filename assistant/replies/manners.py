"""Greetings, thanks, insults, off-topic: short, kind, and always with a way on."""

from __future__ import annotations

from assistant.names import Intent, Response
from assistant.talk import HUMAN, OTHER_NEED, Talk

_TEXTS = {
    Intent.GREET: Response.GREET,
    Intent.THANKS: Response.THANKS,
    Intent.GOODBYE: Response.GOODBYE,
    Intent.INSULT: Response.INSULT,
    Intent.OUT_OF_SCOPE: Response.OUT_OF_SCOPE,
}


def reply(talk: Talk) -> None:
    """Answer a civility; a question that waits is asked again."""
    waiting = talk.session.pending
    choices = [] if waiting is not None else [OTHER_NEED, HUMAN]
    talk.say(_TEXTS.get(talk.turn.intent, Response.GREET), choices=choices)
    if waiting is not None:
        talk.ask(waiting)


def nothing_to_confirm(talk: Talk) -> None:
    """« Oui », « non », « je ne sais pas » when nothing was asked."""
    talk.say(Response.WHAT_NEXT, choices=[OTHER_NEED, HUMAN])

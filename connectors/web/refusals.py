"""Why a message is not taken now: a sentence that says what to do, on the page or to the script."""

from __future__ import annotations

from collections.abc import Coroutine
from math import ceil
from typing import Any, Final

from assistant.messages import Contract, Message
from assistant.understanding.intents import is_choice
from connectors.gateway import TextTooLong, UnknownConversation

_EMPTY: Final = "Écrivez d’abord votre message, même quelques mots."
_TOO_LONG: Final = (
    "Votre message est trop long : {length} caractères. Le maximum est 2 000. "
    "Gardez l’essentiel : il est resté dans le cadre."
)
_TOO_LONG_SHORT: Final = "Votre message est trop long. Gardez l’essentiel."
_WAIT: Final = (
    "Beaucoup de messages arrivent en peu de temps. Attendez {seconds} s et envoyez de nouveau. "
    "Votre message est resté dans le cadre."
)
_STALE: Final = "Ce choix n’est plus proposé. Dites-le avec vos mots."
_ERASED: Final = (
    "La conversation d’avant est effacée. Envoyez de nouveau pour en commencer une autre."
)
_MAX_VALUE: Final = 200


class Refused(Exception):
    """What was sent cannot be taken now; ``words`` says why and what to do."""

    def __init__(self, status: int, words: str, wait_s: float = 0.0) -> None:
        super().__init__(words)
        self.status = status
        self.words = words
        self.headers = {"Retry-After": str(ceil(wait_s))} if wait_s else {}


async def played(turn: Coroutine[Any, Any, list[Message]]) -> None:
    """Play a turn whose answers are read on the next page. Raises Refused (404, 413)."""
    try:
        await turn
    except TextTooLong as error:
        raise Refused(413, _TOO_LONG_SHORT) from error
    except UnknownConversation as error:
        raise Refused(404, _ERASED) from error


def check(text: str, value: str | None) -> None:
    """Refuse what cannot be a message. Raises Refused (413, 422)."""
    if len(text) > Contract.MAX_TEXT:
        length = f"{len(text):,}".replace(",", "\u202f")
        raise Refused(413, _TOO_LONG.format(length=length))
    if value is not None and (len(value) > _MAX_VALUE or not is_choice(value)):
        raise Refused(422, _STALE)
    if not text and value is None:
        raise Refused(422, _EMPTY)


def admit_after(wait_s: float) -> None:
    """Refuse what must wait. Raises Refused (429)."""
    if wait_s:
        raise Refused(429, _WAIT.format(seconds=ceil(wait_s)), wait_s)

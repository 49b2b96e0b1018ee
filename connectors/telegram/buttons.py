"""What a button carries: Telegram gives it 64 bytes, a choice may be longer.

A value that is too long, or that begins like our marks, is replaced by the id of its
message and its rank there; ``read`` finds it again in the conversation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from assistant.doors import door_of
from assistant.messages import ChoiceButton, Message
from assistant.names import AID, DO

#: Bytes of UTF-8 that a button carries at most.
MAX_DATA: Final = 64
#: Telegram refuses a message with more buttons.
MAX_BUTTONS: Final = 100
_BY_RANK: Final = "i:"


class StaleButton(Exception):
    """The message of this button is not in the conversation any more."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button: what is read on it, and what comes back when it is pressed."""

    label: str
    data: str


def buttons(message: Message) -> list[Button]:
    """Return a button for every choice of ``message``, in order."""
    return [
        Button(_label(choice), _data(message.id, rank, choice.value))
        for rank, choice in enumerate(message.choices or [])
    ]


def _label(choice: ChoiceButton) -> str:
    door = door_of(choice.value)
    label = choice.label.strip() or choice.value
    return f"{door.emoji} {label}" if door is not None else label


def _data(message_id: str, rank: int, value: str) -> str:
    if value and len(value.encode()) <= MAX_DATA and not value.startswith(_BY_RANK):
        return value
    return f"{_BY_RANK}{message_id}:{rank}"


def needs_conversation(data: str) -> bool:
    """Tell whether the value of a button is to be looked up with ``read``."""
    return data.startswith(_BY_RANK)


def read(data: str, messages: Iterable[Message]) -> str:
    """Return the value of the choice behind a button; raise ``StaleButton``.

    ``messages`` are those of the conversation; they only matter when ``needs_conversation``.
    """
    if not needs_conversation(data):
        return data
    message_id, _, rank = data.removeprefix(_BY_RANK).rpartition(":")
    for message in messages:
        choices = message.choices or []
        if message.id == message_id and rank.isdecimal() and int(rank) < len(choices):
            return choices[int(rank)].value
    raise StaleButton("the message of this button is not in the conversation")


def is_answer(value: str) -> bool:
    """Tell whether ``value`` answers a question; the others open a card or ask for something."""
    return not value.startswith((DO, AID))

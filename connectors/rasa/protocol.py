"""Rasa's JSON, decoded once at the border; ``Any`` goes no further than this module."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from assistant.messages import Message

#: What Rasa posts to run an action: ``{next_action, sender_id, tracker, …}``.
ActionCall = dict[str, Any]


class RestAnswer(BaseModel):
    """One element of what the REST channel answers; ours are all ``custom``."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    custom: Message


class UnreadableAnswer(Exception):
    """Rasa answered something that is not our messages. The text is never in the error."""


_ANSWERS = TypeAdapter(list[RestAnswer])


def read_answers(body: bytes) -> list[Message]:
    """Return the messages of a REST answer, in order; an empty list when there are none.

    Raises UnreadableAnswer.
    """
    try:
        answers = _ANSWERS.validate_json(body)
    except ValidationError as error:
        # pydantic's own message quotes what it read, hence « from None ».
        raise UnreadableAnswer(f"{error.error_count()} fields do not fit") from None
    return [answer.custom for answer in answers]


def rest_call(sender: str, message: str, metadata: dict[str, object]) -> dict[str, object]:
    """Return the body to post to the REST channel.

    Rasa takes a text that begins with « / » for an intent of its own: only a choice may
    begin so, never what a person typed.
    """
    if metadata.get("value") is None:
        message = message.lstrip("/ \t\r\n") or "?"
    return {"sender": sender, "message": message, "metadata": metadata}

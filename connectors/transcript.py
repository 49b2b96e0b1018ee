"""The messages of a conversation as they are stored and read back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session as DatabaseSession

from assistant.messages import Message, Role
from connectors.database import MessageRecord, TurnRecord

#: Messages in which the label of a choice is looked for.
_LOOKED_BACK = 12


def message_values(
    conversation_id: str, turn_id: str, message: Message, now: datetime
) -> dict[str, object]:
    """Return the columns under which ``message`` is stored."""
    return {
        "id": message.id,
        "conversation_id": conversation_id,
        "role": message.role.value,
        "kind": message.kind.value,
        "body": message.model_dump(mode="json", exclude_none=True),
        "turn_id": turn_id,
        "created_at": now,
    }


def label_of(session: DatabaseSession, conversation_id: str, value: str) -> str:
    """Return the label of the choice that was offered, for the transcript."""
    rows = session.scalars(
        select(MessageRecord.body)
        .where(MessageRecord.conversation_id == conversation_id)
        .order_by(MessageRecord.number.desc())
        .limit(_LOOKED_BACK)
    )
    for body in rows:
        for choice in Message.model_validate(body).choices or []:
            if choice.value == value:
                return choice.label
    return value


def answers_to(
    session: DatabaseSession, conversation_id: str, turn_id: str
) -> list[Message] | None:
    """Return what was answered to ``turn_id``, or None when it was not played."""
    if session.get(TurnRecord, (conversation_id, turn_id)) is None:
        return None
    rows = session.scalars(
        select(MessageRecord)
        .where(
            MessageRecord.conversation_id == conversation_id,
            MessageRecord.turn_id == turn_id,
            MessageRecord.role != Role.CITIZEN.value,
        )
        .order_by(MessageRecord.number)
    )
    return [Message.model_validate(row.body) for row in rows]

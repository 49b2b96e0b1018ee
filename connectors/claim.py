"""One writer at a time in a conversation, without a lock while an answer is thought out.

A conversation is read, answered, then claimed: the claim holds only if nobody wrote since.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session as DatabaseSession

from connectors.database import ConversationRecord
from connectors.gateway import UnknownConversation

#: Two turns of a conversation never have the same time, whatever the clock.
_TICK: Final = timedelta(microseconds=1)


class Moved(Exception):
    """The conversation was written to, or erased, since it was read."""


@dataclass(frozen=True, slots=True)
class Before:
    """A conversation as it was read; ``updated_at`` tells whether it moved since."""

    id: str
    state: Mapping[str, object]
    updated_at: datetime


def read_before(session: DatabaseSession, conversation_id: str) -> Before:
    """Return the conversation as it is now. Raises UnknownConversation."""
    found = session.execute(
        select(ConversationRecord.state, ConversationRecord.updated_at).where(
            ConversationRecord.id == conversation_id
        )
    ).one_or_none()
    if found is None:
        raise UnknownConversation(conversation_id)
    return Before(conversation_id, found.state, found.updated_at)


def claim(session: DatabaseSession, before: Before, now: datetime) -> datetime:
    """Take the conversation as it was read, until the transaction ends; return its new time.

    Raises Moved.
    """
    now = max(now, before.updated_at + _TICK)
    claimed = session.execute(
        update(ConversationRecord)
        .where(
            ConversationRecord.id == before.id,
            ConversationRecord.updated_at == before.updated_at,
        )
        .values(updated_at=now)
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[tuple[()]]", claimed).rowcount == 0:
        raise Moved
    return now

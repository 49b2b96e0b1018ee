"""The tables.

Nothing personal is stored in clear but the conversation itself, which ``privacy`` deletes
after a while: contact details, the words and the answers of a case and the content of the
outbox are encrypted by ``connectors.encryption.Vault``. Tokens are stored as SHA-256 only.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import ClassVar, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from connectors.identifiers import new_id


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, always UTC-aware in Python; SQLite stores it without zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive datetime: it would be stored in an unknown zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without zone cannot be stored: {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Parent of every table; names its constraints so that migrations can change them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {
        datetime: UtcDateTime(),
        Mapping[str, object]: JSON(),
        list[str]: JSON(),
    }


_ID: Final = String(32)
_DIGEST: Final = String(64)
_WORD: Final = String(40)


class ConversationRecord(Base):
    """One conversation; ``state`` is the session of the dialogue core, replaced whole."""

    __tablename__ = "conversations"

    id: Mapped[str] = mapped_column(_ID, primary_key=True, default=new_id)
    token_digest: Mapped[str] = mapped_column(_DIGEST)
    channel: Mapped[str] = mapped_column(_WORD)
    status: Mapped[str] = mapped_column(_WORD, default="open")
    state: Mapped[Mapping[str, object]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)


class MessageRecord(Base):
    """One message; ``number`` gives the order, ``body`` is the public Message."""

    __tablename__ = "messages"

    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(_ID, unique=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    role: Mapped[str] = mapped_column(_WORD)
    kind: Mapped[str] = mapped_column(_WORD)
    body: Mapped[Mapping[str, object]]
    turn_id: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]


class TurnRecord(Base):
    """A turn already answered: the same turn sent again is not played twice."""

    __tablename__ = "turns"

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    turn_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    created_at: Mapped[datetime]


class ChannelLinkRecord(Base):
    """The conversation of somebody known by an outside identifier (a Telegram chat)."""

    __tablename__ = "channel_links"

    channel: Mapped[str] = mapped_column(_WORD, primary_key=True)
    external_id_digest: Mapped[str] = mapped_column(_DIGEST, primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )


class TelegramUpdateRecord(Base):
    """An update of Telegram already received; Telegram repeats what it is not sure of."""

    __tablename__ = "telegram_updates"

    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    received_at: Mapped[datetime] = mapped_column(index=True)


class AgentRecord(Base):
    """A professional who may open the console."""

    __tablename__ = "agents"

    id: Mapped[str] = mapped_column(_ID, primary_key=True, default=new_id)
    login: Mapped[str] = mapped_column(String(100), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    display_name: Mapped[str] = mapped_column(String(100))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class AgentSessionRecord(Base):
    """A session of the console, known by the digest of its cookie."""

    __tablename__ = "agent_sessions"

    token_digest: Mapped[str] = mapped_column(_DIGEST, primary_key=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class CaseRecord(Base):
    """A case handed to a professional; ``version`` grows at each change of state.

    ``request_digest`` recognises the same request sent twice while it is open.
    """

    __tablename__ = "cases"

    id: Mapped[str] = mapped_column(_ID, primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(6), unique=True)
    conversation_id: Mapped[str | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="SET NULL"), index=True
    )
    request_digest: Mapped[str | None] = mapped_column(_DIGEST, unique=True)
    version: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(_WORD, index=True)
    status_since: Mapped[datetime]
    urgent: Mapped[bool]
    urgency_rule: Mapped[str | None] = mapped_column(String(100))
    theme: Mapped[str] = mapped_column(_WORD)
    needs: Mapped[list[str]]
    proposed: Mapped[list[str]]
    commune: Mapped[str | None] = mapped_column(String(5))
    place_id: Mapped[str] = mapped_column(String(120))
    place_name: Mapped[str] = mapped_column(String(250))
    notify_email: Mapped[str | None] = mapped_column(String(254))
    tried: Mapped[list[str]] = mapped_column(default=list)
    # An agent who leaves is made inactive, never deleted: a case keeps its owner.
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("agents.id"))
    due_at: Mapped[datetime | None]
    # The day that the person said; before the case was sent, since when something is missing.
    said_day: Mapped[date | None]
    outcome: Mapped[str | None] = mapped_column(_WORD)
    reason: Mapped[str | None] = mapped_column(String(200))
    contact_encrypted: Mapped[str | None] = mapped_column(Text)
    words_encrypted: Mapped[str | None] = mapped_column(Text)
    facts_encrypted: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class CaseEventRecord(Base):
    """What happened to a case and who did it; ``detail`` holds no personal data."""

    __tablename__ = "case_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(_WORD)
    actor: Mapped[str] = mapped_column(_WORD)
    detail: Mapped[Mapping[str, object]] = mapped_column(default=dict)
    at: Mapped[datetime]


class OutboxStatus(StrEnum):
    """Where an outgoing message stands."""

    PENDING = "pending"
    SENT = "sent"
    DEAD = "dead"  # given up: somebody must look
    HELD = "held"  # no SMTP server is configured: it stays in the inbox


class OutboxRecord(Base):
    """One outgoing message; the same ``delivery_id`` is never queued twice.

    ``last_error`` is a short code, never the text of an error, which may name people.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_status_next_attempt_at", "status", "next_attempt_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[str | None] = mapped_column(
        ForeignKey("cases.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(_WORD)
    delivery_id: Mapped[str] = mapped_column(String(120), unique=True)
    payload_encrypted: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(_WORD)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    claim: Mapped[str | None] = mapped_column(_ID)
    last_error: Mapped[str | None] = mapped_column(_WORD)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]

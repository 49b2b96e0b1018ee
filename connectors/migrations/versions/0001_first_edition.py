"""First edition: conversations, cases, outbox and agents."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create every table."""
    create: tuple[Callable[[], None], ...] = (
        _agents,
        _agent_sessions,
        _conversations,
        _messages,
        _turns,
        _channel_links,
        _telegram_updates,
        _cases,
        _case_events,
        _outbox,
    )
    for table in create:
        table()


def downgrade() -> None:
    """Drop every table, those that point to another one first."""
    for table in (
        "outbox",
        "case_events",
        "cases",
        "telegram_updates",
        "channel_links",
        "turns",
        "messages",
        "conversations",
        "agent_sessions",
        "agents",
    ):
        op.drop_table(table)


def _id(name: str = "id") -> sa.Column[str]:
    return sa.Column(name, sa.String(32), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _foreign_key(
    table: str, column: str, target: str, ondelete: str | None
) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{target}"
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete=ondelete)


def _agents() -> None:
    op.create_table(
        "agents",
        _id(),
        _text("login", 100),
        _text("password_hash", 200),
        _text("display_name", 100),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("failed_attempts", sa.Integer(), nullable=False),
        _moment("locked_until", nullable=True),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_agents"),
        sa.UniqueConstraint("login", name="uq_agents_login"),
    )


def _agent_sessions() -> None:
    op.create_table(
        "agent_sessions",
        _text("token_digest", 64),
        _id("agent_id"),
        _text("csrf", 64),
        _moment("created_at"),
        _moment("expires_at"),
        _foreign_key("agent_sessions", "agent_id", "agents", "CASCADE"),
        sa.PrimaryKeyConstraint("token_digest", name="pk_agent_sessions"),
    )
    op.create_index("ix_agent_sessions_agent_id", "agent_sessions", ["agent_id"])
    op.create_index("ix_agent_sessions_expires_at", "agent_sessions", ["expires_at"])


def _conversations() -> None:
    op.create_table(
        "conversations",
        _id(),
        _text("token_digest", 64),
        _text("channel", 40),
        _text("status", 40),
        sa.Column("state", sa.JSON(), nullable=False),
        _moment("created_at"),
        _moment("updated_at"),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
    )
    op.create_index("ix_conversations_updated_at", "conversations", ["updated_at"])


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("number", sa.Integer(), nullable=False),
        _id(),
        _id("conversation_id"),
        _text("role", 40),
        _text("kind", 40),
        sa.Column("body", sa.JSON(), nullable=False),
        _text("turn_id", 64, nullable=True),
        _moment("created_at"),
        _foreign_key("messages", "conversation_id", "conversations", "CASCADE"),
        sa.PrimaryKeyConstraint("number", name="pk_messages"),
        sa.UniqueConstraint("id", name="uq_messages_id"),
    )
    op.create_index("ix_messages_conversation_id", "messages", ["conversation_id"])


def _turns() -> None:
    op.create_table(
        "turns",
        _id("conversation_id"),
        _text("turn_id", 64),
        _moment("created_at"),
        _foreign_key("turns", "conversation_id", "conversations", "CASCADE"),
        sa.PrimaryKeyConstraint("conversation_id", "turn_id", name="pk_turns"),
    )


def _channel_links() -> None:
    op.create_table(
        "channel_links",
        _text("channel", 40),
        _text("external_id_digest", 64),
        _id("conversation_id"),
        _foreign_key("channel_links", "conversation_id", "conversations", "CASCADE"),
        sa.PrimaryKeyConstraint("channel", "external_id_digest", name="pk_channel_links"),
    )
    op.create_index("ix_channel_links_conversation_id", "channel_links", ["conversation_id"])


def _telegram_updates() -> None:
    op.create_table(
        "telegram_updates",
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        _moment("received_at"),
        sa.PrimaryKeyConstraint("update_id", name="pk_telegram_updates"),
    )
    op.create_index("ix_telegram_updates_received_at", "telegram_updates", ["received_at"])


def _cases() -> None:
    op.create_table(
        "cases",
        _id(),
        _text("code", 6),
        sa.Column("conversation_id", sa.String(32), nullable=True),
        _text("request_digest", 64, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _text("status", 40),
        _moment("status_since"),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        _text("urgency_rule", 100, nullable=True),
        _text("theme", 40),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("proposed", sa.JSON(), nullable=False),
        _text("commune", 5, nullable=True),
        _text("place_id", 120),
        _text("place_name", 250),
        _text("notify_email", 254, nullable=True),
        sa.Column("tried", sa.JSON(), nullable=False),
        sa.Column("owner_id", sa.String(32), nullable=True),
        _moment("due_at", nullable=True),
        _text("outcome", 40, nullable=True),
        _text("reason", 200, nullable=True),
        sa.Column("contact_encrypted", sa.Text(), nullable=True),
        sa.Column("words_encrypted", sa.Text(), nullable=True),
        sa.Column("facts_encrypted", sa.Text(), nullable=True),
        _moment("created_at"),
        _moment("updated_at"),
        _foreign_key("cases", "conversation_id", "conversations", "SET NULL"),
        _foreign_key("cases", "owner_id", "agents", None),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("code", name="uq_cases_code"),
        sa.UniqueConstraint("request_digest", name="uq_cases_request_digest"),
    )
    op.create_index("ix_cases_conversation_id", "cases", ["conversation_id"])
    op.create_index("ix_cases_status", "cases", ["status"])


def _case_events() -> None:
    op.create_table(
        "case_events",
        sa.Column("id", sa.Integer(), nullable=False),
        _id("case_id"),
        _text("kind", 40),
        _text("actor", 40),
        sa.Column("detail", sa.JSON(), nullable=False),
        _moment("at"),
        _foreign_key("case_events", "case_id", "cases", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_case_events"),
    )
    op.create_index("ix_case_events_case_id", "case_events", ["case_id"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=True),
        _text("kind", 40),
        _text("delivery_id", 120),
        sa.Column("payload_encrypted", sa.Text(), nullable=True),
        _text("status", 40),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _moment("next_attempt_at"),
        _moment("claimed_until", nullable=True),
        sa.Column("claim", sa.String(32), nullable=True),
        _text("last_error", 40, nullable=True),
        _moment("created_at"),
        _moment("sent_at", nullable=True),
        _foreign_key("outbox", "case_id", "cases", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("delivery_id", name="uq_outbox_delivery_id"),
    )
    op.create_index("ix_outbox_case_id", "outbox", ["case_id"])
    op.create_index("ix_outbox_status_next_attempt_at", "outbox", ["status", "next_attempt_at"])

"""Erasure and retention: what must be gone is gone, what must stay stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from assistant.conversation import SaidDay
from assistant.handoff import HandoffRequest, Outcome, Status, TransitionRefused
from connectors.database import (
    AgentSessionRecord,
    Base,
    CaseEventRecord,
    CaseRecord,
    ChannelLinkRecord,
    ConversationRecord,
    Database,
    MessageRecord,
    OutboxRecord,
    TelegramUpdateRecord,
    TurnRecord,
    digest,
)
from connectors.encryption import Vault
from connectors.handoff.cases import Notice, find_case, lookup, open_case
from connectors.handoff.email import MemoryMailer
from connectors.handoff.follow_up import close, reply, take
from connectors.handoff.outbox import OutboxWorker
from connectors.handoff.sheet import read_contact, read_sheet
from connectors.privacy import Erased, apply_retention, erase_conversation, months_before

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PLACE = Notice("mds@example.org", "https://aide.example.org", smtp=True)


def _conversation(database: Database, identifier: str, updated_at: datetime = NOW) -> None:
    with database.session() as session:
        session.add(
            ConversationRecord(
                id=identifier,
                token_digest=digest(identifier),
                channel="telegram",
                state={"needs": ["canari-mots"]},
                created_at=updated_at,
                updated_at=updated_at,
            )
        )
        session.flush()
        session.add(
            MessageRecord(
                conversation_id=identifier,
                role="citizen",
                kind="text",
                body={"text": "canari-mots"},
                created_at=updated_at,
            )
        )
        session.add(TurnRecord(conversation_id=identifier, turn_id="t", created_at=updated_at))
        session.add(
            ChannelLinkRecord(
                channel="telegram",
                external_id_digest=digest(identifier),
                conversation_id=identifier,
            )
        )


def _everything(database: Database) -> str:
    """Return every row of every table as text."""
    with database.reading() as session:
        rows = [
            str(row)
            for table in Base.metadata.sorted_tables
            for row in session.execute(text(f"SELECT * FROM {table.name}"))
        ]
    return "\n".join(rows)


def test_erasing_a_conversation_leaves_no_trace_of_it(database: Database) -> None:
    """Messages, state, turns and links of this conversation go; another one is untouched."""
    _conversation(database, "c1")
    _conversation(database, "c2")
    with database.session() as session:
        assert erase_conversation(session, "c1", NOW) == Erased(conversations=1)
    with database.reading() as session:
        for column in (
            ConversationRecord.id,
            MessageRecord.conversation_id,
            TurnRecord.conversation_id,
            ChannelLinkRecord.conversation_id,
        ):
            assert session.scalars(select(column)).all() == ["c2"]
    assert digest("c1") not in _everything(database)


def test_erasing_what_does_not_exist_erases_nothing(database: Database) -> None:
    """An unknown conversation is not an error: erasing twice is allowed."""
    _conversation(database, "c1")
    with database.session() as session:
        assert erase_conversation(session, "nothing", NOW) == Erased()


def test_a_case_that_was_sent_is_withdrawn_and_emptied(
    database: Database, vault: Vault, handoff: HandoffRequest, agents: tuple[str, str]
) -> None:
    """The professional sees « retirée » and nothing about the person; unsent e-mails are gone."""
    _conversation(database, "c1")
    said = SaidDay(NOW.date(), "il sort ce soir")
    mine = replace(handoff, conversation_id="c1", deadline=said)
    with database.session() as session:
        opened = open_case(session, vault, mine, PLACE, NOW)
        take(session, opened.case_id, agents[0], NOW)
        reply(session, vault, opened.case_id, agents[0], "Venez", reply_key="k", now=NOW)
    sealed = _everything(database)
    with database.session() as session:
        assert erase_conversation(session, "c1", NOW) == Erased(conversations=1, cases=1, emails=2)
    with database.reading() as session:
        record = find_case(session, opened.case_id)
        assert (record.status, record.owner_id, record.commune) == ("withdrawn", None, None)
        assert (record.needs, record.proposed, record.urgency_rule) == ([], [], None)
        assert record.said_day is None
        assert read_contact(vault, record) is None
        assert (read_sheet(vault, record).words, read_sheet(vault, record).facts) == ((), {})
        assert session.scalars(select(OutboxRecord)).all() == []
        assert lookup(session, opened.code).status is Status.WITHDRAWN
        details = session.scalars(select(CaseEventRecord.detail)).all()
        assert details == [{}] * 5
    # Fernet tokens all start so: there were some, none is left.
    assert "gAAAAA" in sealed
    assert "gAAAAA" not in _everything(database)
    with pytest.raises(TransitionRefused), database.session() as session:
        take(session, opened.case_id, agents[0], NOW)


def test_a_sent_email_leaves_only_its_trace(
    database: Database, vault: Vault, handoff: HandoffRequest
) -> None:
    """After erasure the sent row stays, without content, so that it is not sent again."""
    _conversation(database, "c1")
    with database.session() as session:
        open_case(session, vault, replace(handoff, conversation_id="c1"), PLACE, NOW)
    OutboxWorker(database, vault, MemoryMailer(), clock=lambda: NOW).drain()
    with database.session() as session:
        assert erase_conversation(session, "c1", NOW).emails == 0
    with database.reading() as session:
        row = session.scalars(select(OutboxRecord)).one()
        assert (row.status, row.payload_encrypted) == ("sent", None)


def test_a_closed_case_stays_closed_but_empty(
    database: Database, vault: Vault, handoff: HandoffRequest, agents: tuple[str, str]
) -> None:
    """Erasing after the end keeps the outcome and erases the person."""
    _conversation(database, "c1")
    with database.session() as session:
        opened = open_case(session, vault, replace(handoff, conversation_id="c1"), PLACE, NOW)
        take(session, opened.case_id, agents[0], NOW)
        close(session, opened.case_id, agents[0], Outcome.HELPED, NOW)
    with database.session() as session:
        erase_conversation(session, "c1", NOW)
    with database.reading() as session:
        record = find_case(session, opened.case_id)
        assert (record.status, record.outcome) == ("closed", "helped")
        assert (record.contact_encrypted, record.words_encrypted) == (None, None)


def test_retention_deletes_what_is_older_than_allowed(
    database: Database, vault: Vault, handoff: HandoffRequest, agents: tuple[str, str]
) -> None:
    """Conversations silent for 30 days and cases closed for 6 months go; younger ones stay."""
    _conversation(database, "old", NOW - timedelta(days=30, seconds=1))
    _conversation(database, "young", NOW - timedelta(days=29))
    ids = {}
    for name, closed_at in (
        ("old", datetime(2026, 5, 23, 9, 29, 59, tzinfo=UTC)),
        ("young", datetime(2026, 5, 23, 9, 30, tzinfo=UTC)),
    ):
        with database.session() as session:
            request = replace(handoff, words=(name,))
            opened = open_case(session, vault, request, PLACE, closed_at)
            take(session, opened.case_id, agents[0], closed_at)
            close(session, opened.case_id, agents[0], Outcome.HELPED, closed_at)
            ids[name] = opened.case_id
    with database.session() as session:
        assert apply_retention(session, NOW) == Erased(conversations=1, cases=1)
    with database.reading() as session:
        assert session.scalars(select(ConversationRecord.id)).all() == ["young"]
        assert session.scalars(select(CaseRecord.id)).all() == [ids["young"]]
        assert set(session.scalars(select(CaseEventRecord.case_id))) == {ids["young"]}
        assert session.scalars(select(OutboxRecord.case_id)).all() == [ids["young"]]


def test_an_open_case_is_kept_however_old(
    database: Database, vault: Vault, handoff: HandoffRequest
) -> None:
    """A case that nobody closed is not deleted by age, even when its conversation is."""
    long_ago = NOW - timedelta(days=400)
    _conversation(database, "c1", long_ago)
    with database.session() as session:
        request = replace(handoff, conversation_id="c1")
        opened = open_case(session, vault, request, PLACE, long_ago)
    with database.session() as session:
        assert apply_retention(session, NOW) == Erased(conversations=1)
    with database.reading() as session:
        record = find_case(session, opened.case_id)
        assert (record.status, record.conversation_id) == ("sent", None)


def test_retention_is_configurable(database: Database) -> None:
    """A shorter delay deletes younger conversations."""
    _conversation(database, "c1", NOW - timedelta(days=8))
    with database.session() as session:
        assert apply_retention(session, NOW, conversation_days=7) == Erased(conversations=1)


def test_technical_traces_go_after_their_own_delays(
    database: Database, agents: tuple[str, str]
) -> None:
    """Expired console sessions and week-old Telegram updates are deleted; others stay."""
    with database.session() as session:
        for token, expires_at in (("old", NOW - timedelta(seconds=1)), ("new", NOW)):
            session.add(
                AgentSessionRecord(
                    token_digest=token,
                    agent_id=agents[0],
                    csrf="x",
                    created_at=NOW,
                    expires_at=expires_at,
                )
            )
        for update_id, age in ((7, timedelta(days=8)), (2**40, timedelta(days=6))):
            session.add(TelegramUpdateRecord(update_id=update_id, received_at=NOW - age))
    with database.session() as session:
        apply_retention(session, NOW)
    with database.reading() as session:
        assert session.scalars(select(AgentSessionRecord.token_digest)).all() == ["new"]
        assert session.scalars(select(TelegramUpdateRecord.update_id)).all() == [2**40]


@pytest.mark.parametrize(
    ("moment", "months", "expected"),
    [
        (datetime(2026, 11, 23, 9, tzinfo=UTC), 6, datetime(2026, 5, 23, 9, tzinfo=UTC)),
        (datetime(2026, 8, 31, 9, tzinfo=UTC), 6, datetime(2026, 2, 28, 9, tzinfo=UTC)),
        (datetime(2026, 1, 15, 9, tzinfo=UTC), 1, datetime(2025, 12, 15, 9, tzinfo=UTC)),
        (datetime(2026, 12, 31, 9, tzinfo=UTC), 12, datetime(2025, 12, 31, 9, tzinfo=UTC)),
    ],
)
def test_months_before(moment: datetime, months: int, expected: datetime) -> None:
    """Six months before is the same day, or the last day of a shorter month."""
    assert months_before(moment, months) == expected

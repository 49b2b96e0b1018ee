"""The gateway and its turns over a real database, without Rasa: nothing lost, nothing twice."""

from __future__ import annotations

import asyncio
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime

import pytest
from sqlalchemy import Connection, event, func, select, text

from assistant.knowledge import Knowledge
from connectors.assistant_gateway import AssistantGateway
from connectors.database import CaseRecord, Database, MessageRecord, OutboxRecord, TurnRecord
from connectors.encryption import Vault
from connectors.gateway import UnknownConversation, WrongToken
from connectors.handoff.cases import Notice
from connectors.turns import Turns

NOTICE = Notice("mds@example.org", "https://aide.example.org", smtp=True)


class Quiet:
    """Counts no turn and wakes no worker."""

    def timed(self) -> AbstractContextManager[None]:
        """Measure nothing."""
        return nullcontext()

    def turn(self, engine: str) -> None:
        """Count nothing."""

    def wake(self) -> None:
        """Wake nobody."""


@pytest.fixture
def gateway(database: Database, knowledge: Knowledge, now: datetime) -> AssistantGateway:
    """Give the gateway of the service, with no Rasa, at a fixed moment."""
    vault = Vault("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
    turns = Turns(database, vault, knowledge, NOTICE, lambda: now, Quiet())
    return AssistantGateway(database, knowledge, turns, None, lambda: now, Quiet())


def _count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


async def _hand_off(gateway: AssistantGateway) -> str:
    """Talk until a case is sent; return the conversation."""
    conversation_id = (await gateway.open("web")).conversation_id
    await gateway.say(conversation_id, "j'arrive plus à payer mon loyer, je vis à Blois")
    await gateway.say(conversation_id, value="do:ask_human")
    await gateway.say(conversation_id, value="consent:yes")
    await gateway.say(conversation_id, "06 12 34 56 78")
    await gateway.say(conversation_id, value="hours:any")
    return conversation_id


async def test_a_conversation_is_kept_and_read_back(
    gateway: AssistantGateway, database: Database
) -> None:
    """What was said and answered is there, in order, for whoever has the token only."""
    opened = await gateway.open("web")
    answers = await gateway.say(opened.conversation_id, "j'arrive plus à payer mon loyer")
    transcript = await gateway.read(opened.conversation_id)
    assert [m.text for m in transcript.messages] == [
        *(m.text for m in opened.messages),
        "j'arrive plus à payer mon loyer",
        *(m.text for m in answers),
    ]
    await gateway.authorise(opened.conversation_id, opened.token)
    with pytest.raises(WrongToken):
        await gateway.authorise(opened.conversation_id, "autre")


async def test_the_same_turn_twice_is_played_once(
    gateway: AssistantGateway, database: Database
) -> None:
    """The answers are the same, and nothing is stored again."""
    opened = await gateway.open("web")
    first = await gateway.say(opened.conversation_id, "je cherche un logement", turn_id="t1")
    stored = _count(database, MessageRecord)
    again = await gateway.say(opened.conversation_id, "je cherche un logement", turn_id="t1")
    assert again == first
    assert (_count(database, MessageRecord), _count(database, TurnRecord)) == (stored, 1)


async def test_turns_at_the_same_moment_are_all_played(
    gateway: AssistantGateway, database: Database
) -> None:
    """Four messages at once in one conversation: each has its answer, none is lost."""
    opened = await gateway.open("web")
    said = [f"je vis à Blois et j'ai {age} ans" for age in (31, 42, 53, 64)]
    turns = (gateway.say(opened.conversation_id, text) for text in said)
    answers = await asyncio.gather(*turns)
    assert all(answers)
    kept = [m.text for m in (await gateway.read(opened.conversation_id)).messages]
    assert [text for text in said if text not in kept] == []
    assert _count(database, TurnRecord) == 4


async def test_a_case_leaves_with_its_email_in_one_transaction(
    gateway: AssistantGateway, database: Database
) -> None:
    """After consent, contact and hours there is one case and one e-mail to send."""
    conversation_id = await _hand_off(gateway)
    with database.reading() as session:
        case = session.scalars(select(CaseRecord)).one()
        assert (case.status, case.conversation_id) == ("sent", conversation_id)
        assert session.scalars(select(OutboxRecord.status)).all() == ["pending"]


async def test_erasing_leaves_an_empty_case(gateway: AssistantGateway, database: Database) -> None:
    """The conversation is unknown, the case is withdrawn and empty, its e-mail is gone."""
    conversation_id = await _hand_off(gateway)
    await gateway.erase(conversation_id)
    with pytest.raises(UnknownConversation):
        await gateway.read(conversation_id)
    with database.reading() as session:
        case = session.scalars(select(CaseRecord)).one()
        assert (case.status, case.words_encrypted, case.contact_encrypted) == (
            "withdrawn",
            None,
            None,
        )
    assert (_count(database, MessageRecord), _count(database, OutboxRecord)) == (0, 0)


@pytest.mark.parametrize(
    "database", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
async def test_erasing_a_case_that_an_agent_is_changing(
    gateway: AssistantGateway, database: Database
) -> None:
    """Three changes slip in between its reading and its writing: the erasure is tried again.

    On SQLite the first writer keeps the others waiting, so that it cannot happen.
    """
    conversation_id = await _hand_off(gateway)
    changes = 0
    other = database.engine.execution_options()

    def change(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        nonlocal changes
        if statement.startswith("UPDATE cases SET") and "version" in statement and changes < 3:
            changes += 1
            with other.connect() as agent:
                agent.exec_driver_sql("UPDATE cases SET version = version + 1 -- an agent")
                agent.commit()

    event.listen(database.engine, "before_cursor_execute", change)
    await gateway.erase(conversation_id)
    with database.reading() as session:
        assert session.scalars(select(CaseRecord.status)).one() == "withdrawn"
        assert session.execute(text("SELECT count(*) FROM conversations")).scalar() == 0
    assert changes == 3

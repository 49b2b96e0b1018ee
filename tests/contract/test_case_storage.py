"""Cases: opened, looked up, taken by one professional, answered and closed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from assistant.conversation import Provenance, SaidDay
from assistant.handoff import (
    Contact,
    HandoffRequest,
    Outcome,
    Refusal,
    ReportedFact,
    Status,
    TransitionRefused,
)
from connectors.database import (
    CaseEventRecord,
    CaseRecord,
    ConversationRecord,
    Database,
    OutboxRecord,
    digest,
)
from connectors.encryption import Vault
from connectors.handoff.cases import Notice, UnknownCase, find_case, lookup, open_case
from connectors.handoff.follow_up import (
    ReplyRefused,
    close,
    expire_overdue,
    has_opened,
    mark_read,
    not_reached,
    release,
    reply,
    take,
)
from connectors.handoff.sheet import read_contact, read_sheet

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)
PLACE = Notice("mds@example.org", "https://aide.example.org", smtp=True)
INBOX_ONLY = Notice(None, "https://aide.example.org", smtp=False)


def _open(
    database: Database, vault: Vault, request: HandoffRequest, notice: Notice = PLACE
) -> tuple[str, str]:
    with database.session() as session:
        opened = open_case(session, vault, request, notice, NOW)
    return opened.case_id, opened.code


def _events(database: Database, case_id: str) -> list[tuple[str, str]]:
    query = select(CaseEventRecord).where(CaseEventRecord.case_id == case_id)
    with database.reading() as session:
        found = session.scalars(query.order_by(CaseEventRecord.id)).all()
    return [(event.kind, event.actor) for event in found]


def _at_once(*actions: Callable[[], object]) -> list[object]:
    """Run the actions at the same time; return their results or exceptions, in order."""
    barrier = threading.Barrier(len(actions))
    results: list[object] = [None] * len(actions)

    def run(position: int) -> None:
        barrier.wait()
        try:
            results[position] = actions[position]()
        except Exception as error:
            results[position] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(actions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_an_opened_case_has_a_receipt_and_an_email_in_the_same_transaction(
    database: Database, vault: Vault, handoff: HandoffRequest
) -> None:
    """The case is « sent », due in five business days, and one e-mail waits for the place."""
    with database.session() as session:
        opened = open_case(session, vault, handoff, PLACE, NOW)
    assert opened.status is Status.SENT
    assert opened.due_at == datetime(2026, 11, 30, 9, 30, tzinfo=UTC)
    assert (opened.emailed, opened.already_open, len(opened.code)) == (True, False, 6)
    with database.reading() as session:
        row = session.scalars(select(OutboxRecord)).one()
        assert (row.case_id, row.kind, row.status) == (opened.case_id, "notification", "pending")
        payload = vault.open(row.payload_encrypted or "")
    assert payload == {
        "to": "mds@example.org",
        "code": opened.code,
        "theme": "Logement",
        "urgent": False,
        "due": "lundi 30 novembre à 10 h 30",
        "url": f"https://aide.example.org/console/cases/{opened.case_id}",
    }
    assert _events(database, opened.case_id) == [("consent", "person"), ("sent", "person")]


def test_an_urgent_case_is_due_in_two_business_days(
    database: Database, vault: Vault, handoff: HandoffRequest
) -> None:
    """Urgency shortens the delay."""
    urgent = replace(handoff, urgent=True, urgency_rule="tonight")
    with database.session() as session:
        opened = open_case(session, vault, urgent, PLACE, NOW)
    assert opened.due_at == datetime(2026, 11, 25, 9, 30, tzinfo=UTC)


def test_the_day_said_shortens_the_delay_and_is_kept(
    database: Database, vault: Vault, handoff: HandoffRequest, agents: tuple[str, str]
) -> None:
    """Friday is too late: taken by Thursday noon, and again so when it is given back."""
    friday = SaidDay(date(2026, 11, 27), "il sort vendredi")
    case_id, _ = _open(database, vault, replace(handoff, deadline=friday))
    with database.session() as session:
        record = find_case(session, case_id)
        assert record.said_day == date(2026, 11, 27)
        assert record.due_at == datetime(2026, 11, 26, 11, 0, tzinfo=UTC)
        take(session, case_id, agents[0], NOW)
        given_back = release(session, case_id, agents[0], NOW)
        assert given_back.due_at == datetime(2026, 11, 26, 11, 0, tzinfo=UTC)


def test_without_an_address_the_case_is_only_in_the_inbox(
    database: Database, vault: Vault, handoff: HandoffRequest
) -> None:
    """No e-mail is queued, and the person is told the truth about it."""
    with database.session() as session:
        opened = open_case(session, vault, handoff, INBOX_ONLY, NOW)
        assert session.scalars(select(OutboxRecord)).all() == []
    assert opened.emailed is False


def test_nothing_is_left_when_the_transaction_fails(
    database: Database, vault: Vault, handoff: HandoffRequest
) -> None:
    """If the service dies before the commit there is neither a case nor an e-mail."""

    def die_before_the_commit() -> None:
        with database.session() as session:
            open_case(session, vault, handoff, PLACE, NOW)
            raise ConnectionError

    with pytest.raises(ConnectionError):
        die_before_the_commit()
    with database.reading() as session:
        assert session.scalars(select(CaseRecord)).all() == []
        assert session.scalars(select(OutboxRecord)).all() == []


def test_the_same_request_twice_is_one_case(
    database: Database, vault: Vault, handoff: HandoffRequest
) -> None:
    """A double click gives the same code and one e-mail; another phone is another case."""
    first = _open(database, vault, handoff)
    again = _open(database, vault, handoff)
    other = _open(database, vault, replace(handoff, contact=Contact(phone="+33698765432")))
    assert again == first
    assert other[1] != first[1]
    with database.reading() as session:
        assert len(session.scalars(select(OutboxRecord)).all()) == 2


def test_the_same_request_at_the_same_time_is_one_case(
    database: Database, vault: Vault, handoff: HandoffRequest
) -> None:
    """Six requests that race each other all get the code of the one case."""
    results = _at_once(*[lambda: _open(database, vault, handoff)] * 6)
    with database.reading() as session:
        case = session.scalars(select(CaseRecord)).one()
        assert len(session.scalars(select(OutboxRecord)).all()) == 1
    assert results == [(case.id, case.code)] * 6


def test_the_same_words_after_closing_open_a_new_case(
    database: Database, vault: Vault, handoff: HandoffRequest, agents: tuple[str, str]
) -> None:
    """Somebody who comes back after the end is not answered with the old case."""
    case_id, code = _open(database, vault, handoff)
    with database.session() as session:
        take(session, case_id, agents[0], NOW)
        close(session, case_id, agents[0], Outcome.HELPED, NOW)
    assert _open(database, vault, handoff)[1] != code


def test_what_identifies_the_person_is_encrypted(
    database: Database, vault: Vault, handoff: HandoffRequest
) -> None:
    """Words, answers and contact come back with the key, and are nowhere in clear."""
    case_id, _ = _open(database, vault, handoff)
    with database.reading() as session:
        record = find_case(session, case_id)
        columns = " ".join(str(getattr(record, column.key)) for column in CaseRecord.__table__.c)
        outbox = session.scalars(select(OutboxRecord.payload_encrypted)).one()
        sheet, contact = read_sheet(vault, record), read_contact(vault, record)
    assert "anari" not in columns
    assert "612345678" not in columns
    assert "logement social" not in columns
    assert "example.org" not in str(outbox)
    assert sheet.words == ("je peux plus payer mon loyer canari-mots",)
    assert sheet.facts == {
        "housing_status": ReportedFact(
            "tenant_social", "Locataire d’un logement social (HLM)", Provenance.ANSWERED
        )
    }
    assert contact == Contact(
        phone="+33612345678",
        email="canari@example.org",
        name="Dominique Canari",
        safe_hours="le matin",
        safe_message_ok=False,
    )


def test_looking_up_a_case_says_where_it_stands(
    database: Database, vault: Vault, handoff: HandoffRequest, agents: tuple[str, str]
) -> None:
    """With the code: waiting with its due date, then the name of who took it, then closed."""
    case_id, code = _open(database, vault, handoff)
    with database.reading() as session:
        waiting = lookup(session, code)
    with database.session() as session:
        take(session, case_id, agents[0], LATER)
    with database.reading() as session:
        taken = lookup(session, code)
    with database.session() as session:
        close(session, case_id, agents[0], Outcome.HELPED, LATER)
    with database.reading() as session:
        closed = lookup(session, code)
    assert (waiting.status, waiting.since, waiting.taken_by, waiting.due) == (
        Status.SENT,
        NOW,
        None,
        datetime(2026, 11, 30, 9, 30, tzinfo=UTC),
    )
    assert waiting.label == "Votre demande est arrivée. Elle attend d’être lue."
    assert (taken.status, taken.since, taken.taken_by, taken.due) == (
        Status.TAKEN,
        LATER,
        "Alice Martin",
        None,
    )
    assert (closed.status, closed.place_name) == (Status.CLOSED, "MDS de Vendôme")


def test_unknown_codes_and_ids_are_told(database: Database) -> None:
    """A code or an id that is not there raises the same typed exception."""
    with database.reading() as session:
        with pytest.raises(UnknownCase):
            lookup(session, "CDF347")
        for identifier in ("nothing", "", "a\0b", "é" * 300):
            with pytest.raises(UnknownCase):
                lookup(session, identifier)
            with pytest.raises(UnknownCase):
                find_case(session, identifier)


def test_two_agents_never_own_the_same_case(
    database: Database, vault: Vault, handoff: HandoffRequest, agents: tuple[str, str]
) -> None:
    """Of eight simultaneous takes exactly one wins; every other is told who is first."""
    case_id, _ = _open(database, vault, handoff)

    def taken_by(agent: str) -> Callable[[], str]:
        def act() -> str:
            with database.session() as session:
                return str(take(session, case_id, agent, NOW).owner_id)

        return act

    results = _at_once(*[taken_by(agents[number % 2]) for number in range(8)])
    winners = [result for result in results if isinstance(result, str)]
    refusals = {result.refusal for result in results if isinstance(result, TransitionRefused)}
    assert len(winners) == 1
    assert len([result for result in results if isinstance(result, TransitionRefused)]) == 7
    # The winner's own second click is « not at this step », the other's is « taken ».
    assert refusals == {Refusal.OTHER_OWNER, Refusal.WRONG_STEP}
    with database.reading() as session:
        assert find_case(session, case_id).owner_id == winners[0]
    assert [kind for kind, _ in _events(database, case_id)].count("taken") == 1


def test_taking_while_the_person_closes_or_another_releases_stays_coherent(
    database: Database, vault: Vault, handoff: HandoffRequest, agents: tuple[str, str]
) -> None:
    """Release and take at once: the case ends with one owner or none, never a lost change."""
    alice, benoit = agents
    case_id, _ = _open(database, vault, handoff)
    with database.session() as session:
        take(session, case_id, alice, NOW)

    def act(change: Callable[..., CaseRecord], agent: str) -> Callable[[], str]:
        def run() -> str:
            with database.session() as session:
                return change(session, case_id, agent, NOW).status

        return run

    released, taken = _at_once(act(release, alice), act(take, benoit))
    assert released == "read"
    with database.reading() as session:
        record = find_case(session, case_id)
    expected = ("taken", benoit) if taken == "taken" else ("read", None)
    assert (record.status, record.owner_id) == expected


def test_opening_marks_read_once_and_remembers_who_looked(
    database: Database, vault: Vault, handoff: HandoffRequest, agents: tuple[str, str]
) -> None:
    """The first opening makes the case « lue »; each agent's first look is in the history."""
    alice, benoit = agents
    case_id, _ = _open(database, vault, handoff)
    with database.session() as session:
        assert has_opened(session, case_id, alice) is False
        assert mark_read(session, case_id, alice, NOW).status == "read"
    with database.session() as session:
        mark_read(session, case_id, alice, LATER)
        mark_read(session, case_id, benoit, LATER)
        assert has_opened(session, case_id, benoit) is True
    assert _events(database, case_id)[2:] == [("read", alice), ("read", benoit)]
    with database.reading() as session:
        assert find_case(session, case_id).status_since == NOW


def test_only_the_owner_acts(
    database: Database, vault: Vault, handoff: HandoffRequest, agents: tuple[str, str]
) -> None:
    """Release, not reached and close by somebody else are refused and change nothing."""
    alice, benoit = agents
    case_id, _ = _open(database, vault, handoff)
    with database.session() as session:
        take(session, case_id, alice, NOW)
    for act in (release, not_reached):
        with pytest.raises(TransitionRefused), database.session() as session:
            act(session, case_id, benoit, NOW)
    with pytest.raises(TransitionRefused), database.session() as session:
        close(session, case_id, benoit, Outcome.HELPED, NOW)
    with database.reading() as session:
        assert (find_case(session, case_id).status, find_case(session, case_id).owner_id) == (
            "taken",
            alice,
        )


def test_a_reply_is_queued_once_for_the_person(
    database: Database, vault: Vault, handoff: HandoffRequest, agents: tuple[str, str]
) -> None:
    """The same form sent twice queues one e-mail, to the person, with the agent's words."""
    alice, _ = agents
    case_id, code = _open(database, vault, handoff, INBOX_ONLY)
    with database.session() as session:
        take(session, case_id, alice, NOW)
    for _ in range(2):
        with database.session() as session:
            reply(session, vault, case_id, alice, " Venez jeudi. ", reply_key="k1", now=LATER)
    with database.reading() as session:
        row = session.scalars(select(OutboxRecord)).one()
        assert (row.kind, row.delivery_id) == ("reply", f"reply-{case_id}-k1")
        assert vault.open(row.payload_encrypted or "") == {
            "to": "canari@example.org",
            "code": code,
            "place_name": "MDS de Vendôme",
            "text": "Venez jeudi.",
        }
    assert _events(database, case_id)[-1] == ("reply", alice)


@pytest.mark.parametrize(
    ("email", "text", "sentence"),
    [
        (None, "Venez", "La personne n’a pas donné d’adresse e-mail. Appelez-la."),
        ("a@example.org", " \n ", "Écrivez votre réponse avant de l’envoyer."),
        (
            "a@example.org",
            "a" * 5001,
            "Cette réponse est trop longue. Limitez-la à 5000 caractères.",
        ),
    ],
)
def test_a_reply_that_cannot_leave_says_why(
    database: Database,
    vault: Vault,
    handoff: HandoffRequest,
    agents: tuple[str, str],
    email: str | None,
    text: str,
    sentence: str,
) -> None:
    """Without an address, empty or too long: a French sentence, and nothing is stored."""
    contact = Contact(phone="+33612345678", email=email)
    case_id, _ = _open(database, vault, replace(handoff, contact=contact), INBOX_ONLY)
    with database.session() as session:
        take(session, case_id, agents[0], NOW)
    with pytest.raises(ReplyRefused) as refused, database.session() as session:
        reply(session, vault, case_id, agents[0], text, reply_key="k1", now=NOW)
    assert str(refused.value) == sentence
    assert _events(database, case_id)[-1] == ("taken", agents[0])


def test_nobody_answered_is_seen_once(
    database: Database, vault: Vault, handoff: HandoffRequest, agents: tuple[str, str]
) -> None:
    """At the due date the case expires and the place is reminded, once; it can still be taken."""
    case_id, code = _open(database, vault, handoff)
    due = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)
    passes = []
    for moment in (due - timedelta(seconds=1), due, due + timedelta(days=3)):
        with database.session() as session:
            passes.append(expire_overdue(session, vault, "https://aide.example.org", moment))
    assert passes == [0, 1, 0]
    with database.reading() as session:
        assert lookup(session, code).status is Status.EXPIRED
        kinds = session.scalars(select(OutboxRecord.kind).order_by(OutboxRecord.id)).all()
    assert kinds == ["notification", "reminder"]
    assert _events(database, case_id)[-1] == ("expired", "clock")
    with database.session() as session:
        assert take(session, case_id, agents[0], due).status == "taken"


def test_two_copies_expire_together(
    database: Database, vault: Vault, handoff: HandoffRequest
) -> None:
    """Two copies of the service that watch the clock send one reminder."""
    _open(database, vault, handoff)
    due = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)

    def watch() -> int:
        with database.session() as session:
            return expire_overdue(session, vault, "https://aide.example.org", due)

    counts = _at_once(watch, watch)
    assert sorted(map(str, counts)) == ["0", "1"]
    with database.reading() as session:
        assert len(session.scalars(select(OutboxRecord)).all()) == 2


def test_a_case_outlives_its_conversation(
    database: Database, vault: Vault, handoff: HandoffRequest
) -> None:
    """When the conversation is deleted the case stays, without the link."""
    with database.session() as session:
        session.add(
            ConversationRecord(
                id="c1", token_digest=digest("x"), channel="web", created_at=NOW, updated_at=NOW
            )
        )
    case_id, _ = _open(database, vault, replace(handoff, conversation_id="c1"))
    with database.session() as session:
        session.delete(session.get_one(ConversationRecord, "c1"))
    with database.reading() as session:
        assert find_case(session, case_id).conversation_id is None

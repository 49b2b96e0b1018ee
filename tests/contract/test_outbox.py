"""The outbox: nothing is lost, nothing is kept longer than needed, and failures are seen."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from assistant.handoff import HandoffRequest
from connectors.database import Database, OutboxRecord
from connectors.encryption import Vault
from connectors.handoff.cases import Notice, open_case
from connectors.handoff.email import DeliveryFailed, Kind, Letter, MemoryMailer
from connectors.handoff.outbox import Drained, OutboxWorker, delay_after, queue, retry_now

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PLACE = Notice("mds@example.org", "https://aide.example.org", smtp=True)


class Interrupted(BaseException):
    """Stands for the death of the process in the middle of a sending."""


@pytest.fixture
def case_id(database: Database, vault: Vault, handoff: HandoffRequest) -> str:
    """Open a case whose e-mail waits in the outbox."""
    with database.session() as session:
        return open_case(session, vault, handoff, PLACE, NOW).case_id


def _worker(database: Database, vault: Vault, mailer: MemoryMailer | None) -> OutboxWorker:
    return OutboxWorker(database, vault, mailer, clock=lambda: NOW)


def _row(database: Database) -> OutboxRecord:
    with database.reading() as session:
        return session.scalars(select(OutboxRecord)).one()


def test_what_waits_is_sent_once(database: Database, vault: Vault, case_id: str) -> None:
    """One pass sends the e-mail, the next one nothing; the content is not kept."""
    mailer = MemoryMailer()
    worker = _worker(database, vault, mailer)
    assert worker.drain() == Drained(sent=1)
    assert worker.drain() == Drained()
    assert [letter.to for letter in mailer.letters] == ["mds@example.org"]
    assert mailer.letters[0].delivery_id == f"notification-{case_id}-1"
    row = _row(database)
    assert (row.status, row.payload_encrypted, row.sent_at) == ("sent", None, NOW)


def test_without_smtp_it_is_held_then_leaves_when_there_is_one(
    database: Database, vault: Vault, case_id: str
) -> None:
    """With no server configured the e-mail is held; a later start with one sends it."""
    assert _worker(database, vault, None).drain() == Drained()
    assert (_row(database).status, _row(database).attempts) == ("held", 0)
    mailer = MemoryMailer()
    assert _worker(database, vault, mailer).drain() == Drained(sent=1)
    assert len(mailer.letters) == 1


def test_a_failure_is_tried_again_later_and_later(
    database: Database, vault: Vault, case_id: str
) -> None:
    """After a failure nothing is tried before its time; then it leaves, with the same id."""
    mailer = MemoryMailer()
    mailer.failure = DeliveryFailed("server_unreachable")
    worker = _worker(database, vault, mailer)
    assert worker.drain(NOW) == Drained(retried=1)
    row = _row(database)
    assert (row.attempts, row.last_error) == (1, "server_unreachable")
    assert row.next_attempt_at == datetime(2026, 11, 23, 9, 31, tzinfo=UTC)
    mailer.failure = None
    assert worker.drain(NOW + timedelta(seconds=59)) == Drained()
    assert worker.drain(NOW + timedelta(seconds=60)) == Drained(sent=1)
    assert mailer.letters[0].delivery_id == f"notification-{case_id}-1"


def test_delays_grow_over_about_eight_days() -> None:
    """1, 2, 4… minutes, then 20 hours at most: nineteen waits make eight days."""
    delays = [delay_after(attempts) for attempts in range(1, 20)]
    assert delays[:4] == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8)]
    assert delays[-1] == timedelta(hours=20)
    assert timedelta(days=8) <= sum(delays, timedelta()) < timedelta(days=8, hours=3)


def test_it_is_given_up_after_twenty_attempts_and_can_be_asked_again(
    database: Database, vault: Vault, case_id: str
) -> None:
    """The twentieth failure makes a dead letter that keeps its content and can be retried."""
    mailer = MemoryMailer()
    mailer.failure = DeliveryFailed("server_unreachable")
    worker = _worker(database, vault, mailer)
    moment = NOW
    figures = []
    for _ in range(20):
        figures.append(worker.drain(moment))
        moment += timedelta(hours=20)
    assert figures == [Drained(retried=1)] * 19 + [Drained(dead=1)]
    row = _row(database)
    assert (row.status, row.attempts, row.last_error) == ("dead", 20, "server_unreachable")
    assert worker.drain(moment) == Drained()
    mailer.failure = None
    with database.session() as session:
        assert retry_now(session, row.id, moment) is True
        assert retry_now(session, row.id, moment) is False
    assert worker.drain(moment) == Drained(sent=1)


def test_an_address_that_does_not_exist_is_given_up_at_once(
    database: Database, vault: Vault, case_id: str
) -> None:
    """A permanent refusal is a dead letter at the first attempt: somebody must look."""
    mailer = MemoryMailer()
    mailer.failure = DeliveryFailed("recipient_refused", permanent=True)
    assert _worker(database, vault, mailer).drain() == Drained(dead=1)
    assert (_row(database).status, _row(database).last_error) == ("dead", "recipient_refused")


def test_a_lost_key_is_seen_and_does_not_stop_the_others(
    database: Database, vault: Vault, case_id: str, handoff: HandoffRequest
) -> None:
    """A row written with another key becomes a dead letter; the next row still leaves."""
    other = Vault("OTg3NjU0MzIxMDk4NzY1NDMyMTA5ODc2NTQzMjEwOTg=")
    with database.session() as session:
        open_case(session, other, handoff, PLACE, NOW + timedelta(seconds=1))
    mailer = MemoryMailer()
    assert _worker(database, other, mailer).drain(NOW + timedelta(seconds=2)) == Drained(
        sent=1, dead=1
    )
    with database.reading() as session:
        errors = session.scalars(select(OutboxRecord.last_error).order_by(OutboxRecord.id)).all()
    assert errors == ["unreadable", None]


def test_a_process_that_dies_while_sending_loses_nothing(
    database: Database, vault: Vault, case_id: str
) -> None:
    """The claim of the dead process expires after five minutes, then another one sends."""

    class Dying(MemoryMailer):
        def send(self, letter: Letter) -> None:
            raise Interrupted

    with pytest.raises(Interrupted):
        _worker(database, vault, Dying()).drain(NOW)
    mailer = MemoryMailer()
    survivor = _worker(database, vault, mailer)
    assert survivor.drain(NOW + timedelta(minutes=4, seconds=59)) == Drained()
    assert survivor.drain(NOW + timedelta(minutes=5)) == Drained(sent=1)
    assert [letter.delivery_id for letter in mailer.letters] == [f"notification-{case_id}-1"]


def test_a_message_that_kills_every_process_is_given_up(
    database: Database, vault: Vault, case_id: str
) -> None:
    """Attempts are counted before sending, so that a poisonous row cannot loop for ever."""

    class Dying(MemoryMailer):
        def send(self, letter: Letter) -> None:
            raise Interrupted

    moment = NOW
    for _ in range(20):
        with pytest.raises(Interrupted):
            _worker(database, vault, Dying()).drain(moment)
        moment += timedelta(minutes=5)
    assert _worker(database, vault, Dying()).drain(moment) == Drained(dead=1)
    assert _row(database).last_error == "interrupted"


def test_several_copies_send_each_message_once(
    database: Database, vault: Vault, case_id: str
) -> None:
    """Four workers over twenty-one rows send twenty-one letters, none twice."""
    with database.session() as session:
        for number in range(20):
            queue(
                session,
                vault,
                kind=Kind.REPLY,
                case_id=case_id,
                delivery_id=f"reply-{number}",
                payload={"to": "a@b.org", "code": "CDF347", "place_name": "MDS", "text": "x"},
                now=NOW,
            )
    mailers = [MemoryMailer() for _ in range(4)]
    threads = [
        threading.Thread(target=_worker(database, vault, mailer).drain) for mailer in mailers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sent = sorted(letter.delivery_id for mailer in mailers for letter in mailer.letters)
    assert len(sent) == 21
    assert len(set(sent)) == 21


def test_a_late_sender_does_not_overwrite_the_one_who_took_over(
    database: Database, vault: Vault, case_id: str
) -> None:
    """A worker whose claim expired while it was failing leaves the row as the other marked it."""

    class Slow(MemoryMailer):
        def send(self, letter: Letter) -> None:
            other = _worker(database, vault, MemoryMailer())
            assert other.drain(NOW + timedelta(minutes=6)) == Drained(sent=1)
            raise DeliveryFailed("server_unreachable")

    _worker(database, vault, Slow()).drain(NOW)
    assert (_row(database).status, _row(database).last_error) == ("sent", None)


def test_the_same_delivery_is_never_queued_twice(
    database: Database, vault: Vault, case_id: str
) -> None:
    """A delivery id that is known is refused by the database itself."""
    with pytest.raises(IntegrityError), database.session() as session:
        queue(
            session,
            vault,
            kind=Kind.NOTIFICATION,
            case_id=case_id,
            delivery_id=f"notification-{case_id}-1",
            payload={},
            now=NOW,
        )


async def test_in_the_background_it_sends_when_woken_and_stops_cleanly(
    database: Database, vault: Vault, handoff: HandoffRequest
) -> None:
    """A case opened while the worker sleeps leaves as soon as the worker is woken."""
    sent = threading.Event()

    class Telling(MemoryMailer):
        def send(self, letter: Letter) -> None:
            super().send(letter)
            sent.set()

    mailer = Telling()
    worker = OutboxWorker(database, vault, mailer, clock=lambda: NOW, interval_s=3600)
    worker.start()
    assert worker.alive is True
    with database.session() as session:
        open_case(session, vault, handoff, PLACE, NOW)
    # From another thread, as the console does.
    await asyncio.to_thread(worker.wake)
    assert await asyncio.to_thread(sent.wait, 10) is True
    await worker.stop()
    assert worker.alive is False
    assert len(mailer.letters) == 1
    assert _row(database).status == "sent"

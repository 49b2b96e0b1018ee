"""The outbox: what must leave is written with the case, then sent as often as it takes.

At least once: a row is claimed for a while, sent, then marked. A process that dies in
between leaves its claim to expire, and another one sends again with the same Message-ID.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from connectors.database import Database, OutboxRecord, OutboxStatus, new_id
from connectors.encryption import Unreadable, Vault
from connectors.handoff.email import DeliveryFailed, Kind, Mailer, letter_for
from connectors.supervision import Loop

log = logging.getLogger(__name__)

#: Twenty attempts: 1, 2, 4… minutes, then every 20 hours; about eight days in all.
MAX_ATTEMPTS: Final = 20
FIRST_DELAY: Final = timedelta(minutes=1)
LONGEST_DELAY: Final = timedelta(hours=20)
#: Longer than any exchange with an SMTP server at the default timeout of 10 s.
CLAIM: Final = timedelta(minutes=5)
#: A pass sends no more than this, so that a shutdown never waits long.
PASS: Final = 100
#: How long ``stop`` waits for the message being sent, in seconds.
STOP_S: Final = 15.0


def delay_after(attempts: int) -> timedelta:
    """Return how long to wait after ``attempts`` failures."""
    factor: int = 2 ** (attempts - 1)
    return min(FIRST_DELAY * factor, LONGEST_DELAY)


def queue(
    session: Session,
    vault: Vault,
    *,
    kind: Kind,
    case_id: str | None,
    delivery_id: str,
    payload: Mapping[str, object],
    now: datetime,
) -> None:
    """Add a message to the outbox, in the caller's transaction.

    Raises ``sqlalchemy.exc.IntegrityError`` at the flush if ``delivery_id`` is known.
    """
    session.add(
        OutboxRecord(
            case_id=case_id,
            kind=kind.value,
            delivery_id=delivery_id,
            payload_encrypted=vault.seal(dict(payload)),
            status=OutboxStatus.PENDING.value,
            next_attempt_at=now,
            created_at=now,
        )
    )


def retry_now(session: Session, outbox_id: int, now: datetime) -> bool:
    """Give a dead letter its attempts again; say whether there was one."""
    found = session.scalars(
        update(OutboxRecord)
        .where(OutboxRecord.id == outbox_id, OutboxRecord.status == OutboxStatus.DEAD.value)
        .values(status=OutboxStatus.PENDING.value, attempts=0, next_attempt_at=now, claim=None)
        .returning(OutboxRecord.id)
    ).one_or_none()
    return found is not None


@dataclass(frozen=True, slots=True)
class Drained:
    """What one pass did, in figures."""

    sent: int = 0
    retried: int = 0
    dead: int = 0


@dataclass(frozen=True, slots=True)
class _Claimed:
    id: int
    claim: str
    kind: Kind
    delivery_id: str
    payload_encrypted: str | None
    attempts: int


class OutboxWorker:
    """Sends what waits; several copies of the service may run one each.

    Without a ``mailer`` nothing is sent: rows are held, the console shows them, and they
    leave when a mailer is there at a later start.
    """

    def __init__(
        self,
        database: Database,
        vault: Vault,
        mailer: Mailer | None,
        clock: Callable[[], datetime],
        interval_s: float = 30.0,
    ) -> None:
        self._database, self._vault, self._mailer = database, vault, mailer
        self._clock, self._interval_s = clock, interval_s
        self._stopping = threading.Event()
        self._wake = asyncio.Event()
        self._events: asyncio.AbstractEventLoop | None = None
        self._loop = Loop("outbox", self._run)

    # ---------------------------------------------------------------- in the background

    def start(self) -> None:
        """Start sending in the background; call it in the running event loop."""
        self._stopping.clear()
        self._events = asyncio.get_running_loop()
        self._loop.start()

    async def stop(self) -> None:
        """Finish the message being sent, then stop; the others leave at the next start."""
        self._events = None
        self._stopping.set()
        self._wake.set()
        await self._loop.stop(grace_s=STOP_S)

    def wake(self) -> None:
        """Send soon, instead of at the end of the interval; from any thread."""
        events = self._events
        if events is not None:
            events.call_soon_threadsafe(self._wake.set)

    @property
    def alive(self) -> bool:
        """Whether the background task runs."""
        return self._loop.alive

    async def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            await asyncio.to_thread(self.drain)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), self._interval_s)

    # ------------------------------------------------------------------------- one pass

    def drain(self, now: datetime | None = None) -> Drained:
        """Send everything due at ``now`` (by default, the clock); return the figures."""
        if self._mailer is None:
            self._rename(OutboxStatus.PENDING, OutboxStatus.HELD)
            return Drained()
        self._rename(OutboxStatus.HELD, OutboxStatus.PENDING)
        done: Counter[str] = Counter()
        while done.total() < PASS and not self._stopping.is_set():
            moment = now or self._clock()
            row = self._claim(moment)
            if row is None:
                break
            done[self._deliver(row, self._mailer, moment)] += 1
        if done:
            log.info("outbox pass", extra={"figures": dict(done)})
        return Drained(sent=done["sent"], retried=done["retried"], dead=done["dead"])

    def _rename(self, old: OutboxStatus, new: OutboxStatus) -> None:
        with self._database.session() as session:
            session.execute(
                update(OutboxRecord)
                .where(OutboxRecord.status == old.value)
                .values(status=new.value)
            )

    def _claim(self, now: datetime) -> _Claimed | None:
        free = or_(OutboxRecord.claimed_until.is_(None), OutboxRecord.claimed_until <= now)
        waiting = (
            select(OutboxRecord)
            .where(
                OutboxRecord.status == OutboxStatus.PENDING.value,
                OutboxRecord.next_attempt_at <= now,
                free,
            )
            .order_by(OutboxRecord.next_attempt_at, OutboxRecord.id)
            .limit(1)
            # PostgreSQL: two copies take two rows. SQLite has one writer at a time anyway.
            .with_for_update(skip_locked=True)
        )
        with self._database.session() as session:
            record = session.scalars(waiting).first()
            if record is None:
                return None
            # Counted before sending: a row that kills the process is given up in the end.
            record.attempts += 1
            record.claim, record.claimed_until = new_id(), now + CLAIM
            return _Claimed(
                id=record.id,
                claim=record.claim,
                kind=Kind(record.kind),
                delivery_id=record.delivery_id,
                payload_encrypted=record.payload_encrypted,
                attempts=record.attempts,
            )

    def _deliver(self, row: _Claimed, mailer: Mailer, now: datetime) -> str:
        try:
            if row.attempts > MAX_ATTEMPTS:
                raise DeliveryFailed("interrupted", permanent=True)
            mailer.send(letter_for(row.kind, self._payload(row), row.delivery_id))
        except DeliveryFailed as failure:
            return self._failed(row, failure, now)
        # The content is not needed any more, so it is not kept.
        self._mark(row, status=OutboxStatus.SENT.value, payload_encrypted=None, sent_at=now)
        return "sent"

    def _payload(self, row: _Claimed) -> Mapping[str, object]:
        try:
            payload = self._vault.open(row.payload_encrypted or "")
        except Unreadable as error:
            raise DeliveryFailed("unreadable", permanent=True) from error
        if not isinstance(payload, dict):
            raise DeliveryFailed("unreadable", permanent=True)
        return payload

    def _failed(self, row: _Claimed, failure: DeliveryFailed, now: datetime) -> str:
        given_up = failure.permanent or row.attempts >= MAX_ATTEMPTS
        level = logging.ERROR if given_up else logging.WARNING
        extra = {"outbox_id": row.id, "attempts": row.attempts, "code": failure.code}
        log.log(level, "outbox delivery failed", extra=extra)
        if given_up:
            self._mark(row, status=OutboxStatus.DEAD.value, last_error=failure.code)
            return "dead"
        later = now + delay_after(row.attempts)
        self._mark(row, next_attempt_at=later, last_error=failure.code)
        return "retried"

    def _mark(self, row: _Claimed, **values: object) -> None:
        # Only while the claim is ours: if it expired, another copy answers for the row.
        mine = (OutboxRecord.id == row.id, OutboxRecord.claim == row.claim)
        with self._database.session() as session:
            session.execute(
                update(OutboxRecord).where(*mine).values(claim=None, claimed_until=None, **values)
            )

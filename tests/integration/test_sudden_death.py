"""The service killed in the middle of hand-offs: what the person was told is true."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from connectors.database import CaseRecord, Database, OutboxRecord
from connectors.encryption import Vault
from connectors.handoff.email import MemoryMailer
from connectors.handoff.outbox import OutboxWorker
from connectors.migrations import migrate

KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

#: Opens cases without end and says each code once it is stored; sends as it goes.
SERVICE = """
import sys
from datetime import UTC, datetime
from itertools import count
from assistant.handoff import Contact, HandoffRequest
from connectors.database import Database
from connectors.encryption import Vault
from connectors.handoff.cases import Notice, open_case
from connectors.handoff.email import MemoryMailer
from connectors.handoff.outbox import OutboxWorker

url, key, start = sys.argv[1:]
now = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
database, vault = Database(url), Vault(key)
worker = OutboxWorker(database, vault, MemoryMailer(), clock=lambda: now)
notice = Notice("mds@example.org", "https://aide.example.org", smtp=True)
for number in count():
    request = HandoffRequest(
        None, "logement", (), False, None, None, "mds", "MDS",
        (f"{start}-{number}",), Contact(phone="+33612345678"),
    )
    with database.session() as session:
        opened = open_case(session, vault, request, notice, now)
    print(opened.code, flush=True)
    if number % 3 == 2:
        worker.drain()
"""


def _killed_service(url: str, start: int, after: int) -> set[str]:
    """Run the service, kill it after so many codes; return every code it gave."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    process = subprocess.Popen(
        [sys.executable, "-c", SERVICE, url, KEY, str(start)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert process.stdout is not None
    codes = [process.stdout.readline().strip() for _ in range(after)]
    process.send_signal(signal.SIGKILL)
    rest, _ = process.communicate(timeout=30)
    assert process.returncode == -signal.SIGKILL
    # The last line may be cut by the death: it was then never read by anybody.
    return {code for code in (*codes, *rest.split()) if len(code) == 6}


def test_no_handoff_is_lost_when_the_service_is_killed(empty_url: str) -> None:
    """After three sudden deaths every code given is stored, and every e-mail leaves."""
    migrate(empty_url)
    codes: set[str] = set()
    for start, after in enumerate((5, 13, 24)):
        codes |= _killed_service(empty_url, start, after)
    assert len(codes) >= 42
    database = Database(empty_url)
    worker = OutboxWorker(database, Vault(KEY), MemoryMailer(), clock=lambda: NOW)
    # Past the claims that the dead services left.
    while worker.drain(NOW + timedelta(minutes=6)).sent:
        pass
    with database.reading() as session:
        stored = set(session.scalars(select(CaseRecord.code)))
        emails = session.scalars(select(OutboxRecord.status)).all()
    database.close()
    assert codes <= stored
    assert emails == ["sent"] * len(stored)

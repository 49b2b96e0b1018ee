"""The console over an empty database with two professionals, and a browser's gestures."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape

from argon2 import PasswordHasher
from fastapi import FastAPI, Request, Response
from fastapi.testclient import TestClient

from assistant.conversation import Provenance, ReportedFact
from assistant.handoff import Contact, HandoffRequest
from connectors.api.problems import install
from connectors.api.ratelimit import Limits, MemoryLimiter, Rates
from connectors.console.auth import Authentication, create_agent
from connectors.console.pages import Console
from connectors.console.router import console_router
from connectors.database import CaseRecord, Database
from connectors.encryption import Vault
from connectors.handoff.cases import Notice, open_case

START = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
#: The real work factor takes a tenth of a second each time; the tests need none.
FAST = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
ALICE, BENOIT = "mot-de-passe-alice", "mot-de-passe-benoit"
REQUEST = HandoffRequest(
    conversation_id=None,
    theme="logement",
    needs=("fsl_impayes",),
    urgent=False,
    urgency_rule=None,
    commune="41269",
    place_id="mds-vendome",
    place_name="MDS de Vendôme",
    words=("je peux plus payer <b>mon loyer</b>",),
    contact=Contact(
        phone="+33612345678",
        email="dominique@example.org",
        name="Dominique Canari",
        safe_hours="le matin",
    ),
    facts={
        "housing_status": ReportedFact(
            "tenant_social", "Locataire d’un logement social (HLM)", Provenance.ANSWERED
        )
    },
    proposed=("apl",),
)
PLACE = Notice("mds@example.org", "https://aide.example.org", smtp=True)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


class World:
    """The console over an empty database, with two professionals."""

    def __init__(self, database: Database) -> None:
        self.clock = Clock()
        self.database = database
        self.vault = Vault("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
        self.authentication = Authentication(self.database, self.clock, FAST)
        self.limits = Limits(
            lambda _, rate: MemoryLimiter(rate, lambda: self.clock.now.timestamp()), Rates()
        )
        self.woken = 0
        with self.database.session() as session:
            self.alice = create_agent(session, "alice", ALICE, "Alice Martin", START, FAST)
            self.benoit = create_agent(session, "benoit", BENOIT, "Benoît Petit", START, FAST)

    def browser(self, *, https: bool = False, address: str = "192.0.2.1") -> TestClient:
        """Return a browser of its own, at this network address."""
        base = "https://testserver" if https else "http://testserver"
        app = self.app(https=https)
        return TestClient(app, base_url=base, follow_redirects=False, client=(address, 50_000))

    def app(self, *, https: bool = False) -> FastAPI:
        """Return the console as an application."""
        app = FastAPI()
        console = Console(
            database=self.database,
            vault=self.vault,
            authentication=self.authentication,
            limits=self.limits,
            clock=self.clock,
            https=https,
            smtp=True,
            wake=self._wake,
            entry_title={"fsl_impayes": "Aide du FSL", "apl": "APL"}.__getitem__,
            commune_name={"41269": "Vendôme"}.__getitem__,
            danger_label={"partner_violence": "violences dans le couple"}.__getitem__,
        )
        app.include_router(console_router(console))

        async def error_page(request: Request, status: int, title: str, detail: str) -> Response:
            return await console.error_page(request, status, title)

        install(app, error_page, https=https)
        return app

    def _wake(self) -> None:
        self.woken += 1

    def case(self, request: HandoffRequest = REQUEST, at: datetime = START) -> str:
        """Store a case; return its id."""
        with self.database.session() as session:
            return open_case(session, self.vault, request, PLACE, at).case_id

    def record(self, case_id: str) -> CaseRecord:
        """Return the case as stored."""
        with self.database.reading() as session:
            return session.get_one(CaseRecord, case_id)


def form_token(page: str) -> str:
    """Return the token of the forms of a page."""
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found is not None
    return found.group(1)


def log_in(browser: TestClient, login: str = "alice", password: str = ALICE) -> str:
    """Log in; return the token of the forms."""
    token = form_token(browser.get("/console/login").text)
    answer = browser.post(
        "/console/login", data={"login": login, "password": password, "csrf": token}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/console")
    return form_token(browser.get("/console").text)


def text_of(page: str) -> str:
    """Return what a person reads of a page."""
    body = page[page.index("<main") :]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def act(browser: TestClient, case_id: str, action: str, csrf: str, **fields: str) -> int:
    """Press a button of a case; return the status of the answer."""
    answer = browser.post(f"/console/cases/{case_id}/{action}", data={"csrf": csrf, **fields})
    status: int = answer.status_code
    return status

"""The console: who enters, what they see, what they do, and what nobody can do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from assistant.conversation import Provenance, ReportedFact
from assistant.handoff import Contact, HandoffRequest
from connectors.console.auth import (
    Authentication,
    LoginRefused,
    PasswordTooShort,
    create_agent,
    first_agent,
    new_password,
    set_password,
)
from connectors.console.pages import Console, own_page
from connectors.console.router import console_router
from connectors.console.wording import ago
from connectors.database import (
    AgentRecord,
    AgentSessionRecord,
    Base,
    CaseRecord,
    ConversationRecord,
    Database,
    OutboxRecord,
    digest,
)
from connectors.encryption import Vault
from connectors.handoff.cases import Notice, open_case
from connectors.handoff.email import DeliveryFailed, MemoryMailer
from connectors.handoff.follow_up import take
from connectors.handoff.outbox import OutboxWorker
from connectors.privacy import erase_conversation

START = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
#: The real work factor takes a tenth of a second each time; the tests need none.
FAST = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
ALICE, BENOIT = "mot-de-passe-alice", "mot-de-passe-benoit"
REFUSED = (
    "Identifiant ou mot de passe incorrect. Après cinq essais, le compte est bloqué 15 minutes."
)
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

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.database = Database(f"sqlite:///{folder / 'base.db'}")
        Base.metadata.create_all(self.database.engine)
        self.vault = Vault("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
        self.authentication = Authentication(self.database, self.clock, FAST)
        self.woken = 0
        with self.database.session() as session:
            self.alice = create_agent(session, "alice", ALICE, "Alice Martin", START, FAST)
            self.benoit = create_agent(session, "benoit", BENOIT, "Benoît Petit", START, FAST)

    def browser(self, *, https: bool = False) -> TestClient:
        """Return a browser of its own, on a console of its own."""
        app = FastAPI()
        console = Console(
            database=self.database,
            vault=self.vault,
            authentication=self.authentication,
            clock=self.clock,
            https=https,
            smtp=True,
            wake=self._wake,
            entry_title={"fsl_impayes": "Aide du FSL", "apl": "APL"}.__getitem__,
            commune_name={"41269": "Vendôme"}.__getitem__,
            danger_label={"partner_violence": "violences dans le couple"}.__getitem__,
        )
        app.include_router(console_router(console))
        address = "https://testserver" if https else "http://testserver"
        return TestClient(app, base_url=address, follow_redirects=False)

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


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Give a console with two professionals and no case."""
    world = World(tmp_path)
    yield world
    world.database.close()


def _token(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found is not None
    return found.group(1)


def _log_in(browser: TestClient, login: str = "alice", password: str = ALICE) -> str:
    """Log in; return the token of the forms."""
    token = _token(browser.get("/console/login").text)
    answer = browser.post(
        "/console/login", data={"login": login, "password": password, "csrf": token}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/console")
    return _token(browser.get("/console").text)


def _text(page: str) -> str:
    """Return what a person reads of a page."""
    body = page[page.index("<main") :]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def _act(browser: TestClient, case_id: str, action: str, csrf: str, **fields: str) -> int:
    answer = browser.post(f"/console/cases/{case_id}/{action}", data={"csrf": csrf, **fields})
    status: int = answer.status_code
    return status


# -------------------------------------------------------------------------------- the door


@pytest.mark.parametrize("path", ["/console", "/console/cases/abc"])
def test_nobody_reads_without_logging_in(world: World, path: str) -> None:
    """Every page leads to the login page, which comes back to the page that was asked."""
    browser = world.browser()
    answer = browser.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/console/login?suite={path}"
    assert f'name="suite" value="{path}"' in browser.get(answer.headers["location"]).text


def test_login_opens_a_session_kept_by_a_safe_cookie(world: World) -> None:
    """The cookie is HttpOnly and strict, for the console only; its digest is stored."""
    browser = world.browser()
    token = _token(browser.get("/console/login").text)
    answer = browser.post(
        "/console/login", data={"login": " Alice ", "password": ALICE, "csrf": token}
    )
    cookie = next(
        value for value in answer.headers.get_list("set-cookie") if "console_session=" in value
    )
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert attributes == {"httponly", "max-age=28800", "path=/console", "samesite=strict"}
    secret = cookie.split(";")[0].partition("=")[2]
    with world.database.reading() as session:
        stored = session.scalars(select(AgentSessionRecord.token_digest)).one()
    assert stored == digest(secret)
    assert "Alice Martin" in browser.get("/console").text


def test_over_https_cookies_are_secure(world: World) -> None:
    """Behind HTTPS the cookies never travel in clear, and the browser is told to stay there."""
    browser = world.browser(https=True)
    answer = browser.get("/console/login")
    assert "secure" in answer.headers["set-cookie"].lower()
    assert answer.headers["strict-transport-security"].startswith("max-age=")


def test_login_leads_to_the_page_that_was_asked(world: World) -> None:
    """After the login the professional is on the case of the e-mail, never on another site."""
    case_id = world.case()
    browser = world.browser()
    for suite, expected in (
        (f"/console/cases/{case_id}", f"/console/cases/{case_id}"),
        ("https://autre.example", "/console"),
    ):
        token = _token(browser.get("/console/login").text)
        data = {"login": "alice", "password": ALICE, "csrf": token, "suite": suite}
        assert browser.post("/console/login", data=data).headers["location"] == expected
        browser.cookies.clear()


@pytest.mark.parametrize(
    "path",
    [
        "//autre.example",
        "/console//autre.example",
        "/consoles",
        "/console/../x",
        "javascript:0",
        "",
    ],
)
def test_other_addresses_lead_to_the_list(path: str) -> None:
    """What is not a page of the console is replaced by the list."""
    assert own_page(path) == "/console"


@pytest.mark.parametrize(
    ("login", "password"),
    [("alice", "faux"), ("personne", ALICE), ("", ""), ("alice", "x" * 300)],
    ids=["wrong password", "unknown login", "empty", "too long"],
)
def test_a_refused_login_says_the_same_for_every_reason(
    world: World, login: str, password: str
) -> None:
    """Nothing tells a stranger whether the login exists."""
    browser = world.browser()
    token = _token(browser.get("/console/login").text)
    answer = browser.post(
        "/console/login", data={"login": login, "password": password, "csrf": token}
    )
    assert answer.status_code == 401
    assert REFUSED in _text(answer.text)
    assert "console_session" not in answer.headers.get("set-cookie", "")


def test_five_wrong_passwords_lock_for_fifteen_minutes(world: World) -> None:
    """Then even the right password is refused, until fifteen minutes have passed."""
    for _ in range(5):
        with pytest.raises(LoginRefused):
            world.authentication.log_in("alice", "faux")
    with pytest.raises(LoginRefused):
        world.authentication.log_in("alice", ALICE)
    world.clock.now += timedelta(minutes=14, seconds=59)
    with pytest.raises(LoginRefused):
        world.authentication.log_in("alice", ALICE)
    assert world.authentication.log_in("benoit", BENOIT)
    world.clock.now += timedelta(seconds=1)
    token = world.authentication.log_in("alice", ALICE)
    signed_in = world.authentication.who(token)
    assert signed_in is not None
    assert signed_in.display_name == "Alice Martin"


def test_a_right_password_forgets_the_wrong_ones(world: World) -> None:
    """Four mistakes, a success, four mistakes: the account is not locked."""
    for _ in range(2):
        for _ in range(4):
            with pytest.raises(LoginRefused):
                world.authentication.log_in("alice", "faux")
        assert world.authentication.log_in("alice", ALICE)


def test_an_inactive_professional_is_out(world: World) -> None:
    """Making an account inactive ends its sessions and refuses its password."""
    token = world.authentication.log_in("alice", ALICE)
    with world.database.session() as session:
        session.get_one(AgentRecord, world.alice).active = False
    assert world.authentication.who(token) is None
    with pytest.raises(LoginRefused):
        world.authentication.log_in("alice", ALICE)


def test_a_session_ends_after_eight_hours(world: World) -> None:
    """One second before it is open, at eight hours it is not."""
    token = world.authentication.log_in("alice", ALICE)
    world.clock.now += timedelta(hours=7, minutes=59, seconds=59)
    assert world.authentication.who(token) is not None
    world.clock.now += timedelta(seconds=1)
    assert world.authentication.who(token) is None


def test_logging_out_ends_the_session_for_good(world: World) -> None:
    """The old cookie, kept by a thief, opens nothing any more."""
    browser = world.browser()
    csrf = _log_in(browser)
    stolen = browser.cookies["console_session"]
    answer = browser.post("/console/logout", data={"csrf": csrf})
    assert answer.headers["location"] == "/console/login"
    assert world.authentication.who(stolen) is None


def test_the_login_form_must_come_from_here(world: World) -> None:
    """Without the cookie that goes with the form, a right password is not even tried."""
    browser = world.browser()
    token = _token(browser.get("/console/login").text)
    browser.cookies.clear()
    answer = browser.post(
        "/console/login", data={"login": "alice", "password": ALICE, "csrf": token}
    )
    assert answer.status_code == 403
    with world.database.reading() as session:
        assert session.scalars(select(AgentSessionRecord)).all() == []


def test_the_first_professional_is_made_once(tmp_path: Path) -> None:
    """An empty console gets one account with a generated password, which opens it."""
    database = Database(f"sqlite:///{tmp_path / 'base.db'}")
    Base.metadata.create_all(database.engine)
    with database.session() as session:
        made = first_agent(session, START)
    with database.session() as session:
        again = first_agent(session, START)
    assert made is not None
    login, password = made
    assert (login, again) == ("agent", None)
    assert re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", password)
    assert Authentication(database, Clock(), FAST).log_in(login, password)
    database.close()


def test_passwords_are_hashed_and_changed(world: World) -> None:
    """Argon2id is stored; a new password unlocks, ends the sessions and replaces the old one."""
    token = world.authentication.log_in("alice", ALICE)
    with world.database.session() as session:
        assert session.get_one(AgentRecord, world.alice).password_hash.startswith("$argon2id$")
        assert set_password(session, "Alice", "nouveau-mot-de-passe", FAST) is True
        assert set_password(session, "personne", "nouveau-mot-de-passe", FAST) is False
    assert world.authentication.who(token) is None
    with pytest.raises(LoginRefused):
        world.authentication.log_in("alice", ALICE)
    assert world.authentication.log_in("alice", "nouveau-mot-de-passe")


def test_short_passwords_are_refused(world: World) -> None:
    """Eleven characters are not enough; generated ones are never the same."""
    with pytest.raises(PasswordTooShort), world.database.session() as session:
        create_agent(session, "zoe", "x" * 11, "Zoé", START, FAST)
    assert len({new_password() for _ in range(100)}) == 100


# ------------------------------------------------------------------------------- the pages


def test_pages_carry_the_headers_that_protect_them(world: World) -> None:
    """Nothing from outside, no inline script or style, no frame, nothing kept by the browser."""
    browser = world.browser()
    csrf = _log_in(browser)
    case_id = world.case()
    _act(browser, case_id, "take", csrf)
    for path in ("/console/login", "/console", f"/console/cases/{case_id}"):
        answer = browser.get(path)
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["cache-control"] == "no-store"
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", answer.text)


def test_the_style_sheet_is_served_and_kept(world: World) -> None:
    """The address of the style sheet changes with its content, so it may be kept a year."""
    browser = world.browser()
    page = browser.get("/console/login").text
    found = re.search(r'href="(/console/static/console\.css\?v=[0-9a-f]{12})"', page)
    assert found is not None
    answer = browser.get(found.group(1))
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert browser.get("/console/static/..%2Fauth.py").status_code == 404
    assert browser.get("/console/static/autre.css").status_code == 404


def test_the_list_puts_urgent_cases_first_then_the_oldest(world: World) -> None:
    """Urgent before usual, old before new; each with its step, age, due date and owner."""
    first = world.case(replace(REQUEST, words=("a",)), START - timedelta(days=3))
    second = world.case(replace(REQUEST, words=("b",)), START - timedelta(hours=2))
    urgent = world.case(replace(REQUEST, words=("c",), urgent=True), START - timedelta(days=4))
    newer = world.case(replace(REQUEST, words=("d",), urgent=True), START - timedelta(minutes=5))
    with world.database.session() as session:
        take(session, first, world.benoit, START)
    browser = world.browser()
    _log_in(browser)
    page = browser.get("/console").text
    order = re.findall(r'<h3><a href="/console/cases/([^"]+)"', page)
    assert order == [urgent, newer, first, second]
    text = _text(page)
    assert "En cours (4)" in text
    assert (
        f"Demande {world.record(urgent).code} Urgent En retard À lire Logement "
        "Arrivée il y a 4 jours À prendre avant lundi 23 novembre à 10 h 30 "
        "Lieu MDS de Vendôme"
    ) in text
    assert (
        f"Demande {world.record(first).code} Prise en charge Logement Arrivée il y a 3 jours "
        "Prise par Benoît Petit Lieu MDS de Vendôme"
    ) in text
    assert "mon loyer" not in text


def test_the_list_shows_the_emails_that_did_not_leave(world: World) -> None:
    """A dead letter is shown with its reason and can be tried again; a held one says why."""
    case_id = world.case()
    mailer = MemoryMailer()
    mailer.failure = DeliveryFailed("recipient_refused", permanent=True)
    worker = OutboxWorker(world.database, world.vault, mailer, world.clock)
    worker.drain()
    browser = world.browser()
    csrf = _log_in(browser)
    code = world.record(case_id).code
    assert (
        f"Annonce de la demande, demande {code} : 1 essai, l’adresse est refusée par le "
        "serveur du destinataire. Réessayer"
    ) in _text(browser.get("/console").text)
    with world.database.reading() as session:
        email_id = session.scalars(select(OutboxRecord.id)).one()
    answer = browser.post(f"/console/emails/{email_id}/retry", data={"csrf": csrf})
    assert answer.headers["location"] == "/console?fait=relance"
    assert world.woken == 1
    mailer.failure = None
    assert worker.drain().sent == 1
    assert "E-mails qui ne sont pas partis" not in browser.get("/console").text


def test_held_emails_say_that_the_cases_are_here(world: World) -> None:
    """Without an SMTP server the list says so, and that nothing is lost."""
    world.case()
    OutboxWorker(world.database, world.vault, None, world.clock).drain()
    browser = world.browser()
    _log_in(browser)
    text = _text(browser.get("/console").text)
    assert "Les demandes sont bien dans cette liste. Seul l’e-mail manque." in text
    assert "reste ici : aucun serveur d’e-mail n’est réglé." in text


def test_reading_a_page_changes_nothing(world: World) -> None:
    """A link checker that follows every address leaves the case as « sent »."""
    case_id = world.case()
    browser = world.browser()
    _log_in(browser)
    before = world.record(case_id)
    for path in ("", "/open", "/take", "/release", "/reply", "/close"):
        browser.get(f"/console/cases/{case_id}{path}")
    after = world.record(case_id)
    assert (after.status, after.version) == ("sent", before.version) == ("sent", 1)


def test_before_opening_nothing_about_the_person_is_shown(world: World) -> None:
    """The page of an unopened case has its code, theme and place; no word, no contact."""
    case_id = world.case()
    browser = world.browser()
    _log_in(browser)
    text = _text(browser.get(f"/console/cases/{case_id}").text)
    assert "Ouvrir la demande" in text
    for secret in ("loyer", "HLM", "Canari", "06 12", "dominique@"):
        assert secret not in text


def test_an_opened_case_shows_what_the_person_agreed_to_send(world: World) -> None:
    """Words, needs, answers with their provenance, contact and safe hours, what was proposed."""
    case_id = world.case()
    browser = world.browser()
    csrf = _log_in(browser)
    assert _act(browser, case_id, "open", csrf) == 303
    assert world.record(case_id).status == "read"
    page = browser.get(f"/console/cases/{case_id}?fait=ouverte").text
    text = _text(page)
    for expected in (
        "La demande est ouverte.",
        "Ce que la personne a dit je peux plus payer <b>mon loyer</b>",
        "Besoins compris Aide du FSL",
        "Votre logement Locataire d’un logement social (HLM) (répondu à une question)",
        "Déjà proposé à la personne APL",
        "Commune Vendôme",
        "Nom Dominique Canari Téléphone 06 12 34 56 78 "
        "Message vocal ou SMS Non : ne laissez pas de message "
        "E-mail dominique@example.org Quand appeler le matin",
        "La personne a donné son accord pour l’envoi.",
        "Alice Martin a ouvert la demande.",
        "Annonce de la demande : va partir.",
    ):
        assert expected in text
    assert 'href="tel:+33612345678"' in page
    assert "<b>" not in page


def test_the_danger_that_was_noticed_is_shown(world: World) -> None:
    """The professional reads which rule of danger fired, in French."""
    case_id = world.case(replace(REQUEST, urgent=True, urgency_rule="partner_violence"))
    browser = world.browser()
    _act(browser, case_id, "open", _log_in(browser))
    text = _text(browser.get(f"/console/cases/{case_id}").text)
    assert "Signal de danger repéré : violences dans le couple" in text


def test_the_contact_is_hidden_from_others_once_taken(world: World) -> None:
    """Benoît opened the case too; when Alice has taken it he reads the words, not the phone."""
    case_id = world.case()
    alice, benoit = world.browser(), world.browser()
    alice_csrf, benoit_csrf = _log_in(alice), _log_in(benoit, "benoit", BENOIT)
    _act(benoit, case_id, "open", benoit_csrf)
    assert "06 12 34 56 78" in benoit.get(f"/console/cases/{case_id}").text
    assert _act(alice, case_id, "take", alice_csrf) == 303
    text = _text(benoit.get(f"/console/cases/{case_id}").text)
    assert "mon loyer" in text
    assert "06 12 34 56 78" not in text
    assert "Les coordonnées sont visibles par la personne qui a pris la demande." in text
    assert "06 12 34 56 78" in alice.get(f"/console/cases/{case_id}").text


def test_the_second_to_take_is_told(world: World) -> None:
    """Benoît, a moment too late, sees who has the case; nothing changes."""
    case_id = world.case()
    alice, benoit = world.browser(), world.browser()
    _act(alice, case_id, "take", _log_in(alice))
    csrf = _log_in(benoit, "benoit", BENOIT)
    answer = benoit.post(f"/console/cases/{case_id}/take", data={"csrf": csrf})
    assert answer.status_code == 409
    text = _text(answer.text)
    assert "Cette demande est déjà prise par une autre personne." in text
    assert "Prise par Alice Martin" in text
    assert world.record(case_id).owner_id == world.alice


def test_a_case_from_taking_to_closing(world: World) -> None:
    """Take, not reached, take again, reply, close: each step is done, noted and shown."""
    case_id = world.case()
    browser = world.browser()
    csrf = _log_in(browser)
    for action in ("take", "not-reached", "take"):
        assert _act(browser, case_id, action, csrf) == 303
    page = browser.get(f"/console/cases/{case_id}").text
    key = re.search(r'name="reply_key" value="([^"]+)"', page)
    assert key is not None
    for _ in range(2):
        fields = {"text": "Venez jeudi à 10 h.", "reply_key": key.group(1)}
        assert _act(browser, case_id, "reply", csrf, **fields) == 303
    assert _act(browser, case_id, "close", csrf, outcome="appointment") == 303
    assert (world.record(case_id).status, world.record(case_id).outcome) == (
        "closed",
        "appointment",
    )
    mailer = MemoryMailer()
    OutboxWorker(world.database, world.vault, mailer, world.clock).drain()
    assert [letter.to for letter in mailer.letters] == [
        "mds@example.org",
        "dominique@example.org",
    ]
    text = _text(browser.get(f"/console/cases/{case_id}").text)
    for expected in (
        "Résultat Un rendez-vous est pris",
        "Alice Martin a pris la demande.",
        "Alice Martin n’a pas réussi à joindre la personne.",
        "Alice Martin a répondu par e-mail. Venez jeudi à 10 h.",
        "Alice Martin a terminé la demande.",
        "Réponse à la personne : parti.",
    ):
        assert expected in text
    assert "Agir" not in text
    assert "Terminées récemment" in _text(browser.get("/console").text)


def test_releasing_gives_the_case_back(world: World) -> None:
    """After a release the case is in the list again and Benoît may take it."""
    case_id = world.case()
    alice, benoit = world.browser(), world.browser()
    csrf = _log_in(alice)
    _act(alice, case_id, "take", csrf)
    assert _act(alice, case_id, "release", csrf) == 303
    assert "Alice Martin a remis la demande dans la liste." in _text(
        alice.get(f"/console/cases/{case_id}").text
    )
    assert _act(benoit, case_id, "take", _log_in(benoit, "benoit", BENOIT)) == 303
    assert world.record(case_id).owner_id == world.benoit


def test_a_reply_that_cannot_leave_keeps_what_was_written(world: World) -> None:
    """Too long a reply gives a sentence, and the text is still in the form."""
    case_id = world.case()
    browser = world.browser()
    csrf = _log_in(browser)
    _act(browser, case_id, "take", csrf)
    answer = browser.post(
        f"/console/cases/{case_id}/reply",
        data={"csrf": csrf, "text": "é" * 5001, "reply_key": "k"},
    )
    assert answer.status_code == 422
    assert "Cette réponse est trop longue." in _text(answer.text)
    assert "é" * 5001 in answer.text


def test_without_an_address_no_reply_is_offered(world: World) -> None:
    """A person with a phone only is called: there is no form that could not work."""
    case_id = world.case(replace(REQUEST, contact=Contact(phone="+33612345678")))
    browser = world.browser()
    _act(browser, case_id, "take", _log_in(browser))
    text = _text(browser.get(f"/console/cases/{case_id}").text)
    assert "Répondre par e-mail" not in text
    assert "Terminer la demande" in text


def test_closing_needs_an_outcome_of_the_list(world: World) -> None:
    """No outcome, or an invented one, is refused with a sentence; the case stays open."""
    case_id = world.case()
    browser = world.browser()
    csrf = _log_in(browser)
    _act(browser, case_id, "take", csrf)
    for outcome in ("", "inventé"):
        answer = browser.post(
            f"/console/cases/{case_id}/close", data={"csrf": csrf, "outcome": outcome}
        )
        assert answer.status_code == 422
        assert "Choisissez comment la demande se termine." in _text(answer.text)
    assert world.record(case_id).status == "taken"


@pytest.mark.parametrize(
    "path",
    ["cases/{id}/open", "cases/{id}/take", "cases/{id}/release", "cases/{id}/not-reached",
     "cases/{id}/reply", "cases/{id}/close", "emails/1/retry", "logout"],
)  # fmt: skip
@pytest.mark.parametrize("csrf", ["", "faux"])
def test_a_form_of_a_stranger_does_nothing(world: World, path: str, csrf: str) -> None:
    """Without the token of the session every action is refused, and nothing changes."""
    case_id = world.case()
    browser = world.browser()
    _log_in(browser)
    answer = browser.post(f"/console/{path.format(id=case_id)}", data={"csrf": csrf})
    assert answer.status_code == 403
    assert "Cette page a expiré." in _text(answer.text)
    assert world.record(case_id).version == 1
    assert browser.get("/console").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["cases/{id}/open", "cases/{id}/take", "cases/{id}/release", "cases/{id}/not-reached",
     "cases/{id}/reply", "cases/{id}/close", "emails/1/retry", "logout"],
)  # fmt: skip
def test_a_form_without_a_session_does_nothing(world: World, path: str) -> None:
    """Every action without a session leads to the login page."""
    case_id = world.case()
    answer = world.browser().post(f"/console/{path.format(id=case_id)}", data={"csrf": "x"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/login")
    assert world.record(case_id).version == 1


def test_an_unknown_case_is_a_page(world: World) -> None:
    """Reading or taking a case that is not there is a French page, not an error of the server."""
    browser = world.browser()
    csrf = _log_in(browser)
    for answer in (
        browser.get("/console/cases/rien"),
        browser.post("/console/cases/rien/take", data={"csrf": csrf}),
    ):
        assert answer.status_code == 404
        assert "Cette demande n’existe pas, ou elle a été effacée." in _text(answer.text)


def test_a_withdrawn_case_is_told_and_empty(world: World) -> None:
    """After the person erased their data, the professional sees that, and no button to act."""
    with world.database.session() as session:
        session.add(
            ConversationRecord(
                id="c1", token_digest="x", channel="web", created_at=START, updated_at=START
            )
        )
    case_id = world.case(replace(REQUEST, conversation_id="c1"))
    browser = world.browser()
    _act(browser, case_id, "take", _log_in(browser))
    with world.database.session() as session:
        erase_conversation(session, "c1", START)
    text = _text(browser.get(f"/console/cases/{case_id}").text)
    assert "Retirée par la personne" in text
    assert "Les coordonnées ont été effacées." in text
    assert "La personne a retiré la demande." in text
    for gone in ("loyer", "Canari", "06 12", "Agir", "Vendôme Besoins"):
        assert gone not in text


def test_a_lost_key_is_told(world: World) -> None:
    """When the key was replaced without keeping the old one, the page says so and still works."""
    case_id = world.case()
    world.vault = Vault("OTg3NjU0MzIxMDk4NzY1NDMyMTA5ODc2NTQzMjEwOTg=")
    browser = world.browser()
    _act(browser, case_id, "open", _log_in(browser))
    answer = browser.get(f"/console/cases/{case_id}")
    assert answer.status_code == 200
    assert "Ces données ne peuvent plus être déchiffrées." in _text(answer.text)


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=-5), "à l’instant"),
        (timedelta(seconds=59), "à l’instant"),
        (timedelta(minutes=59), "il y a 59 min"),
        (timedelta(hours=23, minutes=59), "il y a 23 h"),
        (timedelta(days=1), "il y a 1 jour"),
        (timedelta(days=40, hours=3), "il y a 40 jours"),
    ],
)
def test_ages_are_said_simply(age: timedelta, words: str) -> None:
    """The age of a case is said in the largest unit."""
    assert ago(START - age, START) == words

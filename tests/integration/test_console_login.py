"""The door of the console: who enters, with what, and what happens after wrong passwords."""

from __future__ import annotations

import asyncio
import re
import threading
from collections import Counter
from datetime import timedelta
from typing import Literal

import pytest
from argon2 import PasswordHasher
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import select

from connectors.console.auth import (
    Authentication,
    LoginRefused,
    PasswordTooShort,
    create_agent,
    first_agent,
    new_password,
    set_password,
)
from connectors.console.pages import own_page
from connectors.database import AgentRecord, AgentSessionRecord, Database, digest
from tests.fakes.client import client_of
from tests.integration.consoles import (
    ALICE,
    BENOIT,
    FAST,
    START,
    Clock,
    World,
    form_token,
    log_in,
    text_of,
)

REFUSED = (
    "Identifiant ou mot de passe incorrect. Après cinq essais, il faut attendre trois minutes."
)


@pytest.fixture
def world(database: Database) -> World:
    """Give a console with two professionals and no case."""
    return World(database)


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
    token = form_token(browser.get("/console/login").text)
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
        token = form_token(browser.get("/console/login").text)
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
    token = form_token(browser.get("/console/login").text)
    answer = browser.post(
        "/console/login", data={"login": login, "password": password, "csrf": token}
    )
    assert answer.status_code == 401
    assert REFUSED in text_of(answer.text)
    assert "console_session" not in answer.headers.get("set-cookie", "")


def _try(browser: TestClient, login: str, password: str) -> Response:
    """Send the login form."""
    token = form_token(browser.get("/console/login").text)
    form = {"login": login, "password": password, "csrf": token}
    return browser.post("/console/login", data=form)


def test_after_five_wrong_passwords_one_must_wait(world: World) -> None:
    """From the sixth try on even the right password waits; after three minutes it opens."""
    browser = world.browser()
    statuses = [_try(browser, "alice", "faux").status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    answer = _try(browser, " Alice", ALICE)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "180")
    assert "Trop d’essais. Attendez 3 min avant de recommencer." in text_of(answer.text)
    world.clock.now += timedelta(minutes=3, seconds=1)
    assert _try(browser, "alice", ALICE).status_code == 303


def test_an_outsider_locks_nobody_out(world: World) -> None:
    """However often a stranger tries Alice's account, Alice enters from her own address."""
    stranger = world.browser(address="198.51.100.7")
    for _ in range(20):
        _try(stranger, "alice", "faux")
    assert _try(world.browser(), "alice", ALICE).status_code == 303


def test_one_address_cannot_try_every_login(world: World) -> None:
    """After twenty tries an address waits fifteen seconds for each, whatever the login."""
    browser = world.browser()
    statuses = [_try(browser, f"inconnu{number}", "faux").status_code for number in range(21)]
    assert statuses == [401] * 20 + [429]
    assert _try(browser, "benoit", BENOIT).headers["retry-after"] == "15"
    assert _try(world.browser(address="198.51.100.7"), "benoit", BENOIT).status_code == 303


def test_a_right_password_forgets_the_wrong_ones(world: World) -> None:
    """Four mistakes, a success, four mistakes: nobody waits."""
    browser = world.browser()
    for _ in range(2):
        assert [_try(browser, "alice", "faux").status_code for _ in range(4)] == [401] * 4
        assert _try(browser, "alice", ALICE).status_code == 303
        browser.cookies.clear()


class SlowHasher(PasswordHasher):
    """Verifies nothing before ``go`` is set."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.go = threading.Event()

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        """Wait, then verify."""
        assert self.go.wait(30)
        return super().verify(hash, password)


async def test_many_logins_at_once_leave_the_other_pages_alone(world: World) -> None:
    """Sixty logins from sixty addresses: two are verified, some wait, the rest come later.

    Meanwhile the login page answers, which it would not if each login held a thread.
    """
    hasher = SlowHasher()
    world.authentication = Authentication(world.database, world.clock, hasher)
    app = world.app()

    async def attempt(number: int) -> int:
        async with client_of(app, f"198.51.100.{number}") as http:
            http.cookies["console_login"] = "jeton"
            form = {"login": "alice", "password": "faux", "csrf": "jeton"}
            return (await http.post("/console/login", data=form)).status_code

    attempts = [asyncio.create_task(attempt(number)) for number in range(60)]
    try:
        async with asyncio.timeout(60), client_of(app) as http:
            while sum(one.done() for one in attempts) < 40:
                await asyncio.sleep(0)
            assert (await http.get("/console/login")).status_code == 200
    finally:
        hasher.go.set()
    statuses = Counter(await asyncio.gather(*attempts))
    assert statuses == {401: 20, 503: 40}


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
    csrf = log_in(browser)
    stolen = browser.cookies["console_session"]
    answer = browser.post("/console/logout", data={"csrf": csrf})
    assert answer.headers["location"] == "/console/login"
    assert world.authentication.who(stolen) is None


def test_the_login_form_must_come_from_here(world: World) -> None:
    """Without the cookie that goes with the form, a right password is not even tried."""
    browser = world.browser()
    token = form_token(browser.get("/console/login").text)
    browser.cookies.clear()
    answer = browser.post(
        "/console/login", data={"login": "alice", "password": ALICE, "csrf": token}
    )
    assert answer.status_code == 403
    with world.database.reading() as session:
        assert session.scalars(select(AgentSessionRecord)).all() == []


def test_the_first_professional_is_made_once(database: Database) -> None:
    """An empty console gets one account with a generated password, which opens it."""
    with database.session() as session:
        made = first_agent(session, START)
    with database.session() as session:
        again = first_agent(session, START)
    assert made is not None
    login, password = made
    assert (login, again) == ("agent", None)
    assert re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", password)
    assert Authentication(database, Clock(), FAST).log_in(login, password)


def test_passwords_are_hashed_and_changed(world: World) -> None:
    """Argon2id is stored; a new password ends the sessions and replaces the old one."""
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

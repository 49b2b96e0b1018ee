"""The door of the console: who enters, with what, and what happens after wrong passwords."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
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
    "Identifiant ou mot de passe incorrect. Après cinq essais, le compte est bloqué 15 minutes."
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

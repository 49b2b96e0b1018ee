"""What a team does with the console: sort the list, leave notes, reopen, lose no work."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from connectors.console.pages import is_console
from connectors.database import (
    AgentSessionRecord,
    CaseEventRecord,
    ConversationRecord,
    Database,
)
from connectors.handoff.cases import lookup
from connectors.handoff.follow_up import take
from connectors.privacy import erase_conversation
from tests.integration.consoles import (
    ALICE,
    BENOIT,
    REQUEST,
    START,
    World,
    act,
    form_token,
    log_in,
    text_of,
)

SAME = {"sec-fetch-site": "same-origin"}
LETTER = "Bonjour,\n\nvenez jeudi <b>à 10 h</b>."


@pytest.fixture
def world(database: Database) -> World:
    """Give a console with two professionals and no case."""
    return World(database)


# ------------------------------------------------------------------------------ the list


def _listed(browser: TestClient, query: str = "") -> list[str]:
    page = browser.get(f"/console{query}").text
    return re.findall(r'<h3><a href="/console/cases/([^"]+)"', page)


def test_the_list_is_narrowed(world: World) -> None:
    """To take, mine, by theme and by commune; what is asked for stays chosen."""
    free = world.case(replace(REQUEST, words=("a",), theme="budget"))
    mine = world.case(replace(REQUEST, words=("b",), commune=None))
    other = world.case(replace(REQUEST, words=("c",)))
    with world.database.session() as session:
        take(session, mine, world.alice, START)
        take(session, other, world.benoit, START)
    browser = world.browser()
    log_in(browser)
    assert set(_listed(browser)) == {free, mine, other}
    assert _listed(browser, "?vue=a-prendre") == [free]
    assert _listed(browser, "?vue=miennes") == [mine]
    assert _listed(browser, "?theme=budget") == [free]
    assert set(_listed(browser, "?commune=41269")) == {free, other}
    assert _listed(browser, "?vue=a-prendre&theme=logement") == []
    assert set(_listed(browser, "?vue=autre&commune=%00")) == {free, mine, other}
    page = browser.get("/console?vue=miennes&theme=logement").text
    assert '<option value="miennes" selected>Mes demandes</option>' in page
    assert '<option value="logement" selected>Logement</option>' in page
    assert '<option value="41269">Vendôme</option>' in page


def test_fifty_cases_are_on_one_page_and_the_next_ones_keep_the_choice(world: World) -> None:
    """A line for each of fifty cases; the late ones are counted; the pages keep the filter."""
    for number in range(52):
        world.case(
            replace(REQUEST, words=(f"attente {number}",)),
            START - timedelta(days=30 if number < 3 else 0, minutes=number),
        )
    browser = world.browser()
    log_in(browser)
    page = browser.get("/console?vue=a-prendre&theme=logement").text
    assert page.count('<article class="row') == 50
    assert "3 demandes attendent au-delà du délai." in text_of(page)
    assert page.count(">En retard</strong>") == 3
    found = re.search(r'href="([^"]+encours=2)#encours"', page)
    assert found is not None
    assert found.group(1) == "/console?vue=a-prendre&amp;theme=logement&amp;encours=2"
    assert len(_listed(browser, "?vue=a-prendre&theme=logement&encours=2")) == 2


def test_a_code_leads_to_its_case(world: World) -> None:
    """As people say it, in small letters and with spaces; the address never holds the code."""
    case_id = world.case()
    code = world.record(case_id).code
    browser = world.browser()
    csrf = log_in(browser)
    typed = f" {code[:3].lower()} {code[3:]}"
    answer = browser.post("/console/search", data={"csrf": csrf, "code": typed})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/console/cases/{case_id}")
    wrong = browser.post("/console/search", data={"csrf": csrf, "code": "zzz"})
    assert wrong.status_code == 404
    assert "Aucune demande n’a ce code." in text_of(wrong.text)
    assert browser.post("/console/search", data={"code": code}).status_code == 403


# ------------------------------------------------------------------------------ the notes


def _note(browser: TestClient, case_id: str, csrf: str, note: str, key: str = "k") -> int:
    return act(browser, case_id, "note", csrf, note=note, note_key=key)


def test_a_note_is_for_the_team(world: World) -> None:
    """Kept once, sealed, with its author; numbers in it are for the owner of the case only.

    Nothing of it is in what the person can read.
    """
    case_id = world.case()
    alice, benoit = world.browser(), world.browser()
    csrf = log_in(alice)
    act(alice, case_id, "take", csrf)
    for _ in range(2):
        assert _note(alice, case_id, csrf, "message laissé mardi au 06 12 34 56 78") == 303
    text = text_of(alice.get(f"/console/cases/{case_id}").text)
    said = "Alice Martin a laissé une note. message laissé mardi au 06 12 34 56 78"
    assert text.count(said) == 1
    benoit_csrf = log_in(benoit, "benoit", BENOIT)
    assert "mardi" not in benoit.get(f"/console/cases/{case_id}").text
    assert _note(benoit, case_id, benoit_csrf, "pas ouverte") == 422
    act(benoit, case_id, "open", benoit_csrf)
    seen = text_of(benoit.get(f"/console/cases/{case_id}").text)
    assert "message laissé mardi au (masqué)" in seen
    assert "06 12 34" not in seen
    with world.database.reading() as session:
        stored = session.scalars(
            select(CaseEventRecord.detail).where(CaseEventRecord.kind == "note")
        ).one()
        public = lookup(session, world.record(case_id).code)
    assert "mardi" not in str(stored)
    assert "mardi" not in str(public)


@pytest.mark.parametrize(
    ("note", "problem"),
    [
        ("  ", "Écrivez votre note avant de l’enregistrer."),
        ("é" * 501, "Cette note est trop longue."),
    ],
)
def test_a_note_that_cannot_be_kept_stays_in_the_form(
    world: World, note: str, problem: str
) -> None:
    """An empty one and a long one give a sentence; what was written is still there."""
    case_id = world.case()
    browser = world.browser()
    csrf = log_in(browser)
    act(browser, case_id, "open", csrf)
    answer = browser.post(
        f"/console/cases/{case_id}/note", data={"csrf": csrf, "note": note, "note_key": "k"}
    )
    assert answer.status_code == 422
    assert problem in text_of(answer.text)
    assert f">{note}</textarea>" in answer.text


def _erasable(world: World) -> str:
    with world.database.session() as session:
        session.add(
            ConversationRecord(
                id="c1", token_digest="x", channel="web", created_at=START, updated_at=START
            )
        )
    return world.case(replace(REQUEST, conversation_id="c1"))


def test_erasing_takes_the_notes_too(world: World) -> None:
    """When the person erases, the note is gone from the base and no other can be added."""
    case_id = _erasable(world)
    browser = world.browser()
    csrf = log_in(browser)
    act(browser, case_id, "take", csrf)
    _note(browser, case_id, csrf, "message laissé mardi")
    with world.database.session() as session:
        erase_conversation(session, "c1", START)
    with world.database.reading() as session:
        details = session.scalars(select(CaseEventRecord.detail)).all()
    assert all(detail == {} for detail in details)
    assert _note(browser, case_id, csrf, "encore", "k2") == 422
    page = browser.get(f"/console/cases/{case_id}").text
    assert "mardi" not in page
    assert "Note pour l’équipe" not in page


# ------------------------------------------------------------------------------- reopening


def test_a_case_closed_by_mistake_is_reopened_by_who_closed_it(world: World) -> None:
    """Its owner goes on with it, nobody else may; the history says so."""
    case_id = world.case()
    alice, benoit = world.browser(), world.browser()
    csrf = log_in(alice)
    act(alice, case_id, "take", csrf)
    act(alice, case_id, "close", csrf, outcome="helped")
    benoit_csrf = log_in(benoit, "benoit", BENOIT)
    act(benoit, case_id, "open", benoit_csrf)
    assert "Rouvrir" not in benoit.get(f"/console/cases/{case_id}").text
    assert act(benoit, case_id, "reopen", benoit_csrf) == 409
    assert "Rouvrir la demande" in alice.get(f"/console/cases/{case_id}").text
    assert act(alice, case_id, "reopen", csrf) == 303
    record = world.record(case_id)
    assert (record.status, record.outcome, record.owner_id) == ("taken", None, world.alice)
    text = text_of(alice.get(f"/console/cases/{case_id}").text)
    assert "Alice Martin a rouvert la demande." in text
    assert "06 12 34 56 78" in text


def test_what_the_person_erased_is_not_reopened(world: World) -> None:
    """A closed case whose data were erased stays closed."""
    case_id = _erasable(world)
    browser = world.browser()
    csrf = log_in(browser)
    act(browser, case_id, "take", csrf)
    act(browser, case_id, "close", csrf, outcome="helped")
    with world.database.session() as session:
        erase_conversation(session, "c1", START)
    assert "Rouvrir" not in browser.get(f"/console/cases/{case_id}").text
    assert act(browser, case_id, "reopen", csrf) == 409
    assert world.record(case_id).status == "closed"


# --------------------------------------------------------------------- an ended session


def _hidden(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {name: unescape(value) for name, value in found}


@pytest.mark.parametrize(
    ("action", "field", "area"),
    [("reply", "text", "text"), ("note", "note", "note")],
)
def test_what_was_written_survives_the_end_of_the_session(
    world: World, action: str, field: str, area: str
) -> None:
    """The login page says why, carries the words, and leads back to them; nothing was done."""
    case_id = world.case()
    browser = world.browser()
    csrf = log_in(browser)
    act(browser, case_id, "take", csrf)
    before = world.record(case_id).version
    world.clock.now += timedelta(hours=9)
    path = f"/console/cases/{case_id}/{action}"
    answer = browser.post(path, data={"csrf": csrf, field: LETTER}, headers=SAME)
    assert answer.status_code == 401
    assert "Votre session est finie." in text_of(answer.text)
    fields = _hidden(answer.text)
    inside = browser.post(
        "/console/login", data={**fields, "login": "alice", "password": ALICE}, headers=SAME
    )
    assert f'action="{path}"' in inside.text
    again = browser.post(path, data=_form(inside.text))
    assert again.status_code == 200
    assert "Rien n’a encore été envoyé. Relisez, puis envoyez." in text_of(again.text)
    shown = re.search(rf'<textarea id="{area}"[^>]*>([^<]*)</textarea>', again.text)
    assert shown is not None
    assert shown.group(1) == "Bonjour,\n\nvenez jeudi &lt;b&gt;à 10 h&lt;/b&gt;."
    assert world.record(case_id).version == before
    with world.database.reading() as session:
        kinds = set(session.scalars(select(CaseEventRecord.kind)))
    assert action not in kinds


def _form(page: str) -> dict[str, str]:
    """Return the fields of the form that leads back, not those of the logout."""
    return _hidden(page[page.index("data-resume") :])


def test_a_page_left_open_during_another_session_loses_nothing(world: World) -> None:
    """An old token with a new session does nothing, and gives the words back."""
    case_id = world.case()
    browser = world.browser()
    old = log_in(browser)
    act(browser, case_id, "take", old)
    browser.cookies.clear()
    log_in(browser)
    path = f"/console/cases/{case_id}/reply"
    answer = browser.post(path, data={"csrf": old, "text": LETTER}, headers=SAME)
    assert answer.status_code == 403
    fields = _form(answer.text)
    assert fields["text"] == LETTER
    assert fields["csrf"] == browser.get("/console/session").json()["csrf"] != old


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "http://testserver"},
        {"origin": "https://autre.example"},
        {"origin": "null"},
        {},
    ],
)
def test_the_words_of_a_stranger_are_never_carried(world: World, headers: dict[str, str]) -> None:
    """A form sent by another site comes back from no login page."""
    case_id = world.case()
    path = f"/console/cases/{case_id}/reply"
    answer = world.browser().post(path, data={"text": "piège"}, headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/console/login?suite=/console/cases/{case_id}",
    )


def test_the_login_page_carries_to_the_console_only(world: World) -> None:
    """A path that is not a page with words is not followed, whatever the form says."""
    browser = world.browser()
    for path in ("https://autre.example", "/console/logout", "/console/cases/x/take"):
        token = form_token(browser.get("/console/login").text)
        data = {"login": "alice", "password": ALICE, "csrf": token, "garde": path, "garde_a": "b"}
        answer = browser.post("/console/login", data=data)
        assert (answer.status_code, answer.headers["location"]) == (303, "/console")
        browser.cookies.clear()


def test_the_token_of_the_forms_is_given_to_a_session_only(world: World) -> None:
    """A script of ours reads it after a login in another tab; nobody else does."""
    browser = world.browser()
    assert browser.get("/console/session").status_code == 401
    csrf = log_in(browser)
    answer = browser.get("/console/session")
    assert answer.json() == {"csrf": csrf}
    assert answer.headers["cache-control"] == "no-store"
    with world.database.session() as session:
        session.query(AgentSessionRecord).delete()
    assert browser.get("/console/session").status_code == 401


# ---------------------------------------------------------------------------------- errors


def test_an_error_under_the_console_is_a_page_of_the_console(world: World) -> None:
    """A wrong address shows the console, its navigation, and no « Quitter vite »."""
    browser = world.browser()
    log_in(browser)
    answer = browser.get("/console/nulle-part")
    assert answer.status_code == 404
    assert "Cette page n’existe pas. Revenir à la liste des demandes" in text_of(answer.text)
    assert "Permanence téléphonique" in answer.text
    assert "Quitter" not in answer.text
    assert browser.get("/console/search").status_code == 405
    assert "Permanence" not in world.browser().get("/console/nulle-part").text
    assert [is_console(path) for path in ("/console", "/console/x", "/consoles", "/")] == [
        True, True, False, False,
    ]  # fmt: skip

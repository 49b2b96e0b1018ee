"""The lists of the console are long some days: everything in them can be reached."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from assistant.handoff import Outcome
from connectors.console.queries import EMAILS_PAGE, FINISHED_PAGE, OPEN_PAGE
from connectors.database import Database
from connectors.handoff.cases import open_case
from connectors.handoff.email import DeliveryFailed, MemoryMailer
from connectors.handoff.follow_up import close, take
from connectors.handoff.outbox import OutboxWorker
from tests.integration.consoles import PLACE, REQUEST, START, World, log_in, text_of


@pytest.fixture
def world(database: Database) -> World:
    """Give a console with two professionals and no case."""
    return World(database)


def _cases(world: World, count: int) -> list[str]:
    """Store cases a minute apart, the oldest first; return their ids."""
    ids = []
    with world.database.session() as session:
        for number in range(count):
            request = replace(REQUEST, words=(str(number),))
            at = START - timedelta(minutes=count - number)
            ids.append(open_case(session, world.vault, request, PLACE, at).case_id)
    return ids


def _walk(browser: TestClient, section: str, pattern: str) -> list[list[str]]:
    """Follow « Page suivante » of a section to its end; return what each page lists."""
    found, address = [], "/console"
    while True:
        page = browser.get(address).text
        part = page[page.index(f'id="{section}"') :]
        part = part[: part.index("</section>")]
        found.append(re.findall(pattern, part))
        following = re.search(r'href="([^"]+)" rel="next"', part)
        if following is None:
            return found
        address = following[1]


OPEN_LINK = r'<h3><a href="/console/cases/([^"]+)"'


def test_every_open_case_is_on_some_page(world: World) -> None:
    """One case more than a page: it is counted, and « Page suivante » leads to it."""
    ids = _cases(world, OPEN_PAGE + 1)
    urgent = world.case(replace(REQUEST, urgent=True))
    browser = world.browser()
    log_in(browser)
    assert f"En cours ({OPEN_PAGE + 2})" in text_of(browser.get("/console").text)
    assert _walk(browser, "encours", OPEN_LINK) == [
        [urgent, *ids[: OPEN_PAGE - 1]],
        ids[OPEN_PAGE - 1 :],
    ]


def test_a_list_that_fits_has_no_pages(world: World) -> None:
    """A full page is alone, and nothing offers a next one."""
    ids = _cases(world, OPEN_PAGE)
    browser = world.browser()
    log_in(browser)
    assert _walk(browser, "encours", OPEN_LINK) == [ids]
    assert "Page 1" not in text_of(browser.get("/console").text)


@pytest.mark.parametrize(
    ("asked", "shown"), [("2", "2"), ("3", "2"), ("0", "1"), ("-4", "1"), ("9" * 30, "2")]
)
def test_a_page_that_is_not_there_is_the_nearest_one(world: World, asked: str, shown: str) -> None:
    """Cases get finished while somebody reads: an old link still shows a page."""
    _cases(world, OPEN_PAGE + 1)
    browser = world.browser()
    log_in(browser)
    answer = browser.get(f"/console?encours={asked}")
    assert answer.status_code == 200
    assert f"Page {shown} sur 2" in text_of(answer.text)


def test_every_finished_case_is_on_some_page(world: World) -> None:
    """The case finished last comes first, the oldest is on the last page."""
    ids = _cases(world, FINISHED_PAGE + 1)
    with world.database.session() as session:
        for number, case_id in enumerate(ids):
            take(session, case_id, world.alice, START)
            at = START + timedelta(minutes=number)
            close(session, case_id, world.alice, Outcome.APPOINTMENT, at)
    browser = world.browser()
    log_in(browser)
    newest_first = ids[::-1]
    assert _walk(browser, "terminees", OPEN_LINK) == [
        newest_first[:FINISHED_PAGE],
        newest_first[FINISHED_PAGE:],
    ]


def test_every_email_that_did_not_leave_is_on_some_page(world: World) -> None:
    """E-mails given up are counted and all of them can be tried again."""
    ids = _cases(world, EMAILS_PAGE + 1)
    mailer = MemoryMailer()
    mailer.failure = DeliveryFailed("recipient_refused", permanent=True)
    OutboxWorker(world.database, world.vault, mailer, world.clock).drain()
    browser = world.browser()
    log_in(browser)
    assert f"E-mails qui ne sont pas partis ({EMAILS_PAGE + 1})" in text_of(
        browser.get("/console").text
    )
    pages = _walk(browser, "emails", r'<a href="/console/cases/([^"]+)">demande')
    assert pages == [ids[:EMAILS_PAGE], ids[EMAILS_PAGE:]]

"""The pages of the professionals: readable by everybody, on a small and on a large screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.handoff import Contact, Outcome
from connectors.console.queries import OPEN_PAGE
from connectors.database import Base, Database
from connectors.handoff.email import DeliveryFailed, MemoryMailer
from connectors.handoff.follow_up import close, take
from connectors.handoff.outbox import OutboxWorker
from tests.browser.serving import serving
from tests.browser.visitor import SCREENSHOTS, violations_of
from tests.integration.consoles import ALICE, REQUEST, START, World

pytestmark = pytest.mark.browser


@pytest.fixture(name="world", scope="module")
def _world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Give a console with two professionals and no case."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('console') / 'base.db'}")
    Base.metadata.create_all(database.engine)
    yield World(database)
    database.close()


@pytest.fixture(name="address", scope="module")
def _address(world: World) -> Iterator[str]:
    with serving(world.app()) as address:
        yield address


@pytest.fixture(name="page", params=[320, 1280])
def _page(request: pytest.FixtureRequest, address: str, browser: Browser) -> Iterator[Page]:
    """Give a tab on the login page, on a small and on a large screen."""
    context = browser.new_context(
        base_url=address, locale="fr-FR", viewport={"width": request.param, "height": 700}
    )
    page = context.new_page()
    page.goto("/console")
    yield page
    context.close()


def _check(page: Page, state: str) -> None:
    """Look at a state: no violation of axe, nothing cut on the side."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"console-{state}-{width}.png", full_page=True)
    assert violations_of(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def _log_in(page: Page) -> None:
    page.get_by_label("Identifiant").fill("alice")
    page.get_by_label("Mot de passe").fill(ALICE)
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("heading", name="Demandes", exact=True)).to_be_visible()


def _long_list(world: World) -> None:
    """Fill the console: more cases than a page, one late, one finished, e-mails that failed."""
    for number in range(OPEN_PAGE + 1):
        request = replace(REQUEST, words=(f"attente {number}",), urgent=number == 0)
        world.case(request, START - timedelta(days=20, minutes=number))
    done = world.case(replace(REQUEST, words=("terminée",)))
    with world.database.session() as session:
        take(session, done, world.alice, START)
        close(session, done, world.alice, Outcome.APPOINTMENT, START)
    mailer = MemoryMailer()
    mailer.failure = DeliveryFailed("recipient_refused", permanent=True)
    OutboxWorker(world.database, world.vault, mailer, world.clock).drain()


def test_the_door_is_accessible(page: Page, world: World) -> None:
    """The login page, a wrong password, too many of them, and the empty list."""
    _check(page, "login")
    for _ in range(6):
        page.get_by_label("Identifiant").fill("benoit")
        page.get_by_label("Mot de passe").fill("faux")
        page.get_by_role("button", name="Se connecter").click()
        if page.get_by_text("Identifiant ou mot de passe incorrect").is_visible():
            _check(page, "login-refused")
    expect(page.get_by_role("alert")).to_contain_text("Trop d’essais")
    _check(page, "login-too-many")
    # The clock of this console only moves here: the address may try again.
    world.clock.now += timedelta(hours=1)
    _log_in(page)
    _check(page, "list-first")


def test_a_case_is_accessible_at_every_step(page: Page, world: World) -> None:
    """Before it is opened, open, taken, after an error, and finished; and one that is not there."""
    world.clock.now += timedelta(hours=1)
    _log_in(page)
    width = page.viewport_size["width"] if page.viewport_size else 0
    case_id = world.case(replace(REQUEST, words=(f"étape {width}",), urgent=True))
    page.goto(f"/console/cases/{case_id}")
    _check(page, "case-unopened")
    page.get_by_role("button", name="Ouvrir").click()
    expect(page.get_by_text("La demande est ouverte.")).to_be_visible()
    _check(page, "case-open")
    page.get_by_role("button", name="Je prends").click()
    expect(page.get_by_text("Cette demande est à vous.")).to_be_visible()
    _check(page, "case-taken")
    page.get_by_label("Un rendez-vous est pris").check()
    page.get_by_role("button", name="Terminer").click()
    expect(page.get_by_text("La demande est terminée.")).to_be_visible()
    _check(page, "case-closed")
    page.goto("/console/cases/rien")
    _check(page, "case-unknown")


def test_a_case_is_printed_as_a_sheet(page: Page, world: World) -> None:
    """« Imprimer » prints; on paper there is what was asked, no navigation and no button."""
    world.clock.now += timedelta(hours=1)
    _log_in(page)
    width = page.viewport_size["width"] if page.viewport_size else 0
    case_id = world.case(replace(REQUEST, words=(f"impression {width}",)))
    page.goto(f"/console/cases/{case_id}")
    page.get_by_role("button", name="Ouvrir").click()
    page.evaluate("window.print = () => { document.title = 'imprimé'; }")
    page.get_by_role("button", name="Imprimer").click()
    expect(page).to_have_title("imprimé")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Demande ")).to_be_visible()
    expect(page.get_by_text(f"impression {width}")).to_be_visible()
    expect(page.get_by_role("navigation")).to_be_hidden()
    assert page.get_by_role("button").count() == 0


def test_errors_on_a_case_are_accessible(page: Page, world: World) -> None:
    """A case that somebody else just took, and one that has no e-mail address to answer."""
    world.clock.now += timedelta(hours=1)
    _log_in(page)
    width = page.viewport_size["width"] if page.viewport_size else 0
    ids = [
        world.case(replace(REQUEST, words=(f"{what} {width}",), contact=contact))
        for what, contact in (("prise", REQUEST.contact), ("sans", Contact(phone="+33612345678")))
    ]
    for case_id in ids:
        page.goto(f"/console/cases/{case_id}")
        page.get_by_role("button", name="Ouvrir").click()
    _check(page, "case-without-email")
    page.goto(f"/console/cases/{ids[0]}")
    with world.database.session() as session:
        take(session, ids[0], world.benoit, START)
    page.get_by_role("button", name="Je prends").click()
    expect(page.get_by_text("déjà prise par une autre personne")).to_be_visible()
    _check(page, "case-problem")


def test_a_long_list_is_accessible(page: Page, world: World) -> None:
    """Several pages of cases, urgent and late ones, finished ones, e-mails that did not leave."""
    world.clock.now += timedelta(hours=1)
    _log_in(page)
    _long_list(world)
    page.reload()
    expect(page.get_by_role("heading", name="E-mails qui ne sont pas partis")).to_be_visible()
    _check(page, "list-long")
    page.get_by_role("link", name="Page suivante des demandes en cours").click()
    expect(page.get_by_text("Page 2 sur")).to_be_visible()
    _check(page, "list-page-2")

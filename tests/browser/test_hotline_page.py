"""The hotline page in a real browser: pauses, keys, focus, and the way without a script."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect

from assistant.hotline import HotlineView
from connectors.api.ratelimit import make_limits
from connectors.console.auth import Authentication, create_agent
from connectors.console.hotline import hotline_router
from connectors.console.pages import Console
from connectors.console.router import console_router
from connectors.database import Base, Database
from connectors.encryption import Vault
from connectors.handoff.cases import Notice, open_case
from connectors.security_headers import SecurityHeaders
from tests.browser.serving import serving
from tests.browser.visitor import SCREENSHOTS, violations_of
from tests.fakes.hotline import FakeHotline

pytestmark = pytest.mark.browser

START = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
FAST = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "mot-de-passe-alice"
CALL = "ma mère de 82 ans à Vendôme ne paie plus son loyer"


class StoringHotline(FakeHotline):
    """Plays the same calls, but opens real cases, so that their page can be shown."""

    def __init__(self, database: Database, vault: Vault) -> None:
        super().__init__()
        self._database, self._vault = database, vault
        self.pause_s = 0.0

    def understand(self, text: str, corrections: Mapping[str, str]) -> HotlineView:
        """Take the time that a busy machine takes."""
        time.sleep(self.pause_s)
        return super().understand(text, corrections)

    def hand_off(self, request):  # type: ignore[no-untyped-def]
        """Store the case."""
        super().hand_off(request)
        notice = Notice(None, "https://aide.example.org", smtp=False)
        with self._database.session() as session:
            return open_case(session, self._vault, request, notice, START)


@dataclass
class Desk:
    """The console of the hotline, being served."""

    address: str
    hotline: StoringHotline


@pytest.fixture(name="desk", scope="module")
def _desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('hotline') / 'base.db'}")
    Base.metadata.create_all(database.engine)
    with database.session() as session:
        create_agent(session, "alice", PASSWORD, "Alice Martin", START, FAST)
    vault = Vault("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
    hotline = StoringHotline(database, vault)
    console = Console(
        database=database,
        vault=vault,
        authentication=Authentication(database, lambda: START, FAST),
        limits=make_limits(),
        clock=lambda: START,
        commune_name=lambda _: "Vendôme",
    )
    app = FastAPI()
    app.include_router(console_router(console))
    app.include_router(hotline_router(console, hotline))
    app.add_middleware(SecurityHeaders)
    with serving(app) as address:
        yield Desk(address, hotline)
    database.close()


@pytest.fixture(name="page", params=[True], ids=["script"])
def _page(request: pytest.FixtureRequest, desk: Desk, browser: Browser) -> Iterator[Page]:
    """Give a tab on the hotline page, signed in; ``param`` says whether scripts run."""
    context = browser.new_context(
        base_url=desk.address, java_script_enabled=request.param, locale="fr-FR",
        viewport={"width": 1280, "height": 900},
    )  # fmt: skip
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto("/console/hotline")
    _log_in(page)
    expect(page.get_by_role("heading", name="Permanence téléphonique")).to_be_visible()
    yield page
    desk.hotline.pause_s = 0.0
    context.close()
    # A violation of the Content-Security-Policy, or an error of the script, is told there;
    # so is a missing icon or an answer that a test made fail, which do not matter here.
    assert [text for text in said if not text.startswith("Failed to load resource")] == []


def _log_in(page: Page) -> None:
    page.get_by_label("Identifiant").fill("alice")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()


def _type(page: Page, text: str = CALL) -> None:
    page.get_by_label("Ce que dit la personne").press_sequentially(text, delay=1)


def _keep(page: Page, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"hotline-{name}.png", full_page=True)


def test_what_is_understood_appears_after_a_pause(page: Page, desk: Desk) -> None:
    """The agent types without leaving the text; facts, question, cards and places appear."""
    before = len(desk.hotline.understood)
    _type(page)
    expect(page.get_by_role("heading", name="Question à poser")).to_be_visible()
    expect(page.get_by_text("« Où vivez-vous en ce moment ? »")).to_be_visible()
    expect(page.get_by_role("heading", name="FSL : une aide pour payer")).to_be_visible()
    expect(page.get_by_text("1er mai 2026").first).to_be_visible()
    expect(page.get_by_role("heading", name="France services du Centre")).to_be_visible()
    expect(page.locator("#state")).to_have_text(
        "2 aides, 2 lieux. Question à poser : Où vivez-vous en ce moment ?"
    )
    assert page.evaluate("document.activeElement.id") == "text"
    # Some pauses at most, not one request for each of the fifty letters.
    assert len(desk.hotline.understood) - before < 10
    _keep(page, "call")


def test_no_state_of_the_page_has_a_barrier(page: Page) -> None:
    """axe finds nothing on the blank page, on a call with a danger and on the hand-off."""
    assert violations_of(page) == []
    _type(page, f"{CALL}, son fils la frappe")
    expect(page.get_by_role("heading", name="Danger : à dire d’abord")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_text("Danger : Si le danger est là, appelez le 17.")
    assert violations_of(page) == []
    _keep(page, "danger")
    page.keyboard.press("Alt+h")
    expect(page.get_by_role("heading", name="Transmettre une demande")).to_be_visible()
    assert violations_of(page) == []
    _keep(page, "handoff")


def test_danger_is_above_everything(page: Page) -> None:
    """The urgent text is the first thing of what is understood."""
    _type(page, f"{CALL}, son fils la frappe")
    expect(page.locator("#results h2").first).to_have_text("Danger : à dire d’abord")


def test_an_answer_moves_on(page: Page, desk: Desk) -> None:
    """Pressing an answer corrects the situation; the focus goes on, and does not get lost."""
    _type(page)
    answer = page.get_by_role("button", name="Locataire d’un propriétaire privé")
    answer.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Question à poser")).to_be_hidden()
    expect(page.get_by_label("Le logement")).to_have_value("tenant_private")
    assert page.evaluate("document.activeElement.id") == "text"
    assert desk.hotline.understood[-1] == (CALL, {"housing_status": "tenant_private"})


def test_a_fact_is_corrected_in_place(page: Page, desk: Desk) -> None:
    """Another value in the list of a fact is understood at once and keeps the focus there."""
    _type(page)
    age = page.get_by_label("L’âge")
    age.focus()
    age.select_option("De 60 à 64 ans")
    expect(page.get_by_text("corrigé : 60_64")).to_be_visible()
    assert desk.hotline.understood[-1] == (CALL, {"age": "60_64"})
    assert page.evaluate("document.activeElement.id") == "fact-age"


def test_a_field_being_edited_is_never_replaced(page: Page, desk: Desk) -> None:
    """An answer that arrives while the commune is typed leaves the field, its words, its caret."""
    _type(page)
    expect(page.get_by_role("heading", name="APL")).to_be_visible()
    desk.hotline.pause_s = 0.5
    with page.expect_response("**/advice"):
        with page.expect_request("**/advice"):
            _type(page, ", son fils la frappe")
        commune = page.locator("#fact-commune")
        commune.evaluate("field => { field.mine = true; }")
        commune.press_sequentially("Bloi")
        page.keyboard.press("ArrowLeft")
    # The answer was shown around the field.
    expect(page.get_by_role("heading", name="Danger : à dire d’abord")).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "fact-commune"
    assert commune.evaluate("field => [field.mine, field.value, field.selectionStart]") == [
        True, "Bloi", 3,
    ]  # fmt: skip
    assert page.locator("#fact-commune").count() == 1
    page.keyboard.press("End")
    page.keyboard.type("s")
    with page.expect_response("**/advice"):
        page.keyboard.press("Tab")
    assert desk.hotline.understood[-1][1] == {"commune": "Blois"}
    expect(page.get_by_text("corrigé : Blois")).to_be_visible()
    expect(commune).to_have_value("Blois")


def test_a_field_the_answer_has_not_is_kept_while_it_is_typed(page: Page, desk: Desk) -> None:
    """The fact was said no more, but the agent is writing it: it stays until it is sent."""
    _type(page)
    expect(page.get_by_role("heading", name="APL")).to_be_visible()
    desk.hotline.pause_s = 0.5
    with page.expect_response("**/advice"):
        with page.expect_request("**/advice"):
            page.get_by_label("Ce que dit la personne").fill("son fils la frappe")
        page.locator("#fact-commune").press_sequentially("Blois")
    expect(page.get_by_role("heading", name="Danger : à dire d’abord")).to_be_visible()
    expect(page.locator("#fact-commune")).to_have_value("Blois")
    assert page.evaluate("document.activeElement.id") == "fact-commune"
    with page.expect_response("**/advice"):
        page.keyboard.press("Enter")
    assert desk.hotline.understood[-1] == ("son fils la frappe", {"commune": "Blois"})


def test_an_answer_that_comes_too_late_is_dropped(page: Page, desk: Desk) -> None:
    """The answer to an older text never replaces that to the newer one."""
    # Even a browser that could not cancel the first request.
    page.evaluate("AbortController.prototype.abort = () => {}")
    desk.hotline.pause_s = 1.0
    with page.expect_request("**/advice"):
        _type(page, "loyer")
    desk.hotline.pause_s = 0.0
    _type(page, " impayé à 82 ans")
    expect(page.locator("#fact-age")).to_be_visible()
    page.wait_for_timeout(1200)
    expect(page.locator("#fact-age")).to_be_visible()


def test_a_new_call_asks_before_it_erases(page: Page) -> None:
    """With something typed, « Nouvel appel » says what is lost; else it just starts."""
    _type(page)
    page.get_by_text("Nouvel appel", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("L’appel et le résumé seront effacés.")).to_be_visible()
    expect(page.get_by_label("Ce que dit la personne")).to_have_value(CALL)
    assert violations_of(page) == []
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Ce que dit la personne")).to_have_value("")
    page.get_by_text("Nouvel appel", exact=True).click()
    expect(page.get_by_text("L’appel et le résumé seront effacés.")).to_be_hidden()


def test_a_hand_off_survives_the_end_of_the_session(page: Page, desk: Desk) -> None:
    """After a wrong password, then the right one, the form is there, filled in, not sent."""
    _type(page)
    expect(page.get_by_role("heading", name="APL")).to_be_visible()
    page.keyboard.press("Alt+h")
    page.get_by_label("Téléphone").fill("06 12 34 56 78")
    page.get_by_label("E-mail").fill("marie@example.org")
    page.get_by_label("Notes de la permanence").fill("Rappeler lundi\n\nmalentendante")
    page.get_by_label("La personne est d’accord pour l’envoi").check()
    page.context.clear_cookies()
    handed = len(desk.hotline.handed)
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page.get_by_text("Votre session est finie.")).to_be_visible()
    assert violations_of(page) == []
    page.get_by_label("Identifiant").fill("alice")
    page.get_by_label("Mot de passe").fill("faux")
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_text("Identifiant ou mot de passe incorrect.")).to_be_visible()
    _log_in(page)
    expect(page.get_by_text("Rien n’a encore été envoyé.")).to_be_visible()
    expect(page.get_by_label("Téléphone")).to_have_value("06 12 34 56 78")
    expect(page.get_by_label("E-mail")).to_have_value("marie@example.org")
    expect(page.get_by_label("Notes de la permanence")).to_have_value(
        "Rappeler lundi\n\nmalentendante"
    )
    expect(page.get_by_label("Ce que dit la personne")).to_have_value(CALL)
    expect(page.get_by_label("La personne est d’accord pour l’envoi")).to_be_checked()
    assert "?" not in page.url
    assert len(desk.hotline.handed) == handed
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page.get_by_role("heading", name="La demande est enregistrée")).to_be_visible()
    assert desk.hotline.handed[-1].contact.phone == "+33612345678"


def test_a_login_in_another_tab_is_enough(page: Page) -> None:
    """The call goes on after it, and so does its hand-off: the token of the page is renewed."""
    _type(page, "loyer")
    page.context.clear_cookies()
    _type(page, " impayé")
    expect(page.locator("#trouble")).to_be_visible()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Se connecter dans un autre onglet").click()
    _log_in(opened.value)
    expect(opened.value.get_by_role("heading", name="Permanence téléphonique")).to_be_visible()
    _type(page, " à Vendôme")
    expect(page.locator("#fact-commune")).to_be_visible()
    expect(page.locator("#trouble")).to_be_hidden()
    page.keyboard.press("Alt+h")
    expect(page.get_by_label("Ce que dit la personne")).to_have_value("loyer impayé à Vendôme")


def test_one_key_copies_a_card_into_the_summary(page: Page) -> None:
    """Alt+2 copies the second card, once, without leaving the text."""
    _type(page)
    expect(page.get_by_role("heading", name="APL")).to_be_visible()
    page.keyboard.press("Alt+2")
    notes = page.get_by_label("Résumé de l’appel")
    expect(notes).to_have_value(
        "APL : une aide pour payer le loyer chaque mois (à vérifier)\n"
        "- Faites une simulation.\n- Demandez l’aide à la Caf ou à la MSA.\n"
        "Source : Ancienne fiche d’exemple, 12 novembre 2020"
    )
    expect(page.locator("#state")).to_contain_text("Copié dans le résumé : APL")
    page.keyboard.press("Alt+2")
    expect(page.locator("#state")).to_have_text("Cette aide est déjà dans le résumé.")
    assert page.evaluate("document.activeElement.id") == "text"
    page.keyboard.press("Alt+1")
    assert notes.input_value().count("Source :") == 2


def test_one_key_opens_a_filled_hand_off(page: Page, desk: Desk) -> None:
    """Alt+H carries the call, the corrections and the summary to the form, then to the inbox."""
    _type(page)
    expect(page.get_by_role("heading", name="APL")).to_be_visible()
    page.keyboard.press("Alt+1")
    page.keyboard.press("Alt+h")
    expect(page.get_by_label("Ce que dit la personne")).to_have_value(CALL)
    assert page.get_by_label("Notes de la permanence").input_value().startswith("FSL :")
    expect(page.get_by_text("Lieu prévu : MDS de Vendôme")).to_be_visible()
    page.get_by_label("Téléphone").fill("06 12 34 56 78")
    page.get_by_label("La personne est d’accord pour l’envoi").check()
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page.get_by_role("heading", name="La demande est enregistrée")).to_be_visible()
    code = page.locator(".code").inner_text()
    assert len(code) == 6
    assert desk.hotline.handed[-1].contact.phone == "+33612345678"
    assert violations_of(page) == []
    _keep(page, "sent")


def test_going_back_to_the_call_loses_nothing(page: Page) -> None:
    """From the hand-off the agent goes back to the call as it was."""
    _type(page)
    page.get_by_label("L’âge").select_option("De 60 à 64 ans")
    expect(page.get_by_text("corrigé : 60_64")).to_be_visible()
    page.keyboard.press("Alt+h")
    page.get_by_role("button", name="Revenir à l’appel").click()
    expect(page.get_by_label("Ce que dit la personne")).to_have_value(CALL)
    expect(page.get_by_label("L’âge")).to_have_value("60_64")


def test_a_service_that_does_not_answer_is_told(page: Page) -> None:
    """When the answer fails the text stays, a message says so and leaves when it works again."""
    page.route("**/advice", lambda route: route.fulfill(status=503))
    _type(page, "loyer")
    expect(page.locator("#trouble")).to_be_visible()
    page.unroute("**/advice")
    _type(page, " impayé")
    expect(page.locator("#trouble")).to_be_hidden()
    expect(page.get_by_label("Ce que dit la personne")).to_have_value("loyer impayé")


def test_the_page_fits_a_small_screen(page: Page) -> None:
    """At 320 pixels nothing is cut on the side, and axe still finds nothing."""
    page.set_viewport_size({"width": 320, "height": 700})
    _type(page, f"{CALL}, son fils la frappe")
    expect(page.get_by_role("heading", name="APL")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert violations_of(page) == []
    _keep(page, "320")


@pytest.mark.parametrize("page", [False], indirect=True, ids=["no script"])
def test_without_script_a_hand_off_survives_the_end_of_the_session(page: Page) -> None:
    """One more button, and the form is there, filled in."""
    page.get_by_label("Ce que dit la personne").fill(CALL)
    page.get_by_role("button", name="Transmettre à un professionnel").click()
    page.get_by_label("E-mail").fill("marie@example.org")
    page.get_by_label("La personne est d’accord pour l’envoi").check()
    page.context.clear_cookies()
    page.get_by_role("button", name="Envoyer la demande").click()
    _log_in(page)
    expect(page.get_by_text("rien n’est perdu")).to_be_visible()
    page.get_by_role("button", name="Revenir à ce que j’écrivais").click()
    expect(page.get_by_label("E-mail")).to_have_value("marie@example.org")
    expect(page.get_by_label("Ce que dit la personne")).to_have_value(CALL)


@pytest.mark.parametrize("page", [False], indirect=True, ids=["no script"])
def test_the_page_works_without_script(page: Page, desk: Desk) -> None:
    """With the buttons alone: understand, answer, copy, hand over."""
    page.get_by_label("Ce que dit la personne").fill(CALL)
    page.get_by_role("button", name="Voir ce qui est compris").click()
    page.get_by_role("button", name="Locataire d’un propriétaire privé").click()
    assert desk.hotline.understood[-1] == (CALL, {"housing_status": "tenant_private"})
    page.get_by_role("button", name="Copier dans le résumé : APL").click()
    assert page.get_by_label("Résumé de l’appel").input_value().startswith("APL :")
    page.get_by_role("button", name="Transmettre à un professionnel").click()
    page.get_by_label("E-mail").fill("marie@example.org")
    page.get_by_label("La personne est d’accord pour l’envoi").check()
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page.get_by_role("heading", name="La demande est enregistrée")).to_be_visible()
    assert desk.hotline.handed[-1].contact.email == "marie@example.org"

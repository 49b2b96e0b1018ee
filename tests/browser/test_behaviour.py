"""What the script adds, and what still works without it: focus, failures, exit, erasure."""

from __future__ import annotations

import gzip

import pytest
from playwright.sync_api import Route, expect

from tests.browser.visitor import NEUTRAL, Site, Visits, hold, release, wait_until_sent

pytestmark = pytest.mark.browser

QUESTION = "Question de l’assistant"
TENANT = "Locataire d’un propriétaire privé"


def test_a_keyboard_is_enough(visit: Visits) -> None:
    """From the first page to the cards with Tab, Enter and Space; focus follows the answer."""
    visitor = visit()
    keyboard = visitor.page.keyboard
    keyboard.press("Tab")
    assert visitor.focused() == "Aller au contenu"
    keyboard.press("Tab")
    keyboard.press("Enter")  # « Aller au message à écrire »
    expect(visitor.page.get_by_label("Votre message")).to_be_focused()
    keyboard.type("j’arrive plus")
    keyboard.press("Shift+Enter")
    keyboard.type("à payer mon loyer")
    keyboard.press("Enter")
    visitor.expect(QUESTION)
    assert visitor.page.locator(".citizen p").inner_text() == "j’arrive plus\nà payer mon loyer"
    expect(visitor.page.locator("#fil .assistant h2").first).to_be_focused()
    keyboard.press("Tab")
    assert visitor.focused() == TENANT
    keyboard.press("Space")
    # The focus moves once the cards are drawn, a moment after they are in the page.
    cards = visitor.page.get_by_role("heading", name="Des aides à regarder").last
    expect(cards).to_be_focused()


def test_every_target_is_large(visit: Visits) -> None:
    """Every button and every link that stands alone is at least 44 pixels high."""
    visitor = visit(320, 568)
    visitor.say("loyer")
    visitor.expect(QUESTION)
    visitor.page.get_by_role("button", name=TENANT).click()
    visitor.expect("Des lieux où aller")
    small = visitor.page.evaluate(
        """[...document.querySelectorAll('button, summary, .tool, .call, .ways a, footer a')]
        .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 44)
        .map(one => one.textContent)"""
    )
    assert small == []


def test_the_page_says_that_it_works(visit: Visits) -> None:
    """While the answer is on its way the status says so; then it is quiet again."""
    visitor = visit()
    held = hold(visitor)
    visitor.say("loyer")
    status = visitor.page.get_by_role("status")
    expect(status).to_have_text("L’assistant cherche…")
    assert visitor.page.locator(".citizen p").inner_text() == "loyer"
    release(visitor, held)
    visitor.expect(QUESTION)
    expect(status).to_have_text("")


def test_focus_is_not_stolen_while_typing(visit: Visits) -> None:
    """Who has begun another message keeps the focus, and is told that an answer came."""
    visitor = visit()
    held = hold(visitor)
    visitor.page.get_by_label("Votre message").fill("loyer")
    visitor.page.keyboard.press("Enter")
    visitor.page.keyboard.type("et aussi")
    release(visitor, held)
    visitor.expect(QUESTION)
    field = visitor.page.get_by_label("Votre message")
    expect(field).to_be_focused()
    expect(field).to_have_value("et aussi")
    expect(visitor.page.get_by_role("status")).to_have_text("Une réponse est arrivée, au-dessus.")


def test_nothing_typed_is_lost_when_the_network_fails(visit: Visits, site: Site) -> None:
    """A message that did not leave comes back in its box; « Réessayer » sends it, once."""
    visitor = visit()
    site.gateway.said.clear()
    held = hold(visitor)
    visitor.page.get_by_label("Votre message").fill("loyer")
    visitor.page.keyboard.press("Enter")
    visitor.page.keyboard.type("et aussi")
    expect(visitor.page.get_by_role("status")).to_have_text("L’assistant cherche…")
    wait_until_sent(visitor, held)
    held[0].abort()
    visitor.page.unroute("**/parler")
    alert = visitor.page.get_by_role("alert")
    expect(alert).to_contain_text("Votre message n’est pas parti.")
    expect(visitor.page.get_by_label("Votre message")).to_have_value("loyer\net aussi")
    assert visitor.page.locator(".citizen").count() == 0
    visitor.page.get_by_role("button", name="Réessayer").click()
    visitor.expect(QUESTION)
    expect(alert).to_be_hidden()
    assert site.gateway.said == [("loyer\net aussi", None)]


def test_a_lost_answer_is_not_played_twice(visit: Visits, site: Site) -> None:
    """When the answer is lost on the way back, trying again gives it without a second turn."""
    visitor = visit()
    visitor.say("bonjour")
    visitor.expect("L’assistant")
    site.gateway.said.clear()

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    visitor.page.route("**/parler", lose)
    visitor.say("loyer")
    retry = visitor.page.get_by_role("button", name="Réessayer")
    expect(retry).to_be_visible()
    visitor.page.unroute("**/parler")
    retry.click()
    visitor.expect(QUESTION)
    assert site.gateway.said == [("loyer", None)]
    assert visitor.page.locator("#fil h2", has_text=QUESTION).count() == 1


def test_an_answer_cut_in_the_middle_can_be_asked_again(visit: Visits) -> None:
    """A stream that stops before « done » leaves no half answer, and can be tried again."""
    visitor = visit()
    cut = 'event: working\ndata: {}\n\nevent: message\ndata: {"html": "<li class=\\"message\\">'
    whole = cut + '<h2 class=\\"who\\">à moitié</h2></li>", "discreet": false}\n\n'
    visitor.page.route(
        "**/parler",
        lambda route: route.fulfill(body=whole, content_type="text/event-stream; charset=utf-8"),
    )
    visitor.say("loyer")
    expect(visitor.page.get_by_role("button", name="Réessayer")).to_be_visible()
    assert visitor.page.get_by_text("à moitié").count() == 0
    visitor.page.unroute("**/parler")
    visitor.page.get_by_role("button", name="Réessayer").click()
    visitor.expect(QUESTION)


def test_a_choice_that_failed_can_be_tried_again(visit: Visits) -> None:
    """A choice is not typed: « Réessayer » sends the same choice."""
    visitor = visit()
    visitor.say("loyer")
    visitor.expect(QUESTION)
    visitor.page.route("**/parler", lambda route: route.abort())
    visitor.page.get_by_role("button", name=TENANT).click()
    expect(visitor.page.get_by_role("alert")).to_be_visible()
    visitor.page.unroute("**/parler")
    visitor.page.get_by_role("button", name="Réessayer").click()
    visitor.expect("Des aides à regarder")
    assert visitor.page.locator(".citizen p").all_inner_texts() == ["loyer", TENANT]


@pytest.mark.parametrize("js", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_only_the_last_choices_can_be_pressed(visit: Visits, js: bool) -> None:
    """Once answered, a question keeps its text and loses its buttons."""
    visitor = visit(js=js)
    visitor.say("loyer")
    visitor.expect(QUESTION)
    visitor.page.get_by_role("button", name=TENANT).click()
    visitor.expect("Des lieux où aller")
    assert visitor.page.locator(".thread .choices button").all_inner_texts() == [
        "Parler à quelqu’un",
        "Autre chose",
    ]


@pytest.mark.parametrize("js", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_the_urgent_card_comes_first_and_the_title_is_neutral(visit: Visits, js: bool) -> None:
    """For violence the urgent card opens the answer and the tab says nothing of it."""
    visitor = visit(js=js)
    visitor.say("il me frappe")
    visitor.expect("Urgent : de l’aide maintenant")
    turn = visitor.page.locator("#fil li.citizen ~ li > h2").all_inner_texts()
    assert turn == ["Urgent : de l’aide maintenant", "L’assistant"]
    assert visitor.page.title() == "Informations pratiques"
    calls = visitor.page.locator(".urgent .call")
    assert [call.get_attribute("href") for call in calls.all()] == [
        "tel:17",
        "tel:114",
        "tel:3919",
    ]
    expect(visitor.page.locator(".urgent")).to_contain_text("passer par le 114 (SMS)")


@pytest.mark.parametrize("js", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_conversation_is_there_after_reloading(visit: Visits, js: bool) -> None:
    """Loading the page again, or coming back from another, shows the same conversation."""
    visitor = visit(js=js)
    visitor.say("loyer")
    visitor.expect(QUESTION)
    visitor.page.goto("/aide")
    visitor.page.goto("/")
    visitor.expect(QUESTION)
    assert visitor.page.locator(".citizen p").inner_text() == "loyer"


def test_nothing_is_on_the_device_before_the_first_message(visit: Visits, site: Site) -> None:
    """Reading the page makes no cookie and no conversation; writing makes a session cookie."""
    visitor = visit()
    before = len(site.gateway.conversations)
    assert visitor.context.cookies() == []
    visitor.say("loyer")
    visitor.expect(QUESTION)
    (cookie,) = visitor.context.cookies()
    assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"], cookie["expires"]) == (
        "conversation",
        True,
        "Strict",
        -1,
    )
    assert visitor.page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert len(site.gateway.conversations) == before + 1


@pytest.mark.parametrize("way", ["link", "escape"])
def test_quick_exit_leaves_nothing_behind(visit: Visits, way: str) -> None:
    """The link, or Escape three times, opens the neutral page; « back » does not return."""
    visitor = visit(path="about:blank")
    visitor.page.goto("/")
    visitor.say("il me frappe")
    visitor.expect("Urgent")
    if way == "link":
        visitor.page.get_by_role("link", name="Quitter vite").click()
    else:
        for _ in range(3):
            visitor.page.keyboard.press("Escape")
    visitor.page.wait_for_url(NEUTRAL)
    assert visitor.outside == [NEUTRAL]
    visitor.page.go_back()
    assert visitor.page.url == "about:blank"
    visitor.page.goto("/")
    assert visitor.context.cookies() == []
    assert visitor.page.get_by_text("frappe").count() == 0


def test_escape_twice_stays(visit: Visits) -> None:
    """Escape pressed twice, or with other keys in between, does not leave the page."""
    visitor = visit()
    for key in ("Escape", "Escape", "a", "Escape"):
        visitor.page.keyboard.press(key)
    visitor.say("loyer")
    visitor.expect(QUESTION)


def test_quick_exit_without_javascript(visit: Visits) -> None:
    """The same link forgets the conversation and leads to the neutral page by itself."""
    visitor = visit(js=False)
    visitor.say("il me frappe")
    visitor.expect("Urgent")
    visitor.page.get_by_role("link", name="Quitter vite").click()
    visitor.page.wait_for_url(NEUTRAL)
    assert visitor.context.cookies() == []
    visitor.page.go_back()
    assert visitor.page.get_by_text("frappe").count() == 0


@pytest.mark.parametrize("js", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_erasing_asks_once_and_leaves_nothing(visit: Visits, site: Site, js: bool) -> None:
    """After the confirmation nothing is left: not here, not on the device, not behind « back »."""
    visitor = visit(js=js)
    visitor.say("mon loyer secret")
    visitor.expect(QUESTION)
    before = len(site.gateway.conversations)
    visitor.page.get_by_role("link", name="Effacer mes données").click()
    asked = visitor.page.locator("dialog" if js else "main")
    expect(asked.get_by_role("heading", name="Effacer mes données ?")).to_be_visible()
    assert len(site.gateway.conversations) == before
    asked.get_by_role("button", name="Oui, tout effacer").click()
    expect(visitor.page.get_by_role("heading", name="C’est effacé")).to_be_visible()
    assert len(site.gateway.conversations) == before - 1
    assert visitor.context.cookies() == []
    visitor.page.go_back()
    assert visitor.page.get_by_text("secret").count() == 0


@pytest.mark.parametrize("js", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_erasing_in_words_leaves_nothing_either(visit: Visits, js: bool) -> None:
    """Asked in the conversation itself: « C’est effacé » is seen, and nothing else is left."""
    visitor = visit(js=js)
    visitor.say("mon loyer secret")
    visitor.expect(QUESTION)
    visitor.say("efface tout")
    visitor.page.locator("#fil").get_by_role("button", name="Oui, tout effacer").click()
    expect(visitor.page.get_by_role("heading", name="C’est effacé")).to_be_visible()
    assert visitor.context.cookies() == []
    visitor.page.go_back()
    assert visitor.page.get_by_text("secret").count() == 0


def test_changing_one_s_mind_keeps_everything(visit: Visits) -> None:
    """« Non, revenir » closes the question; the conversation and the draft are still there."""
    visitor = visit()
    visitor.say("loyer")
    visitor.expect(QUESTION)
    visitor.page.get_by_label("Votre message").fill("brouillon")
    visitor.page.get_by_role("link", name="Effacer mes données").click()
    visitor.page.get_by_role("button", name="Non, revenir").click()
    expect(visitor.page.get_by_label("Votre message")).to_have_value("brouillon")
    visitor.expect(QUESTION)


def test_the_whole_page_is_light(visit: Visits) -> None:
    """Page, style, script and icon of a conversation with cards weigh less than 100 KB."""
    visitor = visit()
    visitor.say("loyer")
    visitor.expect(QUESTION)
    visitor.page.get_by_role("button", name=TENANT).click()
    visitor.expect("Des lieux où aller")
    sizes: list[bytes] = []
    visitor.page.on("response", lambda response: sizes.append(response.body()))
    visitor.page.goto("/")
    visitor.page.wait_for_load_state("networkidle")
    assert len(sizes) >= 3
    assert sum(len(body) for body in sizes) < 100_000
    assert sum(len(gzip.compress(body)) for body in sizes) < 20_000


def test_long_words_do_not_push_the_page(visit: Visits) -> None:
    """A word of 500 letters without a break stays within a screen of 320 pixels."""
    visitor = visit(320, 568)
    visitor.say("x" * 500)
    visitor.expect("L’assistant")
    assert visitor.page.evaluate("document.documentElement.scrollWidth") == 320


def test_what_a_person_types_is_never_code(visit: Visits) -> None:
    """Markup typed in a message is shown as it is, with the script and after reloading."""
    visitor = visit()
    typed = "<img src=x onerror=alert(1)><b>loyer</b>"
    visitor.say(typed)
    visitor.expect(QUESTION)
    assert visitor.page.locator(".citizen p").inner_text() == typed
    visitor.page.reload()
    assert visitor.page.locator(".citizen p").inner_text() == typed
    assert visitor.page.locator(".thread img").count() == 0


def test_the_policy_stops_code_that_is_not_ours(visit: Visits) -> None:
    """An inline script does not run, even if one slipped into the page."""
    visitor = visit()
    visitor.page.evaluate(
        """() => { const script = document.createElement('script');
        script.textContent = 'window.ran = true'; document.body.append(script); }"""
    )
    assert visitor.page.evaluate("window.ran === undefined")
    assert "Content Security Policy" in visitor.console[0]


def test_printing_shows_everything_that_was_folded(visit: Visits) -> None:
    """On paper the details of the cards are open and the buttons are gone."""
    visitor = visit()
    visitor.say("loyer")
    visitor.expect(QUESTION)
    visitor.page.get_by_role("button", name=TENANT).click()
    visitor.expect("Des lieux où aller")
    visitor.page.emulate_media(media="print")
    expect(visitor.page.get_by_text("Envoyez le dossier.")).to_be_visible()
    expect(visitor.page.get_by_role("link", name="Quitter vite")).to_be_hidden()

"""Every state of the pages: readable by everybody, on a small and on a large screen.

320 CSS pixels is also what a screen of 1,280 pixels shows at 400 % zoom.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor, Visits, hold, wait_until_sent
from tests.fakes.gateway import CODE, CRASH

pytestmark = pytest.mark.browser

Check = Callable[[str], None]
Path = Callable[["Visitor", Check], None]


def talk(visitor: Visitor, check: Check) -> None:
    """Go through the conversation, from the first page to the urgent card."""
    check("first")
    visitor.say("j’arrive plus à payer mon loyer")
    visitor.expect("Question de l’assistant")
    check("question")
    visitor.page.get_by_role("button", name="Locataire d’un propriétaire privé").click()
    visitor.expect("Des lieux où aller")
    check("cards")
    for details in visitor.page.locator("details").all():
        details.locator("summary").click()
    check("cards-open")
    visitor.page.locator(".tools button").click()
    visitor.expect("Parler à quelqu’un")
    check("consent")
    visitor.page.get_by_role("button", name="Oui, je suis d’accord").click()
    visitor.expect("Parler à quelqu’un", times=2)
    check("contact")
    visitor.say("06 12 34 56 78")
    visitor.expect("Votre reçu")
    check("receipt")
    visitor.say("il me frappe")
    visitor.expect("Urgent")
    check("urgent")


def go_wrong(visitor: Visitor, check: Check) -> None:
    """Meet the errors: a message too long, a breakdown, a page that does not exist."""
    visitor.say("a" * 2001)
    visitor.page.get_by_role("alert").get_by_text("trop long").wait_for()
    check("too-long")
    visitor.say(CRASH)
    visitor.page.get_by_text("Quelque chose n’a pas marché de notre côté").wait_for()
    check("breakdown")
    visitor.page.goto("/nulle-part")
    check("not-found")


def read_around(visitor: Visitor, check: Check) -> None:
    """Read the other pages and erase."""
    for name in ("demande", "aide", "confidentialite", "catalogue"):
        visitor.page.goto(f"/{name}")
        check(name)
    visitor.page.get_by_role("link", name="Logement", exact=True).click()
    check("catalogue-theme")
    visitor.page.get_by_role("link", name="APL :").first.click()
    visitor.page.get_by_role("heading", name="D’où vient cette fiche").wait_for()
    check("catalogue-card")
    visitor.page.goto("/demande")
    for code, name, said in (
        ("CDFHJK", "case-unknown", "Je ne trouve pas cette demande."),
        (f"{CODE[:3]} {CODE[3:]}", "case", "Un professionnel s’occupe de votre demande"),
    ):
        visitor.page.get_by_label("Le code de votre reçu").fill(code)
        visitor.page.get_by_role("button", name="Voir où elle en est").click()
        visitor.page.get_by_text(said).wait_for()
        check(name)
    visitor.page.goto("/effacer")
    check("nothing-to-erase")
    visitor.page.goto("/")
    visitor.say("bonjour")
    visitor.expect("L’assistant")
    visitor.page.goto("/effacer")
    check("erase")
    visitor.page.locator("main").get_by_role("button", name="Oui, tout effacer").click()
    visitor.page.get_by_role("heading", name="C’est effacé").wait_for()
    check("erased")


def wait_and_hesitate(visitor: Visitor, check: Check) -> None:
    """Wait for an answer, lose it, get it, then think twice before erasing."""
    page, held = visitor.page, hold(visitor)
    visitor.say("j’arrive plus à payer mon loyer")
    page.get_by_text("L’assistant cherche…").wait_for()
    check("working")
    wait_until_sent(visitor, held)
    held[0].abort()
    page.get_by_role("button", name="Réessayer").wait_for()
    check("lost")
    page.unroute("**/parler")
    page.get_by_role("button", name="Réessayer").click()
    visitor.expect("Question de l’assistant")
    page.get_by_role("link", name="Effacer mes données").click()
    page.get_by_role("dialog").wait_for()
    check("erase-dialog")
    page.get_by_role("button", name="Non, revenir").click()
    check("erase-dialog-closed")


def write_too_fast(visitor: Visitor, check: Check) -> None:
    """Write again at once where a message must wait half a minute."""
    visitor.say("j’arrive plus à payer mon loyer")
    visitor.expect("Question de l’assistant")
    visitor.say("et aussi l’électricité")
    visitor.say("et aussi l’électricité")
    visitor.page.get_by_role("alert").get_by_text("Beaucoup de messages").wait_for()
    check("too-many")
    expect(visitor.page.get_by_label("Votre message")).to_have_value("et aussi l’électricité")


@pytest.mark.parametrize("path", [talk, go_wrong, read_around])
@pytest.mark.parametrize(
    ("width", "js", "dark"),
    [
        pytest.param(320, True, False, id="320 px with JavaScript"),
        pytest.param(320, False, True, id="320 px without JavaScript, dark"),
        pytest.param(1280, True, True, id="1280 px with JavaScript, dark"),
        pytest.param(1280, False, False, id="1280 px without JavaScript"),
    ],
)
def test_every_state_is_accessible(
    visit: Visits,
    path: Path,
    width: int,
    js: bool,
    dark: bool,
) -> None:
    """No state has a violation of axe, scrolls sideways, or asks for anything outside."""
    visitor = visit(width, 1024 if width == 1280 else 568, js=js, dark=dark)
    _assert_accessible(visitor, path, f"{width}-{'js' if js else 'nojs'}{'-dark' if dark else ''}")
    # The browser itself notes in its console that an answer was an error.
    failures = "Failed to load resource" if path in (go_wrong, read_around) else "nothing"
    assert [said for said in visitor.console if failures not in said] == []


@pytest.mark.parametrize(("width", "dark"), [(320, True), (1280, False)])
def test_what_the_script_adds_is_accessible(visit: Visits, width: int, dark: bool) -> None:
    """While the assistant works, when the network fails, and in the dialog that erases."""
    visitor = visit(width, 568, dark=dark)
    _assert_accessible(visitor, wait_and_hesitate, f"{width}-js{'-dark' if dark else ''}")


@pytest.mark.parametrize("js", [True, False], ids=["with JavaScript", "without JavaScript"])
@pytest.mark.parametrize(("width", "dark"), [(320, False), (1280, True)])
def test_being_asked_to_wait_is_accessible(
    strict_visit: Visits, width: int, dark: bool, js: bool
) -> None:
    """Too many messages in a short time: the sentence, and the message still in its box."""
    visitor = strict_visit(width, 568, js=js, dark=dark)
    name = f"{width}-{'js' if js else 'nojs'}{'-dark' if dark else ''}"
    _assert_accessible(visitor, write_too_fast, name)


def _assert_accessible(visitor: Visitor, path: Path, name: str) -> None:
    """Go along ``path``: no state has a violation, is too wide, or asks for anything outside."""
    found: dict[str, list[str]] = {}
    wide: list[str] = []

    def check(state: str) -> None:
        visitor.screenshot(f"{state}-{name}")
        if violations := visitor.violations():
            found[state] = violations
        if visitor.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wide.append(state)

    path(visitor, check)
    assert found == {}
    assert wide == []
    assert visitor.outside == []

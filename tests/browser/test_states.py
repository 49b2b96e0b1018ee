"""Every state of the pages: readable by everybody, on a small and on a large screen.

320 CSS pixels is also what a screen of 1,280 pixels shows at 400 % zoom.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.visitor import Visitor, Visits
from tests.fakes.gateway import CRASH

pytestmark = pytest.mark.browser

Check = Callable[[str], None]


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
    for name in ("demande", "aide", "confidentialite"):
        visitor.page.goto(f"/{name}")
        check(name)
    visitor.page.goto("/demande")
    for code, name, said in (
        ("AAAAAA", "case-unknown", "Je ne trouve pas cette demande."),
        ("K7M 2QX", "case", "Un professionnel s’occupe de votre demande"),
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
    path: Callable[[Visitor, Check], None],
    width: int,
    js: bool,
    dark: bool,
) -> None:
    """No state has a violation of axe, scrolls sideways, or asks for anything outside."""
    visitor = visit(width, 1024 if width == 1280 else 568, js=js, dark=dark)
    found: dict[str, list[str]] = {}
    wide: list[str] = []

    def check(name: str) -> None:
        visitor.screenshot(f"{name}-{width}-{'js' if js else 'nojs'}{'-dark' if dark else ''}")
        if violations := visitor.violations():
            found[name] = violations
        if visitor.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wide.append(name)

    path(visitor, check)
    assert found == {}
    assert wide == []
    assert visitor.outside == []
    # The browser itself notes in its console that an answer was an error.
    failures = "Failed to load resource" if path in (go_wrong, read_around) else "nothing"
    assert [said for said in visitor.console if failures not in said] == []

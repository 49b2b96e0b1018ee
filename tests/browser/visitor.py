"""Somebody's browser on the pages: what the tests of this folder do and see."""

from __future__ import annotations

from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Page, Route

from connectors.settings import Settings
from tests.fakes.gateway import FakeGateway

NEUTRAL = "https://www.meteofrance.com/"
SCREENSHOTS = Settings().var_dir / "screenshots"

#: How long the browser waits for something to appear, in milliseconds.
PATIENCE_MS = 15_000


def violations_of(page: Page) -> list[str]:
    """Return the violations that axe finds on the page, of any impact."""
    report = Axe().run(page).response["violations"]
    return [f"{one['id']} ({one['impact']}): {one['nodes'][0]['html']}" for one in report]


@dataclass
class Site:
    """The running site and what the assistant was told."""

    address: str
    gateway: FakeGateway


@dataclass
class Visitor:
    """Somebody's tab: the page, what its console said, what it asked outside our site."""

    page: Page
    context: BrowserContext
    twin: Page | None = None
    console: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def screenshot(self, name: str) -> None:
        """Keep a picture of the whole page, to be looked at."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)

    def violations(self) -> list[str]:
        """Return the violations that axe finds on the page, of any impact.

        axe needs timers, which a browser without JavaScript does not have: the HTML shown
        there is checked in a twin tab where only our script is missing.
        """
        page = self.page
        if self.twin is not None:
            html = page.content()
            self.twin.route(
                "**/twin", lambda route: route.fulfill(body=html, content_type="text/html")
            )
            self.twin.goto("/twin")
            self.twin.unroute("**/twin")
            page = self.twin
        return violations_of(page)

    def say(self, text: str) -> None:
        """Type a message and press the button."""
        self.page.get_by_label("Votre message").fill(text)
        self.page.get_by_role("button", name="Envoyer", exact=True).click()

    def expect(self, heading: str, times: int = 1) -> None:
        """Wait until the conversation has this heading so many times."""
        found = self.page.locator("#fil h2", has_text=heading)
        found.nth(times - 1).wait_for(timeout=10_000)

    def focused(self) -> str:
        """Return the text of what has the focus."""
        return str(self.page.evaluate("document.activeElement.textContent.trim()"))

    def watch(self, site: Site) -> None:
        """Write down the console and answer in the place of everything outside our site."""

        def answer(route: Route) -> None:
            if route.request.url.startswith(site.address):
                route.continue_()
                return
            self.outside.append(route.request.url)
            route.fulfill(body="<title>Météo</title><h1>Météo</h1>", content_type="text/html")

        self.context.route("**/*", answer)
        self.page.on("console", lambda message: self.console.append(message.text))
        self.page.on("pageerror", lambda error: self.console.append(str(error)))


def hold(visitor: Visitor) -> list[Route]:
    """Keep the next messages on the way, as a slow network does; return them."""
    held: list[Route] = []
    visitor.page.route("**/parler", lambda route: held.append(route))
    return held


def wait_until_sent(visitor: Visitor, held: list[Route]) -> None:
    """Wait until a message is on its way."""
    while not held:
        visitor.page.wait_for_timeout(10)


def release(visitor: Visitor, held: list[Route]) -> None:
    """Let the messages through."""
    wait_until_sent(visitor, held)
    for route in held:
        route.continue_()
    visitor.page.unroute("**/parler")


@dataclass
class Visits:
    """Opens a tab on a new device, as often as a test needs one."""

    site: Site
    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)

    def __call__(
        self,
        width: int = 1280,
        height: int = 800,
        *,
        js: bool = True,
        dark: bool = False,
        path: str = "/",
    ) -> Visitor:
        """Open ``path`` on a screen of this size in CSS pixels."""
        context = self._device(width, height, js=js, dark=dark)
        visitor = Visitor(context.new_page(), context)
        visitor.watch(self.site)
        if not js:
            visitor.twin = self._device(width, height, js=True, dark=dark).new_page()
            visitor.twin.route("**/*.js*", lambda route: route.abort())
        visitor.page.goto(path)
        return visitor

    def _device(self, width: int, height: int, *, js: bool, dark: bool) -> BrowserContext:
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            java_script_enabled=js,
            color_scheme="dark" if dark else "light",
            locale="fr-FR",
            base_url=self.site.address,
        )
        context.set_default_timeout(PATIENCE_MS)
        self.contexts.append(context)
        return context

    def close(self) -> None:
        """Close every tab."""
        for context in self.contexts:
            context.close()

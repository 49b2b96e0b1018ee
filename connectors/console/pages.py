"""What every page of the console shares: who asks, the token of its forms, its look.

Routers of the console use ``ConsoleRoute``, so that a page may stop half-way with an answer:

    Stop   ends the handling of a request with this response (a redirect, an error page)

What somebody was writing when their session ended is given back to them: see ``unsent``.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from connectors.console.auth import Authentication, SignedIn
from connectors.console.ports import LoginLimits
from connectors.console.unsent import RESUMED, Unsent, may_keep, page_of, unsent_of
from connectors.console.wording import FILTERS, NO_PAGE, PAGE_EXPIRED, SESSION_CHANGED
from connectors.database import Database
from connectors.encryption import Vault
from connectors.identifiers import new_token
from connectors.security_headers import secure_headers

_FOLDER: Final = Path(__file__).parent
_MEDIA: Final = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
SESSION_COOKIE: Final = "console_session"
#: Proves that the login form came from here: a stranger's page cannot log somebody in.
LOGIN_COOKIE: Final = "console_login"
#: Cookies of the console are sent to the console only.
COOKIE_PATH: Final = "/console"
_OWN_PAGE: Final = re.compile(r"/console(/[A-Za-z0-9_-]+)*")


class Stop(Exception):
    """Ends the handling of a request with this response.

    ``keeping`` makes the response instead, from what the form of the request held.
    """

    def __init__(
        self, response: Response, keeping: Callable[[Unsent], Response] | None = None
    ) -> None:
        self.response, self.keeping = response, keeping
        super().__init__(f"stopped with {response.status_code}")


class ConsoleRoute(APIRoute):
    """A route whose handler may raise ``Stop``."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler that turns ``Stop`` into its response."""
        handle = super().get_route_handler()

        async def handle_or_stop(request: Request) -> Response:
            try:
                return await handle(request)
            except Stop as stop:
                if stop.keeping is None:
                    return stop.response
                # The form was read by the handler already: it is not read twice.
                typed = {name: str(value) for name, value in (await request.form()).items()}
                return stop.keeping(unsent_of(request.url.path, typed))

        return handle_or_stop


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that the browser may keep: its address changes with its content."""

    content: bytes
    media_type: str
    url: str


def load_assets() -> dict[str, Asset]:
    """Return the files of ``static/`` by name."""
    assets = {}
    for path in sorted((_FOLDER / "static").iterdir()):
        if path.suffix in _MEDIA:
            content = path.read_bytes()
            version = hashlib.sha256(content).hexdigest()[:12]
            url = f"/console/static/{path.name}?v={version}"
            assets[path.name] = Asset(content, _MEDIA[path.suffix], url)
    return assets


def _templates(assets: dict[str, Asset]) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    environment.globals["asset"] = lambda name: assets[name].url
    return environment


@dataclass(frozen=True)
class Console:
    """What the pages work with.

    ``smtp`` says whether e-mails can leave, ``wake`` sends those that wait; ``entry_title``,
    ``commune_name`` and ``danger_label`` put French names on catalogue ids, codes INSEE and
    rules of danger.
    """

    database: Database
    vault: Vault
    authentication: Authentication
    limits: LoginLimits
    clock: Callable[[], datetime]
    https: bool = False
    smtp: bool = False
    wake: Callable[[], None] = lambda: None
    entry_title: Callable[[str], str] = lambda entry_id: entry_id
    commune_name: Callable[[str], str] = lambda code_insee: code_insee
    danger_label: Callable[[str], str] = lambda rule: rule
    assets: dict[str, Asset] = field(default_factory=load_assets)
    _environment: Environment = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Prepare the templates."""
        object.__setattr__(self, "_environment", _templates(self.assets))

    # ---------------------------------------------------------------------- who asks

    def current_agent(self, request: Request) -> SignedIn | None:
        """Return the professional behind the request, or None."""
        token = request.cookies.get(SESSION_COOKIE)
        return self.authentication.who(token) if token else None

    def require_agent(self, request: Request) -> SignedIn:
        """Return the professional behind the request; raise ``Stop`` to the login page.

        Usable as a FastAPI dependency of a router with ``ConsoleRoute``.
        """
        agent = self.current_agent(request)
        if agent is None:
            path = request.url.path
            page = path if request.method == "GET" else page_of(path)
            wanted = f"?suite={quote(page)}" if page else ""
            keeping = self.login_page if _keeps(request) else None
            raise Stop(self.redirect(f"/console/login{wanted}"), keeping)
        return agent

    def check_csrf(self, request: Request, agent: SignedIn, given: str) -> None:
        """Raise ``Stop`` with a 403 page unless the form carries the token of the session.

        A page of ours left open during another session is shown again as it was written.
        """
        if hmac.compare_digest(agent.csrf.encode(), given.encode()):
            return

        def resume(unsent: Unsent) -> Response:
            return self.resume_page(agent, unsent, SESSION_CHANGED, status=403)

        expired = self.message(PAGE_EXPIRED, status=403, agent=agent)
        raise Stop(expired, resume if _keeps(request) else None)

    # ------------------------------------------------------------------- what they see

    def render(
        self,
        template: str,
        *,
        agent: SignedIn | None = None,
        status: int = 200,
        **values: object,
    ) -> HTMLResponse:
        """Return a page; templates get ``agent``, ``csrf``, ``now`` and the values."""
        content = self._environment.get_template(template).render(
            agent=agent, csrf=agent.csrf if agent else "", now=self.clock(), **values
        )
        headers = {**secure_headers(https=self.https), "Cache-Control": "no-store"}
        return HTMLResponse(content, status, headers)

    def message(self, sentence: str, *, status: int, agent: SignedIn | None = None) -> HTMLResponse:
        """Return a page that says one sentence and leads back to the list."""
        return self.render("message.html", agent=agent, status=status, sentence=sentence)

    def login_page(
        self,
        unsent: Unsent | None = None,
        *,
        suite: str = "",
        status: int = 401,
        problem: str = "",
    ) -> Response:
        """Return the login form, which says why one is there and carries what was written."""
        token = new_token()
        page = self.render(
            "login.html",
            status=status,
            form_token=token,
            suite=own_page(suite),
            asked=bool(suite),
            problem=problem,
            unsent=unsent,
        )
        self.set_cookie(page, LOGIN_COOKIE, token, seconds=3600)
        return page

    def resume_page(
        self, agent: SignedIn, unsent: Unsent, sentence: str, *, status: int = 200
    ) -> HTMLResponse:
        """Return the page that leads back to the form as it was written."""
        return self.render(
            "resume.html",
            agent=agent,
            status=status,
            unsent=unsent,
            resumed=RESUMED,
            sentence=sentence,
        )

    def set_cookie(self, response: Response, name: str, value: str, *, seconds: int) -> None:
        """Give a cookie of the console to the browser; no script and no other site sees it."""
        response.set_cookie(
            name,
            value,
            max_age=seconds,
            path=COOKIE_PATH,
            secure=self.https,
            httponly=True,
            samesite="strict",
        )

    async def error_page(self, request: Request, status: int, title: str) -> Response:
        """Return the page of an error under ``/console``, for whom is signed in."""
        # When the base is the trouble, it is not asked who is there.
        asked = status < 500
        agent = await asyncio.to_thread(self.current_agent, request) if asked else None
        return self.message(NO_PAGE if status == 404 else title, status=status, agent=agent)

    def redirect(self, path: str) -> RedirectResponse:
        """Return a redirect that a browser follows with GET."""
        headers = {**secure_headers(https=self.https), "Cache-Control": "no-store"}
        return RedirectResponse(path, 303, headers)


def _keeps(request: Request) -> bool:
    return request.method == "POST" and may_keep(request)


def is_console(path: str) -> bool:
    """Tell whether an address is one of the console."""
    return path == COOKIE_PATH or path.startswith(f"{COOKIE_PATH}/")


def own_page(path: str) -> str:
    """Return ``path`` if it is a page of the console, else the list: never another site."""
    return path if _OWN_PAGE.fullmatch(path) else "/console"

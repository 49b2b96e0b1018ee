"""The doors of the console: login, logout, style sheet."""

from __future__ import annotations

import asyncio
import hmac
from functools import partial
from math import ceil
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import JSONResponse

from connectors.console.auth import SESSION, LoginRefused
from connectors.console.pages import (
    COOKIE_PATH,
    LOGIN_COOKIE,
    SESSION_COOKIE,
    Console,
    ConsoleRoute,
    own_page,
)
from connectors.console.unsent import Unsent, carried
from connectors.console.wording import (
    LOGIN_BUSY,
    LOGIN_REFUSED,
    LOGIN_TOO_MANY,
    PAGE_EXPIRED,
    SESSION_BACK,
    how_long,
)
from connectors.security_headers import secure_headers

#: Each verification takes 64 MiB: more at once would starve the conversations.
_AT_ONCE: Final = 2
#: Beyond these the answer is « later »: about two seconds of waiting.
_IN_LINE: Final = 20
_LATER_S: Final = 5


class LoginPages:
    """Login, logout and the files of the pages."""

    def __init__(self, console: Console) -> None:
        self._console = console
        # The line is of coroutines, not of threads: the other pages keep theirs.
        self._hashing = asyncio.Semaphore(_AT_ONCE)
        self._in_line = 0

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(prefix="/console", route_class=ConsoleRoute, include_in_schema=False)
        router.add_api_route("/static/{name}", self.asset, methods=["GET"])
        router.add_api_route("/login", self.form, methods=["GET"])
        router.add_api_route("/login", self.log_in, methods=["POST"])
        router.add_api_route("/session", self.session, methods=["GET"])
        router.add_api_route("/logout", self.log_out, methods=["POST"])
        return router

    def asset(self, name: str) -> Response:
        """Return the style sheet or a script."""
        console = self._console
        found = console.assets.get(name)
        if found is None:
            return console.message("Ce fichier n’existe pas.", status=404)
        headers = {
            **secure_headers(https=console.https),
            "Cache-Control": "public, max-age=31536000, immutable",
        }
        return Response(found.content, headers=headers, media_type=found.media_type)

    def form(self, request: Request, suite: str = "") -> Response:
        """Show the login form."""
        if self._console.current_agent(request) is not None:
            return self._console.redirect(own_page(suite))
        return self._console.login_page(suite=suite, status=200)

    def session(self, request: Request) -> Response:
        """Give a script of ours the token of the forms, after a login in another tab."""
        agent = self._console.current_agent(request)
        headers = {"Cache-Control": "no-store"}
        if agent is None:
            return JSONResponse({}, status_code=401, headers=headers)
        return JSONResponse({"csrf": agent.csrf}, headers=headers)

    async def log_in(
        self,
        request: Request,
        login: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        csrf: Annotated[str, Form()] = "",
        suite: Annotated[str, Form()] = "",
    ) -> Response:
        """Open a session, or show the form again with one sentence for every reason."""
        console = self._console
        expected = request.cookies.get(LOGIN_COOKIE, "")
        if not expected or not hmac.compare_digest(expected.encode(), csrf.encode()):
            return console.login_page(suite=suite, status=403, problem=PAGE_EXPIRED)
        unsent = carried({name: str(value) for name, value in (await request.form()).items()})
        again = partial(console.login_page, unsent, suite=suite)
        host = request.client.host if request.client else None
        if wait := await console.limits.login(login, host):
            problem = LOGIN_TOO_MANY.format(wait=how_long(wait))
            return _later(again(status=429, problem=problem), wait)
        if self._in_line >= _IN_LINE:
            return _later(again(status=503, problem=LOGIN_BUSY), _LATER_S)
        try:
            token = await self._verified(login, password)
        except LoginRefused:
            return again(status=401, problem=LOGIN_REFUSED)
        await console.limits.logged_in(login, host)
        answer = await asyncio.to_thread(self._inside, token, suite, unsent)
        answer.delete_cookie(LOGIN_COOKIE, path=COOKIE_PATH)
        console.set_cookie(answer, SESSION_COOKIE, token, seconds=int(SESSION.total_seconds()))
        return answer

    async def _verified(self, login: str, password: str) -> str:
        """Return the token of a new session, when its turn has come. Raises LoginRefused."""
        self._in_line += 1
        try:
            async with self._hashing:
                return await asyncio.to_thread(self._console.authentication.log_in, login, password)
        finally:
            self._in_line -= 1

    def _inside(self, token: str, suite: str, unsent: Unsent | None) -> Response:
        """Return what follows a login: the page that was asked, or what was being written."""
        console = self._console
        agent = console.authentication.who(token) if unsent is not None else None
        if unsent is None or agent is None:
            return console.redirect(own_page(suite))
        return console.resume_page(agent, unsent, SESSION_BACK)

    def log_out(self, request: Request, csrf: Annotated[str, Form()] = "") -> Response:
        """End the session."""
        console = self._console
        agent = console.require_agent(request)
        console.check_csrf(request, agent, csrf)
        console.authentication.log_out(request.cookies[SESSION_COOKIE])
        answer = console.redirect("/console/login")
        answer.delete_cookie(SESSION_COOKIE, path=COOKIE_PATH)
        return answer


def _later(page: Response, wait_s: float) -> Response:
    page.headers["Retry-After"] = str(ceil(wait_s))
    return page

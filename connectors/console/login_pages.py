"""The doors of the console: login, logout, style sheet."""

from __future__ import annotations

import asyncio
import hmac
from math import ceil
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request, Response

from connectors.console.auth import SESSION, LoginRefused
from connectors.console.pages import (
    COOKIE_PATH,
    SESSION_COOKIE,
    Console,
    ConsoleRoute,
    own_page,
)
from connectors.console.wording import (
    LOGIN_BUSY,
    LOGIN_REFUSED,
    LOGIN_TOO_MANY,
    PAGE_EXPIRED,
    how_long,
)
from connectors.identifiers import new_token
from connectors.security_headers import secure_headers

#: Proves that the login form came from here: a stranger's page cannot log somebody in.
_LOGIN_COOKIE: Final = "console_login"
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
        return self._form(suite, status=200)

    def _form(self, suite: str, *, status: int, problem: str = "") -> Response:
        token = new_token()
        page = self._console.render(
            "login.html",
            status=status,
            form_token=token,
            suite=own_page(suite),
            asked=bool(suite),
            problem=problem,
        )
        self._set_cookie(page, _LOGIN_COOKIE, token, seconds=3600)
        return page

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
        expected = request.cookies.get(_LOGIN_COOKIE, "")
        if not expected or not hmac.compare_digest(expected.encode(), csrf.encode()):
            return self._form(suite, status=403, problem=PAGE_EXPIRED)
        host = request.client.host if request.client else None
        if wait := await console.limits.login(login, host):
            return self._later(suite, 429, LOGIN_TOO_MANY.format(wait=how_long(wait)), wait)
        if self._in_line >= _IN_LINE:
            return self._later(suite, 503, LOGIN_BUSY, _LATER_S)
        try:
            token = await self._verified(login, password)
        except LoginRefused:
            return self._form(suite, status=401, problem=LOGIN_REFUSED)
        await console.limits.logged_in(login, host)
        answer = console.redirect(own_page(suite))
        answer.delete_cookie(_LOGIN_COOKIE, path=COOKIE_PATH)
        self._set_cookie(answer, SESSION_COOKIE, token, seconds=int(SESSION.total_seconds()))
        return answer

    async def _verified(self, login: str, password: str) -> str:
        """Return the token of a new session, when its turn has come. Raises LoginRefused."""
        self._in_line += 1
        try:
            async with self._hashing:
                return await asyncio.to_thread(self._console.authentication.log_in, login, password)
        finally:
            self._in_line -= 1

    def _later(self, suite: str, status: int, problem: str, wait_s: float) -> Response:
        page = self._form(suite, status=status, problem=problem)
        page.headers["Retry-After"] = str(ceil(wait_s))
        return page

    def log_out(self, request: Request, csrf: Annotated[str, Form()] = "") -> Response:
        """End the session."""
        console = self._console
        agent = console.require_agent(request)
        console.check_csrf(agent, csrf)
        console.authentication.log_out(request.cookies[SESSION_COOKIE])
        answer = console.redirect("/console/login")
        answer.delete_cookie(SESSION_COOKIE, path=COOKIE_PATH)
        return answer

    def _set_cookie(self, response: Response, name: str, value: str, *, seconds: int) -> None:
        response.set_cookie(
            name,
            value,
            max_age=seconds,
            path=COOKIE_PATH,
            secure=self._console.https,
            httponly=True,
            samesite="strict",
        )

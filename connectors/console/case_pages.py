"""The cases in the console: the list, one case, and what a professional does with it.

A GET never changes anything: opening a case, which the person sees, is a button.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from sqlalchemy.orm import Session

from assistant.handoff import Outcome, TransitionRefused
from connectors.console.auth import SignedIn
from connectors.console.case_view import is_late, view_case
from connectors.console.pages import Console, ConsoleRoute
from connectors.console.queries import finished_cases, open_cases, stuck_emails
from connectors.console.wording import CHANGED, CHOOSE_OUTCOME, DONE, NO_CASE
from connectors.database import new_id
from connectors.handoff.cases import UnknownCase
from connectors.handoff.follow_up import (
    ChangedMeanwhile,
    ReplyRefused,
    close,
    mark_read,
    not_reached,
    release,
    reply,
    take,
)
from connectors.handoff.outbox import retry_now

Action = Callable[[Session, SignedIn, datetime], object]
CsrfField = Annotated[str, Form()]


class CasePages:
    """The routes over the cases."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(prefix="/console", route_class=ConsoleRoute, include_in_schema=False)
        router.add_api_route("", self.list_cases, methods=["GET"])
        router.add_api_route("/cases/{case_id}", self.show, methods=["GET"])
        for name, act in (
            ("open", self.open),
            ("take", self.take),
            ("release", self.release),
            ("not-reached", self.not_reached),
            ("reply", self.reply),
            ("close", self.close),
        ):
            router.add_api_route(f"/cases/{{case_id}}/{name}", act, methods=["POST"])
        router.add_api_route("/emails/{email_id}/retry", self.retry_email, methods=["POST"])
        return router

    # --------------------------------------------------------------------------- reading

    def list_cases(
        self,
        request: Request,
        fait: str = "",
        encours: int = 1,
        terminees: int = 1,
        emails: int = 1,
    ) -> Response:
        """Show the cases, urgent then oldest first, and the e-mails that did not leave.

        ``encours``, ``terminees`` and ``emails`` are the pages of the three lists.
        """
        console = self._console
        agent = console.require_agent(request)
        with console.database.reading() as session:
            return console.render(
                "cases.html",
                agent=agent,
                listed=open_cases(session, encours),
                finished=finished_cases(session, terminees),
                emails=stuck_emails(session, emails),
                is_late=is_late,
                done=DONE.get(fait),
            )

    def show(self, request: Request, case_id: str, fait: str = "") -> Response:
        """Show one case, as far as this professional may see it."""
        agent = self._console.require_agent(request)
        return self._page(agent, case_id, done=DONE.get(fait))

    def _page(
        self,
        agent: SignedIn,
        case_id: str,
        *,
        status: int = 200,
        done: str | None = None,
        problem: str | None = None,
        draft: str = "",
    ) -> Response:
        console = self._console
        try:
            with console.database.reading() as session:
                return console.render(
                    "case.html",
                    agent=agent,
                    status=status,
                    view=view_case(session, console, agent, case_id),
                    reply_key=new_id(),
                    smtp=console.smtp,
                    done=done,
                    problem=problem,
                    draft=draft,
                )
        except UnknownCase:
            return console.message(NO_CASE, status=404, agent=agent)

    # ---------------------------------------------------------------------------- acting

    def open(self, request: Request, case_id: str, csrf: CsrfField = "") -> Response:
        """Open the case: the person sees that it was read."""

        def act(session: Session, agent: SignedIn, now: datetime) -> None:
            mark_read(session, case_id, agent.agent_id, now)

        return self._act(request, case_id, csrf, act, "ouverte")

    def take(self, request: Request, case_id: str, csrf: CsrfField = "") -> Response:
        """Become the one owner."""

        def act(session: Session, agent: SignedIn, now: datetime) -> None:
            take(session, case_id, agent.agent_id, now)

        return self._act(request, case_id, csrf, act, "prise")

    def release(self, request: Request, case_id: str, csrf: CsrfField = "") -> Response:
        """Give the case back to the list."""

        def act(session: Session, agent: SignedIn, now: datetime) -> None:
            release(session, case_id, agent.agent_id, now)

        return self._act(request, case_id, csrf, act, "remise")

    def not_reached(self, request: Request, case_id: str, csrf: CsrfField = "") -> Response:
        """Note that the person could not be reached."""

        def act(session: Session, agent: SignedIn, now: datetime) -> None:
            not_reached(session, case_id, agent.agent_id, now)

        return self._act(request, case_id, csrf, act, "pas-jointe")

    def reply(
        self,
        request: Request,
        case_id: str,
        csrf: CsrfField = "",
        text: Annotated[str, Form()] = "",
        reply_key: Annotated[str, Form(max_length=32)] = "",
    ) -> Response:
        """Queue an e-mail to the person; the form sent twice sends one."""
        vault = self._console.vault

        def act(session: Session, agent: SignedIn, now: datetime) -> None:
            by = agent.agent_id
            reply(session, vault, case_id, by, text, reply_key=reply_key or new_id(), now=now)

        return self._act(request, case_id, csrf, act, "repondu", draft=text)

    def close(
        self,
        request: Request,
        case_id: str,
        csrf: CsrfField = "",
        outcome: Annotated[str, Form()] = "",
    ) -> Response:
        """End the case with an outcome of the list."""
        chosen = next((known for known in Outcome if known.value == outcome), None)
        if chosen is None:
            agent = self._console.require_agent(request)
            self._console.check_csrf(agent, csrf)
            return self._page(agent, case_id, status=422, problem=CHOOSE_OUTCOME)

        def act(session: Session, agent: SignedIn, now: datetime) -> None:
            close(session, case_id, agent.agent_id, chosen, now)

        return self._act(request, case_id, csrf, act, "terminee")

    def _act(
        self,
        request: Request,
        case_id: str,
        csrf: str,
        act: Action,
        done: str,
        draft: str = "",
    ) -> Response:
        console = self._console
        agent = console.require_agent(request)
        console.check_csrf(agent, csrf)
        try:
            with console.database.session() as session:
                act(session, agent, console.clock())
        except UnknownCase:
            return console.message(NO_CASE, status=404, agent=agent)
        except TransitionRefused as refused:
            problem = refused.refusal.label
            return self._page(agent, case_id, status=409, problem=problem, draft=draft)
        except ChangedMeanwhile:
            return self._page(agent, case_id, status=409, problem=CHANGED, draft=draft)
        except ReplyRefused as refused:
            return self._page(agent, case_id, status=422, problem=str(refused), draft=draft)
        console.wake()
        return console.redirect(f"/console/cases/{case_id}?fait={done}")

    def retry_email(self, request: Request, email_id: int, csrf: CsrfField = "") -> Response:
        """Try a dead letter again."""
        console = self._console
        agent = console.require_agent(request)
        console.check_csrf(agent, csrf)
        with console.database.session() as session:
            retry_now(session, email_id, console.clock())
        console.wake()
        return console.redirect("/console?fait=relance")

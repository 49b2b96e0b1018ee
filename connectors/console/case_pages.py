"""The cases in the console: the list, one case, and what a professional does with it.

A GET never changes anything: opening a case, which the person sees, is a button.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from sqlalchemy.orm import Session

from assistant.handoff import Outcome, TransitionRefused
from connectors.console.auth import SignedIn
from connectors.console.case_view import is_late, view_case
from connectors.console.pages import Console, ConsoleRoute
from connectors.console.queries import (
    Choice,
    View,
    communes_of_cases,
    finished_cases,
    late_count,
    open_cases,
    stuck_emails,
    themes_of_cases,
)
from connectors.console.wording import (
    CHANGED,
    CHOOSE_OUTCOME,
    DONE,
    NO_CASE,
    NO_CODE,
    NOT_SENT,
)
from connectors.database import new_id
from connectors.handoff.cases import UnknownCase, case_with_code, theme_label
from connectors.handoff.follow_up import (
    MAX_NOTE,
    ChangedMeanwhile,
    NoteRefused,
    ReplyRefused,
    add_note,
    close,
    mark_read,
    not_reached,
    release,
    reopen,
    reply,
    take,
)
from connectors.handoff.outbox import retry_now


def choice_of(vue: str = "", theme: str = "", commune: str = "") -> Choice:
    """Return what the address of the list asks for; an unknown view shows every case."""
    view = next((known for known in View if known.value == vue), View.ALL)
    return Choice(view, theme, commune)


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
            ("reopen", self.reopen),
            ("note", self.note),
        ):
            router.add_api_route(f"/cases/{{case_id}}/{name}", act, methods=["POST"])
        router.add_api_route("/search", self.find, methods=["POST"])
        router.add_api_route("/emails/{email_id}/retry", self.retry_email, methods=["POST"])
        return router

    # --------------------------------------------------------------------------- reading

    def list_cases(
        self,
        request: Request,
        chosen: Annotated[Choice, Depends(choice_of)],
        fait: str = "",
        encours: int = 1,
        terminees: int = 1,
        emails: int = 1,
    ) -> Response:
        """Show the cases, urgent then oldest first, and the e-mails that did not leave.

        ``encours``, ``terminees`` and ``emails`` are the pages of the three lists.
        """
        agent = self._console.require_agent(request)
        pages = {"encours": encours, "terminees": terminees, "emails": emails}
        return self._list(agent, chosen, pages, done=DONE.get(fait))

    def _list(
        self,
        agent: SignedIn,
        chosen: Choice,
        pages: Mapping[str, int],
        *,
        status: int = 200,
        done: str | None = None,
        problem: str | None = None,
    ) -> Response:
        console, by = self._console, agent.agent_id
        now = console.clock()
        with console.database.reading() as session:
            communes = {code: console.commune_name(code) for code in communes_of_cases(session)}
            return console.render(
                "cases.html",
                agent=agent,
                status=status,
                listed=open_cases(session, by, chosen, pages.get("encours", 1)),
                finished=finished_cases(session, by, chosen, pages.get("terminees", 1)),
                emails=stuck_emails(session, pages.get("emails", 1)),
                late=late_count(session, now),
                chosen=chosen,
                views=list(View),
                themes=sorted(themes_of_cases(session), key=theme_label),
                communes=sorted(communes.items(), key=lambda one: one[1]),
                is_late=is_late,
                commune_name=console.commune_name,
                done=done,
                problem=problem,
            )

    def find(
        self,
        request: Request,
        csrf: CsrfField = "",
        code: Annotated[str, Form()] = "",
    ) -> Response:
        """Lead to the case with this code; it is posted so that no address keeps it."""
        console = self._console
        agent = console.require_agent(request)
        console.check_csrf(request, agent, csrf)
        with console.database.reading() as session:
            case_id = case_with_code(session, code)
        if case_id is None:
            return self._list(agent, Choice(), {}, status=404, problem=NO_CODE)
        return console.redirect(f"/console/cases/{case_id}")

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
        note: str = "",
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
                    max_note=MAX_NOTE,
                    smtp=console.smtp,
                    done=done,
                    problem=problem,
                    draft=draft,
                    note=note,
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
        reprise: Annotated[str, Form()] = "",
    ) -> Response:
        """Queue an e-mail to the person; the form sent twice sends one."""
        vault = self._console.vault
        if reprise:
            return self._resume(request, case_id, csrf, draft=text)

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
            self._console.check_csrf(request, agent, csrf)
            return self._page(agent, case_id, status=422, problem=CHOOSE_OUTCOME)

        def act(session: Session, agent: SignedIn, now: datetime) -> None:
            close(session, case_id, agent.agent_id, chosen, now)

        return self._act(request, case_id, csrf, act, "terminee")

    def reopen(self, request: Request, case_id: str, csrf: CsrfField = "") -> Response:
        """Go on with a case that was closed by mistake."""

        def act(session: Session, agent: SignedIn, now: datetime) -> None:
            reopen(session, case_id, agent.agent_id, now)

        return self._act(request, case_id, csrf, act, "rouverte")

    def note(
        self,
        request: Request,
        case_id: str,
        csrf: CsrfField = "",
        note: Annotated[str, Form()] = "",
        note_key: Annotated[str, Form(max_length=32)] = "",
        reprise: Annotated[str, Form()] = "",
    ) -> Response:
        """Keep a note for the professionals; the form sent twice keeps one."""
        vault = self._console.vault
        if reprise:
            return self._resume(request, case_id, csrf, note=note)

        def act(session: Session, agent: SignedIn, now: datetime) -> None:
            by = agent.agent_id
            add_note(session, vault, case_id, by, note, note_key=note_key or new_id(), now=now)

        return self._act(request, case_id, csrf, act, "notee", note=note)

    def _resume(
        self, request: Request, case_id: str, csrf: str, *, draft: str = "", note: str = ""
    ) -> Response:
        """Show again what was being written when the session ended; do nothing with it."""
        agent = self._console.require_agent(request)
        self._console.check_csrf(request, agent, csrf)
        return self._page(agent, case_id, done=NOT_SENT, draft=draft, note=note)

    def _act(
        self,
        request: Request,
        case_id: str,
        csrf: str,
        act: Action,
        done: str,
        draft: str = "",
        note: str = "",
    ) -> Response:
        console = self._console
        agent = console.require_agent(request)
        console.check_csrf(request, agent, csrf)
        try:
            with console.database.session() as session:
                act(session, agent, console.clock())
        except UnknownCase:
            return console.message(NO_CASE, status=404, agent=agent)
        except TransitionRefused as refused:
            status, problem = 409, refused.refusal.label
        except ChangedMeanwhile:
            status, problem = 409, CHANGED
        except (ReplyRefused, NoteRefused) as refused:
            status, problem = 422, str(refused)
        else:
            console.wake()
            return console.redirect(f"/console/cases/{case_id}?fait={done}")
        return self._page(agent, case_id, status=status, problem=problem, draft=draft, note=note)

    def retry_email(self, request: Request, email_id: int, csrf: CsrfField = "") -> Response:
        """Try a dead letter again."""
        console = self._console
        agent = console.require_agent(request)
        console.check_csrf(request, agent, csrf)
        with console.database.session() as session:
            retry_now(session, email_id, console.clock())
        console.wake()
        return console.redirect("/console?fait=relance")

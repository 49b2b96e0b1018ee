"""The hotline page: an agent types what a caller says and reads what to ask and to propose.

Nothing that is typed is stored before the agent hands the case over, with the person's consent.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from assistant.handoff import Contact, HandoffRequest
from assistant.hotline import MAX_CALL
from connectors import wording
from connectors.console.auth import SignedIn
from connectors.console.hotline_call import (
    MAX_NOTES,
    Call,
    announcement,
    call_of,
    card_text,
    controls,
    neutral_labels,
    said_once,
    with_copied,
)
from connectors.console.pages import Console, ConsoleRoute
from connectors.console.ports import Hotline
from connectors.console.unsent import RESUMED
from connectors.console.wording import NO_CASE, NOT_SENT
from connectors.handoff.cases import UnknownCase, find_case
from connectors.handoff.contact import ContactInvalid, validate_contact
from knowledge_base.facts import Fact
from knowledge_base.vocabulary import Theme

NO_CONSENT: Final = "Demandez son accord à la personne, puis cochez la case."
NO_WORDS: Final = "Écrivez en quelques mots ce que la personne demande."
NO_COMMUNE: Final = "Je ne trouve pas cette commune. Vérifiez son nom ou son code postal."
OTHER_PLACE: Final = "Le lieu a changé. Dites-le à la personne, puis envoyez."
_NOTES: Final = "Notes de la permanence : "

CallForm = Annotated[Call, Depends(call_of)]


def hotline_router(console: Console, hotline: Hotline) -> APIRouter:
    """Return the routes under ``/console/hotline``."""
    pages = _HotlinePages(console, hotline)
    router = APIRouter(prefix="/console/hotline", route_class=ConsoleRoute, include_in_schema=False)
    router.add_api_route("", pages.blank, methods=["GET"])
    router.add_api_route("", pages.whole, methods=["POST"])
    router.add_api_route("/advice", pages.advice, methods=["POST"])
    router.add_api_route("/handoff", pages.prepare, methods=["POST"])
    router.add_api_route("/send", pages.send, methods=["POST"])
    router.add_api_route("/sent/{case_id}", pages.sent, methods=["GET"])
    return router


class _HotlinePages:
    """The handlers; each one runs in a thread, as those of the cases."""

    def __init__(self, console: Console, hotline: Hotline) -> None:
        self._console, self._hotline = console, hotline

    # ---------------------------------------------------------------------- the call

    def blank(self, request: Request) -> Response:
        """Show the page of a new call."""
        return self._call_page(self._console.require_agent(request), Call(), "hotline.html")

    def whole(self, request: Request, call: CallForm) -> Response:
        """Show the whole page for what was typed: the way without JavaScript."""
        return self._call_page(self._signed(request, call), call, "hotline.html")

    def advice(self, request: Request, call: CallForm) -> Response:
        """Return only what is understood, for the script of the page."""
        return self._call_page(self._signed(request, call), call, "hotline_view.html")

    def _call_page(self, agent: SignedIn, call: Call, template: str) -> Response:
        view = self._hotline.understand(call.text, call.corrections)
        return self._console.render(
            template,
            agent=agent,
            call=call,
            view=view,
            notes=with_copied(call, view),
            controls=controls(view, call.corrections),
            announcement=announcement(view),
            card_text=card_text,
            neutral_labels=neutral_labels,
            said_once=said_once,
            words=wording,
            max_call=MAX_CALL,
            max_notes=MAX_NOTES,
        )

    # ------------------------------------------------------------------ the hand-off

    def prepare(self, request: Request, call: CallForm) -> Response:
        """Show what would be handed over, and to whom; the contact is still to be asked."""
        agent = self._signed(request, call)
        draft = self._hotline.prepare(call.text, call.corrections, None)
        return self._handoff_page(agent, call, draft, {}, words=call.text)

    def send(self, request: Request, call: CallForm) -> Response:
        """Hand the case over, or show the form again with what is to be corrected."""
        agent = self._signed(request, call)
        call = call.with_commune()
        draft = self._hotline.prepare(call.text, call.corrections, call.get("theme"))
        words = call.fields.get("words", "")[:MAX_CALL]
        if call.get(RESUMED):
            return self._handoff_page(agent, call, draft, {}, words=words, done=NOT_SENT)
        problems, contact = self._check(call, draft, words)
        if problems or contact is None:
            return self._handoff_page(agent, call, draft, problems, words=words, status=422)
        notes = (f"{_NOTES}{call.notes}",) if call.notes else ()
        urgent = draft.urgent or bool(call.get("urgent"))
        opened = self._hotline.hand_off(
            replace(draft, words=(words, *notes), contact=contact, urgent=urgent)
        )
        self._console.wake()
        return self._console.redirect(f"/console/hotline/sent/{opened.case_id}")

    def sent(self, request: Request, case_id: str) -> Response:
        """Show the code to give to the person."""
        console = self._console
        agent = console.require_agent(request)
        try:
            with console.database.reading() as session:
                case = find_case(session, case_id)
                return console.render("hotline_sent.html", agent=agent, case=case)
        except UnknownCase:
            return console.message(NO_CASE, status=404, agent=agent)

    def _check(
        self, call: Call, draft: HandoffRequest, words: str
    ) -> tuple[dict[str, str], Contact | None]:
        """Return what is to be corrected, by field, and the contact when it is right."""
        problems: dict[str, str] = {}
        view = self._hotline.understand(call.text, call.corrections)
        if Fact.COMMUNE in view.unreadable:
            problems["commune"] = NO_COMMUNE
        if not words.strip():
            problems["words"] = NO_WORDS
        try:
            contact = validate_contact(
                *(call.get(name) for name in ("phone", "email", "name", "safe_hours")),
                safe_message_ok=bool(call.get("safe_message_ok")),
            )
        except ContactInvalid as invalid:
            return problems | invalid.problems, None
        if call.get("place") != draft.place_id:
            problems["place"] = OTHER_PLACE
        if not call.get("consent"):
            problems["consent"] = NO_CONSENT
        return problems, contact

    def _handoff_page(
        self,
        agent: SignedIn,
        call: Call,
        draft: HandoffRequest,
        problems: dict[str, str],
        *,
        words: str,
        status: int = 200,
        done: str | None = None,
    ) -> Response:
        return self._console.render(
            "hotline_handoff.html",
            agent=agent,
            status=status,
            call=call,
            draft=draft,
            problems=problems,
            done=done,
            consent=done is not None and bool(call.get("consent")),
            words=words,
            themes=list(Theme),
            commune=self._commune(call, draft),
            proposed=[self._console.entry_title(entry_id) for entry_id in draft.proposed],
            max_call=MAX_CALL,
            max_notes=MAX_NOTES,
        )

    def _commune(self, call: Call, draft: HandoffRequest) -> str:
        typed = call.corrections.get(Fact.COMMUNE, "")
        if typed or draft.commune is None:
            return typed
        return self._console.commune_name(draft.commune)

    def _signed(self, request: Request, call: Call) -> SignedIn:
        agent = self._console.require_agent(request)
        self._console.check_csrf(request, agent, call.csrf)
        return agent

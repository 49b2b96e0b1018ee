"""The conversation on a page: read it, write, erase it, leave quickly.

Without JavaScript a form is posted and the page read again; with it the same address
answers by events. The conversation is created when the person writes, not before.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse

from assistant.messages import Message
from connectors.event_stream import TurnStreams
from connectors.gateway import (
    Gateway,
    Transcript,
    UnknownConversation,
    WrongToken,
)
from connectors.incoming import clean_text, turn_key
from connectors.web.pages import Pages, entries
from connectors.web.ports import SiteInfo, WebLimits
from connectors.web.refusals import Refused, admit_after, check, played
from connectors.web.session import Bound, bind, bound_to, from_our_page, unbind

_ANSWER: Final = "/#reponse"
_ERASED_PAGE: Final = "/efface"


class ChatRoutes:
    """The routes of the conversation."""

    def __init__(self, gateway: Gateway, pages: Pages, limits: WebLimits, site: SiteInfo) -> None:
        self._gateway = gateway
        self._pages = pages
        self._limits = limits
        self._site = site
        self._streams = TurnStreams()

    def router(self) -> APIRouter:
        """Return the routes; they are pages, not part of the described API."""
        router = APIRouter(include_in_schema=False)
        router.get("/")(self.home)
        router.get("/parler")(self.home_again)
        router.post("/parler")(self.speak)
        router.get("/effacer")(self.ask_to_erase)
        router.post("/effacer")(self.erase)
        router.get("/efface")(self.erased)
        router.api_route("/quitter", methods=["GET", "POST"])(self.leave)
        return router

    async def home(self, request: Request) -> Response:
        """Show the conversation of this browser, or the first page."""
        transcript = await self._transcript(request)
        response = self._chat_page(transcript)
        if transcript is None and bound_to(request):
            unbind(response, https=self._site.https)
        return response

    async def home_again(self) -> Response:
        """Lead to the conversation whoever asks again for the address of an error page."""
        return RedirectResponse("/", status_code=303)

    async def speak(self, request: Request) -> Response:
        """Take the person's words or choice. Events if they are accepted, else a redirect."""
        if not from_our_page(request):
            raise HTTPException(403)
        form = await request.form(max_files=0, max_fields=8)
        text = clean_text(str(form.get("text", "")))
        value = clean_text(str(form.get("value", ""))) or None
        # Kept for the error page: nothing that was typed is lost.
        request.state.draft = text
        streamed = "text/event-stream" in request.headers.get("accept", "")
        try:
            check(text, value)
            bound = await self._admit(request)
            key = clean_text(str(form.get("tour", "")))
            turn_id = turn_key(key, text, value) if key else None
            address = request.client.host if request.client else None
            turn = self._gateway.say(bound.conversation_id, text, value, turn_id, address)
            if streamed:
                end = partial(self._end, bound)
                response: Response = self._streams.respond(turn, self._event, end)
            else:
                await played(turn)
                if await self._is_erased(bound):
                    return self._farewell()
                response = RedirectResponse(_ANSWER, status_code=303)
        except Refused as refusal:
            return await self._refusal(request, refusal, text, streamed=streamed)
        bind(response, bound, https=self._site.https)
        return response

    async def ask_to_erase(self, request: Request) -> Response:
        """Ask to confirm; a page that is only read erases nothing."""
        return self._pages.page("erase.html", known=bound_to(request) is not None)

    async def erase(self, request: Request) -> Response:
        """Erase the conversation of this browser, or ask to confirm first."""
        if not from_our_page(request):
            raise HTTPException(403)
        form = await request.form(max_files=0, max_fields=8)
        if form.get("confirmer") != "oui":
            return await self.ask_to_erase(request)
        transcript = await self._transcript(request)
        if transcript is not None:
            # Unknown: erased at the same moment from another window, nothing is left.
            with suppress(UnknownConversation):
                await self._gateway.erase(transcript.conversation_id)
        return self._farewell()

    def _farewell(self) -> Response:
        """Lead to the page that says so, and forget the conversation on this device."""
        response = RedirectResponse(_ERASED_PAGE, status_code=303)
        unbind(response, https=self._site.https)
        return response

    async def erased(self, request: Request) -> Response:
        """Say that nothing is left."""
        response = self._pages.page("erased.html")
        # Erased in words, with the script: its cookie was set before the answer was known.
        bound = bound_to(request)
        if bound is not None and await self._is_erased(bound):
            unbind(response, https=self._site.https)
        return response

    async def _is_erased(self, bound: Bound) -> bool:
        try:
            await self._gateway.authorise(bound.conversation_id, bound.token)
        except (UnknownConversation, WrongToken):
            return True
        return False

    async def _end(self, bound: Bound) -> dict[str, object]:
        """Return what the script must know once a turn is played: where to go if erased."""
        return {"leave": _ERASED_PAGE} if await self._is_erased(bound) else {}

    async def leave(self, request: Request) -> Response:
        """Forget the conversation on this device and go to the neutral page.

        The script posts it while it leaves by itself; without script it is a link. A page
        that the browser fetches in advance, or that another site opens, forgets nothing.
        """
        response = (
            Response(status_code=204)
            if request.method == "POST"
            else RedirectResponse(self._site.exit_url, status_code=303)
        )
        fetched_early = "prefetch" in request.headers.get("sec-purpose", "")
        if from_our_page(request) and not fetched_early:
            unbind(response, https=self._site.https)
        return response

    async def _transcript(self, request: Request) -> Transcript | None:
        """Return the conversation of this browser, None if it has none (any more)."""
        bound = bound_to(request)
        if bound is None:
            return None
        try:
            await self._gateway.authorise(bound.conversation_id, bound.token)
            return await self._gateway.read(bound.conversation_id)
        except (UnknownConversation, WrongToken):
            return None

    async def _admit(self, request: Request) -> Bound:
        """Return the conversation to speak in, a new one if need be. Raises Refused (429)."""
        bound = bound_to(request)
        if bound is None or await self._is_erased(bound):
            admit_after(
                await self._limits.conversation(request.client.host if request.client else None)
            )
            opened = await self._gateway.open("web")
            return Bound(opened.conversation_id, opened.token)
        admit_after(await self._limits.message(bound.conversation_id))
        return bound

    async def _refusal(
        self, request: Request, refusal: Refused, text: str, *, streamed: bool
    ) -> Response:
        if streamed:
            return JSONResponse(
                {"detail": refusal.words}, status_code=refusal.status, headers=refusal.headers
            )
        response = self._chat_page(await self._transcript(request), refusal, text)
        response.headers.update(refusal.headers)
        return response

    def _chat_page(
        self, transcript: Transcript | None, refusal: Refused | None = None, draft: str = ""
    ) -> Response:
        messages = transcript.messages if transcript else []
        return self._pages.page(
            "chat.html",
            status=refusal.status if refusal else 200,
            entries=entries(messages),
            discreet=any(message.discreet for message in messages),
            alert=refusal.words if refusal else "",
            draft=draft,
        )

    def _event(self, message: Message) -> dict[str, object]:
        return {"html": self._pages.message(message), "discreet": message.discreet}

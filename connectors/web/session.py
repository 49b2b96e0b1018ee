"""The conversation of a browser: a session cookie, and the check that a form is ours.

The cookie holds the identifier and the token of the conversation. It disappears with the
browser, no script reads it, and it never travels with a request from another site.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from connectors.incoming import is_opaque

COOKIE: Final = "conversation"


@dataclass(frozen=True, slots=True)
class Bound:
    """The conversation that a browser holds."""

    conversation_id: str
    token: str


def bound_to(request: Request) -> Bound | None:
    """Return the conversation of the browser, or None; nothing is checked but the shape."""
    conversation_id, _, token = request.cookies.get(COOKIE, "").partition(".")
    if not (is_opaque(conversation_id) and is_opaque(token)):
        return None
    return Bound(conversation_id, token)


def bind(response: Response, bound: Bound, *, https: bool) -> None:
    """Give the conversation to the browser, for the time of its session."""
    response.set_cookie(
        COOKIE,
        f"{bound.conversation_id}.{bound.token}",
        httponly=True,
        samesite="strict",
        secure=https,
    )


def unbind(response: Response, *, https: bool) -> None:
    """Make the browser forget the conversation."""
    response.delete_cookie(COOKIE, httponly=True, samesite="strict", secure=https)


def from_our_page(request: Request) -> bool:
    """Tell whether a form was sent by a page of ours.

    ``Sec-Fetch-Site`` decides where the browser sends it (all of them since 2023, on HTTPS).
    Without it, « Origin » must be ours; « null » is what a page with « no-referrer » sends,
    and there the SameSite=Strict cookie protects the conversation alone.
    """
    fetched_from = request.headers.get("sec-fetch-site")
    if fetched_from is not None:
        return fetched_from in ("same-origin", "none")
    origin = request.headers.get("origin")
    if origin is None or origin == "null":
        return True
    return urlsplit(origin).netloc == request.headers.get("host")

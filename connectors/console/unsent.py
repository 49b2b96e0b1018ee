"""What an agent had written when the session ended: carried through the login, never stored.

The fields travel in the hidden fields of the login form, then of a form that leads back to the
page, where they are shown again. Nothing is done with them before the agent sends them anew.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request

#: Tells a page to show what was written again, and to do nothing with it.
RESUMED: Final = "reprise"
_PATH: Final = "garde"
_FIELD: Final = "garde_"
#: The pages that hold what somebody wrote; the other forms are one button, pressed again.
_WRITTEN: Final = re.compile(
    r"/console/(hotline(/handoff|/send)?|cases/[A-Za-z0-9_-]+/(reply|note))"
)
_CASE: Final = re.compile(r"(/console/cases/[A-Za-z0-9_-]+)/[a-z-]+")


@dataclass(frozen=True, slots=True)
class Unsent:
    """The fields of a form that was not accepted, and the page it was for."""

    path: str
    fields: Mapping[str, str]

    def hidden(self) -> dict[str, str]:
        """Return the fields as the login form carries them."""
        return {_PATH: self.path, **{f"{_FIELD}{name}": self.fields[name] for name in self.fields}}


def may_keep(request: Request) -> bool:
    """Tell whether the form of this request is to be carried: a page of ours, with words.

    The form of another site would else be filled in with its words after the login.
    """
    return _WRITTEN.fullmatch(request.url.path) is not None and _from_here(request)


def _from_here(request: Request) -> bool:
    fetched_from = request.headers.get("sec-fetch-site")
    if fetched_from is not None:
        return fetched_from == "same-origin"
    origin = request.headers.get("origin", "")
    return bool(origin) and urlsplit(origin).netloc == request.headers.get("host")


def unsent_of(path: str, form: Mapping[str, str]) -> Unsent:
    """Return what a form held; the token of the session that ended is left behind."""
    left = ("csrf", RESUMED)
    return Unsent(path, {name: value for name, value in form.items() if name not in left})


def carried(form: Mapping[str, str]) -> Unsent | None:
    """Return what the login form carries, or None."""
    path = form.get(_PATH, "")
    if _WRITTEN.fullmatch(path) is None:
        return None
    fields = {
        name.removeprefix(_FIELD): value for name, value in form.items() if name.startswith(_FIELD)
    }
    return Unsent(path, fields)


def page_of(path: str) -> str:
    """Return the page on which the form of ``path`` is, "" when it is the list."""
    case = _CASE.fullmatch(path)
    return case.group(1) if case is not None else ""

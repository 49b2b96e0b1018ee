"""Renders the pages: templates, style sheet, script and icon, read once at start."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from assistant.messages import LineCard, Message, Role
from connectors.event_stream import urgent_first
from connectors.web.ports import SiteInfo
from connectors.wording import FILTERS

_FOLDER: Final = Path(__file__).parent
_MEDIA: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}

#: Title of the window when what is said must not be seen over a shoulder.
NEUTRAL_TITLE: Final = "Informations pratiques"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that the browser may keep; ``version`` changes with its content."""

    content: bytes
    media_type: str
    version: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A message as shown: ``active`` choices can still be pressed, ``newest`` gets the link."""

    message: Message
    active: bool
    newest: bool = False


def entries(messages: Sequence[Message]) -> list[Entry]:
    """Return a conversation as shown: urgent help first in each turn, one set of choices."""
    shown: list[Entry] = []
    turn: list[Message] = []
    last = max((at for at, one in enumerate(messages) if one.role is Role.CITIZEN), default=-1)
    for at, message in enumerate(messages):
        if message.role is Role.CITIZEN:
            shown.extend(Entry(one, active=False) for one in urgent_first(turn))
            shown.append(Entry(message, active=False))
            turn = []
            if at == last:
                break
        else:
            turn.append(message)
    answers = urgent_first(list(messages[last + 1 :]))
    shown.extend(Entry(one, active=True, newest=at == 0) for at, one in enumerate(answers))
    return shown


def load_assets() -> dict[str, Asset]:
    """Return the files of ``static/`` by name."""
    return {
        path.name: Asset(
            content=path.read_bytes(),
            media_type=_MEDIA[path.suffix],
            version=hashlib.sha256(path.read_bytes()).hexdigest()[:12],
        )
        for path in sorted((_FOLDER / "static").iterdir())
        if path.suffix in _MEDIA
    }


class Pages:
    """The templates, with what every page shows."""

    def __init__(
        self, site: SiteInfo, lines: Sequence[LineCard], assets: Mapping[str, Asset]
    ) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(_FOLDER / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(FILTERS)
        self._templates.globals.update(
            site=site,
            urgent_lines=tuple(lines),
            versions={name: asset.version for name, asset in assets.items()},
            new_turn=lambda: secrets.token_urlsafe(12),
            neutral_title=NEUTRAL_TITLE,
        )

    def page(self, template: str, status: int = 200, **values: object) -> HTMLResponse:
        """Return a whole page."""
        html = self._templates.get_template(template).render(**values)
        return HTMLResponse(html, status_code=status)

    def message(self, message: Message) -> str:
        """Return the HTML of one message, to be added to a page already open."""
        template = self._templates.get_template("message.html")
        return template.render(entry=Entry(message, active=True))

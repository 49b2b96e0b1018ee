"""What the web pages need besides the conversation, as small interfaces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class CaseShown(Protocol):
    """Where a case stands; ``words`` says it in French, as the chat does."""

    @property
    def words(self) -> str:
        """Return the sentence for the person."""

    @property
    def since(self) -> datetime:
        """Return when it came to this state."""

    @property
    def due(self) -> datetime | None:
        """Return when an answer is due, if it is."""


class CaseLookup(Protocol):
    """Cases by their receipt code."""

    async def status(self, code: str) -> CaseShown | None:
        """Return where the case with this code stands, or None if there is none."""


class WebLimits(Protocol):
    """How often a browser may ask; each method gives the seconds to wait, 0.0 if none."""

    async def conversation(self, host: str | None) -> float:
        """Count a new conversation of the address ``host``."""

    async def message(self, conversation_id: str) -> float:
        """Count a message of the conversation."""

    async def code(self, host: str | None) -> float:
        """Count a look-up of a receipt code by the address ``host``."""


@dataclass(frozen=True, slots=True)
class SiteInfo:
    """What the pages say of the service itself.

    ``exit_url`` is the neutral page of « Quitter vite »; ``data_contact`` the address to
    write to about personal data, when there is one.
    """

    exit_url: str = "https://www.meteofrance.com/"
    controller: str = "Département de Loir-et-Cher"
    data_contact: str | None = None
    conversation_days: int = 30
    case_months: int = 6
    https: bool = False

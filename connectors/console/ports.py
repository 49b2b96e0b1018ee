"""What the console needs of the rest of the service, as small interfaces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from assistant.handoff import HandoffRequest
from assistant.hotline import HotlineView
from connectors.handoff.cases import OpenedCase


class LoginLimits(Protocol):
    """How often a password may be tried."""

    async def login(self, login: str, host: str | None) -> float:
        """Count a try for ``login`` by the address ``host``; return the seconds to wait."""

    async def logged_in(self, login: str, host: str | None) -> None:
        """Forget the wrong tries of ``login`` at this address."""


class Hotline(Protocol):
    """Understands a call and hands it over. ``corrections``: see ``assistant.hotline``."""

    def understand(self, text: str, corrections: Mapping[str, str]) -> HotlineView:
        """Return what the call calls for; nothing of it is stored."""

    def prepare(
        self, text: str, corrections: Mapping[str, str], theme: str | None
    ) -> HandoffRequest:
        """Return what would be handed over, still without the words nor the contact.

        ``theme`` is the agent's choice, None that of the needs.
        """

    def hand_off(self, request: HandoffRequest) -> OpenedCase:
        """Store the case; the same request again gives the same case."""

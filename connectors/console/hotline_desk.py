"""The hotline over the real knowledge and the real cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from assistant.conversation import ContactGiven
from assistant.handoff import HandoffRequest
from assistant.hotline import HotlineView, advise, draft
from assistant.knowledge import Knowledge
from connectors.database import Database
from connectors.encryption import Vault
from connectors.handoff.cases import Notice, OpenedCase, open_case
from connectors.handoff.request import request_for
from knowledge_base.vocabulary import Theme


class HotlineDesk:
    """Implements ``connectors.console.ports.Hotline``."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        knowledge: Knowledge,
        notice: Notice,
        clock: Callable[[], datetime],
    ) -> None:
        self._database, self._vault, self._knowledge = database, vault, knowledge
        self._notice, self._clock = notice, clock

    def understand(self, text: str, corrections: Mapping[str, str]) -> HotlineView:
        return advise(self._knowledge, text, corrections, self._clock())

    def prepare(
        self, text: str, corrections: Mapping[str, str], theme: str | None
    ) -> HandoffRequest:
        chosen = Theme(theme) if theme in set(Theme) else None
        sheet = draft(self._knowledge, text, corrections, chosen, self._clock())
        return replace(request_for(None, sheet, ContactGiven()), words=())

    def hand_off(self, request: HandoffRequest) -> OpenedCase:
        with self._database.session() as session:
            return open_case(session, self._vault, request, self._notice, self._clock())

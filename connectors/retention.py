"""The clock of the service: late cases are signalled, old data is deleted."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from connectors.database import Database
from connectors.encryption import Vault
from connectors.handoff.follow_up import expire_overdue
from connectors.privacy import apply_retention
from connectors.supervision import Loop

log = logging.getLogger(__name__)
_EVERY_S = 600.0


class Retention:
    """Runs ``pass_once`` at start and every ten minutes; several copies may run one each.

    A pass that fails, because the database is away or an agent changes the same case at that
    moment, is played again soon.
    """

    def __init__(
        self,
        database: Database,
        vault: Vault,
        console_url: str,
        clock: Callable[[], datetime],
        conversation_days: int,
        case_months: int,
    ) -> None:
        self._database, self._vault, self._console_url = database, vault, console_url
        self._clock = clock
        self._conversation_days, self._case_months = conversation_days, case_months
        self._loop = Loop("retention", self._run)

    def start(self) -> None:
        """Start in the running event loop."""
        self._loop.start()

    async def stop(self) -> None:
        """Stop; a pass that is running ends by itself."""
        await self._loop.stop()

    @property
    def alive(self) -> bool:
        """Whether the background task runs."""
        return self._loop.alive

    def pass_once(self) -> None:
        """Signal the late cases and delete what is too old."""
        now = self._clock()
        with self._database.session() as session:
            expired = expire_overdue(session, self._vault, self._console_url, now)
            erased = apply_retention(session, now, self._conversation_days, self._case_months)
        if erased.conversations or erased.cases:
            self._database.scrub()
        figures = {"expired": expired, "erased": erased.conversations, "cases": erased.cases}
        log.info("retention pass", extra={"figures": figures})

    async def _run(self) -> None:
        while True:
            await asyncio.to_thread(self.pass_once)
            await asyncio.sleep(_EVERY_S)

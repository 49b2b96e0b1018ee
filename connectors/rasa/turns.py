"""Rasa's actions played by the service: one message of Rasa, one turn of the core."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from assistant.actions import RunTurn, TurnResult
from assistant.conversation import Stage, Turn
from assistant.names import Intent
from connectors.turns import Turns


def run_turn(turns: Turns, clock: Callable[[], datetime]) -> RunTurn:
    """Return the function that every action calls."""

    async def run(
        *,
        sender_id: str,
        turn_id: str,
        intent: Intent,
        text: str,
        value: str | None,
        confidence: float,
        right: str | None,
    ) -> TurnResult:
        turn = Turn(
            text=text, value=value, intent=intent, confidence=confidence, right=right, now=clock()
        )
        played = await asyncio.to_thread(turns.play, sender_id, turn_id, turn)
        # During a step the question still waits, but it is not what the next message answers.
        asking = played.session.stage is Stage.INTERVIEW
        pending = played.session.pending if asking else None
        return TurnResult(
            messages=[m.model_dump(mode="json", exclude_none=True) for m in played.messages],
            pending=pending.value if pending is not None else None,
        )

    return run

"""What every action does: hand the message to the service, give its answers to Rasa.

One turn costs one call: the action itself says which question waits, so that Rasa opens,
keeps or leaves the interview without asking again.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from assistant.names import Action as ActionName
from assistant.names import Entity, Form, Intent, Slot

#: JSON objects as Rasa's protocol carries them.
Json = Any


@dataclass(frozen=True, slots=True)
class TurnResult:
    """What the service answered.

    ``messages`` are shown in order; ``pending`` is the fact whose question waits, or None.
    The facts themselves stay in the service: Rasa keeps nothing about a person.
    """

    messages: list[dict[str, Json]]
    pending: str | None = None


class RunTurn(Protocol):
    """The service's function: everything that the assistant decides is behind it."""

    async def __call__(
        self,
        *,
        sender_id: str,
        turn_id: str,
        intent: Intent,
        text: str,
        value: str | None,
        confidence: float,
        right: str | None,
    ) -> TurnResult:
        """Answer one message. The same ``turn_id`` twice gives the same answer."""


class TurnAction(Action, ABC):  # type: ignore[misc]  # rasa_sdk has no types
    """An action that runs the turn; a subclass only says which need it serves."""

    action: ClassVar[ActionName]

    def __init__(self, run_turn: RunTurn) -> None:
        self._run_turn = run_turn

    def name(self) -> str:
        return self.action.value

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Json]
    ) -> list[EventType]:
        result = await take_turn(self._run_turn, dispatcher, tracker)
        loop = Form.INTERVIEW.value if result.pending else None
        return [
            ActiveLoop(loop),
            SlotSet(Slot.REQUESTED_SLOT.value, result.pending),
            FollowupAction("action_listen"),
        ]


async def take_turn(
    run_turn: RunTurn, dispatcher: CollectingDispatcher, tracker: Tracker
) -> TurnResult:
    """Run the turn of the latest message and put its answers in ``dispatcher``."""
    message = tracker.latest_message
    metadata = message.get("metadata") or {}
    intent = message.get("intent") or {}
    result = await run_turn(
        sender_id=tracker.sender_id,
        turn_id=str(metadata.get("turn_id") or message.get("message_id") or ""),
        intent=_intent(intent.get("name")),
        text=str(metadata.get("text") or ""),
        value=metadata.get("value"),
        confidence=float(intent.get("confidence") or 0.0),
        right=_right(message.get("entities") or []),
    )
    for shown in result.messages:
        dispatcher.utter_message(json_message=shown)
    return result


def _intent(name: str | None) -> Intent:
    return Intent(name) if name in set(Intent) else Intent.FALLBACK


def _right(entities: list[dict[str, Json]]) -> str | None:
    """Return the longest name of a right in the message: « aide sociale à l'hébergement »
    says more than « aide sociale »."""
    names = [str(found["value"]) for found in entities if found.get("entity") == Entity.RIGHT]
    return max(names, key=len, default=None)

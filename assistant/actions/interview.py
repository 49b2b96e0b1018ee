"""A message during the interview: to answer, to interrupt, to go on where it was."""

from __future__ import annotations

from collections.abc import Mapping

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from assistant.actions.turn import Json, RunTurn, take_turn
from assistant.names import Action, Slot
from knowledge_base.facts import Fact

_REQUESTED = Slot.REQUESTED_SLOT.value


class ValidateInterview(FormValidationAction):  # type: ignore[misc]  # rasa_sdk has no types
    """The form's only step. The service reads the answer or the interruption and chooses
    the next question; the form asks for that one, or ends."""

    def __init__(self, run_turn: RunTurn) -> None:
        self._run_turn = run_turn

    def name(self) -> str:
        return Action.VALIDATE_INTERVIEW.value

    def domain_slots(self, domain: Mapping[str, Json]) -> list[str]:
        # Rasa does not send the domain with each call; the facts are its slots.
        return [fact.value for fact in Fact]

    async def required_slots(
        self,
        domain_slots: list[str],
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: Mapping[str, Json],
    ) -> list[str]:
        """Return the one fact that the service asks for now, or nothing."""
        pending = tracker.get_slot(_REQUESTED)
        return [pending] if pending else []

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Json]
    ) -> list[EventType]:
        asked = tracker.get_slot(_REQUESTED)
        result = await take_turn(self._run_turn, dispatcher, tracker)
        # Rasa takes a form that sets none of its facts for a failure: the question that was
        # asked is set, without a value. The answer itself stays in the service.
        tracker.slots[_REQUESTED] = result.pending
        if result.pending:
            tracker.slots[result.pending] = None
        return [
            *([SlotSet(asked, None)] if asked else []),
            await self.next_requested_slot(dispatcher, tracker, domain),
            FollowupAction("action_listen"),
        ]

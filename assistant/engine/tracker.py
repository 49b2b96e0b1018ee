"""What Rasa remembers between two messages: the question that waits for an answer.

The service owns the conversation. Rasa needs one thing to place a message inside the
interview, the name of the pending question, so this is all that stays: no text, no fact,
nothing to erase, and a turn costs the same at the hundredth message as at the first.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

#: Beyond this many interviews the oldest is forgotten; its next answer still reaches the
#: service, through the rule of its intent.
MAX_INTERVIEWS = 10_000


class PendingQuestionStore(TrackerStore):
    """Keeps, for each sender with a question pending, the form and the question."""

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        **kwargs: dict[str, Any],
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self._pending: OrderedDict[str, tuple[str, str]] = OrderedDict()

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the pending question of this tracker, or forget the sender."""
        loop, question = tracker.active_loop_name, tracker.get_slot(REQUESTED_SLOT)
        self._pending.pop(tracker.sender_id, None)
        if loop and question:
            self._pending[tracker.sender_id] = (loop, question)
        while len(self._pending) > MAX_INTERVIEWS:
            self._pending.popitem(last=False)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker:
        """Return a tracker that listens, inside the interview if a question is pending."""
        tracker = self.init_tracker(sender_id)
        if sender_id in self._pending:
            loop, question = self._pending[sender_id]
            tracker.update(ActiveLoop(loop))
            tracker.update(SlotSet(REQUESTED_SLOT, question))
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        return tracker

    async def keys(self) -> Iterable[str]:
        """Return the senders with a question pending."""
        return list(self._pending)

"""« Parler à quelqu’un » : to reach a human."""

from __future__ import annotations

from assistant.actions.turn import TurnAction
from assistant.names import Action


class HandOff(TurnAction):
    """The person asks for a human."""

    action = Action.HAND_OFF

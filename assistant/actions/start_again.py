"""« Recommencer », « effacer » : to decide what is kept."""

from __future__ import annotations

from assistant.actions.turn import TurnAction
from assistant.names import Action


class StartAgain(TurnAction):
    """The person starts again or erases."""

    action = Action.START_AGAIN

"""« Où aller ? » : to find a place with a human."""

from __future__ import annotations

from assistant.actions.turn import TurnAction
from assistant.names import Action


class ShowPlaces(TurnAction):
    """The person asks where to go."""

    action = Action.SHOW_PLACES

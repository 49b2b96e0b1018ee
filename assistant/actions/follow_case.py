"""« Où en est ma demande ? » : to know where the case stands."""

from __future__ import annotations

from assistant.actions.turn import TurnAction
from assistant.names import Action


class FollowCase(TurnAction):
    """The person follows a case with its code."""

    action = Action.FOLLOW_CASE

"""Danger now: to be helped at once."""

from __future__ import annotations

from assistant.actions.turn import TurnAction
from assistant.names import Action


class Alert(TurnAction):
    """The person seems in danger; the service reads every text for that too."""

    action = Action.ALERT

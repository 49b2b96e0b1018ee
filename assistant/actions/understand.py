"""A need told, a fact, a correction, an answer: to be understood."""

from __future__ import annotations

from assistant.actions.turn import TurnAction
from assistant.names import Action


class Understand(TurnAction):
    """The person tells something about themselves or answers."""

    action = Action.UNDERSTAND

"""« C’est quoi l’APA ? » : to have a right explained."""

from __future__ import annotations

from assistant.actions.turn import TurnAction
from assistant.names import Action


class ExplainRight(TurnAction):
    """The person asks about one right."""

    action = Action.EXPLAIN_RIGHT

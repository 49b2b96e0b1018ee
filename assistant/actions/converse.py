"""Politeness, anger, something else: to be answered kindly."""

from __future__ import annotations

from assistant.actions.turn import TurnAction
from assistant.names import Action


class Converse(TurnAction):
    """The person greets, thanks, leaves, gets angry or talks of something else."""

    action = Action.CONVERSE

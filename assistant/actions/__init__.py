"""The custom actions that Rasa calls, hosted by the service: thin, over one function."""

from __future__ import annotations

from rasa_sdk import Action

from assistant.actions.alert import Alert
from assistant.actions.converse import Converse
from assistant.actions.explain_right import ExplainRight
from assistant.actions.follow_case import FollowCase
from assistant.actions.hand_off import HandOff
from assistant.actions.interview import ValidateInterview
from assistant.actions.show_places import ShowPlaces
from assistant.actions.start_again import StartAgain
from assistant.actions.turn import RunTurn, TurnResult
from assistant.actions.understand import Understand

__all__ = ["RunTurn", "TurnResult", "build_actions"]


def build_actions(run_turn: RunTurn) -> list[Action]:
    """Return one instance of every action, all over ``run_turn``."""
    kinds = (
        Understand,
        ExplainRight,
        ShowPlaces,
        HandOff,
        FollowCase,
        Converse,
        StartAgain,
        Alert,
        ValidateInterview,
    )
    return [kind(run_turn) for kind in kinds]

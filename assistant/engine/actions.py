"""How Rasa reads the answers of the actions: quickly, because they are our own.

At every turn Rasa 3.6 checks the answer of the action against a JSON Schema, and that
schema against the schema of schemas: 33 of the 40 ms that a turn costs (measured in
November 2026). The other end is our service, which builds its events with rasa-sdk, so
only the outline is checked here; an event of an unknown kind is still refused by Rasa
when it is read.
"""

from __future__ import annotations

from typing import Any


class UnreadableAnswer(ValueError):
    """The action's answer is not made of a list of events and a list of responses."""


def check_outline(answer: object) -> bool:
    """Return True for an answer that can be read; raise UnreadableAnswer otherwise."""
    if not isinstance(answer, dict):
        raise UnreadableAnswer("an object is expected")
    for name in ("events", "responses"):
        items = answer.get(name, [])
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise UnreadableAnswer(f"« {name} » must be a list of objects")
    return True


def install() -> None:
    """Use ``check_outline`` in this process."""
    from rasa.core.actions.action import RemoteAction

    def check(_: RemoteAction, answer: dict[str, Any]) -> bool:
        return check_outline(answer)

    RemoteAction._validate_action_result = check

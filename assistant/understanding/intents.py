"""A plain reading of the intent for when Rasa does not answer: fewer nuances, same doors."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

from assistant.names import DO, REQUESTS, Intent
from knowledge_base.tokens import fold

RULES = Path(__file__).with_name("intents.yml")
_MARKS = re.compile(r"[’'`´\-_/()\"«»!?.,;:]+")


@cache
def _rules() -> tuple[tuple[Intent, re.Pattern[str]], ...]:
    raw = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    return tuple(
        (Intent(name), re.compile("|".join(f"(?:{pattern})" for pattern in patterns)))
        for name, patterns in raw.items()
    )


def guess_intent(text: str) -> Intent:
    """Return the intent that the rules find in ``text``; a need when none does."""
    plain = " ".join(_MARKS.sub(" ", fold(text)).split())
    for intent, pattern in _rules():
        if pattern.search(plain):
            return intent
    return Intent.DESCRIBE_NEED


def is_choice(value: str) -> bool:
    """Tell whether ``value`` may be the value of a choice: not of a request we do not have."""
    return not value.startswith(DO) or value.removeprefix(DO) in REQUESTS


def intent_of_choice(value: str) -> Intent:
    """Return the intent under which a choice travels to Rasa."""
    request = value.removeprefix(DO)
    if value.startswith(DO) and request in {intent.value for intent in Intent}:
        return Intent(request)
    return Intent.INFORM

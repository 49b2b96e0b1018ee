"""``domain.yml``, the rules and the training data use the names of Python, and conversely."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.actions import build_actions
from assistant.names import Action, Entity, Form, Intent, Slot
from knowledge_base.facts import Fact

ROOT = Path(__file__).parents[2]
DIALOGUE = ROOT / "assistant" / "dialogue"
#: Rasa adds this intent by itself when nothing is sure.
_MARKED = re.compile(r"\[([^\]]*)\]\([^)]*\)")
BUILT_IN = {Intent.FALLBACK.value}


def read(path: Path) -> Any:
    """Return the content of a YAML file."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def domain() -> dict[str, Any]:
    """The domain of the dialogue."""
    return dict(read(ROOT / "domain.yml"))


def intent_names(domain: dict[str, Any]) -> set[str]:
    """Return the intents, some of which carry options."""
    return {next(iter(i)) if isinstance(i, dict) else i for i in domain["intents"]}


def test_intents_are_the_same(domain: dict[str, Any]) -> None:
    """Every intent of Python is in the domain and conversely."""
    assert intent_names(domain) | BUILT_IN == {intent.value for intent in Intent}


def test_actions_are_the_same(domain: dict[str, Any]) -> None:
    """Every action is in the domain and is hosted by the service."""

    async def run_turn(**_: object) -> Any:
        raise NotImplementedError

    hosted = {action.name() for action in build_actions(run_turn)}
    assert set(domain["actions"]) == {action.value for action in Action} == hosted


def test_the_form_asks_facts_and_nothing_else(domain: dict[str, Any]) -> None:
    """The only form may ask every fact; each fact is a slot that no rule depends on."""
    assert set(domain["forms"]) == {form.value for form in Form}
    facts = {fact.value for fact in Fact}
    assert set(domain["forms"][Form.INTERVIEW.value]["required_slots"]) == facts
    assert set(domain["slots"]) - {Slot.REQUESTED_SLOT.value} == facts
    for name, slot in domain["slots"].items():
        assert slot["influence_conversation"] is False, name


def test_entities_are_the_same(domain: dict[str, Any]) -> None:
    """The dialogue reads the names of rights and nothing else: facts are read in the service."""
    names = {next(iter(e)) if isinstance(e, dict) else e for e in domain["entities"]}
    assert names == {entity.value for entity in Entity}


def test_rasa_never_speaks_by_itself(domain: dict[str, Any]) -> None:
    """No text lives in the domain: danger is looked for before anything is said."""
    assert not domain.get("responses")


def rules() -> list[dict[str, Any]]:
    """Return every rule and story."""
    found: list[dict[str, Any]] = []
    for path in [*DIALOGUE.glob("rules/*.yml"), *DIALOGUE.glob("stories/*.yml")]:
        content = read(path)
        found += content.get("rules", []) + content.get("stories", [])
    return found


def test_every_intent_leads_to_an_action() -> None:
    """No intent is a dead end, and none leads to a bare text."""
    led = {}
    for rule in rules():
        steps = rule["steps"]
        intents = [step["intent"] for step in steps if "intent" in step]
        actions = [step["action"] for step in steps if "action" in step]
        assert all(action in {a.value for a in Action} for action in actions), rule
        led.update(dict.fromkeys(intents, actions))
    missing = {intent.value for intent in Intent} - set(led)
    assert missing == set()
    assert all(led.values())


def test_rules_are_short_and_have_a_name_of_their_own() -> None:
    """Names read as sentences, are unique, and no rule has more than six steps."""
    names = [rule.get("rule") or rule.get("story") for rule in rules()]
    assert len(names) == len(set(names))
    assert all(len(str(name).split()) >= 3 for name in names)
    assert max(len(rule["steps"]) for rule in rules()) <= 6


def examples(folder: str) -> dict[str, list[str]]:
    """Return the examples of each intent under ``folder``."""
    found: dict[str, list[str]] = {}
    for path in sorted((DIALOGUE / folder).glob("*.yml")):
        content = read(path)
        for block in content.get("nlu", []) if isinstance(content, dict) else []:
            if "intent" in block:
                lines = [line.removeprefix("- ").strip() for line in block["examples"].splitlines()]
                found.setdefault(block["intent"], []).extend(line for line in lines if line)
    return found


def test_every_intent_has_enough_examples() -> None:
    """At least 25 ways of saying each intent, written as people write."""
    counts = {intent: len(texts) for intent, texts in examples("nlu").items()}
    assert set(counts) | BUILT_IN == {intent.value for intent in Intent}
    assert min(counts.values()) >= 25, counts


def test_no_example_belongs_to_two_intents() -> None:
    """The same words cannot teach two readings."""
    owner: dict[str, str] = {}
    twice = []
    for intent, texts in examples("nlu").items():
        for text in texts:
            plain = _MARKED.sub(r"\1", text).casefold()
            if owner.setdefault(plain, intent) != intent:
                twice.append((plain, owner[plain], intent))
    assert twice == []


def test_the_held_out_part_is_never_trained_on() -> None:
    """No sentence of the report is in the training data."""
    trained = {text.casefold() for texts in examples("nlu").values() for text in texts}
    held_out = {text.casefold() for texts in examples("held_out").values() for text in texts}
    assert held_out
    assert trained & held_out == set()


def test_no_text_is_named_at_run_time() -> None:
    """A name built by a formatted string hides what is used and what is not."""
    for path in [*ROOT.glob("assistant/**/*.py"), *ROOT.glob("connectors/**/*.py")]:
        assert 'f"utter_' not in path.read_text(encoding="utf-8"), path.name

"""What the dialogue learns as a request is believed: doubts never swallow an example."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest
import yaml

from assistant.conversation import Known, Provenance, Session, Turn
from assistant.knowledge import Knowledge
from assistant.names import Intent
from assistant.replies.believed import believed
from assistant.talk import Talk
from knowledge_base.facts import Fact

_NLU = Path(__file__).parents[2] / "assistant" / "dialogue" / "nlu"
_ANNOTATED = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")
#: A civility in a long message is doubted on purpose.
_SHORT = 40


def examples(intent: Intent) -> list[str]:
    """Return the sentences that the engine learns for ``intent``."""
    return [
        _ANNOTATED.sub(r"\1", line[2:])
        for path in sorted(_NLU.glob("*.yml"))
        for block in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["nlu"]
        if block.get("intent") == intent.value
        for line in block["examples"].splitlines()
        if line.startswith("- ")
    ]


@pytest.mark.parametrize(
    "intent",
    [Intent.EMERGENCY, Intent.ASK_HUMAN, Intent.RESTART, Intent.ERASE, Intent.CORRECT,
     Intent.GOODBYE, Intent.CASE_STATUS],
)  # fmt: skip
def test_every_example_is_believed(knowledge: Knowledge, now: datetime, intent: Intent) -> None:
    """A first list of words that a request had to hold refused 311 cries for help of 385."""
    told = {Fact.COMMUNE: Known(value="41018", provenance=Provenance.SAID)}
    said = [
        text for text in examples(intent) if len(text) <= _SHORT or intent is not Intent.GOODBYE
    ]
    doubted = [
        text
        for text in said
        if believed(
            Talk(
                Session(facts=dict(told)),
                Turn(text=text, intent=intent, confidence=0.95, now=now),
                knowledge,
            )
        )
        is not intent
    ]
    assert len(said) >= 50
    assert doubted == []

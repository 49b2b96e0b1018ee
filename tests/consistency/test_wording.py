"""Every fixed text exists, is used, and leaves no brace to the person."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from assistant.names import Response

ROOT = Path(__file__).parents[2]
TEXTS = yaml.safe_load((ROOT / "assistant" / "wording.yml").read_text(encoding="utf-8"))
CODE = "\n".join(
    path.read_text(encoding="utf-8")
    for folder in ("assistant", "connectors")
    for path in (ROOT / folder).rglob("*.py")
    if path.name != "names.py"
)
_WORDS_A_SENTENCE = 20


def test_texts_and_names_are_the_same() -> None:
    """Every name has its text and conversely."""
    assert set(TEXTS) == {response.value for response in Response}


def test_every_text_is_used() -> None:
    """A text that nothing says is removed."""
    unused = [name.name for name in Response if f"Response.{name.name}" not in CODE]
    assert unused == []


def test_placeholders_are_filled_where_the_text_is_said() -> None:
    """Each placeholder is the name of an argument somewhere in the code."""
    for name, text in TEXTS.items():
        for placeholder in re.findall(r"\{(\w+)\}", text):
            assert f"{placeholder}=" in CODE, f"{name} : {placeholder}"


def test_sentences_are_short_and_say_vous() -> None:
    """Plain French: short sentences, and never « vous avez droit »."""
    for name, text in TEXTS.items():
        for sentence in re.split(r"[.!?:\n]+", text):
            assert len(sentence.split()) <= _WORDS_A_SENTENCE, f"{name} : {sentence}"
        assert "avez droit" not in text
        assert "'" not in text, f"{name} : apostrophe droite"

"""What people write is in no log, and after erasure in no file at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.stack import Stack

pytestmark = pytest.mark.rasa
#: Words that no text of ours contains.
WORDS = "zibeline-canari-7731"
MAIL = "canari.7731@exemple.fr"
HOURS = "quand le canari-7731 chante"


def files_with(folder: Path, *needles: str) -> list[str]:
    """Return the files under ``folder``, models apart, that contain one of ``needles``."""
    found = []
    for path in folder.rglob("*"):
        if not path.is_file() or path.is_relative_to(folder / "models"):
            continue
        content = path.read_bytes()
        if any(needle.encode() in content for needle in needles):
            found.append(path.name)
    return found


def test_words_are_in_no_log_and_contacts_never_in_clear(stack: Stack) -> None:
    """The log files hold ids and figures; the contact is encrypted in the database."""
    person = stack.person()
    person.say(f"j'arrive plus à payer mon loyer à Blois {WORDS}")
    person.send({"value": "do:ask_human"})
    person.send({"value": "consent:yes"})
    person.say(MAIL)
    person.say(HOURS)
    person.say(f"{WORDS} " * 60)
    logs = [name for name in files_with(stack.folder, WORDS, MAIL, HOURS) if ".log" in name]
    assert logs == []
    person.http.post("/api/v1/conversations/inconnu/messages", json={"text": WORDS})
    person.http.get(f"/api/v1/search?q={WORDS}")
    assert [name for name in files_with(stack.folder, WORDS) if ".log" in name] == []


def test_nothing_is_left_after_erasure(stack: Stack) -> None:
    """Database, journal, logs, index: not one byte of what was written remains."""
    person = stack.person()
    person.say(f"je vis seule à Vendôme et je n'ai plus de travail {WORDS}-efface")
    person.send({"value": "do:ask_human"})
    person.send({"value": "consent:yes"})
    person.say(f"efface.{MAIL}")
    person.say(f"{HOURS} efface")
    person.send({"value": "do:erase"})
    (erased,) = person.send({"value": "erase:yes"})
    assert "effacé" in erased["text"]
    assert files_with(stack.folder, f"{WORDS}-efface", f"efface.{MAIL}", f"{HOURS} efface") == []

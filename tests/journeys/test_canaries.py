"""What people write is in no log, a contact is in clear in no file, and after erasure nothing is
left at all."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest

from tests.journeys.stack import Stack

pytestmark = pytest.mark.rasa
#: Words that no text of ours contains.
WORDS = "zibeline-canari-7731"
MAIL = "canari.7731@exemple.fr"
PHONE = "06 12 77 31 41"
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


def rows_with(folder: Path, *needles: str) -> list[str]:
    """Return the tables of the database in which a value contains one of ``needles``."""
    with contextlib.closing(sqlite3.connect(folder / "premiere-reponse.db")) as database:
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        found = []
        for (name,) in names:
            rows = repr(database.execute(f'SELECT * FROM "{name}"').fetchall())
            if any(needle in rows for needle in needles):
                found.append(name)
    return found


def test_words_are_in_no_log_and_contacts_never_in_clear(stack: Stack) -> None:
    """Logs hold ids and figures; a contact is in clear in no table, at no moment."""
    person = stack.person()
    person.say(f"j'arrive plus à payer mon loyer à Blois {WORDS}")
    person.send({"value": "do:ask_human"})
    person.send({"value": "consent:yes"})
    person.say("06 12 77 31")  # a number with a mistake is a number
    person.say(f"mon mail c'est {MAIL} ou le {PHONE}")
    hidden = (MAIL, PHONE, "+33612773141", "06 12 77 31", HOURS)
    # While the contact waits for the hours, then once the case is open.
    assert rows_with(stack.folder, *hidden) == []
    person.say(HOURS)
    assert rows_with(stack.folder, *hidden) == []
    (receipt, *_) = person.say("oui")
    assert receipt["kind"] == "receipt"
    assert rows_with(stack.folder, *hidden) == []
    assert rows_with(stack.folder, WORDS) == ["conversations", "messages"]
    person.say(f"{WORDS} " * 60)
    assert files_with(stack.folder, *hidden) == []
    assert [name for name in files_with(stack.folder, WORDS) if ".log" in name] == []
    person.http.post("/api/v1/conversations/inconnu/messages", json={"text": WORDS})
    person.http.get(f"/api/v1/search?q={WORDS}")
    assert [name for name in files_with(stack.folder, WORDS) if ".log" in name] == []


def test_the_person_reads_that_the_contact_is_masked(stack: Stack) -> None:
    """The transcript says what was given, without saying it."""
    person = stack.person()
    for said in ({"value": "do:ask_human"}, {"value": "commune:unknown"}, {"value": "consent:yes"}):
        person.send(said)
    person.say(PHONE)
    person.say(HOURS)
    person.say("oui")
    headers = {"Authorization": f"Bearer {person.token}"}
    address = f"/api/v1/conversations/{person.conversation_id}"
    read = person.http.get(address, headers=headers).json()["messages"]
    mine = [message["text"] for message in read if message["role"] == "citizen"]
    assert mine[-3:] == ["votre numéro (masqué)", "vos heures (masquées)", "oui"]


def test_nothing_is_left_after_erasure(stack: Stack) -> None:
    """Database, journal, logs, index: not one byte of what was written remains."""
    person = stack.person()
    person.say(f"je vis seule à Vendôme et je n'ai plus de travail {WORDS}-efface")
    person.send({"value": "do:ask_human"})
    person.send({"value": "consent:yes"})
    person.say(f"efface.{MAIL}")
    person.say(f"{HOURS} efface")
    person.say("oui")
    person.send({"value": "do:erase"})
    (erased,) = person.send({"value": "erase:yes"})
    assert "effacé" in erased["text"]
    assert files_with(stack.folder, f"{WORDS}-efface", f"efface.{MAIL}", f"{HOURS} efface") == []

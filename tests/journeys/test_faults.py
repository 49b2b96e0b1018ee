"""Rasa, the service or the mail server dies in the middle: nobody is left without an answer
and no case is lost. Everything stays on the loopback and ends by itself."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler

from tests.journeys.stack import Stack, free_port, running

pytestmark = pytest.mark.rasa
_CODE = re.compile(r"code est ([A-Z0-9]{6})")


class Mailbox(MessageHandler):
    """Keeps the subjects of what it receives."""

    def __init__(self) -> None:
        super().__init__()
        self.received: list[str] = []

    def handle_message(self, message: Any) -> None:
        """Keep one message."""
        self.received.append(f"{message['Message-ID']} {message['Subject']}")


def eventually(check: Callable[[], bool], seconds: float = 60.0, every: float = 0.2) -> bool:
    """Tell whether ``check`` becomes true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if check():
            return True
        time.sleep(every)
    return check()


@pytest.fixture
def fragile(tmp_path: Path, rasa_installed: None) -> Iterator[Stack]:
    """Give a stack that a test may break."""
    with running(tmp_path / "var") as started:
        yield started


def test_rasa_killed_in_the_middle_of_the_interview(fragile: Stack) -> None:
    """The answer to a pending question is read by the service alone, then by Rasa again."""
    person = fragile.person()
    (*_, question) = person.say("j'arrive plus à payer mon loyer")
    assert question["fact"] == "housing_status"
    os.kill(fragile.rasa_pid(), signal.SIGKILL)
    answers = person.say("je suis locataire du privé")
    assert answers
    assert fragile.engines()["service"] == 1
    headers = {"Authorization": f"Bearer {person.token}"}
    read = person.http.get(
        f"/api/v1/conversations/{person.conversation_id}", headers=headers
    ).json()
    assert read["facts"]["housing_status"] == "tenant_private"

    def rasa_answers() -> bool:
        person.say("pourquoi cette question ?")
        return fragile.engines()["rasa"] >= 2

    # A person may not write more often than every two seconds for long.
    assert eventually(rasa_answers, every=3.0), "Rasa n’est pas revenu"
    cards = [m for m in person.say("blois") if m.get("aids")]
    assert "fsl_impayes" in [aid["id"] for aid in cards[0]["aids"]]


def test_rasa_killed_in_the_middle_of_a_handoff(fragile: Stack) -> None:
    """The contact and the hours are read by the service alone; one case, and its code is true."""
    person = fragile.person()
    person.say("j'arrive plus à payer mon loyer, je suis locataire à Blois")
    person.choose("Parler à quelqu’un")
    (contact,) = person.choose("Oui, envoyer ma demande")
    assert "Comment peut-on vous joindre ?" in contact["text"]
    before = fragile.engines()
    os.kill(fragile.rasa_pid(), signal.SIGKILL)
    (hours,) = person.say("06 12 34 56 78")
    assert "Quand peut-on vous joindre sans risque ?" in hours["text"]
    (receipt, *_) = person.say("pas avant 18 heures")
    # Rasa is back within seconds: the first answer at least was the service's own.
    assert fragile.engines()["service"] > before["service"]
    code = _CODE.search(receipt["text"])
    assert code is not None
    assert person.http.get(f"/api/v1/handoffs/{code[1]}").json()["status"] == "sent"
    with contextlib.closing(sqlite3.connect(fragile.folder / "premiere-reponse.db")) as database:
        assert database.execute("SELECT code FROM cases").fetchall() == [(code[1],)]

    def rasa_answers() -> bool:
        (status, *_) = person.say("où en est ma demande ?")
        assert "Elle attend d’être lue" in status["text"]
        return fragile.engines()["rasa"] > before["rasa"]

    assert eventually(rasa_answers, every=3.0), "Rasa n’est pas revenu"


def test_a_withdrawal_while_rasa_is_dead_is_heard(fragile: Stack) -> None:
    """« non finalement n'envoyez rien » at the last step, without Rasa: nothing leaves."""
    person = fragile.person()
    person.say("j'arrive plus à payer mon loyer, je suis locataire à Blois")
    person.choose("Parler à quelqu’un")
    person.choose("Oui, envoyer ma demande")
    person.say("06 12 34 56 78")
    os.kill(fragile.rasa_pid(), signal.SIGKILL)
    (declined, *_) = person.say("non finalement n'envoyez rien")
    assert "je n’envoie rien" in declined["text"]
    with contextlib.closing(sqlite3.connect(fragile.folder / "premiere-reponse.db")) as database:
        assert database.execute("SELECT count(*) FROM cases").fetchall() == [(0,)]


def test_the_service_killed_in_the_middle_of_a_handoff(fragile: Stack) -> None:
    """After a restart the conversation goes on where it was, and the case is opened once."""
    person = fragile.person()
    person.say("j'arrive plus à payer mon loyer, je suis locataire à Blois")
    person.choose("Parler à quelqu’un")
    person.choose("Oui, envoyer ma demande")
    fragile.kill()
    fragile.start()
    person.http = httpx.Client(base_url=fragile.url, timeout=20)
    fragile.people.append(person)
    (hours,) = person.say("06 12 34 56 78")
    assert "joindre" in hours["text"]
    (receipt, *_) = person.choose("À n’importe quelle heure")
    code = _CODE.search(receipt["text"])
    assert code is not None
    status = person.http.get(f"/api/v1/handoffs/{code[1]}").json()
    assert status["status"] == "sent"


def test_no_orphan_remains_when_the_service_is_killed(fragile: Stack) -> None:
    """Rasa leaves with the service, however it ends."""
    pid = fragile.rasa_pid()
    fragile.kill()

    def gone() -> bool:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        return Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z"

    assert eventually(gone, 10)


def test_the_mail_server_away_then_back(tmp_path: Path, rasa_installed: None) -> None:
    """The case is in the inbox at once; its e-mail leaves once the server is back."""
    port = free_port()
    mailbox = Mailbox()
    settings = {
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(port),
        "SMTP_SECURITY": "none",
        "HANDOFF_EMAIL": "equipe@exemple.fr",
        "RASA_ENABLED": "false",
    }
    with running(tmp_path / "var", **settings) as stack:
        person = stack.person()
        person.say("j'arrive plus à payer mon loyer, je suis locataire à Blois")
        person.choose("Parler à quelqu’un")
        person.choose("Oui, envoyer ma demande")
        person.say("06 12 34 56 78")
        (receipt, *_) = person.choose("À n’importe quelle heure")
        code = _CODE.search(receipt["text"])
        assert code is not None
        assert mailbox.received == []
        stack.stop()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        with running(tmp_path / "var", **settings) as stack:
            assert httpx.get(f"{stack.url}/api/v1/handoffs/{code[1]}").json()["status"] == "sent"
            assert eventually(lambda: len(mailbox.received) == 1, 120)
    finally:
        controller.stop()
    assert code[1] in mailbox.received[0]

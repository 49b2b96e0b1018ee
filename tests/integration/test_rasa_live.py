"""Rasa itself, with the trained model: every message costs one call, in every path."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import signal
import subprocess
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from assistant.names import Intent
from connectors.rasa.client import RasaClient, RasaSilent
from connectors.rasa.environment import rasa_environment
from connectors.rasa.process import RasaCommand, RasaProcess
from connectors.rasa.train import ROOT
from tests.integration.conftest import FakeService, LiveRasa, free_port

pytestmark = pytest.mark.rasa

NEED = "je n'arrive plus à payer mon loyer"


class Conversation:
    """One person who writes to the live Rasa."""

    def __init__(self, client: RasaClient, service: FakeService) -> None:
        self._client, self._service = client, service
        self.sender = uuid.uuid4().hex

    async def say(self, text: str) -> tuple[str, list[str]]:
        """Type a text; return the only message shown and the actions that were called."""
        return await self._send(text, {"turn_id": uuid.uuid4().hex, "value": None, "text": text})

    async def choose(self, intent: Intent, value: str) -> tuple[str, list[str]]:
        """Press a button that travels under ``intent``."""
        metadata: dict[str, object] = {"turn_id": "t", "value": value, "text": ""}
        return await self._send(f"/{intent.value}", metadata)

    async def _send(self, message: str, metadata: dict[str, object]) -> tuple[str, list[str]]:
        self._service.clear()
        (shown,) = await self._client.send(self.sender, message, metadata)
        return shown.text, list(self._service.actions)


@pytest.fixture
async def client(live_rasa: LiveRasa) -> AsyncIterator[RasaClient]:
    """A client of the live Rasa, patient with a busy machine."""
    opened = RasaClient(live_rasa.command.url, timeout=20)
    yield opened
    await opened.close()


@pytest.fixture
def service(action_service: tuple[FakeService, str]) -> FakeService:
    """The service played by hand."""
    return action_service[0]


@pytest.fixture
def person(client: RasaClient, service: FakeService) -> Conversation:
    """Somebody new."""
    return Conversation(client, service)


async def test_a_plain_message_costs_one_call(person: Conversation) -> None:
    """A greeting goes to its action, once, and its answer comes back."""
    assert await person.say("bonjour") == ("greet → None", ["action_converse"])


async def test_the_interview_costs_one_call_a_turn(person: Conversation) -> None:
    """Opening, answering twice, leaving: one call each, and the form only in between."""
    assert await person.say(NEED) == ("describe_need → commune", ["action_understand"])
    assert await person.say("à Blois") == ("inform → age", ["validate_interview_form"])
    assert await person.say("45 ans") == ("inform → None", ["validate_interview_form"])
    assert await person.say("merci beaucoup") == ("thanks → None", ["action_converse"])


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        pytest.param("pourquoi cette question ?", "why_this_question", id="why"),
        pytest.param("c'est quoi l'apa ?", "ask_right", id="a right"),
        pytest.param("non en fait c'est pour mon père", "correct", id="a correction"),
        pytest.param("je veux parler à quelqu'un", "ask_human", id="a human"),
        pytest.param("mon mari me frappe", "emergency", id="danger"),
        pytest.param("effacer mes données", "erase", id="erasing"),
    ],
)
async def test_an_interruption_leaves_the_question_waiting(
    person: Conversation, words: str, intent: str
) -> None:
    """Anything may be said in the middle; then the answer is taken where it was."""
    await person.say(NEED)
    assert await person.say(words) == (f"{intent} → commune", ["validate_interview_form"])
    assert await person.say("à Vendôme") == ("inform → age", ["validate_interview_form"])


async def test_starting_again_leaves_the_interview(person: Conversation) -> None:
    """« Recommencer » is answered by the service, not by Rasa, and ends the form."""
    await person.say(NEED)
    assert await person.say("recommencer") == ("restart → None", ["validate_interview_form"])
    assert await person.say("recommencer") == ("restart → None", ["action_start_again"])


async def test_a_choice_is_not_read_as_words(person: Conversation, service: FakeService) -> None:
    """A button carries its value to the service, in the interview and outside."""
    await person.say(NEED)
    said = await person.choose(Intent.INFORM, "fact:commune=41018")
    assert said == ("inform → age", ["validate_interview_form"])
    assert service.turns[0]["value"] == "fact:commune=41018"


async def test_nobody_can_type_an_intent(person: Conversation, service: FakeService) -> None:
    """« /erase » typed by hand is read as a word, with the confidence of a word."""
    await person.say("/erase")
    assert service.turns[0]["text"] == "/erase"
    assert service.turns[0]["confidence"] < 1


async def test_the_name_of_a_right_reaches_the_service(
    person: Conversation, service: FakeService
) -> None:
    """The names of the catalogue are found in the message, written as people write."""
    await person.say("c koi la prime d activite")
    assert service.turns[0]["intent"] is Intent.ASK_RIGHT
    assert service.turns[0]["right"] == "prime d activite"


async def test_what_nobody_understands_still_reaches_the_service(person: Conversation) -> None:
    """Letters at random: the fallback, one call, an answer."""
    assert await person.say("wxcvbnqsd kjhgf") == ("nlu_fallback → None", ["action_understand"])


async def test_the_longest_text_goes_through(person: Conversation, service: FakeService) -> None:
    """2,000 accented letters are answered."""
    text = (NEED + " et l’électricité a été coupée, ") * 40
    await person.say(text[:2000])
    assert len(service.turns[0]["text"]) == 2000


async def test_two_people_do_not_mix(client: RasaClient, service: FakeService) -> None:
    """The interview of one is not the interview of the other."""
    one, other = Conversation(client, service), Conversation(client, service)
    await one.say(NEED)
    assert await other.say("à Blois") == ("inform → None", ["action_understand"])
    assert await one.say("à Blois") == ("inform → age", ["validate_interview_form"])


async def test_a_failure_of_the_service_is_silence_without_words(
    person: Conversation, live_rasa: LiveRasa
) -> None:
    """Rasa answers nothing, the client says so, and the log holds no word of the person."""
    with pytest.raises(RasaSilent):
        await person.say("panne canarijaune au secours")
    log = live_rasa.command.log_file.read_text(encoding="utf-8", errors="replace")
    assert "canarijaune" not in log
    assert "secret" not in log
    assert (await person.say("bonjour"))[0] == "greet → None"


async def test_an_answer_survives_a_restart_of_rasa(
    person: Conversation, live_rasa: LiveRasa, service: FakeService
) -> None:
    """Rasa forgot the question: the answer reaches the service by its intent's rule, and
    the interview goes on."""
    assert (await person.say(NEED))[0] == "describe_need → commune"
    live_rasa.stop()
    await asyncio.to_thread(live_rasa.start)
    assert await person.say("à Blois") == ("inform → age", ["action_understand"])
    assert await person.say("45 ans") == ("inform → None", ["validate_interview_form"])


async def test_the_supervisor_starts_a_dead_rasa_again_and_leaves_no_orphan(
    rasa_command: RasaCommand, tmp_path: Path
) -> None:
    """Killed, it comes back with another process; stopped, nothing remains."""
    command = dataclasses.replace(
        rasa_command, port=free_port(), log_file=tmp_path / "log" / "rasa.log"
    )
    supervised = RasaProcess(command)
    await supervised.start()
    try:
        await supervised.wait_until_ready()
        first = supervised.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        while supervised.starts < 2:
            await asyncio.sleep(0.05)
        await supervised.wait_until_ready()
        second = supervised.pid
        assert second is not None
        assert second != first
    finally:
        await supervised.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(second, 0)


def test_rasa_leaves_with_its_parent(rasa_command: RasaCommand) -> None:
    """When the service dies in any way, its end of the pipe closes and Rasa stops."""
    child = subprocess.Popen(
        dataclasses.replace(rasa_command, port=free_port()).arguments(),
        cwd=ROOT,
        env=rasa_command.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert child.stdin is not None
    child.stdin.close()
    assert child.wait(timeout=60) == 0


def test_the_intents_are_read_well_enough(rasa_python: Path, dialogue_model: Path) -> None:
    """On sentences never learnt, the mean F1 of the intents is at least 0.93."""
    done = subprocess.run(
        [
            str(rasa_python.absolute()), "-m", "assistant.engine.report",
            "--model", str(dialogue_model), "--minimum", "0.93", "--errors",
        ],
        cwd=ROOT, env=rasa_environment(os.environ), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] or done.stderr[-1000:]

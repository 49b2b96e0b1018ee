"""Measures the whole assistant on this machine: ``make bench``.

What understanding a message takes, turn latency for one person and for twenty, turns per
second, search latency, memory of each process, start-up time. Loopback only, bounded in
count, stops by itself. It asserts nothing: figures are for people to read, with the machine
named.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import httpx
import yaml

from connectors.opening import open_knowledge
from connectors.settings import Settings
from tests.journeys.stack import Stack, running
from tests.load.measures import each, machine, memory_mb, milliseconds, p50_p95, say

#: A conversation as people have it: words, choices, an interruption, cards.
TURNS: tuple[dict[str, str], ...] = (
    {"text": "j arrive plus a payer mon loyer j ai 2 mois de retard"},
    {"value": "do:why_this_question"},
    {"text": "je suis locataire du privé"},
    {"text": "blois"},
    {"text": "c'est quoi l'apa"},
    {"text": "ma mère de 82 ans n'arrive plus à se laver toute seule"},
    {"value": "do:show_aids"},
    {"text": "merci"},
)
_ALONE = 15  # conversations of one person
_CROWD = 20  # people at the same time
_EACH = 4  # conversations of each of them
_WARM_UP = 3
_SEARCHES = 200
#: First messages as people write them: a few words, everyday sentences, long stories.
_MESSAGES = ("needs.yml", "needs_wide.yml", "needs_short.yml")
_TUNE = Path(__file__).parents[1] / "quality" / "tune"


def main() -> int:
    """Run every measure and print the figures."""
    say(f"Machine : {machine()}")
    say(_understanding())
    with tempfile.TemporaryDirectory() as folder:
        first = _start(Path(folder) / "first")
        second = _start(Path(folder) / "first")
        say(f"Démarrage (modèles et index prêts) : {first:.1f} s puis {second:.1f} s")
        with running(Path(folder) / "bench", RATE_LIMITS="false") as stack:
            asyncio.run(_measure(stack))
            say(f"Mémoire : {_memory(stack)}")
    return 0


def _understanding() -> str:
    """Measure danger, facts and needs of a message, without HTTP nor Rasa, one at a time."""
    today = datetime.now(tz=UTC).date()
    knowledge = open_knowledge(Settings(), today)
    texts = [
        message["text"]
        for name in _MESSAGES
        for message in yaml.safe_load((_TUNE / name).read_text(encoding="utf-8"))["messages"]
    ]

    def understand(text: str) -> None:
        knowledge.dangers.notice(text)
        knowledge.facts.read(text, today)
        knowledge.search.search(text)

    understand(texts[0])
    median, most = p50_p95(each(partial(understand, text) for text in texts))
    return f"Comprendre un message : p50 {median}, p95 {most} ({len(texts)} messages)"


def _start(folder: Path) -> float:
    begin = time.monotonic()
    with running(folder):
        return time.monotonic() - begin


async def _measure(stack: Stack) -> None:
    limits = httpx.Limits(max_connections=_CROWD)
    async with httpx.AsyncClient(base_url=stack.url, timeout=30, limits=limits) as http:
        await _conversations(http, _WARM_UP)
        alone = await _conversations(http, _ALONE)
        say(f"Une personne : p50 {_ms(alone, 50)} ms, p95 {_ms(alone, 95)} ms ({len(alone)} tours)")
        begin = time.monotonic()
        crowd = await asyncio.gather(*(_conversations(http, _EACH) for _ in range(_CROWD)))
        took = time.monotonic() - begin
        turns = [duration for one in crowd for duration in one]
        say(
            f"{_CROWD} personnes : {len(turns) / took:.0f} tours/s, "
            f"p50 {_ms(turns, 50)} ms, p95 {_ms(turns, 95)} ms ({len(turns)} tours)"
        )
        searches = await _searches(http)
        say(f"Recherche (HTTP compris) : p50 {_ms(searches, 50)} ms, p95 {_ms(searches, 95)} ms")
    engines = stack.engines()
    say(f"Répondu par Rasa : {engines['rasa']} tours, par le service seul : {engines['service']}")


async def _conversations(http: httpx.AsyncClient, count: int) -> list[float]:
    durations = []
    for _ in range(count):
        opened = await http.post("/api/v1/conversations", json={})
        opened.raise_for_status()
        body = opened.json()
        address = f"/api/v1/conversations/{body['conversation_id']}/messages"
        headers = {"Authorization": f"Bearer {body['token']}"}
        for turn in TURNS:
            begin = time.perf_counter()
            answer = await http.post(address, json=turn, headers=headers)
            durations.append(time.perf_counter() - begin)
            answer.raise_for_status()
    return durations


async def _searches(http: httpx.AsyncClient) -> list[float]:
    queries = [turn["text"] for turn in TURNS if "text" in turn]
    durations = []
    for number in range(_SEARCHES):
        query = f"{queries[number % len(queries)]} {number}"
        begin = time.perf_counter()
        answer = await http.get("/api/v1/search", params={"q": query, "limit": 5})
        durations.append(time.perf_counter() - begin)
        answer.raise_for_status()
    return durations


def _memory(stack: Stack) -> str:
    assert stack.process is not None
    parts = {"service": stack.process.pid, "Rasa": stack.rasa_pid()}
    sizes = {name: memory_mb(pid) for name, pid in parts.items()}
    each = ", ".join(f"{name} {size:.0f} Mo" for name, size in sizes.items())
    return f"{each}, en tout {sum(sizes.values()):.0f} Mo"


def _ms(durations: list[float], percent: int) -> str:
    return f"{milliseconds(durations, percent):.0f}"


if __name__ == "__main__":
    sys.exit(main())

"""Measures understanding on a quality set: ``python -m tests.quality.measure tune|report``.

``tune`` may be used to choose; ``report`` only to publish. Prints, with the number of
messages: needs found (Hit@1, Hit@3, MRR, by kind), dangers missed and false alarms, facts F1.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean
from typing import Any

import yaml

from assistant.knowledge import Knowledge
from connectors.opening import open_knowledge
from connectors.settings import Settings
from knowledge_base.facts import Fact

_FOLDER = Path(__file__).parent
_TODAY = datetime(2026, 11, 21, 12, tzinfo=UTC)
_NOT_FOUND = 1_000


def main() -> int:
    """Print the figures of the set named on the command line."""
    (name,) = sys.argv[1:]
    knowledge = open_knowledge(Settings(), _TODAY.date())
    for measure, file in (
        (needs, "needs"),
        (needs, "needs_wide"),
        (dangers, "danger"),
        (dangers, "danger_other"),
        (facts, "facts"),
    ):
        messages = yaml.safe_load((_FOLDER / name / f"{file}.yml").read_text(encoding="utf-8"))
        for line in measure(knowledge, messages["messages"]):
            sys.stdout.write(f"{name}, {file} : {line}\n")
    return 0


def needs(knowledge: Knowledge, messages: list[dict[str, Any]]) -> list[str]:
    """Return a line for each kind of message, then for ordinary and hard ones."""
    ranks: defaultdict[str, list[int]] = defaultdict(list)
    covered = []
    for message in messages:
        found = [hit.entry_id for hit in knowledge.search.search(message["text"], 10)]
        wanted = {entry for need in message["needs"] for entry in need}
        if not wanted:
            continue
        rank = next((at for at, entry in enumerate(found) if entry in wanted), _NOT_FOUND)
        ranks[message["kind"]].append(rank)
        if message["kind"] != "ordinary":
            ranks["hard (all)"].append(rank)
        if message["kind"] == "long":
            covered.append(mean(bool(set(need) & set(found[:5])) for need in message["needs"]))
    lines = [
        f"needs, {kind} ({len(found)}) : Hit@1 {mean(r < 1 for r in found):.3f}, "
        f"Hit@3 {mean(r < 3 for r in found):.3f}, MRR {mean(1 / (r + 1) for r in found):.3f}"
        for kind, found in ranks.items()
    ]
    return [*lines, f"needs of long stories in the first five : {mean(covered):.3f}"]


def dangers(knowledge: Knowledge, messages: list[dict[str, Any]]) -> list[str]:
    """Return what is noticed of each kind of danger, and of each kind of decoy."""
    told: dict[str, Counter[str]] = defaultdict(Counter)
    decoys: dict[str, Counter[str]] = defaultdict(Counter)
    right_kind = 0
    for message in messages:
        noticed = knowledge.dangers.notice(message["text"])
        what = "alert" if noticed.certain else "hint" if noticed.possible else "nothing"
        kinds = message["danger"]
        named = {danger.id for danger in (*noticed.certain, *noticed.possible)}
        right_kind += bool(named & set(kinds))
        groups = [f"danger, {kind}" for kind in kinds] or [f"decoy, {message['decoy']}"]
        for group in ("all", *groups):
            (told if kinds else decoys)[group][what] += 1
    lines = [_noticed(f"danger, {name}", told[name]) for name in told if name == "all"]
    lines.append(f"danger : a right kind named for {right_kind} of {told['all'].total()}")
    lines += [_noticed(name, told[name]) for name in sorted(told) if name != "all"]
    lines += [_noticed(f"decoys, {name}", decoys[name]) for name in decoys if name == "all"]
    return lines + [_noticed(name, decoys[name]) for name in sorted(decoys) if name != "all"]


def _noticed(name: str, found: Counter[str]) -> str:
    return (
        f"{name} ({found.total()}) : alert {found['alert']}, gentle line {found['hint']}, "
        f"nothing {found['nothing']}"
    )


def facts(knowledge: Knowledge, messages: list[dict[str, Any]]) -> list[str]:
    """Return the F1 of the facts: a wrong value is both a miss and an error."""
    right = wrong = missed = 0
    for message in messages:
        read = knowledge.facts.read(message["text"], _TODAY.date())
        found = {
            fact.value: _plain(knowledge, fact, known)
            for fact, known in read.items()
            if not known.approximate
        }
        expected = message["facts"] or {}
        right += sum(found.get(name) == value for name, value in expected.items())
        wrong += sum(expected.get(name) != value for name, value in found.items())
        missed += sum(found.get(name) != value for name, value in expected.items())
    return [f"facts : F1 {2 * right / (2 * right + wrong + missed):.3f} ({right + missed} facts)"]


def _plain(knowledge: Knowledge, fact: Fact, known: Any) -> object:
    if fact is Fact.COMMUNE:
        commune = knowledge.communes.by_code(known.value)
        return commune.name if commune else None
    return known.value or (sorted(known.values) if known.values else int(known.low))


if __name__ == "__main__":
    sys.exit(main())

"""Measures understanding on a quality set: ``python -m tests.quality.measure tune|report``.

``tune`` may be used to choose; ``report`` only to publish. Prints, with the number of
messages: needs found (Hit@1, Hit@3, MRR, by kind), dangers missed and false alarms as tables
for the docs, facts F1. A second word keeps the files that begin with it: ``tune danger``.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean
from typing import Any

import yaml

from assistant.knowledge import Knowledge
from connectors.opening import open_knowledge
from connectors.settings import Settings
from knowledge_base.facts import Fact
from tests.quality import danger_rates

_FOLDER = Path(__file__).parent
_TODAY = datetime(2026, 11, 21, 12, tzinfo=UTC)
_NOT_FOUND = 1_000


def main() -> int:
    """Print the figures of the set named on the command line."""
    name, *only = sys.argv[1:]
    knowledge = open_knowledge(Settings(), _TODAY.date())
    for measure, *files in _MEASURES:
        paths = [_FOLDER / name / f"{file}.yml" for file in files]
        if not all(path.exists() for path in paths) or not files[0].startswith(tuple(only) or ""):
            continue
        messages = [one for path in paths for one in read(path)]
        for line in measure(knowledge, messages):
            sys.stdout.write(line if line.startswith("|") else f"{name}, {' + '.join(files)} : ")
            sys.stdout.write("\n" if line.startswith("|") else f"{line}\n")
    return 0


def read(path: Path) -> list[dict[str, Any]]:
    """Return the messages of a set."""
    messages: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))["messages"]
    return messages


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
    told = [message for message in messages if message["danger"]]
    right = sum(bool(_named(knowledge, one) & set(one["danger"])) for one in told)
    named = f"danger : a right kind named for {right} of {len(told)}"
    return [named, *danger_rates.table(knowledge.dangers, messages)]


def _named(knowledge: Knowledge, message: dict[str, Any]) -> set[str]:
    noticed = knowledge.dangers.notice(message["text"])
    return {danger.id for danger in (*noticed.certain, *noticed.possible)}


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


#: Each measure with the files that it reads together; report has no noise.
_MEASURES = (
    (needs, "needs"),
    (needs, "needs_wide"),
    (dangers, "danger"),
    (dangers, "danger_other"),
    (dangers, "danger", "danger_other"),
    (dangers, "danger_noise"),
    (facts, "facts"),
)

if __name__ == "__main__":
    sys.exit(main())

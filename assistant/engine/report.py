"""How well the dialogue model reads intents: ``python -m assistant.engine.report``.

Runs in Rasa's Python. The held-out sentences are never learnt from. Prints the F1 of each
intent and their mean; ends with status 1 under ``--minimum``. ``--thresholds`` shows, for
each fallback threshold, what would be answered rightly, wrongly and not at all.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.engine import absent
from assistant.engine.learnt import RANKING

HELD_OUT = Path("assistant/dialogue/held_out")
FALLBACK = "nlu_fallback"
THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6)


@dataclass(frozen=True)
class Reading:
    """One sentence: the intent it has, the best that was read, its confidence and lead."""

    text: str
    expected: str
    found: str
    confidence: float
    lead: float
    answered: str


def main() -> int:
    """Print the report; return the exit status."""
    arguments = _arguments()
    absent.install(absent.TENSORFLOW)
    readings = asyncio.run(_read(arguments.model, _sentences(arguments.data)))
    scores = f1_scores((reading.expected, reading.found) for reading in readings)
    macro = sum(scores.values()) / len(scores)
    say = sys.stdout.write
    for intent, score in sorted(scores.items(), key=lambda item: item[1]):
        say(f"{intent:20} {score:.3f}\n")
    kept = [reading for reading in readings if reading.answered != FALLBACK]
    right = sum(reading.found == reading.expected for reading in kept)
    say(f"macro F1 {macro:.3f} on {len(readings)} sentences\n")
    say(f"with the fallback: {len(readings) - len(kept)} not answered, ")
    say(f"{right} right and {len(kept) - right} wrong among the others\n")
    if arguments.errors:
        for reading in readings:
            if reading.found != reading.expected:
                say(f"  {reading.expected} → {reading.found} : {reading.text}\n")
    if arguments.thresholds:
        unclear = asyncio.run(_read(arguments.model, _sentences(HELD_OUT / "unclear.yml")))
        _show_thresholds(readings, unclear)
    return 0 if macro >= arguments.minimum else 1


def f1_scores(pairs: Iterable[tuple[str, str]]) -> dict[str, float]:
    """Return the F1, from 0 to 1, of each expected intent; a pair is (expected, found)."""
    counted = Counter(pairs)
    expected, found = Counter[str](), Counter[str]()
    for (wanted, got), times in counted.items():
        expected[wanted] += times
        found[got] += times
    return {
        intent: 2 * counted[intent, intent] / (expected[intent] + found[intent])
        for intent in expected
    }


def _show_thresholds(readings: Sequence[Reading], unclear: Sequence[Reading]) -> None:
    sys.stdout.write("threshold  right  wrong  not answered  unclear caught\n")
    for threshold in THRESHOLDS:
        kept = [
            reading
            for reading in readings
            if reading.confidence >= threshold and reading.found != FALLBACK
        ]
        right = sum(reading.found == reading.expected for reading in kept)
        caught = sum(
            reading.confidence < threshold or reading.found == FALLBACK for reading in unclear
        )
        total = len(readings)
        sys.stdout.write(
            f"{threshold:9.2f} {right / total:6.1%} {(len(kept) - right) / total:6.1%} "
            f"{1 - len(kept) / total:13.1%} {caught / len(unclear):15.1%}\n"
        )


def _sentences(path: Path) -> list[tuple[str, str]]:
    from rasa.shared.nlu.training_data.loading import load_data

    examples = load_data(str(path)).intent_examples
    return [(example.get("text"), example.get("intent")) for example in examples]


async def _read(model: Path, sentences: Sequence[tuple[str, str]]) -> list[Reading]:
    import structlog
    from rasa.core.agent import Agent

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    agent = Agent.load(str(model))
    return [_reading(text, wanted, await agent.parse_message(text)) for text, wanted in sentences]


def _reading(text: str, wanted: str, parsed: dict[str, Any]) -> Reading:
    # When it does not believe them, Rasa's fallback puts itself before the classifier's.
    best, second = parsed["intent_ranking"][-RANKING:][:2]
    return Reading(
        text=text,
        expected=wanted,
        found=best["name"],
        confidence=best["confidence"],
        lead=best["confidence"] - second["confidence"],
        answered=parsed["intent"]["name"],
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="assistant.engine.report", description=__doc__)
    parser.add_argument("--model", type=Path, default=Path("var/models/dialogue/dialogue.tar.gz"))
    parser.add_argument("--data", type=Path, default=HELD_OUT / "nlu.yml")
    parser.add_argument("--minimum", type=float, default=0.0, help="fail under this macro F1")
    parser.add_argument("--errors", action="store_true", help="list what was read wrongly")
    parser.add_argument("--thresholds", action="store_true", help="compare fallback thresholds")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())

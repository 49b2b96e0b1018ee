"""Reading the facts of a situation in free text, with the words each was read in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import yaml

from assistant.conversation import Known
from assistant.understanding import numbers
from assistant.understanding.text import readable
from knowledge_base.facts import FACTS, Fact, Kind
from knowledge_base.geography import Communes

_NEGATION = re.compile(r"\b(pas|plus|jamais|sans|aucune?|ni|n est pas|pa)( \w+){0,2} $")
_BEGINS_NEGATED = re.compile(r"^\W*(pas|plus|jamais|sans|aucune?|ni)\b")
#: « je ne peux plus payer mon loyer »: the negation is the trouble itself.
_TOLD_BY_A_LACK = frozenset(
    {
        Fact.HOUSING_TROUBLE,
        Fact.DEBTS,
        Fact.LOSS_OF_AUTONOMY,
        Fact.DIGITAL_EASE,
        Fact.HEALTH_COVER,
        Fact.TRANSPORT,
        Fact.RESIDENCE_STATUS,
    }
)
#: Receiving a benefit: a verb, then its name in the same clause, nothing turning it around.
_RECEIVED = (
    r"(?<!\w)(?:touch\w*|percoi\w*|recoi\w*|ai|jai|a|avec|beneficie|mon|vis du|au)\b"
    r"(?:(?!\b(?:pas|plus|jamais|demand\w*|besoin|droit|entendu|refus\w*|perdu|fini\w*|c est quoi)\b)"
    r"[^,.;!?]){{0,40}}\b(?:{})\b"
)
RULES = Path(__file__).with_name("facts.yml")
#: Whose age is told when the text speaks of them.
_CHILD_FOR_WHOM = "child"


class FactReader:
    """The rules of ``facts.yml``, compiled once."""

    def __init__(
        self, patterns: Mapping[Fact, Mapping[str, tuple[re.Pattern[str], ...]]],
        communes: Communes,
    ) -> None:  # fmt: skip
        self._patterns = patterns
        self._communes = communes

    def read(self, text: str, today: date) -> dict[Fact, Known]:
        """Return every fact told by ``text``, each with the words it was read in."""
        plain = readable(text)
        found: dict[Fact, Known] = {}
        for fact, values in self._patterns.items():
            known = self._choice(fact, values, plain, fact in _TOLD_BY_A_LACK)
            if known is not None:
                found[fact] = known
        self._numbers(plain, today, found)
        commune = self._communes.find_in_text(text)
        if commune is not None:
            found[Fact.COMMUNE] = Known(value=commune.code_insee, words=commune.name)
        return found

    def _choice(
        self,
        fact: Fact,
        values: Mapping[str, tuple[re.Pattern[str], ...]],
        plain: str,
        told_by_a_lack: bool,
    ) -> Known | None:
        matched: dict[str, str] = {}
        for value, patterns in values.items():
            for pattern in patterns:
                words = _first(pattern, plain, told_by_a_lack)
                if words is not None:
                    matched[value] = words
                    break
            if matched and FACTS[fact].kind is Kind.CHOICE:
                break
        if not matched:
            return None
        words = ", ".join(matched.values())
        if FACTS[fact].kind is Kind.CHOICES:
            return Known(values=tuple(sorted(matched)), words=words)
        return Known(value=next(iter(matched)), words=words)

    def _numbers(self, plain: str, today: date, found: dict[Fact, Known]) -> None:
        for fact, known in (
            (Fact.CHILDREN, numbers.children(plain)),
            (Fact.INCOME, numbers.income(plain)),
        ):
            if known is not None:
                found[fact] = known
        about_child = _value(found, Fact.FOR_WHOM) == _CHILD_FOR_WHOM
        for age, start, end in numbers.ages(plain, today):
            known = Known(low=age, high=age, words=plain[start:end])
            of_child = numbers.belongs_to_child(plain, start)
            if of_child or (about_child and age < 21):
                youngest = found.get(Fact.CHILD_AGE)
                if youngest is None or (youngest.low or 0) > age:
                    found[Fact.CHILD_AGE] = known
            elif Fact.AGE not in found:
                found[Fact.AGE] = known


def load_reader(communes: Communes, path: Path = RULES) -> FactReader:
    """Compile the rules. Raises ValueError for an unknown fact or value."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    compiled: dict[Fact, dict[str, tuple[re.Pattern[str], ...]]] = {}
    for name, values in raw.items():
        fact = Fact(name)
        known = {choice.value for choice in FACTS[fact].choices}
        unknown = set(values) - known
        if unknown:
            raise ValueError(f"{path.name} : {name} : valeur inconnue {sorted(unknown)}")
        compiled[fact] = {
            value: tuple(re.compile(_frame(fact).format(pattern)) for pattern in patterns)
            for value, patterns in values.items()
        }
    return FactReader(compiled, communes)


def _frame(fact: Fact) -> str:
    return _RECEIVED if fact is Fact.BENEFITS_RECEIVED else r"(?<!\w)(?:{})"


def _first(pattern: re.Pattern[str], plain: str, even_negated: bool) -> str | None:
    """Return the first words that match ``pattern``, unless they are negated."""
    for match in pattern.finditer(plain):
        if even_negated:
            return match[0]
        clause = re.split(r"[,.;!?\n]", plain[: match.start()])[-1]
        if _BEGINS_NEGATED.match(match[0]) or not _NEGATION.search(clause):
            return match[0]
    return None


def _value(found: Mapping[Fact, Known], fact: Fact) -> str | None:
    known = found.get(fact)
    return None if known is None else known.value

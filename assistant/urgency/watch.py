"""Rules and encoder together: what is certain is said first, what is possible is hinted.

A rule that fires is never silent: where the encoder is sure that there is no danger (« je
suis mort de rire »), the person still gets one gentle line with the numbers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from assistant.urgency.hearing import Hearing, load_hearing
from assistant.urgency.model import ANY
from assistant.urgency.quiet import Quiet, load_quiet
from assistant.urgency.rules import SHORT, Danger, DangerRule, RuleReader, load_rules
from knowledge_base.catalogue import Catalogue
from knowledge_base.conditions import Value
from knowledge_base.facts import Fact
from knowledge_base.geography import Communes

#: A run of more letters is no word of any language; the encoder would read something in it.
_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]{2,30}(?![^\W\d_])")
#: A telephone number is no danger; « 6 12 34 56 78, après 17 h » was a medical one.
_NUMBER = re.compile(r"(?:\+?\d[\s.-]?){8,}")
#: The commune that the encoder reads instead of any other. « Ma mère tombe, on est à … » was a
#: danger in 208 communes of 267, for their names alone; in this one it is not, and no danger of
#: the tune sets is heard less with it.
_TOWN = "Vendôme"
#: From this probability on the encoder alone raises the alert. Chosen on the tune sets, recall
#: first, like the two below (figures in docs/adr/0009).
ALERT = 0.35
#: From this one on it is enough for a hint.
HINT = 0.1
#: A rule that fires raises the alert from this one on; under it, a hint. In a short message
#: (« je dors dans ma voiture ») the rule alone is enough: it is what rules read best.
AGREED = 0.05
#: Beside the most probable kind, others are named from this probability on.
_ALSO = 0.6


class Reader(Protocol):
    """Gives probabilities of danger (``assistant.urgency.model.DangerModel``)."""

    def read(self, text: str) -> Mapping[str, float]:
        """Return the probability of each kind and of « any »."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """Dangers in a message, the most pressing first; none is in both."""

    certain: tuple[Danger, ...] = ()
    possible: tuple[Danger, ...] = ()


class DangerWatch:
    """Notices danger; the order of the rules is the order of the answer."""

    def __init__(
        self,
        rules: Mapping[str, DangerRule],
        model: Reader | None,
        hearing: Hearing | None = None,
        communes: Communes | None = None,
        quiet: Quiet | None = None,
    ) -> None:
        """``model`` None: rules only, each of them certain; ``hearing`` None: always believed.

        ``communes`` whose names the encoder does not read: which one it is is no danger.
        ``quiet`` what explains an alarm that only the encoder hears.
        """
        self.rules = rules
        self._communes = communes
        self._by_rule = RuleReader(rules)
        self._model, self._hearing, self._quiet = model, hearing, quiet

    def notice(self, text: str, *, rules_only: bool = False) -> Noticed:
        """Return the dangers that ``text`` tells.

        ``rules_only`` is for what answers a question and nothing more: the encoder does not
        know the question, and takes « pas avant 18 h » for somebody who has nowhere to go.
        """
        fired = {danger.id for danger in self._by_rule.find(text)}
        text = _NUMBER.sub(" ", text)
        if self._model is None or rules_only or not _WORD.search(text):
            return self._noticed(fired, set(), fired)
        least = 0.0 if self._hearing is None else self._hearing.least(text)
        # Where a rule reads a danger the name of a commune cannot be all that is heard.
        heard = text
        if self._communes is not None and not fired:
            heard = self._communes.with_one_name(text, _TOWN)
        read = self._model.read(heard) if least <= 1.0 else {ANY: 0.0}
        quiet = self._quiet if not fired and read[ANY] >= HINT else None
        if read[ANY] < least or (quiet is not None and quiet.silences(text)):
            return self._noticed(fired, set(), fired)
        # A parent who cannot bear the cries any more is not heard as wanting to die.
        covered = {kind for name in fired for kind in self.rules[name].explains} - fired
        kinds = {kind: p for kind, p in read.items() if kind != ANY and kind not in covered}
        told = {kind for kind, p in kinds.items() if p >= _ALSO}
        sure = self._by_rule.certain(text) | (fired - set(kinds))
        if not covered:
            told.add(max(kinds, key=lambda kind: kinds[kind]))
        short = len(text.split()) <= SHORT
        explained = quiet is not None and quiet.explains(text)
        if read[ANY] >= ALERT and not explained:
            agreed = sure | {rule for rule in fired if short or kinds.get(rule, 0.0) >= AGREED}
            # What a clause denies, another clause may tell: a rule that fired stays.
            return self._noticed((told - self._by_rule.denied(text)) | agreed, fired | told, fired)
        agreed = fired if short or read[ANY] >= AGREED else sure
        return self._noticed(agreed, fired | (told if read[ANY] >= HINT else set()), fired)

    def of_facts(self, facts: Mapping[Fact, Value]) -> tuple[Danger, ...]:
        """Return the dangers that ``facts`` tell by themselves, the most pressing first."""
        told = {
            name
            for name, rule in self.rules.items()
            if any(facts.get(fact) in values for fact, values in rule.answers.items())
        }
        return self._in_order(told, told)

    def _noticed(self, certain: set[str], possible: set[str], said: set[str]) -> Noticed:
        return Noticed(self._in_order(certain, said), self._in_order(possible - certain, said))

    def _in_order(self, names: set[str], said: set[str]) -> tuple[Danger, ...]:
        return tuple(
            Danger(name, rule, name in said) for name, rule in self.rules.items() if name in names
        )


def load_dangers(
    catalogue: Catalogue, model: Reader | None, communes: Communes | None = None
) -> DangerWatch:
    """Read the rules and check their references. Raises CatalogueError."""
    hearing = None if model is None else load_hearing()
    return DangerWatch(load_rules(catalogue), model, hearing, communes, load_quiet())

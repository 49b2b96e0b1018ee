"""A number that takes the place of another one: « non 63 », after an age was noted."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.conversation import Known
from assistant.understanding.text import readable
from knowledge_base.facts import Fact

_INSTEAD = re.compile(
    r"^(?:(?:euh|ah|oh|mais|,|c est|c etait|j ai|j en ai|il a|elle a|plutot|enfin) )*"
    r"(?:non|pardon|erreur|oups|plutot|enfin|en fait|desolee?|je (?:voulais dire|me suis trompee?))"
    r"(?: (?:,|[.]|non|pardon|erreur|plutot|en fait|c est|j ai|j en ai|il a|elle a|il y en a))* "
    r"(?P<n>\d{1,5})(?: [.])?$"
)
#: The numbers that each fact may be corrected into, both ends included.
_PLAUSIBLE: Mapping[Fact, tuple[int, int]] = {
    Fact.AGE: (14, 110),
    Fact.CHILDREN: (0, 12),
    Fact.CHILD_AGE: (0, 20),
    Fact.INCOME: (150, 15_000),
}


def number_instead(message: str, facts: Mapping[Fact, Known]) -> dict[Fact, Known]:
    """Return the fact of ``facts`` that ``message`` gives another number; none when not sure."""
    match = _INSTEAD.match(readable(message))
    if match is None:
        return {}
    number = int(match["n"])
    meant = [
        fact
        for fact, (least, most) in _PLAUSIBLE.items()
        if least <= number <= most and _is_exact(facts.get(fact))
    ]
    if len(meant) != 1:
        return {}
    return {meant[0]: Known(low=number, high=number, words=message.strip())}


def _is_exact(known: Known | None) -> bool:
    """Tell whether a number was told, rather than a bracket chosen or deduced."""
    return known is not None and known.low is not None and known.low == known.high

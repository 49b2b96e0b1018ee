"""A pattern is tried only where it can match, and reads the same as if it always were."""

from __future__ import annotations

import re

import pytest

from assistant.understanding.needles import needles
from assistant.understanding.rules import in_order, load_rules


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("mutuelle", ("mutuelle",)),
        (r"(ma|notre) mutuel(le)?", (" mutuel",)),
        ("rsa|chomage", ("chomage", "rsa")),
        (r"\d+ (euros|balles) (\w+ )?par mois", ("par mois",)),
        (r"(?<!pas )enceinte(?! d un mur)", ("enceinte",)),
        (r"\w+", ()),
        ("(vis|vit)?", ()),
    ],
)
def test_what_a_text_must_hold(pattern: str, expected: tuple[str, ...]) -> None:
    """The longest string that is sure, one for each way; what is optional or denied is none."""
    assert needles(pattern) == expected


def test_nearly_every_rule_can_be_skipped() -> None:
    """A pattern without needles is tried on every message: there must be very few."""
    ways = [way for rule in load_rules() for way in rule.ways]
    always = [way.pattern.pattern for way in ways if not way.needles]
    assert len(always) / len(ways) < 0.05


def test_the_way_a_rule_is_split_changes_nothing() -> None:
    """On a story, each rule reads what one alternation of all its patterns would."""
    text = (
        "bonjour , j ai 34 ans , je vis seule avec mes 2 enfants dans un hlm a vendome . je touche "
        "le rsa et l apl , je n ai pas le permis ni de voiture , j ai 3 mois de loyer de retard et "
        "je n arrive plus a payer mes credits . ma mere ne peut plus se laver seule ."
    )
    for rule in load_rules():
        together = re.compile("|".join(f"(?:{way.pattern.pattern})" for way in rule.ways))
        expected = [match.span() for match in together.finditer(text)]
        assert [match.span() for match in in_order(rule.ways, text)] == expected

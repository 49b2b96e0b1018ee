"""Whether a message is French enough to be repaired: one that is not stays as it was written."""

from __future__ import annotations

#: Below this share of known words a message is taken for another language.
FRENCH = 0.3
#: So few words say nothing of the language.
TOO_SHORT = 3
#: A word met that often in the dictionary says that the message is French.
GRAMMAR = 150_000
#: Small words of the languages met in the département that French does not have.
FOREIGN = frozenset(
    """
    the and my not with have is they what for this you your need help
    los las una para por mi mis tengo hace casa donde soy estoy muy pero hijo hijos
    meu minha não nao uma quem com está tenho isso
    che sono mia della non anche nel
    und ich nicht der die das mein meine ist für mit
    nu avem sunt și pentru este mea nie jest mam się bir ve çok için
    """.split()
)


def is_french(words: list[str], grammar: int, known: int) -> bool:
    """Tell whether ``words`` are French: ``known`` are, and ``grammar`` are its small words."""
    foreign = sum(word in FOREIGN for word in words)
    enough = known >= FRENCH * len(words) or len(words) <= TOO_SHORT
    return 3 * foreign <= grammar and enough

"""Words of the neighbours' languages: enough to tell « aiuto » from « gnark »."""

from __future__ import annotations

from functools import cache

from spellchecker import SpellChecker

from knowledge_base.tokens import fold

_LANGUAGES = ("en", "es", "pt", "it", "de")
#: How often a word must be met (counts of the dictionaries, of which the rarest say 50).
_OFTEN = 100


@cache
def load_foreign_words() -> frozenset[str]:
    """Return the folded frequent words of five languages (half a second)."""
    return frozenset(
        fold(word)
        for language in _LANGUAGES
        for word, count in SpellChecker(language=language).word_frequency.dictionary.items()
        if count >= _OFTEN
    )

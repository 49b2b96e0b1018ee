"""In which language a message is written, among French and those met in the territory.

Three readings: the letters (whatever the length), a few words of help (short messages), a
model (longer ones). French must never be taken for another language.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from py3langid import langid

from knowledge_base.catalogue import DATA
from knowledge_base.tokens import fold

FRENCH: Final = "fr"
#: A language that has no sentence: it is answered in English and in French.
OTHER: Final = "other"
#: On the 2 145 messages of the tune sets, November 2026: no French one is mistaken, phonetic
#: spelling included, and 73 foreign ones are seen; at .85, two French ones are mistaken.
_SURE: Final = 0.95
_SHORTEST: Final = 12  # characters: « ok » is in every language
_MOST_WORDS: Final = 6  # of a short message, read by its words
#: Also told by the model from the languages that have a sentence.
_ALSO_READ: Final = ("cs", "da", "et", "fi", "lt", "lv", "sk", "sl", "sv")
#: Scripts that are not Latin, by the name of their letters, and the languages written in them.
#: A script that is not here is that of another language.
_SCRIPTS: Final[Mapping[str, tuple[str, ...]]] = {
    "ARABIC": ("ar", "fa"),
    "ARMENIAN": ("hy",),
    "BENGALI": ("bn",),
    "CJK": ("zh",),
    "CYRILLIC": ("ru", "uk", "bg"),
    "ETHIOPIC": ("am",),
    "GEORGIAN": ("ka",),
    "TAMIL": ("ta",),
}
#: Letters that one language only has, in the order in which they are looked for.
_OWN_LETTERS: Final[tuple[tuple[str, str], ...]] = (
    ("ps", "ټډړږښڅځڼېۍ"),
    ("ur", "ٹڈڑےںھہ"),
    (OTHER, "ێۆڕڵە"),  # Kurdish
    ("fa", "پچژگکی"),
    ("uk", "іїєґ"),
    ("ru", "ыэё"),
    (OTHER, "јљњћђџѓќѕ"),  # Serbian, Macedonian
    (OTHER, "ኣኽቐቕ"),  # Tigrinya
)
_WORD: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Language:
    """A language: what is said in it, and the words by which a short message is told."""

    sentence: str
    words: frozenset[str] = frozenset()
    small: frozenset[str] = frozenset()

    def holds(self, said: list[str]) -> bool:
        """Tell whether all of ``said`` are words of this language, one at least its own."""
        return not self.words.isdisjoint(said) and (self.words | self.small).issuperset(said)


class LanguageReader:
    """Tells a language other than French, with the sentence to say in it."""

    def __init__(self, languages: Mapping[str, Language]) -> None:
        self._languages = languages
        self._model = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
        spoken = [code for code in languages if code != OTHER]
        self._model.set_languages([FRENCH, *spoken, *_ALSO_READ])

    def read(self, text: str) -> str | None:
        """Return the code of the language of ``text``, French included, when it is sure.

        ``OTHER`` is any language that has no sentence.
        """
        script = _script(text)
        if script is not None:
            return self._by_letters(text, script)
        said = _WORD.findall(fold(text))
        if 0 < len(said) <= _MOST_WORDS and (known := self._by_words(said)) is not None:
            return known
        return self._by_model(text) if len(text.strip()) >= _SHORTEST else None

    def foreign(self, text: str) -> str | None:
        """Return the code of the language of ``text`` when it is surely not French."""
        language = self.read(text)
        return None if language == FRENCH else language

    def in_another_script(self, text: str) -> bool:
        """Tell whether ``text`` is not in Latin letters: no commune, no e-mail, no code."""
        return _script(text) is not None

    def sentence(self, language: str) -> str:
        """Return what to say to somebody who writes in ``language``."""
        return self._languages.get(language, self._languages[OTHER]).sentence

    def _by_letters(self, text: str, script: str) -> str:
        for language, letters in _OWN_LETTERS:
            if any(letter in text.casefold() for letter in letters):
                return language
        candidates = _SCRIPTS.get(script, (OTHER,))
        if len(candidates) == 1:
            return candidates[0]
        chances = dict(self._model.rank(text))
        return max(candidates, key=lambda code: float(chances[code]))

    def _by_words(self, said: list[str]) -> str | None:
        found = [code for code, language in self._languages.items() if language.holds(said)]
        return found[0] if found else None

    def _by_model(self, text: str) -> str | None:
        language, probability = self._model.classify(text)
        if probability < _SURE:
            return None
        return str(language) if language in (FRENCH, *self._languages) else OTHER


def _script(text: str) -> str | None:
    """Return the script of most letters of ``text`` when it is not Latin."""
    letters = [one for one in unicodedata.normalize("NFKC", text) if one.isalpha()]
    scripts = Counter(unicodedata.name(one, "LATIN").split()[0] for one in letters)
    if not letters or 2 * scripts["LATIN"] >= len(letters):
        return None
    del scripts["LATIN"]
    return scripts.most_common(1)[0][0]


def load_languages(path: Path = DATA / "langues.yml") -> LanguageReader:
    """Read the sentences and load the model (about a second)."""
    raw: Mapping[str, Mapping[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return LanguageReader({code: _language(one) for code, one in raw.items()})


def _language(raw: Mapping[str, Any]) -> Language:
    words, small = (frozenset(fold(str(raw.get(key, ""))).split()) for key in ("words", "small"))
    return Language(str(raw["sentence"]), words, small)

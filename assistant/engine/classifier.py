"""Sentence vector → intent: the component of Rasa's pipeline.

What is learnt and how is in ``learnt``; Rasa's own logistic regression has no strength
setting and stores its model in a format whose reader takes two seconds to import.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.engine.featurizer import EMBEDDING
from assistant.engine.learnt import LearntIntents

FILE = "intents.npz"


class NothingLearnt(RuntimeError):
    """The classifier is asked for an intent before it has learnt any."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class EverydayIntentClassifier(IntentClassifier, GraphComponent):
    """Gives every message its intent and confidence, between 0 and 1."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Return the components needed before this one."""
        return [Featurizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings.

        ``strength`` (C) brings the regression closer to the examples; ``passes`` over them:
        100 are as good as 200 once the neighbours are there, in half the time;
        ``neighbours`` is the weight of the nearest examples beside the regression.
        """
        return {"strength": 20.0, "passes": 100, "neighbours": 0.7}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        learnt: LearntIntents | None = None,
    ) -> None:
        self._config = config
        self._model_storage, self._resource = model_storage, resource
        self._learnt = learnt

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EverydayIntentClassifier:
        """Build a component that has learnt nothing yet."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> EverydayIntentClassifier:
        """Read what was learnt. Raises ValueError when the model holds nothing."""
        with (
            model_storage.read_from(resource) as folder,
            np.load(folder / FILE, allow_pickle=False) as stored,
        ):
            learnt = LearntIntents.of_arrays(stored)
        return cls(config, model_storage, resource, learnt)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples that have an intent and store the result."""
        examples = [m for m in training_data.intent_examples if m.get(TEXT)]
        self._learnt = LearntIntents.of_examples(
            np.stack([_features(m) for m in examples]),
            [str(m.get(INTENT)) for m in examples],
            meaning=EMBEDDING,
            strength=self._config["strength"],
            passes=self._config["passes"],
        )
        with self._model_storage.write_to(self._resource) as folder:
            np.savez(folder / FILE, **self._learnt.arrays())
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add to each message its intent and the most likely ones. Raises NothingLearnt."""
        if self._learnt is None:
            raise NothingLearnt("train or load the model first")
        for message in messages:
            best = self._learnt.rank(_features(message), self._config["neighbours"])
            ranking = [{"name": name, "confidence": share} for name, share in best]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages


def _features(message: Message) -> npt.NDArray[np.float32]:
    _, sentence = message.get_dense_features(TEXT)
    if sentence is None:
        raise ValueError("a message has no sentence vector; is the featurizer in config.yml?")
    row: npt.NDArray[np.float32] = sentence.features[0]
    return row

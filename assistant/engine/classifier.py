"""Sentence vector → intent: a logistic regression learnt with scikit-learn.

Rasa's own component has no strength setting and stores its model in a format whose
reader takes two seconds to import. Here the learnt numbers are two numpy arrays and
reading a message is one product; scikit-learn is needed to learn, not to serve.
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

FILE = "intents.npz"
RANKING = 5  # intents kept with each message


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True
)
class IntentRegression(IntentClassifier, GraphComponent):
    """Gives every message its intent and confidence, between 0 and 1."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Return the components needed before this one."""
        return [Featurizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings: ``strength`` (C), the higher the closer to the examples."""
        return {"strength": 20.0, "passes": 300}

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        self._config = config
        self._model_storage, self._resource = model_storage, resource
        self._intents: list[str] = []
        self._weights = np.zeros((0, 0), dtype=np.float32)
        self._bias = np.zeros(0, dtype=np.float32)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentRegression:
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
    ) -> IntentRegression:
        """Read what was learnt. Raises ValueError when the model holds nothing."""
        component = cls(config, model_storage, resource)
        with (
            model_storage.read_from(resource) as folder,
            np.load(folder / FILE, allow_pickle=False) as stored,
        ):
            component._intents = [str(name) for name in stored["intents"]]
            component._weights, component._bias = stored["weights"], stored["bias"]
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples that have an intent and store the result."""
        from sklearn.linear_model import LogisticRegression

        examples = [m for m in training_data.intent_examples if m.get(TEXT)]
        learnt = LogisticRegression(
            C=self._config["strength"],
            max_iter=self._config["passes"],
            tol=1e-3,
            class_weight="balanced",
            random_state=41,
        ).fit(np.stack([_features(m) for m in examples]), [m.get(INTENT) for m in examples])
        self._intents = [str(name) for name in learnt.classes_]
        self._weights = learnt.coef_.T.astype(np.float32)
        self._bias = learnt.intercept_.astype(np.float32)
        with self._model_storage.write_to(self._resource) as folder:
            np.savez(
                folder / FILE,
                intents=np.array(self._intents),
                weights=self._weights,
                bias=self._bias,
            )
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add to each message its intent and the most likely ones."""
        for message in messages:
            ranking = self.rank(_features(message))
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def rank(self, features: np.ndarray) -> list[dict[str, Any]]:
        """Return the most likely intents for one sentence vector, the first the best."""
        scores = features @ self._weights + self._bias
        shares = np.exp(scores - scores.max())
        shares /= shares.sum()
        best = np.argsort(-shares)[:RANKING]
        return [{"name": self._intents[i], "confidence": float(shares[i])} for i in best]


def _features(message: Message) -> np.ndarray:
    _, sentence = message.get_dense_features(TEXT)
    if sentence is None:
        raise ValueError("a message has no sentence vector; is the featurizer in config.yml?")
    return sentence.features[0]

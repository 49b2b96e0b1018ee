"""The signal of letters and sounds, and what surrounds a need."""

from __future__ import annotations

import random

import numpy as np

from knowledge_base import noise
from knowledge_base.learning.letters import Classifier
from knowledge_base.letters import LENGTH, pieces, weigh

_SAID = [
    ("je n’arrive plus à payer mon loyer", 0),
    ("trois mois de loyer en retard", 0),
    ("mon propriétaire réclame le loyer", 0),
    ("ma mère tombe et ne se lave plus seule", 1),
    ("ma mère de 84 ans a besoin d’aide à la maison", 1),
    ("maman perd ses forces, qui peut venir", 1),
    ("quel temps fait-il demain", 2),
    ("raconte une blague", 2),
    ("une recette de gâteau", 2),
]


def test_what_is_learnt_reads_words_written_by_ear() -> None:
    """No word of « mon loiyé én retar » was learnt as it is written."""
    texts, owners = [text for text, _ in _SAID], np.array([owner for _, owner in _SAID])
    classifier = Classifier(texts, 3)
    classifier.read(texts, owners, 60)
    letters = classifier.letters()
    assert int(np.argmax(letters.scores("mon loiyé én retar")[0])) == 0
    assert int(np.argmax(letters.scores("ma maire tonbe à la méson")[0])) == 1
    scores, nothing = letters.scores("une blague sur le temps")
    assert nothing > scores.max()
    assert np.isclose(np.exp(scores).sum() + np.exp(nothing), 1.0, atol=1e-4)


def test_a_text_without_a_word_still_has_a_score() -> None:
    """« ?! » is made of nothing; it must not fail."""
    assert pieces("?!").tolist() == [0]


def test_a_long_text_weighs_as_a_short_one() -> None:
    """The pieces of a text are weighed to one length."""
    assert np.isclose(np.linalg.norm(weigh(np.array([1.0, 2.0], dtype=np.float32))), LENGTH, 1e-2)
    assert np.isclose(np.linalg.norm(weigh(np.ones(400, dtype=np.float32))), LENGTH, 1e-2)


def test_what_surrounds_a_need_leaves_it_whole() -> None:
    """A courtesy, a town or an age before or after; the need is still there, word for word."""
    dice = random.Random(2)
    around = {noise.situated("plus de mutuelle", dice) for _ in range(200)}
    assert all("plus de mutuelle" in text for text in around)
    assert len(around) > 100
    assert not any("{" in text for text in around)

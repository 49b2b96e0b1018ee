"""What trains and measures the search: noise, parts, what is kept out, the head, figures."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
import torch

from knowledge_base import adapter, evaluation, head, noise
from knowledge_base.evaluation import Answer, Message
from knowledge_base.fusion import Evidence, fuse, fuse_parts
from knowledge_base.holdout import compared, halves, held_out
from knowledge_base.learning import recipe
from knowledge_base.learning.loop import descend
from knowledge_base.parts import parts

STORY = (
    "Mon mari est parti en février et je suis seule avec mes deux enfants. Le loyer n’est plus "
    "payé depuis trois mois. Le propriétaire menace. En plus la voiture ne démarre plus et je "
    "ne peux pas aller travailler à Vendôme. Je ne sais pas à qui m’adresser pour tout cela."
)


def test_a_short_message_is_not_cut() -> None:
    """Under forty-five words the whole is searched alone."""
    assert parts("Je n’ai plus rien à manger. Et mon loyer n’est pas payé.") == []


def test_a_story_is_cut_into_sentences() -> None:
    """A sentence of three words goes with the next one."""
    assert parts(STORY) == [
        "Mon mari est parti en février et je suis seule avec mes deux enfants.",
        "Le loyer n’est plus payé depuis trois mois.",
        "Le propriétaire menace. En plus la voiture ne démarre plus et je ne peux pas aller "
        "travailler à Vendôme.",
        "Je ne sais pas à qui m’adresser pour tout cela.",
    ]


def test_a_very_long_story_is_searched_in_a_bounded_number_of_parts() -> None:
    """A hundred sentences cost no more than twelve parts."""
    assert len(parts("Je raconte encore une autre chose. " * 100)) == 12


def evidence(*scores: float) -> Evidence:
    """Give one lexical signal and the log-probabilities of the same scores."""
    found = np.array(scores, dtype=np.float32)
    likely = np.log(np.exp(found) / np.exp(found).sum())
    return Evidence({"words": found, "head": np.asarray(likely, dtype=np.float32)}, (-9.0,))


def test_a_need_told_in_one_part_comes_up() -> None:
    """An entry that only a part calls for passes those that nothing calls for."""
    fused = fuse_parts(evidence(3, 0, 0, 0), [evidence(0, 0, 3, 0)])
    assert set(np.argsort(-fused)[:2].tolist()) == {0, 2}


def test_a_short_message_is_the_mean_of_its_signals() -> None:
    """Without parts nothing is added: the two signals say the same here."""
    alone = evidence(3, 0, 0, 0)
    assert fuse_parts(alone, []).tolist() == fuse(alone.signals).tolist()


def test_what_is_kept_out_depends_on_the_words_alone() -> None:
    """The same sentence is always on the same side, whatever the others."""
    sayings = [f"phrase numéro {number}" for number in range(4000)]
    kept_out = [text for text in sayings if held_out(text)]
    assert 400 <= len(kept_out) <= 600
    assert [text for text in reversed(sayings) if held_out(text)] == kept_out[::-1]
    learnt, calibrating = halves(["a", "b", "c", "d"])
    assert sorted(learnt + calibrating) == ["a", "b", "c", "d"]


def test_noise_is_drawn_from_the_seed() -> None:
    """Two trainings of one seed read the same words."""
    text = "Je n’arrive plus à payer mon loyer, est-ce que quelqu’un peut m’aider ?"
    one = [noise.noisy(text, random.Random(5)) for _ in range(3)]
    assert one == [noise.noisy(text, random.Random(5)) for _ in range(3)]
    assert any(noise.sms(text, random.Random(seed)) != text for seed in range(3))


def test_an_empty_text_stays_readable() -> None:
    """No way of writing fails on one letter or on signs."""
    for text in ("a", "!!!", "12 €"):
        for seed in range(30):
            assert isinstance(noise.noisy(text, random.Random(seed)), str)


def test_the_head_learns_which_entry_a_vector_calls_for() -> None:
    """Three groups of vectors: two entries, and what no entry answers."""
    vectors = np.repeat(np.eye(3, dtype=np.float32), 40, axis=0)
    learnt = head.fit(vectors, np.repeat(np.arange(3), 40).astype(np.int32), 2)
    scores, nothing = learnt.scores(np.array([[0, 1, 0]], dtype=np.float32))
    assert int(np.argmax(scores)) == 1
    assert nothing < scores[1]
    _, none_of_them = learnt.scores(np.array([[0, 0, 1]], dtype=np.float32))
    assert np.exp(none_of_them) > 0.8
    assert np.exp(scores).sum() + np.exp(nothing) == pytest.approx(1.0, abs=1e-5)


def test_an_entry_without_a_saying_is_never_called_for() -> None:
    """The other entries keep their places."""
    vectors = np.repeat(np.eye(3, dtype=np.float32), 40, axis=0)
    learnt = head.fit(vectors, np.repeat([0, 1, 3], 40).astype(np.int32), 3)
    scores, _ = learnt.scores(np.array([[0, 1, 0]], dtype=np.float32))
    assert int(np.argmax(scores)) == 1
    assert int(np.argmin(scores)) == 2


def test_an_adapter_is_read_as_it_was_written(tmp_path: Path) -> None:
    """up @ down comes back, and a file that is not the one of its card is refused."""
    path = tmp_path / "learnt.npz"
    matrices = {
        "layer.down": np.array([[1, 2]], dtype=np.float32),
        "layer.up": np.array([[1], [0.5]], dtype=np.float32),
    }
    about = {
        "base": "b", "trained_on": "c", "sayings": 2, "held_out": 1, "recipe": {}, "command": "t"
    }  # fmt: skip
    adapter.save(matrices, about, path)
    assert adapter.changes(path)["layer.weight"].tolist() == [[1, 2], [0.5, 1]]
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(adapter.AdapterError, match="train"):
        adapter.changes(path)


def test_the_shipped_adapter_is_the_one_of_its_card() -> None:
    """The weights that travel are those that the card describes, and stay small."""
    card = adapter.read_card()
    assert card.command == "python -m knowledge_base train --scenes"
    assert adapter.SHIPPED.stat().st_size < 5_500_000


def test_the_mean_of_several_trainings_is_nearest_to_their_mean() -> None:
    """Two changes of rank one along two axes: of rank two the mean is exact, of rank one not."""
    one = {"l.up": np.array([[2.0], [0.0]]), "l.down": np.array([[1.0, 0.0]])}
    two = {"l.up": np.array([[0.0], [1.0]]), "l.down": np.array([[0.0, 1.0]])}
    whole = adapter.mean_of([one, two], 2)
    assert whole["l.up"] @ whole["l.down"] == pytest.approx(np.array([[1.0, 0.0], [0.0, 0.5]]))
    largest = adapter.mean_of([one, two], 1)
    assert largest["l.up"] @ largest["l.down"] == pytest.approx(np.array([[1.0, 0], [0, 0]]))


def test_a_text_that_is_cut_keeps_a_run_of_its_words() -> None:
    """At least eight words in their order; a short text is left whole."""
    words = " ".join(f"mot{number}" for number in range(20))
    for seed in range(30):
        kept = noise.cut(words, random.Random(seed))
        assert kept in words
        assert 10 <= len(kept.split()) <= 20
    assert noise.cut("je n’ai plus rien", random.Random(1)) == "je n’ai plus rien"


def test_what_is_compared_does_not_depend_on_the_others() -> None:
    """Forty-eight of a hundred sayings, in their order; one more replaces at most one of them."""
    sayings = [f"phrase numéro {number}" for number in range(100)]
    chosen = compared(sayings)
    assert len(chosen) == 48
    assert [text for text in sayings if text in set(chosen)] == list(chosen)
    assert len(set(compared([*sayings, "une autre"])) & set(chosen)) >= 47


def test_the_measures_of_a_ranking() -> None:
    """Two needs, found second and fourth: figures by hand."""
    message = Message("m", "long", "…", (frozenset({"a"}), frozenset({"b", "c"})))
    answer = Answer(message, ("x", "c", "b", "a", "y", "z"))
    assert answer.rank == 2
    assert evaluation.reciprocal(answer) == 0.5
    assert evaluation.within(1)(answer) == 0.0
    assert evaluation.within(3)(answer) == 1.0
    assert evaluation.covered(answer, 5) == 1.0
    assert evaluation.covered(answer, 3) == 0.5
    # (1 / log2(3) + 1 / log2(5)) / (1 + 1 / log2(3)): b after c gains nothing more.
    assert evaluation.gain(answer) == pytest.approx(0.6510, abs=1e-4)


def test_the_interval_holds_the_mean() -> None:
    """Half of the messages right: 50 %, between about 40 and 60 with a hundred of them."""
    mean, low, high = evaluation.interval(np.array([0.0, 1.0] * 50))
    assert mean == 0.5
    assert 0.38 < low < 0.44
    assert 0.56 < high < 0.62


def test_going_on_draws_otherwise_and_steps_smaller() -> None:
    """The same batches again would teach nothing; the rest of the recipe is kept."""
    first = recipe.Recipe(steps=300, seed=7, rate=0.002)
    again = recipe.going_on(first)
    assert (again.steps, again.seed, again.rate) == (300, 8, 0.001)


def test_the_descent_reaches_the_least_loss() -> None:
    """From 3 to the bottom of (x - 1)², in as many batches as steps."""
    point = torch.nn.Parameter(torch.tensor(3.0))
    drawn = []

    def loss_of_a_batch() -> torch.Tensor:
        drawn.append(float(point.detach()))
        return (point - 1.0) ** 2

    descend([point], [{"params": [point], "lr": 0.05}], 300, loss_of_a_batch)
    assert len(drawn) == 300
    assert float(point.detach()) == pytest.approx(1.0, abs=0.02)

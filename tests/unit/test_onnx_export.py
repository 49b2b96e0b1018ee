"""The export: operations joined and inputs made even give what the transformer gave."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
import pytest
import torch
from onnx import TensorProto, helper
from transformers import BertConfig, BertModel

from knowledge_base.onnx_export import fused, smooth

LAYERS = 2
SAID = ["un loyer en retard", "plus rien a manger", "seul"]
Arrays = dict[str, npt.NDArray[Any]]

# The exporter that torch prefers now gives operations that the optimizer does not join; the
# older one warns of itself, and of each condition that it takes for a constant.
pytestmark = pytest.mark.filterwarnings("ignore")


def texts(sentences: list[str], **_: object) -> Arrays:
    """Stand for a tokenizer: the number of each letter, zeros up to the longest text."""
    longest = max(map(len, sentences))
    ids = np.array([[ord(letter) % 90 + 1 for letter in one.ljust(longest)] for one in sentences])
    mask = np.array([[1] * len(one) + [0] * (longest - len(one)) for one in sentences])
    return {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}


def run(model: Any, names: list[str]) -> list[npt.NDArray[np.float32]]:
    """Return what the ONNX ``model`` gives under ``names`` for ``SAID``."""
    known = {one.name for one in model.graph.output}
    model.graph.output.extend(
        helper.make_tensor_value_info(name, TensorProto.FLOAT, None)
        for name in names
        if name not in known
    )
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    return list(session.run(names, texts(SAID)))


@pytest.fixture
def transformer(tmp_path: Path) -> BertModel:
    """Return a small transformer, one channel of which is a hundred times larger; saved too."""
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=100, hidden_size=16, num_hidden_layers=LAYERS, num_attention_heads=2,
        intermediate_size=32,
    )  # fmt: skip
    model = BertModel(config, add_pooling_layer=False).eval()
    with torch.no_grad():
        model.encoder.layer[0].attention.output.LayerNorm.weight[3] = 100.0
    model.save_pretrained(tmp_path)
    return model


def test_the_joined_operations_give_the_same_vectors(
    transformer: BertModel, tmp_path: Path
) -> None:
    """Each layer of attention is one operation; short texts beside long ones read as alone."""
    read = {name: torch.tensor(array) for name, array in texts(SAID).items()}
    with torch.no_grad():
        expected = transformer(**read).last_hidden_state.numpy()
    model = fused(tmp_path)
    (given,) = run(model, ["last_hidden_state"])
    words = texts(SAID)["attention_mask"].astype(bool)
    assert given[words] == pytest.approx(expected[words], abs=1e-3)
    assert [node.op_type for node in model.graph.node].count("Attention") == LAYERS


@pytest.mark.usefixtures("transformer")
def test_a_model_made_even_gives_the_same_vectors(tmp_path: Path) -> None:
    """One channel that is a hundred times larger no longer is, and nothing else moves."""

    def largest(name: str) -> float:
        (activation,) = run(model, [name])
        channels = np.abs(activation).max(axis=(0, 1))
        return float(channels.max() / np.median(channels))

    model = fused(tmp_path)
    (before,) = run(model, ["last_hidden_state"])
    # What reads the first normalisation after attention, where one channel was made larger.
    second = [node for node in model.graph.node if node.op_type == "MatMul"][1]
    uneven = largest(second.input[0])
    smooth(model, texts, SAID)
    (after,) = run(model, ["last_hidden_state"])
    assert after == pytest.approx(before, abs=1e-2)
    assert largest(second.input[0]) < uneven / 10

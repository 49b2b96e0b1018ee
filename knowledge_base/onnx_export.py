"""Exports the encoder to 8-bit ONNX, as it is served, losing next to nothing of it.

The operations of a layer of attention are first joined into one (a third of the time of a short
message). Then, as a few channels of the activations are thirty times larger than the others,
and one scale of 8 bits for all of them loses the small ones, each layer reads its input
divided, channel by channel, by what makes activations and weights alike, and its weights are
multiplied by the same (« SmoothQuant », Xiao et al., 2023): the product is unchanged, and 8 bits
are enough (docs/adr/0004).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge_base import catalogue
from knowledge_base.embedded_model import ONNX_FILE
from knowledge_base.holdout import compared

_INPUTS = ["input_ids", "attention_mask", "token_type_ids"]
_OUTPUT = "last_hidden_state"
#: Operations that read an activation and multiply it by weights.
_LINEAR = ("Attention", "MatMul")
#: Share of the unevenness that goes from the activations to the weights; .75 to .85 are alike.
_SHARE = 0.8
_LEAST = 1e-5
_BATCH = 32

Channels = npt.NDArray[np.float32]


def export(folder: Path) -> Path:
    """Export the transformer of a sentence-transformers ``folder`` to 8-bit ONNX.

    The file gives ``last_hidden_state`` (float32 [batch, tokens, hidden]) for
    ``input_ids``, ``attention_mask`` (ones, then zeros) and ``token_type_ids``.
    """
    from onnx import TensorProto
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from transformers import AutoTokenizer

    model = fused(folder)
    smooth(model, AutoTokenizer.from_pretrained(str(folder)), _read())
    quantised = folder / ONNX_FILE
    quantised.parent.mkdir(parents=True, exist_ok=True)
    quantize_dynamic(
        model, str(quantised), weight_type=QuantType.QInt8, per_channel=True,
        # What a joined operation gives: the library only knows the types of the standard ones.
        extra_options={"DefaultTensorType": TensorProto.FLOAT},
    )  # fmt: skip
    return quantised


def fused(folder: Path) -> Any:
    """Return the transformer of ``folder`` as an ONNX model in 32 bits, its operations joined."""
    import torch
    from onnx import helper
    from onnxruntime.transformers import optimizer
    from onnxruntime.transformers.fusion_options import FusionOptions
    from transformers import AutoModel

    class Hidden(torch.nn.Module):
        """Gives only what is pooled."""

        def __init__(self, model: Any) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> Any:
            return self.model(
                input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
            ).last_hidden_state

    model = AutoModel.from_pretrained(str(folder), attn_implementation="eager").eval()
    plain = folder / "plain.onnx"
    example = torch.ones((2, 8), dtype=torch.int64)
    dynamic = {name: {0: "batch", 1: "tokens"} for name in (*_INPUTS, _OUTPUT)}
    torch.onnx.export(
        Hidden(model), (example, example, torch.zeros_like(example)), str(plain),
        input_names=_INPUTS, output_names=[_OUTPUT], dynamic_axes=dynamic,
        opset_version=17, dynamo=False,
    )  # fmt: skip
    options = FusionOptions("bert")
    # An addition and a normalisation joined are five times slower than the two (onnxruntime 1.31).
    options.enable_skip_layer_norm = False
    joined = optimizer.optimize_model(
        str(plain), "bert", model.config.num_attention_heads, model.config.hidden_size,
        opt_level=0, optimization_options=options,
    )  # fmt: skip
    plain.unlink()
    joined.model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    return joined.model


def smooth(model: Any, tokenizer: Any, texts: Sequence[str]) -> None:
    """Make the inputs of the linear operations of ``model`` even, as they are for ``texts``.

    What the model gives does not change.
    """
    from onnx import helper, numpy_helper

    graph = model.graph
    weights = {one.name: one for one in graph.initializer}
    linear = [node for node in graph.node if node.op_type in _LINEAR and node.input[1] in weights]
    largest = _largest(model, tokenizer, [node.input[0] for node in linear], texts)
    for number, node in enumerate(linear):
        read = node.input[0]
        kept = weights[node.input[1]]
        values = numpy_helper.to_array(kept)
        least = np.maximum(np.abs(values).max(axis=1), _LEAST)
        scale = np.maximum(largest[read], _LEAST) ** _SHARE / least ** (1 - _SHARE)
        scale = np.maximum(scale, _LEAST).astype(np.float32)
        kept.CopyFrom(numpy_helper.from_array(values * scale[:, None], kept.name))
        inverse, even = f"inverse.{number}", f"even.{number}"
        graph.initializer.append(numpy_helper.from_array(1 / scale, inverse))
        place = list(graph.node).index(node)
        graph.node.insert(place, helper.make_node("Mul", [read, inverse], [even]))
        node.input[0] = even


def _read() -> list[str]:
    """Return some four hundred texts with their prompts: with ten, 8 bits lose as before."""
    known = catalogue.load()
    told = [f"passage: {entry.summary}" for entry in known.entries.values()]
    said = [f"query: {compared(ways)[0]}" for ways in known.sayings.values()]
    return told[::4] + said


def _largest(
    model: Any, tokenizer: Any, names: Sequence[str], texts: Sequence[str]
) -> Mapping[str, Channels]:
    """Return the largest activation [channels] of each of ``names`` over ``texts``."""
    import onnxruntime
    from onnx import ModelProto, TensorProto, helper

    seen = ModelProto()
    seen.CopyFrom(model)
    del seen.graph.output[:]
    seen.graph.output.extend(
        helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names
    )
    session = onnxruntime.InferenceSession(
        seen.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    found: dict[str, Channels] = {}
    for at in range(0, len(texts), _BATCH):
        batch = tokenizer(
            list(texts[at : at + _BATCH]), return_tensors="np", padding=True, truncation=True,
            return_token_type_ids=True,
        )  # fmt: skip
        given = session.run(list(names), {name: batch[name] for name in _INPUTS})
        for name, activation in zip(names, given, strict=True):
            largest = np.abs(activation).max(axis=(0, 1))
            found[name] = np.maximum(found.get(name, largest), largest)
    return found

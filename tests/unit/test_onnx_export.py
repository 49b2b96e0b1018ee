"""Evening out what the layers read: the product is the same, its largest parts are not."""

from __future__ import annotations

import torch
from transformers import BertConfig, BertModel

from knowledge_base.onnx_export import smooth


def texts(sentences: list[str], **_: object) -> dict[str, torch.Tensor]:
    """Stand for a tokenizer: the number of each letter."""
    longest = max(map(len, sentences))
    ids = [[ord(letter) % 90 + 1 for letter in one.ljust(longest)] for one in sentences]
    return {"input_ids": torch.tensor(ids)}


def test_a_model_made_even_gives_the_same_vectors() -> None:
    """One channel that is a hundred times larger no longer is, and nothing else moves."""
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=100, hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=32,
    )  # fmt: skip
    model = BertModel(config, add_pooling_layer=False).eval()
    with torch.no_grad():
        model.encoder.layer[0].attention.output.LayerNorm.weight[3] = 100.0
    read = texts(["un loyer en retard", "plus rien a manger"])
    seen: list[torch.Tensor] = []

    def largest() -> float:
        seen.clear()
        layer = model.encoder.layer[0].intermediate.dense
        inner = getattr(layer, "layer", layer)
        hook = inner.register_forward_pre_hook(lambda _, given: seen.append(given[0]))
        with torch.no_grad():
            model(**read)
        hook.remove()
        channels = seen[0].abs().flatten(end_dim=-2).amax(0)
        return float(channels.max() / channels.median())

    with torch.no_grad():
        before = model(**read).last_hidden_state
    uneven = largest()
    smooth(model, texts, ["un loyer en retard", "plus rien a manger"])
    with torch.no_grad():
        after = model(**read).last_hidden_state
    assert torch.allclose(before, after, atol=1e-3)
    assert largest() < uneven / 10

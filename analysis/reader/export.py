"""From trained weights to the file that the reader runs: one window a call, 8-bit weights, the same labels everywhere.

``reduce_range`` keeps weights to 7 bits, so that processors without VNNI, whose 16-bit sums would saturate, agree with those that
have it. A window is a call of its own: the activations' scale is taken over a call, and must not depend on what else is read.
"""

from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn
from torch.nn import functional

from analysis.reader.network import Network


def _by_row(linear: nn.Linear, x: torch.Tensor) -> torch.Tensor:
    """Return ``linear(x)`` with each word piece brought to the same size and back.

    The 8 bits of activations are shared by all pieces of a window, and the mark before it is up to eight times as large as words.
    """
    largest = x.abs().amax(-1, keepdim=True)
    return functional.linear(x / largest, linear.weight) * largest + linear.bias


class _Plain(nn.Module):
    """The small network without padding, mask or batch: ``(pieces,) -> (pieces, WIDTH)``."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network
        self.layers = network.encoder.encoder.layer
        config = network.encoder.config
        self.n_heads, self.size = config.num_attention_heads, config.hidden_size // config.num_attention_heads
        self.joint = nn.ModuleList()
        for layer in self.layers:
            part = layer.attention.self
            joint = nn.Linear(config.hidden_size, 3 * config.hidden_size)
            scale = self.size**-0.5
            joint.weight.data = torch.cat([part.query.weight * scale, part.key.weight, part.value.weight])
            joint.bias.data = torch.cat([part.query.bias * scale, part.key.bias, part.value.bias])
            self.joint.append(joint)

    def forward(self, ids: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
        """Return the scores of one window."""
        embeddings = self.network.encoder.embeddings
        x = embeddings.word_embeddings(ids) + self.network.features(features)
        x = (
            x
            + embeddings.token_type_embeddings.weight[0]
            + embeddings.position_embeddings.weight[: ids.shape[0]]
        )
        x = embeddings.LayerNorm(x).unsqueeze(0)  # three dimensions: the tool that quantises knows no Gemm
        for layer, joint in zip(self.layers, self.joint, strict=True):
            parts = _by_row(joint, x).view(-1, 3, self.n_heads, self.size)
            query, key, value = (
                parts[:, 0].transpose(0, 1),
                parts[:, 1].permute(1, 2, 0),
                parts[:, 2].transpose(0, 1),
            )
            seen = torch.matmul(torch.softmax(torch.matmul(query, key), -1), value)
            seen = seen.transpose(0, 1).reshape(1, -1, self.n_heads * self.size)
            out = layer.attention.output
            x = out.LayerNorm(_by_row(out.dense, seen) + x)
            wide = functional.gelu(_by_row(layer.intermediate.dense, x))
            x = layer.output.LayerNorm(_by_row(layer.output.dense, wide) + x)
        return self.network.scores(x)[0]


def export(network: Network, path: Path) -> None:
    """Write the 8-bit network to ``path``; the heads' last layer keeps its 32 bits."""
    plain = path.with_suffix(".32.onnx")
    ids = torch.arange(20)
    torch.onnx.export(
        _Plain(network).eval(), (ids, ids % 15), str(plain), input_names=["ids", "features"], output_names=["scores"],
        dynamic_axes={name: {0: "n"} for name in ("ids", "features", "scores")}, opset_version=17, dynamo=False,
    )  # fmt: skip
    quantize_dynamic(
        plain, path, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True,
        nodes_to_exclude=_heads(plain),
    )  # fmt: skip
    plain.unlink()


def _heads(path: Path) -> list[str]:
    graph = onnx.load(path).graph
    return [
        n.name
        for n in graph.node
        if n.op_type in ("MatMul", "Gemm") and ("heads" in n.name or "tone" in n.name)
    ]

"""Writing with a Qwen3 model on a CPU: one token at a time, a batch of one.

`Qwen3.forward` is made for training. Here a token costs one product with each matrix (core.models.
matrices) and a few small numpy operations between, which start in a microsecond and need no second
thread; keys and values lie in room taken once. A prompt goes through in one block.

Shapes: D width, H heads, G key/value heads, K head size, F feed-forward width, V vocabulary,
S tokens so far, T tokens of a block, R = H / G.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from core.models.matrices import Matrix, Precision, Vector, block_type, matrix_of, own_kernels
from core.models.qwen3.model import Block, Qwen3, rotary
from core.models.threads import ThreadChooser, threads_for


@dataclass(frozen=True, slots=True)
class _Layer:
    """Weights of a block as decoding takes them; q, k and v, gate and up are one matrix each."""

    before_attention: Vector
    query_key_value: Matrix
    heads_norm: Vector
    """[H + G, K]: the norm weights of queries (with the attention's scale) and of keys."""
    output: Matrix
    before_feed_forward: Vector
    gate_up: Matrix
    down: Matrix


class CpuDecoder:
    """Logits of the next token, token after token.

    Args:
        model: Its weights must be fp32 and on the CPU. At "fp32" they are shared, not copied; else
            embedding rows and norms are.
        precision: How the matrices are kept.
        block: Type in which prompts are multiplied, by default this CPU's fastest; "fp32" always
            takes fp32.
    """

    def __init__(
        self, model: Qwen3, precision: Precision = "fp32", block: torch.dtype | None = None
    ) -> None:
        c = model.config
        self.config, self.context = c, c.context
        self.precision: Precision = precision
        self.block = torch.float32 if precision == "fp32" else block or block_type()
        self._embedding = model.model.embed_tokens.weight.detach()
        self._rows: Vector = self._embedding.numpy()
        self._layers = [_layer(one, precision) for one in model.model.blocks]
        self._norm: Vector = model.model.norm.weight.detach().numpy()
        self._head = matrix_of(precision, model.lm_head.weight)
        cos, sin = model.rotation(torch.device("cpu"), torch.float32)
        half = c.head_size // 2
        self._cos_tensor, self._sin_tensor = cos, sin
        self._cos: Vector = cos.numpy()
        # With its sign, so that a swap of the halves is all that rotating takes.
        self._sin: Vector = torch.cat((-sin[:, :half], sin[:, half:]), 1).numpy()
        shape = (c.layers, c.kv_heads, c.context, c.head_size)
        self._keys: Vector = np.zeros(shape, np.float32)
        self._values: Vector = np.zeros(shape, np.float32)
        self._threads = ThreadChooser()
        self.length = 0

    @property
    def bytes(self) -> int:
        """Weights of its own, in bytes."""
        return self._head.bytes + sum(
            m.bytes
            for layer in self._layers
            for m in (layer.query_key_value, layer.output, layer.gate_up, layer.down)
        )

    @property
    def bytes_per_token(self) -> int:
        """Weights read for one token, in bytes."""
        if self.precision != "fp32":
            return self.bytes
        c = self.config
        return 4 * (c.parameters - (0 if c.tied else c.vocabulary * c.width))

    def reset(self) -> None:
        """Forget what came before."""
        self.length = 0

    @torch.inference_mode()
    def prompt(self, tokens: Sequence[int]) -> Vector:
        """Logits [V] after the first `tokens` (at most the context); what came before is forgotten."""
        self.reset()
        if len(tokens) == 1:
            return self.step(tokens[0])
        x_TD = self._block(tokens)
        with self._kernels():
            return self._logits(x_TD[-1].numpy())

    @torch.inference_mode()
    def losses(self, tokens: Sequence[int]) -> Tensor:
        """Nats [T - 1] of tokens[1:], each after those before it. Forgets what came before."""
        self.reset()
        hidden = functional.rms_norm(
            self._block(tokens[:-1]), (self.config.width,), torch.from_numpy(self._norm),
            self.config.norm_epsilon,
        )  # fmt: skip
        targets = torch.tensor(tokens[1:])
        rows = max(1, (4 << 20) // self.config.vocabulary)
        return torch.cat(
            [
                functional.cross_entropy(
                    self._head.products(hidden[i : i + rows].to(self.block)).float(),
                    targets[i : i + rows], reduction="none",
                )
                for i in range(0, len(hidden), rows)
            ]
        )  # fmt: skip

    @torch.inference_mode()
    def step(self, token: int) -> Vector:
        """Logits [V] after one more token. The context must have room."""
        with self._kernels(), self._threads.step(), np.errstate(over="ignore"):
            return self._step(token)

    def _kernels(self) -> AbstractContextManager[None]:
        return own_kernels() if self.precision == "bf16" else nullcontext()

    def _step(self, token: int) -> Vector:
        c, place = self.config, self.length
        x_D = self._rows[token].copy()
        epsilon = c.norm_epsilon
        for index, layer in enumerate(self._layers):
            qkv = layer.query_key_value.product(_normed(x_D, layer.before_attention, epsilon))
            x_D += layer.output.product(self._attend(layer, index, qkv, place))
            both = layer.gate_up.product(_normed(x_D, layer.before_feed_forward, epsilon))
            gate_F, up_F = both[: c.feed_forward], both[c.feed_forward :]
            up_F *= gate_F
            np.negative(gate_F, gate_F)
            np.exp(gate_F, gate_F)
            gate_F += 1.0
            up_F /= gate_F  # SwiGLU: gate / (1 + exp(-gate)) · up
            x_D += layer.down.product(up_F)
        self.length = place + 1
        return self._logits(x_D)

    def _logits(self, x_D: Vector) -> Vector:
        return self._head.product(_normed(x_D, self._norm, self.config.norm_epsilon))

    def _attend(self, layer: _Layer, index: int, qkv: Vector, place: int) -> Vector:
        """Attention of the token at `place`, [H · K]; its key and value are stored."""
        c = self.config
        heads, size = c.heads + c.kv_heads, c.head_size
        half = size // 2
        qk = qkv[: heads * size].reshape(heads, size)
        mean = np.einsum("hk,hk->h", qk, qk)
        mean /= size
        mean += c.norm_epsilon
        np.sqrt(mean, mean)
        qk /= mean[:, None]
        qk *= layer.heads_norm
        swapped = np.empty_like(qk)
        swapped[:, :half], swapped[:, half:] = qk[:, half:], qk[:, :half]
        qk *= self._cos[place]
        swapped *= self._sin[place]
        qk += swapped
        keys, values = self._keys[index], self._values[index]
        keys[:, place] = qk[c.heads :]
        values[:, place] = qkv[heads * size :].reshape(c.kv_heads, size)
        queries = qk[: c.heads].reshape(c.kv_heads, -1, size)
        scores_GSR = np.matmul(keys[:, : place + 1], queries.swapaxes(1, 2))
        scores_GSR -= scores_GSR.max(1, keepdims=True)
        np.exp(scores_GSR, scores_GSR)
        total_GR = scores_GSR.sum(1)
        mixed_GRK = np.matmul(scores_GSR.swapaxes(1, 2), values[:, : place + 1])
        mixed_GRK /= total_GR[:, :, None]
        return mixed_GRK.reshape(-1)

    def _block(self, tokens: Sequence[int]) -> Tensor:
        """The residual stream [T, D] (fp32) after all layers; fills the cache from its beginning."""
        with threads_for(2.0 * len(tokens) * self.config.parameters):
            return self._run_block(tokens)

    def _run_block(self, tokens: Sequence[int]) -> Tensor:
        c, count = self.config, len(tokens)
        cos, sin = self._cos_tensor[:count], self._sin_tensor[:count]
        x_TD = self._embedding[torch.tensor(tokens)]
        heads = (c.heads, c.kv_heads, c.kv_heads)
        for index, layer in enumerate(self._layers):
            normed = self._norm_block(x_TD, layer.before_attention)
            qkv = layer.query_key_value.products(normed).float()
            q, k, v = qkv.view(count, sum(heads), c.head_size).transpose(0, 1).split(heads)
            weight = torch.from_numpy(layer.heads_norm)
            shape, epsilon = (c.head_size,), c.norm_epsilon
            q = rotary(functional.rms_norm(q, shape, weight[0], epsilon), cos, sin)
            k = rotary(functional.rms_norm(k, shape, weight[-1], epsilon), cos, sin)
            torch.from_numpy(self._keys[index])[:, :count] = k
            torch.from_numpy(self._values[index])[:, :count] = v
            mixed = functional.scaled_dot_product_attention(
                q[None].to(self.block), k[None].to(self.block), v[None].to(self.block),
                is_causal=True, scale=1.0, enable_gqa=True,
            )  # fmt: skip
            mixed = mixed[0].transpose(0, 1).reshape(count, -1)
            x_TD = x_TD + layer.output.products(mixed)
            normed = self._norm_block(x_TD, layer.before_feed_forward)
            gate, up = layer.gate_up.products(normed).chunk(2, dim=-1)
            x_TD = x_TD + layer.down.products(functional.silu(gate) * up)
        self.length = count
        return x_TD

    def _norm_block(self, x_TD: Tensor, weight: Vector) -> Tensor:
        c = self.config
        normed = functional.rms_norm(x_TD, (c.width,), torch.from_numpy(weight), c.norm_epsilon)
        return normed.to(self.block)


def _layer(block: Block, precision: Precision) -> _Layer:
    attention, feed_forward = block.self_attn, block.mlp
    scale = 1.0 / math.sqrt(attention.head_size)
    query, key = attention.q_norm.weight.detach() * scale, attention.k_norm.weight.detach()
    norms = torch.cat(
        [query.expand(attention.heads, -1), key.expand(attention.kv_heads, -1)]
    ).contiguous()
    return _Layer(
        block.input_layernorm.weight.detach().numpy(),
        matrix_of(
            precision,
            attention.q_proj.weight, attention.k_proj.weight, attention.v_proj.weight,
        ),
        norms.numpy(),
        matrix_of(precision, attention.o_proj.weight),
        block.post_attention_layernorm.weight.detach().numpy(),
        matrix_of(precision, feed_forward.gate_proj.weight, feed_forward.up_proj.weight),
        matrix_of(precision, feed_forward.down_proj.weight),
    )  # fmt: skip


def _normed(x_D: Vector, weight_D: Vector, epsilon: float) -> Vector:
    """RMSNorm of one vector."""
    scale = 1.0 / math.sqrt(float(np.dot(x_D, x_D)) / len(x_D) + epsilon)
    return x_D * np.float32(scale) * weight_D

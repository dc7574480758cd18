"""Writing with a modern decoder on a CPU: one token at a time, a batch of one.

`RotaryDecoder.forward` is made for training. Here a token costs one product with each matrix
(core.models.matrices) and a few small numpy operations between, which start in a microsecond and
need no second thread; keys and values lie in room taken once. A prompt goes through in one block.

Shapes: D width, H heads, G key/value heads, K head size, F feed-forward width, V vocabulary,
S tokens so far, T tokens of a block, R = H / G.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from core.families.rotary import Rope
from core.models.attention import MASKED, outside
from core.models.matrices import Precision, Vector, block_type, matrix_of, own_kernels
from core.models.rotary_decoder.cache import room_for
from core.models.rotary_decoder.decode_layer import Layer, gated, layer_of, normed
from core.models.rotary_decoder.layers import Block, activated, rotary
from core.models.rotary_decoder.model import RotaryDecoder
from core.models.threads import ThreadChooser, threads_for


class _Turn(NamedTuple):
    """Rotation of all places; for one token the sines with their sign, so that a swap of the halves
    is all that rotating takes."""

    cos_tensor: Tensor
    sin_tensor: Tensor
    cos: Vector
    sin: Vector


class CpuDecoder:
    """Logits of the next token, token after token.

    Args:
        model: Its weights must be fp32 and on the CPU, its blocks dense. At "fp32" they are shared,
            not copied; else embedding rows and norms are.
        precision: How the matrices are kept.
        block: Type in which prompts are multiplied, by default this CPU's fastest; "fp32" always
            takes fp32.
    """

    def __init__(
        self, model: RotaryDecoder, precision: Precision = "fp32", block: torch.dtype | None = None
    ) -> None:
        c = model.config
        self.config, self.context, self._model = c, c.context, model
        self.precision: Precision = precision
        self.block = torch.float32 if precision == "fp32" else block or block_type()
        self._embedding = model.model.embed_tokens.weight.detach()
        self._rows: Vector = self._embedding.numpy()
        self._layers = [
            layer_of(c, one, index, precision)
            for index, one in enumerate(model.model.blocks)
            if isinstance(one, Block)
        ]
        self._norm: Vector = model.model.norm.weight.detach().numpy()
        self._head = matrix_of(precision, model.lm_head.weight)
        self._query_scale = np.float32(c.attention_scale)
        self._embedding_scale = np.float32(c.embedding_scale)
        self._turns: dict[Rope, _Turn] = {}
        shape = (c.layers, c.kv_heads, 0, c.head_size)
        self._keys: Vector = np.zeros(shape, np.float32)
        self._values: Vector = np.zeros(shape, np.float32)
        self._threads = ThreadChooser()
        self.length = 0
        self._reserve(1)

    def _reserve(self, tokens: int) -> None:
        """Room for so many tokens: at once for the whole context, where it is not very long."""
        c, old = self.config, self._keys.shape[2]
        if tokens <= old:
            return
        room = room_for(tokens, c.context)
        for name in ("_keys", "_values"):
            wider: Vector = np.zeros((c.layers, c.kv_heads, room, c.head_size), np.float32)
            wider[:, :, :old] = getattr(self, name)
            setattr(self, name, wider)
        half = c.head_size // 2
        for rope in {layer.rope for layer in self._layers} - {None}:
            assert rope is not None
            cos, sin = self._model.rotation(torch.device("cpu"), torch.float32, rope, tokens)
            signed = torch.cat((-sin[:, :half], sin[:, half:]), 1)
            self._turns[rope] = _Turn(cos, sin, cos.numpy(), signed.numpy())

    @property
    def bytes(self) -> int:
        """Weights of its own, in bytes."""
        return self._head.bytes + sum(layer.bytes for layer in self._layers)

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
        self._reserve(place + 1)
        x_D = self._rows[token].copy()
        if self._embedding_scale != 1.0:
            x_D *= self._embedding_scale
        epsilon = c.norm_epsilon
        for index, layer in enumerate(self._layers):
            qkv = layer.query_key_value.product(normed(x_D, layer.before_attention, epsilon))
            added = layer.output.product(self._attend(layer, index, qkv, place))
            if layer.after_attention is not None:
                added = normed(added, layer.after_attention, epsilon)
            x_D += added
            both = layer.gate_up.product(normed(x_D, layer.before_feed_forward, epsilon))
            added = layer.down.product(gated(both, c.activation))
            if layer.after_feed_forward is not None:
                added = normed(added, layer.after_feed_forward, epsilon)
            x_D += added
        self.length = place + 1
        return self._logits(x_D)

    def _logits(self, x_D: Vector) -> Vector:
        return self._head.product(normed(x_D, self._norm, self.config.norm_epsilon))

    def _attend(self, layer: Layer, index: int, qkv: Vector, place: int) -> Vector:
        """Attention of the token at `place`, [H · K]; its key and value are stored."""
        c = self.config
        heads, size = c.heads + c.kv_heads, c.head_size
        qk = qkv[: heads * size].reshape(heads, size)
        if layer.heads_norm is None:
            qk[: c.heads] *= self._query_scale
        else:
            mean = np.einsum("hk,hk->h", qk, qk)
            mean /= size
            mean += c.norm_epsilon
            np.sqrt(mean, mean)
            qk /= mean[:, None]
            qk *= layer.heads_norm
        if layer.rope is not None:
            self._rotate(self._turns[layer.rope], qk, place)
        keys, values = self._keys[index], self._values[index]
        keys[:, place] = qk[c.heads :]
        values[:, place] = qkv[heads * size :].reshape(c.kv_heads, size)
        seen = slice(0 if layer.window is None else max(0, place + 1 - layer.window), place + 1)
        queries = qk[: c.heads].reshape(c.kv_heads, -1, size)
        scores_GSR = np.matmul(keys[:, seen], queries.swapaxes(1, 2))
        scores_GSR -= scores_GSR.max(1, keepdims=True)
        np.exp(scores_GSR, scores_GSR)
        total_GR = scores_GSR.sum(1)
        mixed_GRK = np.matmul(scores_GSR.swapaxes(1, 2), values[:, seen])
        mixed_GRK /= total_GR[:, :, None]
        return mixed_GRK.reshape(-1)

    @staticmethod
    def _rotate(turn: _Turn, qk: Vector, place: int) -> None:
        half = qk.shape[1] // 2
        swapped = np.empty_like(qk)
        swapped[:, :half], swapped[:, half:] = qk[:, half:], qk[:, :half]
        qk *= turn.cos[place]
        swapped *= turn.sin[place]
        qk += swapped

    def _block(self, tokens: Sequence[int]) -> Tensor:
        """The residual stream [T, D] (fp32) after all layers; fills the cache from its beginning."""
        self._reserve(len(tokens))
        with threads_for(2.0 * len(tokens) * self.config.parameters):
            return self._run_block(tokens)

    def _run_block(self, tokens: Sequence[int]) -> Tensor:
        c = self.config
        x_TD = self._embedding[torch.tensor(tokens)]
        if self._embedding_scale != 1.0:
            x_TD = x_TD * float(self._embedding_scale)
        for index, layer in enumerate(self._layers):
            added = layer.output.products(self._attend_block(layer, index, x_TD))
            if layer.after_attention is not None:
                added = self._norm_wide(added.float(), layer.after_attention)
            x_TD = x_TD + added
            inner = self._norm_block(x_TD, layer.before_feed_forward)
            gate, up = layer.gate_up.products(inner).chunk(2, dim=-1)
            added = layer.down.products(activated(gate, c.activation) * up)
            if layer.after_feed_forward is not None:
                added = self._norm_wide(added.float(), layer.after_feed_forward)
            x_TD = x_TD + added
        self.length = len(tokens)
        return x_TD

    def _attend_block(self, layer: Layer, index: int, x_TD: Tensor) -> Tensor:
        """Attention [T, H · K] of all tokens; their keys and values are stored."""
        c, count = self.config, len(x_TD)
        heads = (c.heads, c.kv_heads, c.kv_heads)
        qkv = layer.query_key_value.products(self._norm_block(x_TD, layer.before_attention)).float()
        q, k, v = qkv.view(count, sum(heads), c.head_size).transpose(0, 1).split(heads)
        if layer.heads_norm is None:
            q = q * float(self._query_scale)
        else:
            weight, shape = torch.from_numpy(layer.heads_norm), (c.head_size,)
            q = functional.rms_norm(q, shape, weight[0], c.norm_epsilon)
            k = functional.rms_norm(k, shape, weight[-1], c.norm_epsilon)
        if layer.rope is not None:
            turn = self._turns[layer.rope]
            cos, sin = turn.cos_tensor[:count], turn.sin_tensor[:count]
            q, k = rotary(q, cos, sin), rotary(k, cos, sin)
        torch.from_numpy(self._keys[index])[:, :count] = k
        torch.from_numpy(self._values[index])[:, :count] = v
        mask = None
        if layer.window is not None and layer.window < count:
            mask = outside(count, count, layer.window, q.device, self.block)
            mask += torch.full_like(mask, MASKED).triu_(1)
        mixed = functional.scaled_dot_product_attention(
            q[None].to(self.block), k[None].to(self.block), v[None].to(self.block),
            attn_mask=mask, is_causal=mask is None, scale=1.0, enable_gqa=True,
        )  # fmt: skip
        return mixed[0].transpose(0, 1).reshape(count, -1)

    def _norm_block(self, x_TD: Tensor, weight: Vector) -> Tensor:
        return self._norm_wide(x_TD, weight).to(self.block)

    def _norm_wide(self, x_TD: Tensor, weight: Vector) -> Tensor:
        """Normed, in fp32."""
        c = self.config
        return functional.rms_norm(x_TD, (c.width,), torch.from_numpy(weight), c.norm_epsilon)

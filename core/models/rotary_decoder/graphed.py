"""Writing with a modern decoder on a GPU: the step of one token is a captured CUDA graph.

Every shape of the step is fixed (attention goes over all room taken, with a mask), so that the
graph can be replayed for each token: Python starts one thing a token instead of some hundred.

Shapes: L layers, G key/value heads, K head size, V vocabulary.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from core.models.matrices import Vector
from core.models.rotary_decoder.cache import KeyValueCache
from core.models.rotary_decoder.layers import Attention, Block, Place, rotary
from core.models.rotary_decoder.model import RotaryDecoder

_WARM_UP = 3
_log = logging.getLogger(__name__)


class GraphedDecoder:
    """Logits of the next token, token after token, in the model's type on its device. Where a graph
    cannot be captured (no CUDA, or a driver that refuses), the same step runs eagerly."""

    def __init__(self, model: RotaryDecoder) -> None:
        weight = model.model.embed_tokens.weight
        self._model, self._device, self._dtype = model, weight.device, weight.dtype
        self.context = model.config.context
        self._cache = KeyValueCache(model.config, 1, self._device, self._dtype)
        self._token = torch.zeros(1, 1, dtype=torch.int64, device=self._device)
        self._place = torch.zeros(1, dtype=torch.int64, device=self._device)
        self._places = torch.arange(self.context, device=self._device)
        self._graph: torch.cuda.CUDAGraph | None = None
        self._logits: Tensor | None = None
        self._tried = False

    @property
    def length(self) -> int:
        return self._cache.length

    @property
    def graphed(self) -> bool:
        """Whether steps replay a captured graph."""
        return self._graph is not None

    def reset(self) -> None:
        """Forget what came before."""
        self._cache.length = 0

    @torch.inference_mode()
    def prompt(self, tokens: Sequence[int]) -> Vector:
        """Logits [V] after the first `tokens` (at most the context); what came before is forgotten."""
        self.reset()
        block = torch.tensor([list(tokens)], device=self._device)
        hidden = self._model.hidden(block, self._cache)
        return _fetched(self._model.lm_head(hidden[0, -1]))

    @torch.inference_mode()
    def step(self, token: int) -> Vector:
        """Logits [V] after one more token. The context must have room."""
        if self._cache.reserve(self._cache.length + 1):  # What was captured wrote to the old room.
            self._graph, self._tried = None, False
        self._token.fill_(token)
        self._place.fill_(self._cache.length)
        if not self._tried:
            self._tried = True
            if self._device.type == "cuda":
                self._capture()
        if self._graph is not None and self._logits is not None:
            self._graph.replay()
            logits = self._logits
        else:
            logits = self._forward()
        self._cache.length += 1
        return _fetched(logits)

    def _capture(self) -> None:
        """Record the step. Its runs write the same key and value to the same place each time."""
        stream = torch.cuda.Stream(self._device)
        try:
            stream.wait_stream(torch.cuda.current_stream(self._device))
            with torch.cuda.stream(stream):
                for _ in range(_WARM_UP):
                    self._forward()
            torch.cuda.current_stream(self._device).wait_stream(stream)
            graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph):
                self._logits = self._forward()
            self._graph = graph
        except RuntimeError as error:
            _log.warning("writing without a CUDA graph: %s", error)
            self._graph = self._logits = None

    def _forward(self) -> Tensor:
        """Logits [V] of the token in `_token` at `_place`: every shape is fixed."""
        model, config = self._model, self._model.config
        x_BTD = model.embedded(self._token)
        for index, block in enumerate(model.model.blocks):
            assert isinstance(block, Block)
            rope, window = config.rope(index), config.window(index)
            cos = sin = None
            if rope is not None:
                tables = model.rotation(self._device, self._dtype, rope, self._cache.room)
                cos, sin = (table[self._place] for table in tables)
            places = self._places[: self._cache.room]
            seen = places <= self._place
            if window is not None:
                seen &= places > self._place - window
            normed = block.input_layernorm(x_BTD)
            place = Place(cos, sin, seen.view(1, 1, 1, -1))
            x_BTD = block.after(x_BTD, self._attend(block.self_attn, index, normed, place))
        return model.lm_head(model.model.norm(x_BTD))[0, -1]

    def _attend(self, attention: Attention, layer: int, x: Tensor, place: Place) -> Tensor:
        q, k, v = attention.projected(x)
        if place.cos is not None and place.sin is not None:
            q, k = rotary(q, place.cos, place.sin), rotary(k, place.cos, place.sin)
        keys, values = self._cache.keys[layer], self._cache.values[layer]
        keys.index_copy_(2, self._place, k)
        values.index_copy_(2, self._place, v)
        assert isinstance(place.mask, Tensor)
        mixed = functional.scaled_dot_product_attention(
            q, keys, values, attn_mask=place.mask, enable_gqa=True, scale=attention.scale
        )
        return attention.o_proj(mixed.transpose(1, 2).reshape(1, 1, -1))


def _fetched(logits_V: Tensor) -> Vector:
    return np.asarray(logits_V.float().cpu())

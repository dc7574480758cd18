"""A .gguf file as a source: its metadata as config.json, its tensors under transformers' names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType
from gguf.quants import dequantize
from numpy.typing import NDArray

from core.errors import CannotImport
from core.families.base import FamilyConfig
from core.families.registry import config_for
from core.reasons import Unsuitable, reason_of
from core.sentences import N_, Sentence
from core.versions.hashes import file_hash
from core.versions.importing.small import CHOOSE
from core.versions.importing.source import Source
from core.versions.importing.tensorfile import ELEMENT_BYTES, PIECE, TensorFacts
from core.versions.importing.vocabulary import Vocabulary, with_roles
from core.versions.llamacpp.architectures import BY_NAME, Architecture, Piece, Reading
from core.versions.llamacpp.file import GgufFile, GgufTensor
from core.versions.llamacpp.parts import open_whole
from core.versions.llamacpp.rope import ROPE_FACTORS
from core.versions.llamacpp.vocabulary import from_gguf

Kind = GGMLQuantizationType
_KEPT = {Kind.F32: "F32", Kind.F16: "F16", Kind.BF16: "BF16", Kind.F64: "F32"}
_FLOATS = (Kind.F32, Kind.F16, Kind.BF16, Kind.F64)
_ROWS_AT_ONCE = 4 << 20
_TRANSFORMERS = {"F32": "float32", "F16": "float16", "BF16": "bfloat16"}


@dataclass
class GgufSource(Source):
    """Packed numbers are unpacked to 16-bit floats, which are finer than any of their steps."""

    file: GgufFile = field(kw_only=True)
    architecture: Architecture = field(kw_only=True)
    _pieces: list[tuple[Piece, GgufTensor]] = field(default_factory=list[tuple[Piece, GgufTensor]])
    _hashes: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def hashes(self) -> dict[str, str]:
        return self._hashes

    @property
    def dtype_name(self) -> str:
        count: dict[str, int] = {}
        for facts in self.tensors.values():
            count[facts.dtype] = count.get(facts.dtype, 0) + facts.bytes
        return _TRANSFORMERS[max(count, key=lambda name: count[name], default="F32")]

    def vocabulary(self) -> Vocabulary:
        try:
            text, tokenizer, named = from_gguf(self.file.values, self.architecture.name)
        except Unsuitable as error:
            raise CannotImport(
                "path", path=str(self.place), reason=error.sentence, hint=CHOOSE
            ) from error
        template = self.file.values.get("tokenizer.chat_template")
        given = template if isinstance(template, str) and template.strip() else None
        return with_roles(Vocabulary(text, tokenizer, named, self.place, given), {})

    def prepare(self, expected: Mapping[str, tuple[int, ...]]) -> None:
        """Facts under the names of `expected`; tensors that it does not name keep their own."""
        config = self._sizes()
        pieces = self.architecture.pieces(config, expected)
        taken: set[str] = set()
        for piece in pieces:
            tensor = self.file.tensors.get(piece.name)
            if tensor is None:
                continue
            taken.add(piece.name)
            self._pieces.append((piece, tensor))
            if tensor.shape != self.architecture.stored_shape(config, piece):
                piece_shape = tensor.shape[1:] if len(piece.parts) > 1 else tensor.shape
            else:
                piece_shape = expected[piece.parts[0]]
            dtype = _kept(tensor)
            size = int(np.prod(piece_shape)) * ELEMENT_BYTES[dtype]
            for part in piece.parts:
                self.tensors[part] = TensorFacts(dtype, piece_shape, 0, size)
        for name, tensor in self.file.tensors.items():
            if name not in taken and name != ROPE_FACTORS:
                self.tensors[name] = TensorFacts("F32", tensor.shape, 0, 0)

    def pieces(self) -> Iterator[tuple[str, int, memoryview]]:
        config = self._sizes()
        data = {path: np.memmap(path, mode="r") for path in self.file.parts}
        for piece, tensor in self._pieces:
            whole = _unpacked(data[tensor.file], tensor)
            parts = whole if len(piece.parts) > 1 else [whole]
            for name, part in zip(piece.parts, parts, strict=True):
                dtype = self.tensors[name].dtype
                changed = self.architecture.back(config, name, part)
                packed = _packed(np.ascontiguousarray(changed), dtype).data.cast("B")
                for begin in range(0, len(packed), PIECE):
                    yield name, begin, packed[begin : begin + PIECE]
        self._hashes = {path.name: file_hash(path) for path in self.file.parts}

    def _sizes(self) -> FamilyConfig:
        return config_for(self.config)


def _unpacked(data: Any, tensor: GgufTensor) -> NDArray[Any]:
    """As fp32 (16-bit floats as they are, where nothing is computed with them)."""
    raw = data[tensor.begin : tensor.end]
    if tensor.kind == Kind.F16:
        return raw.view(np.float16).reshape(tensor.shape)
    if tensor.kind == Kind.F32:
        return raw.view(np.float32).reshape(tensor.shape)
    if tensor.kind == Kind.F64:
        return raw.view(np.float64).reshape(tensor.shape).astype(np.float32)
    block, size = GGML_QUANT_SIZES[tensor.kind]
    rows = raw.reshape(-1, tensor.shape[-1] // block * size)
    dtype = np.float32 if _kept(tensor) != "F16" else np.float16
    whole = np.empty((len(rows), tensor.shape[-1]), dtype)
    step = max(1, _ROWS_AT_ONCE // tensor.shape[-1])
    for begin in range(0, len(rows), step):
        whole[begin : begin + step] = dequantize(rows[begin : begin + step], tensor.kind)
    return whole.reshape(tensor.shape)


def _kept(tensor: GgufTensor) -> str:
    """The type in which it is stored: float matrices as they are, packed ones in 16 bits."""
    if len(tensor.shape) < 2:
        return "F32"
    return _KEPT.get(tensor.kind, "F16")


def _packed(x: NDArray[Any], dtype: str) -> NDArray[Any]:
    if dtype == "BF16":
        return (x.astype(np.float32).view(np.uint32) >> 16).astype(np.uint16)  # They were exact.
    return x.astype(np.float16 if dtype == "F16" else np.float32, copy=False)


def open_gguf(path: Path) -> GgufSource:
    """Raises CannotImport for a file that lies, lacks its other parts, or is of an unknown
    architecture."""
    file = open_whole(path)
    try:
        name = str(file.values.get("general.architecture"))
        if name not in BY_NAME:
            text = N_("Errors", "the model family “{name}” is not known")
            raise Unsuitable(Sentence("Errors", text, {"name": name[:40]}))
        _check_kinds(file)
        architecture = BY_NAME[name]
        config = architecture.config(_reading(file, name))
    except (Unsuitable, KeyError, ValueError, TypeError, ZeroDivisionError) as error:
        raise CannotImport("path", path=str(path), reason=reason_of(error), hint=CHOOSE) from error
    licence = str(file.values.get("general.license") or "")[:80]
    return GgufSource(path, "gguf", config, {}, licence, file=file, architecture=architecture)


def _reading(file: GgufFile, name: str) -> Reading:
    shapes = {tensor: facts.shape for tensor, facts in file.tensors.items()}
    factors = file.tensors.get(ROPE_FACTORS)
    array = None
    if factors is not None and factors.kind == Kind.F32:
        data = np.memmap(factors.file, mode="r")
        array = np.array(data[factors.begin : factors.end].view(np.float32))
    return Reading(name, file.values, shapes, array)


def _check_kinds(file: GgufFile) -> None:
    for name, tensor in file.tensors.items():
        if tensor.kind in _FLOATS:
            continue
        _, size = GGML_QUANT_SIZES[tensor.kind]
        try:
            dequantize(np.zeros((1, size), np.uint8), tensor.kind)
        except (NotImplementedError, ValueError, AttributeError) as error:
            text = N_("Errors", "the numbers of “{name}” are packed as {kind}, which is not known")
            values = {"name": name[:80], "kind": tensor.kind.name}
            raise Unsuitable(Sentence("Errors", text, values)) from error

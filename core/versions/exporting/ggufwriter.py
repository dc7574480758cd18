"""Writing a GGUF file tensor by tensor, with the gguf package's quantisers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from gguf import GGUFWriter, LlamaFileType
from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType
from gguf.quants import quant_shape_to_byte_shape, quantize
from numpy.typing import NDArray

from core.families.base import FamilyConfig
from core.versions.llamacpp.architectures import Architecture, Piece

Kind = GGMLQuantizationType
Array = NDArray[np.float32]
QUANTISATIONS = {
    "f32": (Kind.F32, LlamaFileType.ALL_F32), "f16": (Kind.F16, LlamaFileType.MOSTLY_F16),
    "bf16": (Kind.BF16, LlamaFileType.MOSTLY_BF16), "q8_0": (Kind.Q8_0, LlamaFileType.MOSTLY_Q8_0),
    "q5_0": (Kind.Q5_0, LlamaFileType.MOSTLY_Q5_0), "q4_0": (Kind.Q4_0, LlamaFileType.MOSTLY_Q4_0),
}  # fmt: skip
_EXACT = ("ffn_gate_inp.weight", "position_embd.weight")
"""Kept in fp32 as llama.cpp's converter does: few numbers, and much hangs on them."""
_TABLES = ("token_embd.weight", "output.weight")
_ROWS_AT_ONCE = 4 << 20


@dataclass(frozen=True)
class GgufContent:
    """What goes into a file. `values` under their full names; `array` gives a tensor by the name of
    transformers' file, in fp32; `extra`: tensors that no model of transformers has."""

    architecture: Architecture
    config: FamilyConfig
    pieces: list[Piece]
    array: Callable[[str], Array]
    values: dict[str, Any]
    extra: dict[str, Array]


def write_gguf(
    path: Path,
    content: GgufContent,
    quantisation: str,
    progress: Callable[[int, int], None],
    stopped: Callable[[], bool],
) -> bool:
    """Write `path`, which must not exist. False when it was stopped; then it is not whole.

    Raises:
        OSError: As the system says it.
    """
    wanted, file_type = QUANTISATIONS[quantisation]
    writer = GGUFWriter(path, content.architecture.name)
    writer.add_file_type(file_type)
    for name, value in content.values.items():
        _add(writer, name, value)
    for name, array in content.extra.items():
        writer.add_tensor_info(name, array.shape, array.dtype, array.nbytes, Kind.F32)
    plan = [(piece, *_kind_of(content, piece, wanted)) for piece in content.pieces]
    for piece, shape, kind in plan:
        packed = quant_shape_to_byte_shape(shape, kind) if kind not in (Kind.F32, Kind.F16) else shape  # fmt: skip
        dtype = {Kind.F32: np.float32, Kind.F16: np.float16}.get(kind, np.uint8)
        size = int(np.prod(packed)) * np.dtype(dtype).itemsize
        writer.add_tensor_info(piece.name, packed, np.dtype(dtype), size, kind)
    try:
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_ti_data_to_file()
        for array in content.extra.values():
            writer.write_tensor_data(array)
        return _write_all(writer, content, plan, progress, stopped)
    finally:
        writer.close()


def _write_all(
    writer: GGUFWriter,
    content: GgufContent,
    plan: list[tuple[Piece, tuple[int, ...], Kind]],
    progress: Callable[[int, int], None],
    stopped: Callable[[], bool],
) -> bool:
    total, done = sum(int(np.prod(shape)) for _, shape, _ in plan), 0
    for piece, shape, kind in plan:
        if stopped():
            return False
        parts = [
            _packed(content.architecture.out(content.config, name, content.array(name)), kind)
            for name in piece.parts
        ]
        writer.write_tensor_data(np.stack(parts) if len(shape) > parts[0].ndim else parts[0])
        done += int(np.prod(shape))
        progress(done, total)
    return not stopped()


def _kind_of(content: GgufContent, piece: Piece, wanted: Kind) -> tuple[tuple[int, ...], Kind]:
    """(shape in the file, its type): vectors and routers exact; the tables of a file with four or
    five bits in eight; rows that are no whole number of blocks in 16 bits."""
    shape = content.architecture.stored_shape(content.config, piece)
    if len(shape) < 2 or piece.name.endswith(_EXACT):
        return shape, Kind.F32
    if wanted in (Kind.Q4_0, Kind.Q5_0) and piece.name in _TABLES:
        wanted = Kind.Q8_0
    if shape[-1] % GGML_QUANT_SIZES[wanted][0]:
        return shape, Kind.F16
    return shape, wanted


def _packed(x: Array, kind: Kind) -> NDArray[Any]:
    x = np.ascontiguousarray(x, np.float32)
    if kind in (Kind.F32, Kind.F16):
        with np.errstate(over="ignore"):
            return x.astype(np.float16) if kind == Kind.F16 else x
    step = max(16, _ROWS_AT_ONCE // x.shape[-1])
    rows = x.reshape(-1, x.shape[-1])
    packed = [quantize(rows[begin : begin + step], kind) for begin in range(0, len(rows), step)]
    return np.concatenate(packed).reshape(*x.shape[:-1], -1)


def _add(writer: GGUFWriter, name: str, value: Any) -> None:
    match value:
        case bool():
            writer.add_bool(name, value)
        case int():
            writer.add_uint32(name, value)
        case float():
            writer.add_float32(name, value)
        case str():
            writer.add_string(name, value)
        case _:
            writer.add_array(name, value)

"""Writing what was read as one model.safetensors, each tensor where it belongs, without a copy of all."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from core.versions.importing.source import Source
from core.versions.importing.tensorfile import ELEMENT_BYTES, TensorFacts

_NOT_FINITE: dict[str, tuple[type[np.unsignedinteger[Any]], int, int]] = {
    "F32": (np.uint32, 0x7FFFFFFF, 0x7F800000), "F16": (np.uint16, 0x7FFF, 0x7C00),
    "BF16": (np.uint16, 0x7FFF, 0x7F80),
}  # fmt: skip
"""Unsigned type, mask without the sign, and the smallest pattern that is infinite or no number."""


@dataclass
class Written:
    """`bad`: names of tensors in which a number is infinite or none at all."""

    bytes: int = 0
    bad: list[str] = field(default_factory=list[str])
    dtypes: dict[str, int] = field(default_factory=dict[str, int])
    """Type → numbers of that type."""


def write(
    source: Source,
    names: dict[str, str],
    file: Path,
    progress: Callable[[int, int], None],
    stopped: Callable[[], bool],
) -> Written | None:
    """Copy the tensors `names` (as the source has them → as they are stored) into `file`.

    Sixteen-bit numbers stay so; 64-bit ones become 32-bit. `progress` is given bytes done and all
    bytes. None when it was stopped.

    Raises:
        CannotImport: The source became shorter.
        OSError: As the system says it.
    """
    header, places, end = _layout(source.tensors, names)
    written = Written(end)
    bad: set[str] = set()
    done, total = 0, source.total
    with file.open("wb", buffering=0) as target:
        target.write(header)
        target.truncate(len(header) + end)
        for name, place, piece in source.pieces():
            done += len(piece)
            if name in places:
                dtype = source.tensors[name].dtype
                data = _narrowed(piece, dtype)
                place = place // 2 if dtype == "F64" else place
                _write_at(target.fileno(), data, len(header) + places[name] + place)
                if name not in bad and _has_bad(data, "F32" if dtype == "F64" else dtype):
                    bad.add(name)
            progress(done, total)
            if stopped():
                return None
        os.fsync(target.fileno())
    for name in names:
        dtype = _kept(source.tensors[name].dtype)
        count = source.tensors[name].bytes // ELEMENT_BYTES[source.tensors[name].dtype]
        written.dtypes[dtype] = written.dtypes.get(dtype, 0) + count
    written.bad = sorted(bad)
    return written


def _kept(dtype: str) -> str:
    return "F32" if dtype == "F64" else dtype


def _layout(
    tensors: dict[str, TensorFacts], names: dict[str, str]
) -> tuple[bytes, dict[str, int], int]:
    """The header, each tensor's place, and the size of all: largest elements first, so that each
    is aligned to its own."""
    order = sorted(names, key=lambda n: (-ELEMENT_BYTES[_kept(tensors[n].dtype)], names[n]))
    entries: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    places: dict[str, int] = {}
    end = 0
    for name in order:
        facts = tensors[name]
        size = facts.bytes // 2 if facts.dtype == "F64" else facts.bytes
        places[name] = end
        entries[names[name]] = {
            "dtype": _kept(facts.dtype), "shape": list(facts.shape), "data_offsets": [end, end + size],
        }  # fmt: skip
        end += size
    text = json.dumps(entries, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text, places, end


def _narrowed(piece: memoryview, dtype: str) -> memoryview:
    if dtype != "F64":
        return piece
    with np.errstate(over="ignore"):
        return np.frombuffer(piece, np.float64).astype(np.float32).data.cast("B")


def _has_bad(data: memoryview, dtype: str) -> bool:
    if dtype not in _NOT_FINITE or not len(data):
        return False
    kind, mask, least = _NOT_FINITE[dtype]
    return bool((np.frombuffer(data, kind) & kind(mask)).max() >= least)


def _write_at(descriptor: int, data: memoryview, place: int) -> None:
    os.lseek(descriptor, place, os.SEEK_SET)
    while data:
        data = data[os.write(descriptor, data) :]

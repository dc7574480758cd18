"""Writing safetensors files piece by piece: hashed on the way, the disk's own errors, no copy of all.

The format (https://github.com/huggingface/safetensors#format): eight bytes with the length of the
header (little-endian), the header as JSON, then the tensors' bytes one after the other.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

_NAMES = {
    torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16",
    torch.int64: "I64", torch.int32: "I32", torch.int16: "I16", torch.int8: "I8",
    torch.uint8: "U8", torch.bool: "BOOL",
}  # fmt: skip
_PIECE = 4 << 20


def tensor_bytes(tensors: dict[str, Tensor]) -> int:
    return sum(t.numel() * t.element_size() for t in tensors.values())


def write_tensors(path: Path, tensors: dict[str, Tensor]) -> str:
    """Write and flush a safetensors file; returns the SHA-256 of its bytes, computed while they are
    written.

    Raises:
        OSError: As the system says it (a full disk: ENOSPC).
    """
    # Largest elements first, so that each tensor is aligned to its own element size.
    order = sorted(tensors, key=lambda name: (-tensors[name].element_size(), name))
    header: dict[str, Any] = {}
    end = 0
    for name in order:
        begin, tensor = end, tensors[name]
        end += tensor.numel() * tensor.element_size()
        kind = _NAMES[tensor.dtype]
        header[name] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [begin, end]}
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    digest = hashlib.sha256()
    with path.open("wb", buffering=0) as file:
        for piece in (len(text).to_bytes(8, "little"), text):
            digest.update(piece)
            _write_all(file.fileno(), memoryview(piece))
        for name in order:
            whole = _bytes_of(tensors[name])
            for begin in range(0, len(whole), _PIECE):
                piece = whole[begin : begin + _PIECE]
                digest.update(piece)
                _write_all(file.fileno(), piece)
        os.fsync(file.fileno())
    return digest.hexdigest()


def _bytes_of(tensor: Tensor) -> memoryview:
    flat = tensor.detach().cpu().contiguous().reshape(-1)
    return flat.view(torch.uint8).numpy().data


def _write_all(descriptor: int, piece: memoryview) -> None:
    while piece:
        piece = piece[os.write(descriptor, piece) :]

"""Checkpoints in rows: a safetensors file for each rank and kind, and a JSON index that finds each row.

`shards.json` names the shape of every tensor, and for every file which rows [begin, end) of which
tensors it holds, so that any number of devices can read what any other number wrote. Nothing here
needs a process group: one device reads it as well.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from torch import Tensor

from core.files import friendly_os_errors, read_json, write_json
from core.training.tensorfile import tensor_bytes, write_tensors
from core.versions.hashes import file_hash

INDEX = "shards.json"
_SCHEMA = 1
_FOLDER_SECONDS = 30.0


def file_name(kind: str, rank: int, count: int) -> str:
    """As large models on the Hugging Face hub are named: model-00001-of-00002.safetensors."""
    return f"{kind}-{rank + 1:05}-of-{count:05}.safetensors"


def write_part(path: Path, tensors: dict[str, Tensor]) -> str:
    """Write one rank's rows, flushed to the disk by the machine that has them; returns the hash.

    Raises:
        NoSpace, NoPermission: As everywhere.
    """
    _await_folder(path.parent)
    with friendly_os_errors(path, tensor_bytes(tensors)):
        return write_tensors(path, tensors)


def _await_folder(folder: Path) -> None:
    """A folder that another machine made may take a moment to show on a shared file system."""
    end = time.monotonic() + _FOLDER_SECONDS
    while not folder.is_dir() and time.monotonic() < end:
        time.sleep(0.05)


def write_index(
    folder: Path, shapes: dict[str, dict[str, list[int]]], parts: list[dict[str, Any]]
) -> str:
    """Write shards.json; returns its hash.

    Args:
        shapes: By kind ("model", "optimizer") and name.
        parts: {"file", "kind", "rows": {name: [begin, end]}} of every file.
    """
    write_json(folder / INDEX, {"schema": _SCHEMA, "shapes": shapes, "parts": parts})
    return file_hash(folder / INDEX)


def read_whole(folder: Path) -> dict[str, dict[str, Tensor]]:
    """Every tensor, put together from its rows: by kind and name.

    Raises:
        OSError, ValueError, KeyError, SafetensorError: A file is missing, damaged, or holds other
            rows than the index says.
    """
    index = read_json(folder / INDEX)
    whole: dict[str, dict[str, Tensor]] = {}
    filled: dict[tuple[str, str], int] = {}
    for part in index["parts"]:
        kind = part["kind"]
        target = whole.setdefault(kind, {})
        with safe_open(folder / part["file"], framework="pt") as file:  # type: ignore[no-untyped-call]
            for name, (begin, end) in part["rows"].items():
                rows: Tensor = file.get_tensor(name)
                shape = index["shapes"][kind][name]
                if name not in target:
                    target[name] = torch.empty(shape, dtype=rows.dtype)
                if list(rows.shape) != [end - begin, *shape[1:]]:
                    raise ValueError(f"{part['file']}: {name} has another shape")
                target[name][begin:end] = rows
                filled[kind, name] = filled.get((kind, name), 0) + end - begin
    for kind, shapes in index["shapes"].items():
        for name, shape in shapes.items():
            if filled.get((kind, name)) != shape[0]:
                raise ValueError(f"rows of {name} are missing")
    return whole

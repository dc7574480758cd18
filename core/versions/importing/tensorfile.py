"""The header of a safetensors file, believed only as far as the file bears it out.

The format (https://github.com/huggingface/safetensors#format): eight bytes with the length of the
header (little-endian), the header as JSON, then the tensors' bytes one after the other, without holes.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.errors import CannotImport
from core.reasons import Unsuitable, reason_of
from core.sentences import N_, Sentence

ELEMENT_BYTES = {
    "F64": 8, "F32": 4, "F16": 2, "BF16": 2, "F8_E4M3": 1, "F8_E5M2": 1, "I64": 8, "I32": 4,
    "I16": 2, "I8": 1, "U64": 8, "U32": 4, "U16": 2, "U8": 1, "BOOL": 1,
}  # fmt: skip
FLOATS = ("F64", "F32", "F16", "BF16")
PIECE = 4 << 20
_MOST_HEADER = 100 << 20
COPY_AGAIN = Sentence("Errors", N_("Errors", "Copy or download the file again."))


@dataclass(frozen=True, slots=True)
class TensorFacts:
    """A tensor as a header tells of it: type, shape, and its bytes [begin, end) of the data."""

    dtype: str
    shape: tuple[int, ...]
    begin: int
    end: int

    @property
    def bytes(self) -> int:
        return self.end - self.begin


@dataclass(slots=True)
class TensorFile:
    """An open safetensors file: its tensors in the order of their bytes, and later its SHA-256."""

    path: Path
    tensors: dict[str, TensorFacts]
    data_begin: int
    bytes: int
    hash: str = field(default="")

    @classmethod
    def open(cls, path: Path) -> TensorFile:
        """Raises CannotImport for a header that lies, with what it says and what is there."""
        try:
            size = path.stat().st_size
            with path.open("rb") as file:
                length = int.from_bytes(file.read(8), "little")
                if size < 8 or length > min(size - 8, _MOST_HEADER):
                    text = N_("Errors", "its header claims {length} bytes, but the file has {size}")
                    raise Unsuitable(Sentence("Errors", text, {"length": length, "size": size}))
                header = json.loads(file.read(length), object_pairs_hook=_once_each)
            tensors = _tensors(header)
            _check_places(tensors, size - 8 - length)
        except (OSError, ValueError, RecursionError) as error:
            raise CannotImport(path=str(path), reason=reason_of(error), hint=COPY_AGAIN) from error
        return cls(path, tensors, 8 + length, size)

    def pieces(self) -> Iterator[tuple[str, int, memoryview]]:
        """All bytes of all tensors in the file's order, as (name, place inside it, bytes); what is
        given is overwritten by the next. The whole file's hash is known at the end."""
        digest = hashlib.sha256()
        buffer = memoryview(bytearray(PIECE))
        with self.path.open("rb", buffering=0) as file:
            _read(file, buffer, self.data_begin, digest)
            for name, facts in self.tensors.items():
                done = 0
                while done < facts.bytes:
                    piece = buffer[: min(PIECE, facts.bytes - done)]
                    if not _fill(file, piece):
                        raise CannotImport(path=str(self.path), reason=_SHORTER, hint=COPY_AGAIN)
                    digest.update(piece)
                    yield name, done, piece
                    done += len(piece)
        self.hash = digest.hexdigest()


_SHORTER = Sentence("Errors", N_("Errors", "it became shorter while it was read"))


def _read(file: Any, buffer: memoryview, count: int, digest: Any) -> None:
    while count > 0:
        piece = buffer[: min(len(buffer), count)]
        if not _fill(file, piece):
            return
        digest.update(piece)
        count -= len(piece)


def _fill(file: Any, piece: memoryview) -> bool:
    done = 0
    while done < len(piece):
        got = file.readinto(piece[done:])
        if not got:
            return False
        done += got
    return True


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        text = N_("Errors", "its header names “{name}” twice")
        raise Unsuitable(Sentence("Errors", text, {"name": twice[:80]}))
    return found


def _tensors(header: Any) -> dict[str, TensorFacts]:
    """By place in the file."""
    found: dict[str, TensorFacts] = {}
    entries: Any = header.items() if isinstance(header, dict) else [("", None)]
    for name, entry in entries:
        if name == "__metadata__":
            continue
        try:
            dtype, shape = str(entry["dtype"]), tuple(entry["shape"])
            begin, end = entry["data_offsets"]
            sizes = [*shape, begin, end]
            good = all(type(n) is int and 0 <= n < 1 << 63 for n in sizes)
        except (KeyError, TypeError, ValueError):
            good, dtype, shape, begin, end = False, "", (), 0, 0
        if not good:
            text = N_("Errors", "its header does not describe “{name}” as it should")
            raise Unsuitable(Sentence("Errors", text, {"name": name[:80]}))
        if dtype not in ELEMENT_BYTES:
            raise Unsuitable(wrong_type(name, dtype))
        found[name] = TensorFacts(dtype, shape, begin, end)
    return dict(sorted(found.items(), key=lambda item: (item[1].begin, item[1].end)))


def _check_places(tensors: dict[str, TensorFacts], size: int) -> None:
    """Every tensor as long as its shape says, one after the other up to the end of the file."""
    place = 0
    for name, facts in tensors.items():
        needed = math.prod(facts.shape) * ELEMENT_BYTES[facts.dtype]
        if facts.begin != place or facts.bytes != needed:
            text = N_("Errors", "the place of “{name}” in it is not what its header says")
            raise Unsuitable(Sentence("Errors", text, {"name": name[:80]}))
        place = facts.end
    if place > size:
        text = N_("Errors", "it ends after {size} of {needed} bytes of weights")
        raise Unsuitable(Sentence("Errors", text, {"size": size, "needed": place}))
    if place < size:
        text = N_("Errors", "{count} bytes at its end belong to no tensor")
        raise Unsuitable(Sentence("Errors", text, {"count": size - place}))


def wrong_type(name: str, dtype: str) -> Sentence:
    text = N_(
        "Errors",
        "the numbers of “{name}” are of the type {dtype}, not 16-bit, 32-bit or 64-bit floats",
    )
    return Sentence("Errors", text, {"name": name[:80], "dtype": dtype[:20]})

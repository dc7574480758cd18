"""The header of a GGUF file, believed only as far as the file bears it out.

The format (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md): magic, version, counts, named
values, then name, shape, type and place of each tensor, then their bytes, each aligned.
"""

from __future__ import annotations

import math
import mmap
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType

from core.errors import CannotImport
from core.reasons import Unsuitable, reason_of
from core.sentences import N_, Sentence
from core.versions.importing.tensorfile import COPY_AGAIN

_MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_SCALARS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}  # fmt: skip
_STRING, _ARRAY = 8, 9
_MOST_DIMENSIONS = 4
_MOST_ALIGNMENT = 1 << 16


@dataclass(frozen=True, slots=True)
class GgufTensor:
    """`shape` in the order of PyTorch; bytes [begin, end) of `file`."""

    kind: GGMLQuantizationType
    shape: tuple[int, ...]
    begin: int
    end: int
    file: Path


@dataclass
class GgufFile:
    """Named values and tensors of a file that was looked through to its end; of a model in several
    files, the first one's values and all tensors."""

    path: Path
    values: dict[str, Any]
    tensors: dict[str, GgufTensor]
    parts: tuple[Path, ...] = ()
    """All files, `path` among them."""

    @classmethod
    def open(cls, path: Path) -> GgufFile:
        """Raises CannotImport for a header that lies, with what it says and what is there."""
        try:
            size = path.stat().st_size
            if size < 24:
                raise Unsuitable(_NO_GGUF)
            with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as m:
                values, tensors = _Reader(m, size, path).everything()
        except (OSError, ValueError, RecursionError) as error:
            raise CannotImport(
                "path", path=str(path), reason=reason_of(error), hint=COPY_AGAIN
            ) from error
        return cls(path, values, tensors, (path,))


_NO_GGUF = Sentence("Errors", N_("Errors", "it is no GGUF file of a version that is known"))


class _Reader:
    def __init__(self, data: mmap.mmap, size: int, path: Path) -> None:
        self._data, self._size, self._path, self._place = data, size, path, 0

    def everything(self) -> tuple[dict[str, Any], dict[str, GgufTensor]]:
        if self._take(4) != _MAGIC or self._number("<I") not in _VERSIONS:
            raise Unsuitable(_NO_GGUF)
        tensors, values = self._number("<Q"), self._number("<Q")
        self._check_count(tensors, 24)
        self._check_count(values, 12)
        found: dict[str, Any] = {}
        for _ in range(values):
            name = self._text()
            found[name] = self._value(self._number("<I"))
        entries = [self._entry() for _ in range(tensors)]
        alignment = found.get("general.alignment", 32)
        if type(alignment) is not int or not 1 <= alignment <= _MOST_ALIGNMENT:
            raise Unsuitable(_lies("general.alignment"))
        begin = -(-self._place // alignment) * alignment
        placed: dict[str, GgufTensor] = {}
        for name, kind, shape, offset in entries:
            if name in placed:
                text = N_("Errors", "its header names “{name}” twice")
                raise Unsuitable(Sentence("Errors", text, {"name": name[:80]}))
            placed[name] = self._placed(name, kind, shape, begin + offset, offset % alignment)
        return found, placed

    def _entry(self) -> tuple[str, GGMLQuantizationType, tuple[int, ...], int]:
        name, count = self._text(), self._number("<I")
        if count > _MOST_DIMENSIONS:
            raise Unsuitable(_lies(name))
        shape = tuple(self._number("<Q") for _ in range(count))[::-1]
        number = self._number("<I")
        try:
            kind = GGMLQuantizationType(number)
        except ValueError as error:
            text = N_(
                "Errors", "the numbers of “{name}” are of a type that is not known ({number})"
            )
            values = {"name": name[:80], "number": number}
            raise Unsuitable(Sentence("Errors", text, values)) from error
        return name, kind, shape, self._number("<Q")

    def _placed(
        self, name: str, kind: GGMLQuantizationType, shape: tuple[int, ...], begin: int, rest: int
    ) -> GgufTensor:
        block, size = GGML_QUANT_SIZES[kind]
        if rest or not all(0 < n < 1 << 40 for n in shape) or (shape and shape[-1] % block):
            raise Unsuitable(_lies(name))
        end = begin + math.prod(shape) // block * size
        if end > self._size:
            text = N_("Errors", "it ends after {size} bytes, but “{name}” should reach to {needed}")
            values = {"size": self._size, "name": name[:80], "needed": end}
            raise Unsuitable(Sentence("Errors", text, values))
        return GgufTensor(kind, shape, begin, end, self._path)

    def _value(self, kind: int) -> Any:
        if kind in _SCALARS:
            return self._number(_SCALARS[kind])
        if kind == _STRING:
            return self._text()
        if kind != _ARRAY:
            raise Unsuitable(_NO_GGUF)
        inner, count = self._number("<I"), self._number("<Q")
        if inner in _SCALARS:
            width = struct.calcsize(_SCALARS[inner])
            self._check_count(count, width)
            return list(struct.unpack(f"<{count}{_SCALARS[inner][1]}", self._take(count * width)))
        if inner != _STRING:
            raise Unsuitable(_NO_GGUF)
        self._check_count(count, 8)
        return [self._text() for _ in range(count)]

    def _check_count(self, count: int, least: int) -> None:
        """Whether so many of at least `least` bytes can be in the file at all."""
        if count > (self._size - self._place) // least:
            text = N_("Errors", "its header counts {count} entries, more than the file could hold")
            raise Unsuitable(Sentence("Errors", text, {"count": count}))

    def _number(self, form: str) -> Any:
        return struct.unpack(form, self._take(struct.calcsize(form)))[0]

    def _text(self) -> str:
        return self._take(self._number("<Q")).decode("utf-8", "replace")

    def _take(self, count: int) -> bytes:
        if count > self._size - self._place:
            text = N_("Errors", "its header claims {length} bytes, but the file has {size}")
            values = {"length": self._place + count, "size": self._size}
            raise Unsuitable(Sentence("Errors", text, values))
        piece = self._data[self._place : self._place + count]
        self._place += count
        return piece


def _lies(name: str) -> Sentence:
    text = N_("Errors", "its header does not describe “{name}” as it should")
    return Sentence("Errors", text, {"name": name[:80]})

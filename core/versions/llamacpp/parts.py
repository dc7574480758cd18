"""A model that was cut into several GGUF files (by llama.cpp's gguf-split), read as one.

Each file has `split.no`, `split.count` and `split.tensors.count`; the first has the model's values as
well. They find each other by their names: NAME-00001-of-00003.gguf.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from core.errors import CannotImport
from core.sentences import N_, Sentence
from core.versions.importing.tensorfile import COPY_AGAIN
from core.versions.llamacpp.file import GgufFile

_NAME = re.compile(r"(.+)-(\d{5})-of-(\d{5})\.gguf", re.IGNORECASE)
_MOST_PARTS = 1000
_TOGETHER = Sentence(
    "Errors",
    N_("Errors", "Put all parts of the model into one folder, under the names that they were published under."),
)  # fmt: skip


def are_parts(names: Iterable[str]) -> bool:
    """Whether all of these files are parts of one model, by their names."""
    found = [_NAME.fullmatch(name) for name in names]
    return len({(match[1], match[3]) if match else None for match in found} - {None}) == 1 and all(found)  # fmt: skip


def parts_of(name: str) -> list[str]:
    """Names of all parts of the model of which a file's name says it is one; else the name alone."""
    match = _NAME.fullmatch(name)
    count = int(match[3]) if match else 1
    if match is None or not 1 < count <= _MOST_PARTS:
        return [name]
    return [f"{match[1]}-{number:05d}-of-{match[3]}.gguf" for number in range(1, count + 1)]


def open_whole(path: Path) -> GgufFile:
    """The file at `path`, with the other parts of the same model where it is one of several.

    Raises:
        CannotImport: A file lies, or a part is missing.
    """
    file = GgufFile.open(path)
    count = file.values.get("split.count")
    if type(count) is not int or count <= 1:
        return file
    name = _NAME.fullmatch(path.name)
    if name is None or int(name[3]) != count or count > _MOST_PARTS:
        text = N_(
            "Errors", "it is one of {count} parts of a model, but its name does not say which"
        )
        raise _refused(path, Sentence("Errors", text, {"count": count}))
    parts = [path.with_name(part) for part in parts_of(path.name)]
    if gone := [part for part in parts if not part.is_file()]:
        text = N_("Errors", "it is one of {count} parts of a model, and {name} is not beside it")
        raise _refused(path, Sentence("Errors", text, {"count": count, "name": gone[0].name}))
    return _joined([GgufFile.open(part) for part in parts])


def _joined(files: list[GgufFile]) -> GgufFile:
    first, tensors = files[0], dict(files[0].tensors)
    for number, file in enumerate(files):
        if file.values.get("split.no") != number or file.values.get("split.count") != len(files):
            text = N_("Errors", "it is not part {number} of {count}, as its name says")
            values = {"number": number + 1, "count": len(files)}
            raise _refused(file.path, Sentence("Errors", text, values))
        if number and (twice := tensors.keys() & file.tensors.keys()):
            text = N_("Errors", "“{name}” stands in more than one of its files")
            raise _refused(file.path, Sentence("Errors", text, {"name": min(twice)[:80]}))
        tensors |= file.tensors
    stated = first.values.get("split.tensors.count", len(tensors))
    if stated != len(tensors):
        text = N_("Errors", "its parts have {count} tensors together, but it says {stated}")
        values = {"count": len(tensors), "stated": str(stated)}
        raise CannotImport("path", path=str(first.path), reason=Sentence("Errors", text, values), hint=COPY_AGAIN)  # fmt: skip
    return GgufFile(first.path, first.values, tensors, tuple(file.path for file in files))


def _refused(path: Path, reason: Sentence) -> CannotImport:
    return CannotImport("path", path=str(path), reason=reason, hint=_TOGETHER)

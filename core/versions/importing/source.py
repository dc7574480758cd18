"""What a path leads to: configuration, weights and tokenizer files of a foreign model."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from core.errors import CannotImport, PathMissing
from core.sentences import N_, Sentence
from core.versions.importing.small import CHOOSE, checked_config, small_json
from core.versions.importing.tensorfile import COPY_AGAIN, TensorFacts, TensorFile
from core.versions.importing.vocabulary import Vocabulary, vocabulary_of

CONFIG, WEIGHTS, INDEX, ADAPTER = (
    "config.json", "model.safetensors", "model.safetensors.index.json", "adapter_config.json",
)  # fmt: skip
_PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle")
_OTHERS = (".h5", ".msgpack", ".onnx", ".ot")
_SHARD = re.compile(r"(.+)-\d{5}-of-\d{5}\.safetensors$")
_MOST_README = 1 << 20
Form = Literal["hf", "safetensors", "gguf", "hub"]

_PICKLED = Sentence(
    "Errors",
    N_(
        "Errors", "it is a pickle, and opening a pickle runs whatever program its maker put into it"
    ),
)
_SAFE_WAY = Sentence(
    "Errors",
    N_(
        "Errors",
        "Take the .safetensors files of the same model, or have them made where you trust it: in "
        "Python, AutoModel.from_pretrained(FOLDER).save_pretrained(NEW_FOLDER).",
    ),
)


@dataclass
class Source(ABC):
    """A foreign model. `tensors`: every tensor that its files have, by the name that they have it
    under; `hashes`: SHA-256 of the files, complete once `pieces` has been read to its end."""

    place: Path
    form: Form
    config: dict[str, Any]
    tensors: dict[str, TensorFacts] = field(default_factory=dict[str, TensorFacts])
    licence: str = ""
    readme: str = ""

    @property
    def config_file(self) -> Path:
        """Where the configuration stands, to name it."""
        return self.place

    @property
    def dtype_name(self) -> str:
        """What config.json calls the type of the weights, where this program writes it."""
        return "float32"

    def prepare(self, expected: Mapping[str, tuple[int, ...]]) -> None:
        """Told the names and shapes of transformers' file, gives `tensors` such names if its own
        format has others."""
        del expected

    @abstractmethod
    def vocabulary(self) -> Vocabulary:
        """Its tokenizer. Raises CannotImport."""

    @abstractmethod
    def pieces(self) -> Iterator[tuple[str, int, memoryview]]:
        """The bytes of all tensors, as (name, place inside the tensor, bytes)."""

    @property
    @abstractmethod
    def hashes(self) -> dict[str, str]: ...

    @property
    def total(self) -> int:
        """Bytes that `pieces` gives."""
        return sum(facts.bytes for facts in self.tensors.values())


@dataclass
class FolderSource(Source):
    """config.json, safetensors files and the tokenizer's files, all in one folder."""

    files: list[TensorFile] = field(default_factory=list[TensorFile])

    def pieces(self) -> Iterator[tuple[str, int, memoryview]]:
        for file in self.files:
            yield from file.pieces()

    @property
    def hashes(self) -> dict[str, str]:
        return {file.path.name: file.hash for file in self.files}

    @property
    def folder(self) -> Path:
        return self.place if self.place.is_dir() else self.place.parent

    @property
    def config_file(self) -> Path:
        return self.folder / CONFIG

    def vocabulary(self) -> Vocabulary:
        return vocabulary_of(self.folder, self.config)


def open_path(path: Path) -> Source:
    """What is at `path`, with every header checked; nothing of the weights is read.

    Raises:
        PathMissing: Nothing is there.
        CannotImport: It is no model, it would need its code run, or its files lie.
    """
    if not path.exists():
        raise PathMissing("path", path=str(path))
    if path.is_file() and path.name == CONFIG:
        path = path.parent
    if path.is_dir():
        packed = [] if (path / CONFIG).is_file() else sorted(path.glob("*.gguf"))
        return _open_gguf_in(path, packed) if packed else _open_folder(path)
    match path.suffix.casefold():
        case suffix if suffix == ".gguf" or _is_gguf(path):
            from core.versions.importing.ggufsource import open_gguf

            return open_gguf(path)
        case ".safetensors":
            shards = _SHARD.match(path.name) and (path.parent / INDEX).is_file()
            return _open_folder(path.parent) if shards else _open_file(path)
        case suffix if suffix in _PICKLES:
            raise CannotImport("path", path=str(path), reason=_PICKLED, hint=_SAFE_WAY)
        case _:
            text = N_("Errors", "it is neither a .safetensors nor a .gguf file")
            raise CannotImport("path", path=str(path), reason=Sentence("Errors", text), hint=CHOOSE)  # fmt: skip


def _open_gguf_in(folder: Path, files: list[Path]) -> Source:
    """Raises CannotImport where there are several models."""
    from core.versions.llamacpp.parts import are_parts

    if len(files) > 1 and not are_parts(file.name for file in files):
        text = N_("Errors", "there are {count} .gguf files in it, each a model by itself")
        hint = Sentence("Errors", N_("Errors", "Choose one of the files, not the folder."))
        reason = Sentence("Errors", text, {"count": len(files)})
        raise CannotImport("path", path=str(folder), reason=reason, hint=hint)
    return open_path(files[0])


def _is_gguf(path: Path) -> bool:
    """Whatever it is called: Ollama, for one, calls its files by their hashes."""
    try:
        with path.open("rb") as file:
            return file.read(4) == b"GGUF"
    except OSError:
        return False


def _open_folder(folder: Path) -> Source:
    config = checked_config(folder / CONFIG)
    names = weight_files(folder)
    files = [TensorFile.open(folder / name) for name in names]
    tensors: dict[str, TensorFacts] = {}
    for file in files:
        if twice := tensors.keys() & file.tensors.keys():
            text = N_("Errors", "“{name}” stands in more than one of its files")
            reason = Sentence("Errors", text, {"name": min(twice)[:80]})
            raise CannotImport("path", path=str(file.path), reason=reason, hint=COPY_AGAIN)
        tensors |= file.tensors
    if (folder / INDEX).is_file():
        _check_index(folder, files)
    readme = _readme(folder)
    return FolderSource(folder, "hf", config, tensors, licence_in(readme), readme, files)


def _open_file(path: Path) -> Source:
    config = checked_config(path.parent / CONFIG)
    file = TensorFile.open(path)
    readme = _readme(path.parent)
    return FolderSource(
        path, "safetensors", config, file.tensors, licence_in(readme), readme, [file]
    )


def weight_files(folder: Path) -> list[str]:
    """Names of the files with the weights, in order. Raises CannotImport where there are none."""
    if (folder / INDEX).is_file():
        return indexed_files(folder / INDEX)
    if (folder / WEIGHTS).is_file():
        return [WEIGHTS]
    found = sorted(path.name for path in folder.glob("*.safetensors"))
    stems = {match[1] for name in found if (match := _SHARD.match(name))}
    if len(found) == 1 or (found and len(stems) == 1 and all(map(_SHARD.match, found))):
        return found
    if found:
        text = N_("Errors", "there are {count} .safetensors files in it and no {index} that says which belong together")  # fmt: skip
        reason = Sentence("Errors", text, {"count": len(found), "index": INDEX})
        raise CannotImport("path", path=str(folder), reason=reason, hint=CHOOSE)
    raise pickled(str(folder), (path.name for path in folder.iterdir()))


def pickled(place: str, names: Iterable[str]) -> CannotImport:
    """Why the files `names` are no model: pickles, another program's, or none at all."""
    for name in sorted(names):
        suffix = Path(name).suffix.casefold()
        if suffix in _PICKLES:
            return CannotImport("path", path=f"{place}/{name}", reason=_PICKLED, hint=_SAFE_WAY)
        if suffix in _OTHERS:
            text = N_("Errors", "its weights are in another program's form ({name})")
            reason = Sentence("Errors", text, {"name": name})
            return CannotImport("path", path=place, reason=reason, hint=_SAFE_WAY)
    text = N_("Errors", "there are no weights in it as .safetensors or .gguf")
    return CannotImport("path", path=place, reason=Sentence("Errors", text), hint=CHOOSE)


def indexed_files(index: Path, beside: Iterable[str] | None = None) -> list[str]:
    """The files that an index names, each beside it. Raises CannotImport for any other place.

    Args:
        beside: Names that are there; what lies in the index's folder where it is not given.
    """
    weight_map = small_json(index).get("weight_map")
    if not isinstance(weight_map, dict) or not weight_map:
        text = N_("Errors", "it does not say which file has which weights")
        raise CannotImport("path", path=str(index), reason=Sentence("Errors", text), hint=COPY_AGAIN)  # fmt: skip
    names = sorted({str(name) for name in weight_map.values()})
    for name in names:
        plain = not set(name) & set("/\\:\0") and name not in ("", ".", "..")
        if not plain or not name.endswith(".safetensors"):
            text = N_("Errors", "it names “{name}”, which is no .safetensors file beside it")
            reason = Sentence("Errors", text, {"name": name[:80]})
            raise CannotImport("path", path=str(index), reason=reason, hint=COPY_AGAIN)
        there = name in beside if beside is not None else (index.parent / name).is_file()
        if not there:
            text = N_("Errors", "the file {name} that it names is not there")
            reason = Sentence("Errors", text, {"name": name[:80]})
            raise CannotImport("path", path=str(index), reason=reason, hint=COPY_AGAIN)
    return names


def _check_index(folder: Path, files: list[TensorFile]) -> None:
    has = {file.path.name: file.tensors for file in files}
    for name, file in small_json(folder / INDEX)["weight_map"].items():
        if name not in has[str(file)]:
            text = N_("Errors", "“{name}” is not in {file}, where it should be")
            reason = Sentence("Errors", text, {"name": name[:80], "file": str(file)})
            raise CannotImport("path", path=str(folder / INDEX), reason=reason, hint=COPY_AGAIN)


def _readme(folder: Path) -> str:
    try:
        with (folder / "README.md").open(encoding="utf-8", errors="replace") as file:
            return file.read(_MOST_README)
    except OSError:
        return ""


def licence_in(readme: str) -> str:
    """The licence that a model card's front matter names; "" where it names none."""
    match = re.match(r"\ufeff?---\s*\n(.*?)\n---", readme, re.DOTALL)
    line = match and re.search(r"^license:[ \t]*([^\n#]+)", match[1], re.MULTILINE)
    if not line:
        return ""
    name = line[1].strip().strip("\"'")
    other = re.search(r"^license_name:[ \t]*([^\n#]+)", match[1] if match else "", re.MULTILINE)
    return (other[1].strip().strip("\"'") if name == "other" and other else name)[:80]

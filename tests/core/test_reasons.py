"""Whatever is raised becomes an error of ours, and a reason that people can read."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from core.errors import EmptyCorpus, Fault, OutOfMemory, Refused, TerakoyaError
from core.files import read_json
from core.reasons import Unsuitable, error_for, reason_of
from core.sentences import Sentence
from core.versions.manifest import VersionManifest


def raised(act: Callable[[], object]) -> Exception:
    with pytest.raises(Exception) as caught:  # noqa: PT011 (which one is what the test asks)
        act()
    return caught.value


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{\n\n,", "it is not valid JSON (line 3)"),
        (b"\xff\xfe\xfd", "it is not text in UTF-8"),
        ("[" * 100_000, "it is nested too deeply"),
        ("", "it is not valid JSON (line 1)"),
    ],
    ids=["broken", "bytes", "deep", "empty"],
)
def test_a_document_that_cannot_be_read_has_a_reason(
    tmp_path: Path, content: str | bytes, reason: str
) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    error = raised(lambda: read_json(file))
    assert isinstance(error, ValueError)
    assert reason_of(error).english() == reason


@pytest.mark.skipif(os.name == "nt", reason="Windows refuses with other numbers")
@pytest.mark.parametrize(
    ("open_it", "reason"),
    [
        (lambda folder: (folder / "nothing").read_bytes(), "it is not there"),
        (lambda folder: folder.read_bytes(), "it is a folder"),
        (lambda folder: (folder / "file" / "below").mkdir(), "a file is in the way"),
        (lambda folder: (folder / "file").mkdir(), "a file is in the way"),
        (lambda folder: (folder / ("x" * 300)).touch(), "its name is too long"),
        (lambda folder: (folder / "circle").read_bytes(), "its links lead in a circle"),
    ],
    ids=["missing", "folder", "below a file", "taken", "long", "circle"],
)
def test_what_the_system_refuses_has_a_reason(
    tmp_path: Path, open_it: Callable[[Path], object], reason: str
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    assert reason_of(raised(lambda: open_it(tmp_path))).english() == reason


def test_a_refusal_without_words_of_ours_is_told_in_those_of_the_system() -> None:
    error = OSError(errno.EXDEV, "Invalid cross-device link")
    assert reason_of(error).english() == "the system says “Invalid cross-device link”"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"id": "x", "created": 1.0, "title": "t"}, "the entry “name” is not in it"),
        (
            {"id": "x", "created": 1.0, "title": "t", "name": "n", "edition": "first"},
            "its entry “edition” is not what it should be",
        ),
        (
            {"id": "x", "created": 1.0, "title": "t", "name": "n", "measures": {"steps": "?"}},
            "its entry “measures.steps” is not what it should be",
        ),
        ([], "its content is not what it should be"),
    ],
)
def test_a_document_with_wrong_entries_names_the_first(data: object, reason: str) -> None:
    error = raised(lambda: VersionManifest.model_validate(data))
    assert isinstance(error, ValidationError)
    assert reason_of(error).english() == reason


def test_other_exceptions_are_told_without_their_names() -> None:
    assert reason_of(KeyError("hidden_size")).english() == "the entry “hidden_size” is not in it"
    assert reason_of(TypeError("'NoneType' object")).english() == (
        "its content is not what it should be"
    )
    assert reason_of(OSError("thrift")).english() == "its content is not what it should be"
    own = Sentence("Errors", "it is odd")
    assert reason_of(Unsuitable(own)) == own


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (MemoryError(), OutOfMemory, "this computer"),
        (RuntimeError("CUDA out of memory. Tried to allocate"), OutOfMemory, "the GPU"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory"), OutOfMemory, "this computer"),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), OutOfMemory, "this computer"),
        (OSError(errno.EIO, "I/O", "/a/b"), Refused, "/a/b: the disk answers with errors"),
        (OSError(errno.EMFILE, "Too many"), Refused, "too many files are open"),
        (ZeroDivisionError("by zero"), Fault, "ZeroDivisionError: by zero"),
        (OSError("no number"), Fault, "OSError: no number"),
    ],
)
def test_whatever_is_raised_becomes_an_error_of_ours(
    error: Exception, kind: type[TerakoyaError], words: str
) -> None:
    told = error_for(error)
    assert type(told) is kind
    assert words in str(told)
    json.dumps(told.to_json())


def test_an_error_of_ours_stays_itself() -> None:
    error = EmptyCorpus(path="/a", files=0)
    assert error_for(error) is error


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("CUDA error: unspecified launch failure\nCUDA kernel errors might be …", "device-lost"),
        ("CUDA error: uncorrectable ECC error encountered", "device-lost"),
        ("HIP error: unknown error", "device-lost"),
        ("CUDA error: the launch timed out and was terminated", "device-lost"),
        ("No CUDA GPUs are available", "device-lost"),
        ("CUDA error: device-side assert triggered", "fault"),
        ("CUDA error: an illegal memory access was encountered", "fault"),
        ("CUDA out of memory. Tried to allocate 20.00 MiB", "out-of-memory"),
        ("an unknown error of a library", "fault"),
    ],
)
def test_a_gpu_that_is_gone_is_told_from_a_program_that_is_wrong(words: str, code: str) -> None:
    assert error_for(RuntimeError(words)).code == code

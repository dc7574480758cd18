"""Exceptions in words for people: why a file cannot be used, and which error of ours it is."""

from __future__ import annotations

import errno
import json

from pydantic_core import ValidationError

from core.accelerators import is_lost, said_by
from core.errors import DeviceLost, Fault, OutOfMemory, Refused, TerakoyaError
from core.sentences import N_, Sentence

COMPUTER = Sentence("Errors", N_("Errors", "this computer"))
GPU = Sentence("Errors", N_("Errors", "the GPU"))
NOT_THERE = Sentence("Errors", N_("Errors", "it is not there"))
CHANGED = Sentence("Errors", N_("Errors", "its content has changed"))
TOO_DEEP = Sentence("Errors", N_("Errors", "it is nested too deeply"))
_STRANGE = Sentence("Errors", N_("Errors", "its content is not what it should be"))
_IN_THE_WAY = Sentence("Errors", N_("Errors", "a file is in the way"))
_BY_NUMBER = {
    errno.ENOENT: NOT_THERE,
    errno.EACCES: Sentence("Errors", N_("Errors", "there is no permission to open it")),
    errno.EPERM: Sentence("Errors", N_("Errors", "there is no permission to open it")),
    errno.EISDIR: Sentence("Errors", N_("Errors", "it is a folder")),
    errno.EEXIST: _IN_THE_WAY,
    errno.ENOTDIR: _IN_THE_WAY,
    errno.ENAMETOOLONG: Sentence("Errors", N_("Errors", "its name is too long")),
    errno.ELOOP: Sentence("Errors", N_("Errors", "its links lead in a circle")),
    errno.EIO: Sentence("Errors", N_("Errors", "the disk answers with errors")),
    errno.EMFILE: Sentence("Errors", N_("Errors", "too many files are open")),
    errno.ENFILE: Sentence("Errors", N_("Errors", "too many files are open")),
    errno.ENOMEM: Sentence("Errors", N_("Errors", "the memory is used up")),
    errno.ENOSPC: Sentence("Errors", N_("Errors", "the disk is full")),
    errno.EAGAIN: Sentence("Errors", N_("Errors", "too many processes are running")),
}
_NO_MEMORY = (
    "out of memory",
    "can't allocate memory",
    "cannot allocate memory",
    "not enough memory",
)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether memory was not enough, of the computer or of a device."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    words = str(error).casefold()
    return isinstance(error, RuntimeError) and any(w in words for w in _NO_MEMORY)


class Unsuitable(ValueError):
    """A value or content that will not do; `sentence` says why, `fields` which settings clash."""

    def __init__(self, sentence: Sentence, fields: tuple[str, ...] = ()) -> None:
        super().__init__(sentence.english())
        self.sentence = sentence
        self.fields = fields


def reason_of(error: BaseException) -> Sentence:
    """The reason inside a sentence such as that of `Damaged`: a clause without a full stop."""
    match error:
        case Unsuitable():
            return error.sentence
        case json.JSONDecodeError():
            text = N_("Errors", "it is not valid JSON (line {line})")
            return Sentence("Errors", text, {"line": error.lineno})
        case UnicodeDecodeError():
            return Sentence("Errors", N_("Errors", "it is not text in UTF-8"))
        case RecursionError():
            return TOO_DEEP
        case ValidationError():
            return _of_validation(error)
        case KeyError():
            text = N_("Errors", "the entry “{name}” is not in it")
            return Sentence("Errors", text, {"name": str(error.args[0])[:80]})
        case OSError() if error.errno is not None:
            return _BY_NUMBER.get(error.errno) or _in_words_of_the_system(error)
        case _:
            return _STRANGE


def error_for(error: BaseException) -> TerakoyaError:
    """The error to show for whatever was raised: out of memory, refused by the system, or a fault
    of ours."""
    if isinstance(error, TerakoyaError):
        return error
    words = str(error).casefold()
    if isinstance(error, MemoryError) or any(sign in words for sign in _NO_MEMORY):
        return OutOfMemory(device=GPU if "cuda" in words else COMPUTER)
    if isinstance(error, RuntimeError) and is_lost(words):
        return DeviceLost(reason=said_by(str(error)))
    if isinstance(error, OSError) and error.errno is not None:
        return Refused(reason=_with_place(error))
    return Fault(detail=f"{type(error).__name__}: {error}"[:500])


def _with_place(error: OSError) -> Sentence:
    if not error.filename:
        return reason_of(error)
    place = str(error.filename)[:200]
    text = N_("Errors", "{path}: {reason}")
    return Sentence("Errors", text, {"path": place, "reason": reason_of(error)})


def _of_validation(error: ValidationError) -> Sentence:
    """The first entry that is missing or does not fit."""
    fault = error.errors()[0]
    name = ".".join(str(part) for part in fault["loc"])
    if not name:
        return _STRANGE
    if fault["type"] == "missing":
        text = N_("Errors", "the entry “{name}” is not in it")
    else:
        text = N_("Errors", "its entry “{name}” is not what it should be")
    return Sentence("Errors", text, {"name": name})


def _in_words_of_the_system(error: OSError) -> Sentence:
    text = N_("Errors", "the system says “{words}”")
    return Sentence("Errors", text, {"words": error.strerror or str(error.errno)})

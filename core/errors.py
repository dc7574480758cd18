"""What can go wrong, each with one sentence: what happened, where, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from core.sentences import N_, Sentence, Value, fill, values_from_json

CONTEXT = "Errors"
FieldFault = tuple[str | None, Sentence]
"""What is wrong, and the name of the setting that is to blame."""

_by_code: dict[str, type[TerakoyaError]] = {}


class TerakoyaError(Exception):
    """Base of every error that a user may see.

    Args:
        field: Name of the setting or argument that is to blame, for forms and `--json`.
        **values: Fill the placeholders of the class's sentence.
    """

    code: ClassVar[str] = "fault"
    text: ClassVar[str] = N_("Errors", "Something went wrong inside Terakoya: {detail}.")
    exit_code: ClassVar[int] = 2
    again: bool = False
    """Whether the supervisor starts the next attempt by itself: what was wrong has been mended."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        _by_code[cls.code] = cls

    def __init__(self, field: str | None = None, **values: Value) -> None:
        self.field = field
        self.values: dict[str, Value] = values
        super().__init__(fill(self.text, values))

    @property
    def sentence(self) -> Sentence:
        return Sentence(CONTEXT, self.text, self.values)

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code, "message": str(self), "field": self.field}


def codes() -> list[str]:
    """The code of every error."""
    return sorted(_by_code)


def sentence_of(code: str, values: Mapping[str, Value]) -> Sentence:
    """The sentence of an error that arrived as a code, for example in an `ended` event."""
    error = _by_code.get(code)
    if error is None:
        return Sentence(CONTEXT, TerakoyaError.text, {"detail": values.get("detail", code)})
    return Sentence(CONTEXT, error.text, dict(values))


def error_of(code: str, values: Mapping[str, Any]) -> TerakoyaError:
    """The error that a worker reported in its `ended` event."""
    kind = _by_code.get(code, Fault)
    return kind(None, **values_from_json(values))


class Fault(TerakoyaError):
    code = "fault"
    exit_code = 1


class UsageError(TerakoyaError):
    """Carries a finished sentence, for messages that argparse or a validation composes.

    Args:
        faults: Every fault by itself, with the field that is to blame (None: no single one), where
            a form or a recipe has several; see `all_faults`.
    """

    code = "usage"
    text = N_("Errors", "{detail}")

    def __init__(
        self, field: str | None = None, faults: Sequence[FieldFault] = (), **values: Value
    ) -> None:
        super().__init__(field, **values)
        self.faults: tuple[FieldFault, ...] = tuple(faults)

    def to_json(self) -> dict[str, Any]:
        fields = {field: words.english() for field, words in self.faults if field}
        return {**super().to_json(), **({"fields": fields} if fields else {})}


def all_faults(faults: Sequence[FieldFault]) -> UsageError:
    """One error for all of them: its sentence says each, its field is the first one's."""
    words = list(dict.fromkeys(words.english() for _, words in faults))
    once = [next(w for _, w in faults if w.english() == english) for english in words]
    field = next((field for field, _ in faults if field), None)
    return UsageError(field, faults, detail=joined(once))


def joined(sentences: Sequence[Sentence]) -> Sentence:
    """Sentences one after the other; how they are joined is a matter of the language."""
    if len(sentences) == 1:
        return sentences[0]
    values: dict[str, Value] = {"first": sentences[0], "rest": joined(sentences[1:])}
    return Sentence(CONTEXT, N_("Errors", "{first} {rest}"), values)


# ---- names and folders ---------------------------------------------------------------------------


class BadName(TerakoyaError):
    code = "bad-name"
    text = N_(
        "Errors",
        "The name “{name}” cannot be used: {reason}. Choose another name of at most 80 characters.",
    )


class NameTaken(TerakoyaError):
    code = "name-taken"
    text = N_("Errors", "There is already “{name}”. Choose another name, or rename the old one.")


class NotFound(TerakoyaError):
    code = "not-found"
    text = N_("Errors", "There is no {what} called “{name}”. {hint}")


class PathMissing(TerakoyaError):
    code = "path-missing"
    text = N_("Errors", "Nothing is found at {path}. Check the spelling, or whether it was moved.")


class NoPermission(TerakoyaError):
    code = "no-permission"
    text = N_(
        "Errors",
        "Terakoya may not write in {path}. Allow it, or choose another folder with --home.",
    )


class HomeUnusable(TerakoyaError):
    code = "home-unusable"
    text = N_(
        "Errors",
        "Terakoya cannot keep its files in {path}: {reason}. Choose another folder with --home.",
    )


class NoSpace(TerakoyaError):
    code = "no-space"
    text = N_(
        "Errors",
        "The disk with {path} is full. Free at least {needed} MB and resume; what was saved is safe.",
    )


class Damaged(TerakoyaError):
    code = "damaged"
    text = N_("Errors", "The file {path} is missing or damaged: {reason}. {hint}")


class BeingRead(TerakoyaError):
    """A corpus cannot be renamed or removed while it is written."""

    code = "being-read"
    text = N_(
        "Errors", "“{name}” is being read. Wait until that is done, or stop it, and try again."
    )


class Refused(TerakoyaError):
    """The operating system said no, for a reason that none of the others names."""

    code = "refused"
    text = N_("Errors", "The system refused: {reason}. Mend that and try again.")


class NewerDocument(TerakoyaError):
    code = "newer-document"
    text = N_(
        "Errors",
        "{path} was written by a newer Terakoya. Update the program; until then it can only be read.",
    )


class HomeBusy(TerakoyaError):
    code = "home-busy"
    text = N_(
        "Errors", "{what} is in use by another Terakoya (process {pid}). Stop it there first."
    )


# ---- corpus --------------------------------------------------------------------------------------


class EmptyCorpus(TerakoyaError):
    code = "empty-corpus"
    text = N_(
        "Errors",
        "No text was found in {path}: none could be read (files looked at: {files}). "
        "Add files with text.",
    )


class NothingReadable(EmptyCorpus):
    """The same, with the verdict of one of the files."""

    code = "nothing-readable"
    text = N_(
        "Errors",
        "No text was found in {path}: none could be read (files looked at: {files}). "
        "{name}: {reason}.",
    )


class NoItems(TerakoyaError):
    code = "no-items"
    text = N_(
        "Errors",
        "There is nothing to look for in {path}: {reason}. Give files with sentences or questions "
        "(text, CSV, JSON or JSON Lines).",
    )


class CorpusTooSmall(TerakoyaError):
    code = "corpus-too-small"
    text = N_(
        "Errors",
        "The corpus “{name}” has only {tokens} tokens to train on and {heldout} to test on, but at "
        "least {needed} and {needed_heldout} are needed. Add more text, or choose a shorter context.",
    )


# ---- importing and exporting ---------------------------------------------------------------------


class CannotImport(TerakoyaError):
    """A foreign model that is not taken; `path` is the file or folder to blame."""

    code = "cannot-import"
    text = N_("Errors", "{path} cannot be imported: {reason}. {hint}")


class CannotExport(TerakoyaError):
    code = "cannot-export"
    text = N_("Errors", "The version “{name}” cannot be exported: {reason}. {hint}")


class BadTemplate(TerakoyaError):
    code = "bad-template"
    text = N_(
        "Errors",
        "The chat template cannot be used: {reason}. Choose another one (chat_template=chatml or "
        "chat_template=plain).",
    )


class NoConversations(TerakoyaError):
    """`reason` says what was found instead of what is learnt from."""

    code = "no-conversations"
    text = N_(
        "Errors",
        "The corpus “{name}” has nothing to learn this from: {reason}. Add files with {expected}.",
    )


class NoLessons(TerakoyaError):
    """`name`: of the version."""

    code = "no-lessons"
    text = N_(
        "Errors",
        "There are no lessons from chats with “{name}” yet: correct one of its answers or praise "
        "one, in the chat tab or with /fix and /good.",
    )


class BaseMissing(TerakoyaError):
    """An adapter without the version that it sits on."""

    code = "base-missing"
    text = N_(
        "Errors",
        "“{name}” is an adapter on “{base}”, which is not on the shelf or is damaged: restore "
        "“{base}” from the trash or from a copy.",
    )


# ---- training and devices --------------------------------------------------------------------------


class UnknownDevice(TerakoyaError):
    code = "unknown-device"
    text = N_("Errors", "The device “{device}” is not available here. Available: {available}.")


class DeviceUnusable(TerakoyaError):
    """It is there, and the user asked for it. `reason` is a whole sentence that says what to do."""

    code = "device-unusable"
    text = N_("Errors", "The device {device} cannot be used. {reason} Or choose the processor (cpu) as the device.")  # fmt: skip


class DeviceLost(TerakoyaError):
    """A GPU that worked stopped answering."""

    code = "device-lost"
    text = N_(
        "Errors",
        "The GPU stopped answering in the middle of the work ({reason}). What was saved is "
        "kept: resume goes on from there, on the processor if the GPU stays away.",
    )


class OutOfMemory(TerakoyaError):
    code = "out-of-memory"
    text = N_(
        "Errors",
        "The memory of {device} was not enough. Choose a smaller model, a shorter context or a "
        "smaller batch. What was saved is kept.",
    )


class WorkerDied(TerakoyaError):
    code = "worker-died"
    text = N_(
        "Errors",
        "The worker process ended unexpectedly ({cause}). What was saved is kept: resume goes on "
        "from there.",
    )


class RankLost(TerakoyaError):
    code = "rank-lost"
    text = N_(
        "Errors",
        "Process {rank} of the {count} that train together ended unexpectedly on {host} ({cause}), "
        "so the others stopped too. What was saved is kept: resume goes on, also on fewer devices.",
    )


class RanksSilent(TerakoyaError):
    code = "ranks-silent"
    text = N_(
        "Errors",
        "The {count} processes that train together waited {seconds} seconds for each other in vain. "
        "Check the network between the machines, and that none of them is stopped; then resume.",
    )


class TooFewDevices(TerakoyaError):
    code = "too-few-devices"
    text = N_(
        "Errors",
        "One training can use at most {available} devices of {host}, but {wanted} are wanted. Choose "
        "devices={available} (with torchrun: --nproc-per-node {available}).",
    )


class NotTogether(TerakoyaError):
    code = "not-together"
    text = N_(
        "Errors",
        "Only trainings can be done by several processes, but {path} is a job of the kind “{kind}”. "
        "Start it without torchrun.",
    )


class DiedUnsaved(TerakoyaError):
    """The same, with nothing saved."""

    code = "worker-died-unsaved"
    text = N_(
        "Errors",
        "The worker process ended unexpectedly ({cause}) before anything was saved: resume begins "
        "again.",
    )


class Diverged(TerakoyaError):
    code = "diverged"
    text = N_(
        "Errors",
        "The loss stopped being a number at step {step}. The best version so far is kept; train "
        "again with a lower learning rate.",
    )


class StateError(TerakoyaError):
    """An action that the present state of a run does not allow."""

    code = "state"
    text = N_("Errors", "The run {run} is {state}, so it cannot be changed that way. {hint}")


class CannotReplay(TerakoyaError):
    code = "cannot-replay"
    text = N_(
        "Errors",
        "What “{parent}” learnt from cannot be read again: {reason}. Set replay to 0, or choose "
        "another version to go on from.",
    )


class BadSuite(TerakoyaError):
    code = "bad-suite"
    text = N_(
        "Errors",
        "No pairs of sentences can be read from {path}: {reason}. Give a file in the form of CrowS-Pairs "
        "or WinoBias.",
    )


class PairsNotText(TerakoyaError):
    code = "pairs-not-text"
    text = N_(
        "Errors",
        "{path} holds pairs of sentences that show a bias, not a text. At the command line they are "
        "measured with: evaluate --suite.",
    )


class NotComparable(TerakoyaError):
    code = "not-comparable"
    text = N_(
        "Errors",
        "“{name}” cannot be trained again for a comparison: {reason}. Choose another version.",
    )


class CannotExtend(TerakoyaError):
    code = "cannot-extend"
    text = N_(
        "Errors",
        "The run {run} cannot be trained longer: {reason}. Choose another run, or train on from its "
        "version.",
    )


class NoScreen(TerakoyaError):
    code = "no-screen"
    text = N_(
        "Errors",
        "No screen can be opened ({reason}). Use the commands (for example: "
        "./start.sh train --corpus FOLDER --name NAME), or connect with ssh -X.",
    )

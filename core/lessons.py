"""Lessons: what users corrected and voted in chats, kept for the next edition.

`lessons/<version id>.jsonl` only ever grows: each line is a lesson, or says that one was taken back,
or that a version has learnt some. What a line says is never lost by what comes after it.
"""

from __future__ import annotations

import json
import os
import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from core.config import Config
from core.errors import NotFound
from core.files import FileLock, friendly_os_errors
from core.home import Home
from core.sentences import N_, Sentence

PASSES = 20.0
"""Over a few lessons alone. Measured on twelve with 0.9M weights: 4.97 nats per token of the corrected
answers become 0.29."""
Message = dict[str, str]
"""{"role": "system" | "user" | "assistant", "content": …}"""


class Lesson(Config):
    """Something about one answer of `version` (an id) to `prompt`.

    `corrected`: the better answer (in a vote for it, the answer itself); `rejected`: the worse one.
    A correction has both, a vote one of them. `used_by`: ids of versions that have learnt it.
    """

    id: str = Field(default_factory=lambda: uuid.uuid4().hex[:12])
    time: float = Field(default_factory=time.time)
    version: str
    prompt: list[Message]
    rejected: str = ""
    corrected: str = ""
    kind: Literal["corrected", "vote"]
    vote: Literal[1, -1] | None = None
    chat: str = ""
    undone: bool = False
    used_by: list[str] = []


@dataclass(frozen=True, slots=True)
class Counts:
    """`answers`: what conversations can be taught from; `pairs`: better and worse answers."""

    corrected: int = 0
    good: int = 0
    bad: int = 0
    answers: int = 0
    pairs: int = 0
    fresh: int = 0
    """Lessons that no version has learnt yet."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A better and a worse answer to the same."""

    prompt: list[Message]
    chosen: str
    rejected: str


def conversations_file(home: Home, version: str) -> Path:
    """Where the lessons of `version` (an id) lie as conversations and pairs that can be read."""
    return home.lessons / f"{version}.conversations.jsonl"


class LessonBook:
    """The lessons of a home."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def correct(
        self, version: str, prompt: Sequence[Message], answer: str, better: str, chat: str = ""
    ) -> Lesson:  # fmt: skip
        """Keep that `better` is what `version` (an id) should have said instead of `answer`."""
        return self._add(
            Lesson(
                version=version, prompt=_messages(prompt), rejected=answer, corrected=better.strip(),
                kind="corrected", chat=chat,
            )
        )  # fmt: skip

    def vote(
        self, version: str, prompt: Sequence[Message], answer: str, vote: Literal[1, -1],
        chat: str = "",
    ) -> Lesson:  # fmt: skip
        """Keep that an answer was good (1) or bad (-1)."""
        good = vote == 1
        return self._add(
            Lesson(
                version=version, prompt=_messages(prompt), rejected="" if good else answer,
                corrected=answer if good else "", kind="vote", vote=vote, chat=chat,
            )
        )  # fmt: skip

    def undo(self, version: str, lesson: str) -> None:
        """Take a lesson back; the line stays in the file. Raises NotFound."""
        if not any(known.id == lesson for known in self.list(version)):
            what = Sentence("Errors", N_("Errors", "lesson"))
            hint = Sentence("Errors", N_("Errors", "It may have been taken back already."))
            raise NotFound("lesson", what=what, name=lesson, hint=hint)
        self._append(version, {"undo": lesson, "time": time.time()})

    def mark_used(self, version: str, lessons: Iterable[str], by: str) -> None:
        """Note that the version `by` has learnt `lessons`; they stay."""
        ids = list(lessons)
        if ids:
            self._append(version, {"used": ids, "by": by, "time": time.time()})

    def list(self, version: str, undone: bool = False) -> list[Lesson]:
        """In the order in which they were given; `undone`: also those taken back. Lines that are no
        lessons (a crash, another hand) are passed over and stay where they are."""
        found, _ = self._read(version)
        return [lesson for lesson in found.values() if undone or not lesson.undone]

    def damaged(self, version: str) -> int:
        """How many lines are passed over since they cannot be read."""
        return self._read(version)[1]

    def _read(self, version: str) -> tuple[dict[str, Lesson], int]:
        """(lessons by id, lines that are none)."""
        found: dict[str, Lesson] = {}
        damaged = 0
        for line in filter(str.strip, self._lines(version)):
            try:
                data = json.loads(line)
                if "undo" in data:
                    self._change(found, [data["undo"]], undone=True)
                elif "used" in data:
                    for name in data["used"]:
                        if name in found:
                            users = [*found[name].used_by, str(data["by"])]
                            self._change(found, [name], used_by=users)
                else:
                    lesson = Lesson.model_validate(data)
                    found[lesson.id] = lesson
            except (ValueError, KeyError, TypeError, ValidationError):
                damaged += 1
        return found, damaged

    def counts(self, version: str) -> Counts:
        lessons = self.list(version)
        return Counts(
            corrected=sum(one.kind == "corrected" for one in lessons),
            good=sum(one.vote == 1 for one in lessons),
            bad=sum(one.vote == -1 for one in lessons),
            answers=len(conversations_of(lessons)),
            pairs=len(pairs_of(lessons)),
            fresh=sum(not one.used_by for one in lessons),
        )

    # ---- the file --------------------------------------------------------------------------------

    def _path(self, version: str) -> Path:
        return self._home.lessons / f"{version}.jsonl"

    def _add(self, lesson: Lesson) -> Lesson:
        self._append(lesson.version, lesson.model_dump(mode="json", exclude={"undone", "used_by"}))
        return lesson

    def _append(self, version: str, data: dict[str, Any]) -> None:
        """One more line, on the disk when this returns. Raises NoSpace or NoPermission."""
        path = self._path(version)
        line = json.dumps(data, ensure_ascii=False, allow_nan=False) + "\n"
        with (
            FileLock(path.with_suffix(".lock")),
            friendly_os_errors(path),
            path.open("ab+") as file,
        ):
            end = file.seek(0, os.SEEK_END)
            if end:
                file.seek(end - 1)
                if file.read(1) != b"\n":  # A line that a crash cut short stays apart.
                    line = "\n" + line
            file.write(line.encode("utf-8", "replace"))
            file.flush()
            os.fsync(file.fileno())

    def _lines(self, version: str) -> list[str]:
        try:
            return self._path(version).read_text(encoding="utf-8", errors="replace").split("\n")
        except OSError:
            return []

    @staticmethod
    def _change(found: dict[str, Lesson], names: list[str], **changes: Any) -> None:
        for name in names:
            if name in found:
                found[name] = found[name].model_copy(update=changes)


def conversations_of(lessons: Iterable[Lesson]) -> list[list[Message]]:
    """Prompts with the answers to be learnt: corrected ones, and those voted for; of several about
    one answer the last counts."""
    return [
        [*lesson.prompt, {"role": "assistant", "content": lesson.corrected}]
        for lesson in _last_words(lessons)
        if lesson.corrected.strip()
    ]


def pairs_of(lessons: Iterable[Lesson]) -> list[Pair]:
    """Corrections, and for each prompt every answer voted for with every one voted against."""
    last = _last_words(lessons)
    pairs = [
        Pair(one.prompt, one.corrected, one.rejected)
        for one in last
        if one.kind == "corrected" and one.corrected.strip() and one.rejected.strip()
    ]
    for good in (one for one in last if one.vote == 1):
        for bad in (one for one in last if one.vote == -1):
            if good.prompt == bad.prompt and good.corrected != bad.rejected:
                pairs.append(Pair(good.prompt, good.corrected, bad.rejected))
    return [pair for pair in pairs if pair.chosen.strip() != pair.rejected.strip()]


def _last_words(lessons: Iterable[Lesson]) -> list[Lesson]:
    """Who changed their mind about an answer means the last they said."""
    kept: dict[str, Lesson] = {}
    for lesson in lessons:
        answer = lesson.rejected or lesson.corrected
        kept[json.dumps([lesson.prompt, answer], ensure_ascii=False)] = lesson
    return list(kept.values())


def _messages(prompt: Sequence[Message]) -> list[Message]:
    return [{"role": m["role"], "content": m["content"]} for m in prompt]

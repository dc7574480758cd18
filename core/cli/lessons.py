"""Lines of a conversation that begin with a slash: votes and corrections, kept as lessons."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from core.home import Home
from core.lessons import LessonBook

Message = dict[str, str]
HELP = (
    "/good or /bad votes on the last answer, /fix BETTER ANSWER corrects it, /undo takes that back"
)


class LessonLines:
    """What was said about the answers of one version in one conversation."""

    def __init__(self, home: Home, version: str, story: bool = False) -> None:
        """`version`: its id. `story`: it goes on with one text rather than answer in turns."""
        self._book, self._version, self._story = LessonBook(home), version, story
        self._given: list[tuple[str, str]] = []
        """Lessons with the answers that they are about."""

    def take(self, line: str, messages: list[Message]) -> bool:
        """Do what `line` says, where it is a command; false for what is said to the version.

        After a correction the conversation goes on with the better answer.

        Args:
            messages: So far; changed by a correction.

        Raises:
            NoSpace, NoPermission
        """
        word, _, rest = line.rstrip().partition(" ")
        if not (word.startswith("/") and word[1:].isalpha() and word.isascii()):
            return False
        if word not in ("/good", "/bad", "/fix", "/undo"):
            _tell(f"There is no {word}: {HELP}. Put a space in front to say it all the same.")
            return True
        if word == "/undo":
            self._undo(messages)
        elif not messages or messages[-1]["role"] != "assistant":
            _tell("There is no answer yet that this could be about.")
        elif word != "/fix" and not messages[-1]["content"]:
            _tell("The last answer is empty. Write a better one: /fix BETTER ANSWER")
        else:
            self._learn(word, rest.strip(), messages)
        return True

    def _learn(self, word: str, better: str, messages: list[Message]) -> None:
        prompt: Sequence[Message] = messages[:-1]
        if self._story:
            prompt = [{"role": "user", "content": story_of(messages[:-1])}]
        answer = messages[-1]["content"]
        if word == "/fix":
            if not better:
                _tell("Write the better answer after it: /fix BETTER ANSWER")
                return
            lesson = self._book.correct(self._version, prompt, answer, better)
            messages[-1] = {"role": "assistant", "content": better}
        else:
            lesson = self._book.vote(self._version, prompt, answer, 1 if word == "/good" else -1)
        self._given.append((lesson.id, answer))
        _tell("Noted for the next edition (train --from … --lessons).")

    def _undo(self, messages: list[Message]) -> None:
        if not self._given:
            _tell("Nothing was noted in this conversation.")
            return
        lesson, answer = self._given.pop()
        known = {one.id: one for one in self._book.list(self._version)}
        self._book.undo(self._version, lesson)
        if messages[-1]["content"] == known[lesson].corrected:
            messages[-1] = {"role": "assistant", "content": answer}
        _tell("Taken back.")


def story_of(messages: Sequence[Message]) -> str:
    """Lines and continuations as the one text that a base version goes on with."""
    ends = {"user": "", "assistant": "\n"}
    return "".join(message["content"] + ends[message["role"]] for message in messages)


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)

"""Why a file is not read."""

from __future__ import annotations

from core.sentences import Sentence


class NotReadable(Exception):
    """The file has no text for us; `sentence` says why."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.english())
        self.sentence = sentence

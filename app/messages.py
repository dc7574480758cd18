"""Sentences of the engine in the language of the window."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from core.errors import TerakoyaError
from core.reasons import reason_of
from core.sentences import N_, Sentence, fill


def translate(sentence: Sentence) -> str:
    """The sentence, and those inside its values, through Qt's translation."""
    text = QCoreApplication.translate(sentence.context, sentence.text)
    return fill(text, sentence.values, translate)


def explain(error: TerakoyaError | OSError) -> str:
    """What an error tells the user."""
    if isinstance(error, TerakoyaError):
        return translate(error.sentence)
    place = str(error.filename or "")[:200]
    text = N_("Errors", "The system refused: {reason}. {path}")
    return translate(Sentence("Errors", text, {"reason": reason_of(error), "path": place})).strip()

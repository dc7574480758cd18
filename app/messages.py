"""Sentences of the engine in the language of the window."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from core.reasons import error_for
from core.sentences import Sentence, fill


def translate(sentence: Sentence) -> str:
    """The sentence, and those inside its values, through Qt's translation."""
    text = QCoreApplication.translate(sentence.context, sentence.text)
    return fill(text, sentence.values, translate)


def explain(error: Exception) -> str:
    """What an error tells the user."""
    return translate(error_for(error).sentence)

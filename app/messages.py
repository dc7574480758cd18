"""Sentences of the engine in the language of the window."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from core.errors import TerakoyaError
from core.sentences import Sentence


def translate(sentence: Sentence) -> str:
    """The sentence, and those inside its values, through Qt's translation."""
    text = QCoreApplication.translate(sentence.context, sentence.text)
    for name, value in sentence.values.items():
        shown = translate(value) if isinstance(value, Sentence) else str(value)
        text = text.replace("{" + name + "}", shown)
    return text


def explain(error: TerakoyaError) -> str:
    """What an error tells the user."""
    return translate(error.sentence)

"""What is said in the status bar when a run has ended."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.formatting import grouped
from app.messages import translate
from core.engine.record import JobRecord
from core.sentences import Sentence


def news_of(record: JobRecord) -> tuple[str, str] | None:
    """(sentence, tone), or None where there is nothing to say."""
    if record.error is not None:
        return translate(record.error), "shu"
    again = (record.result or {}).get("reproduction")
    if record.state == "done" and again:
        return translate(Sentence.from_json(again["sentence"])), "ok" if again.get(
            "identical"
        ) else "warn"
    if record.job.kind == "check" and record.state == "done":
        return _found(record)
    texts = {
        ("train", "done"): QCoreApplication.translate("Window", "“{name}” is on the shelf"),
        ("train", "paused"): QCoreApplication.translate("Window", "“{name}” is paused and saved"),
        ("read", "done"): QCoreApplication.translate("Window", "“{name}” is read"),
        ("read", "paused"): QCoreApplication.translate(
            "Window", "Reading “{name}” was stopped; it can go on"
        ),
        ("evaluate", "done"): QCoreApplication.translate("Window", "The test of {name} is done"),
        ("measure", "done"): QCoreApplication.translate("Window", "This computer is measured"),
        ("import", "done"): QCoreApplication.translate("Window", "“{name}” is on the shelf"),
        ("merge", "done"): QCoreApplication.translate("Window", "“{name}” is on the shelf"),
        ("corpus-export", "done"): QCoreApplication.translate(
            "Window", "The texts of “{name}” are exported"
        ),
        ("export", "done"): QCoreApplication.translate("Window", "“{name}” is written and tested"),
    }
    text = texts.get((record.job.kind, record.state))
    return None if text is None else (text.format(name=record.job.title), "ok")


def _found(record: JobRecord) -> tuple[str, str]:
    """What a search for evaluation sets has found."""
    found = int((record.result or {}).get("found", 0))
    texts = (
        QCoreApplication.translate("Window", "“{name}” holds nothing of the evaluation sets"),
        QCoreApplication.translate("Window", "“{name}” holds 1 text of the evaluation sets"),
        QCoreApplication.translate("Window", "“{name}” holds {count} texts of the evaluation sets"),
    )
    text = texts[min(found, 2)]
    return text.format(name=record.job.title, count=grouped(found)), "warn" if found else "ok"

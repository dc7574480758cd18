"""Facts of a version in the user's language, with a unit where they have one."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.formatting import energy_text, exact_duration, grouped
from app.screens.version.family import relation_word
from core.config import settings_of
from core.recipe import Recipe
from core.sentences import N_
from core.versions.compare import Row
from core.versions.library import VersionEntry


def shown(row: Row, first: bool) -> str:
    """The value of one side as text."""
    value = row.one if first else row.two
    if value is None:
        return "—"
    if isinstance(value, bool):
        return _tr(N_("VersionWords", "yes")) if value else _tr(N_("VersionWords", "no"))
    if isinstance(value, str):
        return _word(row.name, value)
    if row.name == "energy_wh":
        return energy_text(value)
    if row.name == "preference_accuracy":
        return f"{value * 100:.0f} %"
    if row.name == "seconds":
        return exact_duration(value)
    if row.section == "figures":
        return f"{value:.3f}"
    text = grouped(value) if isinstance(value, int) else f"{value:.3g}"
    unit = QCoreApplication.translate("Units", row.unit) if row.unit else ""
    return f"{text} {unit}".strip()


def origins(entry: VersionEntry) -> str:
    """Its parents and what they are to it."""
    parents = entry.manifest.parents
    words = _tr(N_("VersionWords", "{name} ({relation})"))
    told = [words.format(name=p.name, relation=relation_word(p.relation)) for p in parents]
    return ", ".join(told) or "—"


def kept_word(verdict: str) -> str:
    """What became of the parent's text."""
    return {
        "better": _tr(N_("VersionWords", "better than before")),
        "worse": _tr(N_("VersionWords", "partly forgotten")),
        "unclear": _tr(N_("VersionWords", "no clear difference")),
    }.get(verdict, verdict)


def kind_word(kind: str) -> str:
    """What a version does with a text."""
    return {
        "base": _tr(N_("VersionWords", "continues text")), "chat": _tr(N_("VersionWords", "answers")),
        "fill": _tr(N_("VersionWords", "fills in blanks")),
    }.get(kind, kind)  # fmt: skip


def _word(name: str, value: str) -> str:
    if name == "forgetting":
        return kept_word(value)
    if name == "kind":
        return kind_word(value)
    if name == "objective":
        return {
            "causal": _tr(N_("VersionWords", "the next token")), "masked": _tr(N_("VersionWords", "hidden tokens")), "chat": _tr(N_("VersionWords", "answers")),
            "preference": _tr(N_("VersionWords", "preferences")), "distil": _tr(N_("VersionWords", "a teacher's guesses")),
        }.get(value, value)  # fmt: skip
    if name == "method":
        return {"full": _tr(N_("VersionWords", "all weights")), "lora": "LoRA"}.get(value, value)
    for setting in settings_of(Recipe):
        if setting.name == name and value in setting.values:
            label = setting.value_labels[setting.values.index(value)]
            return QCoreApplication.translate("Settings", label)
    return value


def _tr(text: str) -> str:
    return QCoreApplication.translate("VersionWords", text)

"""What can be chosen in the recipe form, and what of it makes the recipe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QLineEdit

from app.formatting import short_amount
from app.screens.training.form_faults import FormFaults
from app.screens.training.learn_choice import Offer
from app.screens.training.mixture_choice import MixtureChoice
from app.screens.training.modes import Mode
from app.screens.training.pupil_choice import pupil_settings
from app.screens.training.start_choice import StartChoice
from app.screens.training.wanted import Wanted, meaningful, sizes_of
from app.widgets.combo import ComboBox
from app.widgets.controls import Label
from core.corpus.manifest import CorpusManifest
from core.versions.library import VersionEntry

_LARGE = 100_000_000
"""Parameters from which LoRA is proposed."""


@dataclass(frozen=True)
class Taught:
    """Lessons of a version as `conversations` and as `pairs`; `file`: where they lie as a corpus."""

    conversations: int = 0
    pairs: int = 0
    file: str = ""


LessonCounts = Callable[[str], Taught]
"""The lessons of a version (id)."""


class FormChoices(FormFaults):
    """Part of the recipe form."""

    start: StartChoice
    mixture: MixtureChoice
    _parent_label: Label
    _parent: ComboBox
    _prompt: QLineEdit
    _corpora: list[CorpusManifest]
    _versions: list[VersionEntry]
    _lessons_of: LessonCounts
    _locked: bool

    def _refresh(self) -> None:
        raise NotImplementedError

    # ---- choices -----------------------------------------------------------------------------

    def show_choices(self, corpora: list[CorpusManifest], versions: list[VersionEntry]) -> None:
        """What can be read and gone on from."""
        corpus, parent, teacher = self.corpus_name(), self.parent_id(), self.teacher_id()
        self._corpora = [c for c in corpora if c.snapshot]
        self._versions = [v for v in versions if v.problem is None]
        self._corpus.clear()
        for manifest in self._corpora:
            self._corpus.addItem(
                self.tr("{name} · {count} chars").format(
                    name=manifest.name, count=short_amount(manifest.totals.characters)
                ),
                manifest.name,
            )
        for combo in (self._parent, self.pupil.teacher):
            combo.clear()
            for entry in self._versions:
                combo.addItem(entry.manifest.title, entry.id)
        choose(self._corpus, corpus)
        choose(self._parent, parent)
        choose(self.pupil.teacher, teacher)
        self.start.allow(bool(self._versions), self._locked)
        if not self._versions and not self._locked:
            self.set_mode("new")
        self._on_teacher()
        self._on_parent()

    def choose_corpus(self, name: str) -> None:
        choose(self._corpus, name)
        self._on_parent()

    def choose_parent(self, version_id: str) -> None:
        choose(self._parent, version_id)
        self._on_parent()

    def start_from(self, version_id: str, mode: Mode = "continue") -> None:
        """Go on from a version in one of the three ways."""
        self.set_mode(mode)
        choose(self.pupil.teacher if mode == "distil" else self._parent, version_id)
        self._on_teacher()
        self._on_parent()

    def choose_learnt(self, learnt: str) -> None:
        """What is to be learnt, as soon as it can be: text, chat or preference."""
        self.learn.wish(learnt)
        self._refresh()

    def start_new(self) -> None:
        self.set_mode("new")

    def mode(self) -> Mode:
        return self.start.mode()

    def set_mode(self, mode: Mode) -> None:
        self.start.set_mode(mode)
        goes_on = mode in ("continue", "specialise")
        self._parent_label.setVisible(goes_on)
        self._parent.setVisible(goes_on)
        self.learn.setVisible(goes_on)
        self.learn.show_whole(mode == "specialise")
        self.model.setVisible(mode == "new")
        self.pupil.setVisible(mode == "distil")
        self._refresh()

    def corpus_name(self) -> str:
        return str(self._corpus.currentData() or "")

    def parent_id(self) -> str:
        return str(self._parent.currentData() or "")

    def teacher_id(self) -> str:
        return str(self.pupil.teacher.currentData() or "")

    def set_name(self, name: str) -> None:
        self._name.setText(name)

    def name(self) -> str:
        return self._name.text().strip()

    def wanted(self) -> Wanted:
        """Everything the form says; `build(Recipe, values)` may still refuse it."""
        mode, parent = self.mode(), self._parent_entry()
        teacher = self._version(self.teacher_id()) if mode == "distil" else None
        chosen = self._choices()
        values = meaningful(self._expert.values() | chosen, parent is not None)
        if teacher is not None and (sizes := sizes_of(teacher)):
            share = self.pupil.share.value()
            by_share = pupil_settings(sizes.shape, sizes.parameters, share)
            values |= {n: v for n, v in by_share.items() if values.get(n) is None}
        values[self._length.kind()] = self._length.value()
        values["prompt"] = self._prompt.text()
        lessons = (
            [parent.id] if parent and mode == "specialise" and self.learn.wants_lessons() else []
        )
        return Wanted(
            self.name(),
            self._corpus_entry(),
            parent,
            values,
            self.devices.value(),
            teacher,
            lessons,
            self._mixed(),
        )

    # ---- inside ------------------------------------------------------------------------------

    def _version(self, version_id: str) -> VersionEntry | None:
        return next((v for v in self._versions if v.id == version_id), None)

    def _parent_entry(self) -> VersionEntry | None:
        goes_on = self.mode() in ("continue", "specialise")
        return self._version(self.parent_id()) if goes_on else None

    def _corpus_entry(self) -> CorpusManifest | None:
        return next((c for c in self._corpora if c.name == self.corpus_name()), None)

    def _mixed(self) -> list[tuple[CorpusManifest, float]]:
        known = {corpus.name: corpus for corpus in self._corpora}
        return [(known[name], factor) for name, factor in self.mixture.chosen() if name in known]

    def chosen(self) -> dict[str, Any]:
        """Objective, method and whatever else the easy part decides now."""
        return self._choices()

    def _choices(self) -> dict[str, Any]:
        """What the easy part decides about the recipe, besides its length."""
        mode = self.mode()
        if mode == "new":
            values = self.model.values()
            return {"objective": self.model.objective(), "method": "full", **values}
        if mode == "distil":
            return {"objective": "distil", "method": "full"}
        if mode == "continue":
            return {"objective": self.learn.text_objective(), "method": "full"}
        return {"objective": self.learn.objective(), "method": self.learn.recipe_method()}

    def _on_parent(self, _index: int = 0) -> None:
        """What can be learnt depends on the version and on the corpora."""
        corpus, parent = self._corpus_entry(), self._version(self.parent_id())
        self.mixture.offer(
            [c.name for c in self._corpora if corpus is not None and c is not corpus]
        )
        totals = corpus.totals if corpus else None
        more = [other.totals for other, _ in self._mixed()]
        taught = self._lessons_of(parent.id) if parent else Taught()
        if corpus and [source.path for source in corpus.sources] == [taught.file]:
            totals = None  # It holds the lessons, and these are counted already.
        self.learn.show_offer(Offer(
            conversations=sum(t.conversations for t in [totals, *more] if t),
            pairs=sum(t.pairs for t in [totals, *more] if t),
            lessons=taught.conversations, lesson_pairs=taught.pairs,
            fills=parent is not None and parent.manifest.kind == "fill",
            large=parent is not None and parent.manifest.measures.parameters >= _LARGE,
        ))  # fmt: skip
        self._refresh()

    def _on_teacher(self, _index: int = 0) -> None:
        teacher = self._version(self.teacher_id())
        sizes = sizes_of(teacher) if teacher else None
        self.pupil.show_teacher(sizes.shape if sizes else None)
        self._refresh()


def choose(combo: ComboBox, data: str) -> None:
    index = combo.findData(data)
    if index >= 0:
        combo.setCurrentIndex(index)

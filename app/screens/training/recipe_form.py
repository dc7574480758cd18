"""The left card: where to start, what to read, how large, how long, and the Expert fold."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from app.formatting import compact, short_amount
from app.forms.form import ConfigForm
from app.messages import explain, translate
from app.screens.training.devices import DeviceChoice
from app.screens.training.length_picker import LENGTHS, LengthPicker
from app.screens.training.plan_card import PlanCard
from app.screens.training.wanted import Wanted, decisions_of, plan_of
from app.widgets.choice import ChoiceCard
from app.widgets.combo import ComboBox
from app.widgets.controls import Banner, Button, Label, Switch
from app.widgets.layout import STRETCH, column, holder, row, scroll, set_property
from app.widgets.slider import ValueSlider
from core.corpus.manifest import CorpusManifest
from core.errors import TerakoyaError, UsageError
from core.hardware import Device
from core.planning.dial import LARGEST, SMALLEST
from core.planning.machine import Machine
from core.planning.plan import Plan
from core.recipe import Recipe
from core.versions.library import VersionEntry

_SIZES = [SMALLEST * (LARGEST / SMALLEST) ** (i / 48) for i in range(49)]
_HANDLED = {"minutes", "steps", "epochs", "parameters", "prompt"}


class RecipeForm(QFrame):
    """`start_wanted` when the user pressed the button; `planned` when the plan is new."""

    start_wanted = Signal()
    planned = Signal()
    unlock_wanted = Signal()

    def __init__(self, machine: Machine) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self._machine = machine
        self._corpora: list[CorpusManifest] = []
        self._versions: list[VersionEntry] = []
        self._from_version = False
        self._plan: Plan | None = None
        self._locked = False
        self._expert_open = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(30)
        self._timer.timeout.connect(self._make_plan)
        self._build()
        self._connect()

    # ---- building ----------------------------------------------------------------------------

    def _build(self) -> None:
        self._title = Label("head")
        self._lock = Banner("ph.lock-simple", small=True)
        self._start_label = Label("small")
        self._new, self._old = ChoiceCard("ph.plus-circle"), ChoiceCard("ph.git-branch")
        self._parent, self._corpus = ComboBox(), ComboBox()
        self._name_label, self._corpus_label = Label("small"), Label("small")
        self._name, self._name_error = QLineEdit(), Label("small", "shu", wrap=True)
        self._auto_label, self._auto = Label("small"), Switch()
        self._size = ValueSlider(_SIZES, compact)
        self._size_words = [Label("tick") for _ in range(4)]
        self._size_line = holder(
            row(self._size_words[0], STRETCH, self._size_words[1], STRETCH, self._size_words[2],
                STRETCH, self._size_words[3], spacing=0)
        )  # fmt: skip
        self._length = LengthPicker()
        self._auto_row = holder(row(self._auto_label, STRETCH, self._auto))
        self.devices = DeviceChoice()
        self.plan_card = PlanCard()
        self._fold = Button("link", "ph.caret-right")
        self._expert = ConfigForm(Recipe, lambda s: s.name not in _HANDLED)
        self.destroyed.connect(self._expert.deleteLater)  # Also while it stands outside.
        self._prompt_label, self._prompt = Label("small"), QLineEdit()
        self._error = Banner("ph.warning", "shu")
        self._start = Button("primary", "ph.play")
        self._start.setSizePolicy(
            self._length.kinds.sizePolicy().horizontalPolicy(),
            self._start.sizePolicy().verticalPolicy(),
        )
        self._other = Button("secondary", "ph.plus")
        self._other.setSizePolicy(self._start.sizePolicy())
        self._inside = column(
            self._title, self._lock, self._start_label, self._new, self._old, self._parent, 2,
            self._name_label, self._name, self._name_error, self._corpus_label, self._corpus, 2,
            self._size, self._size_line, self._auto_row, 2, self._length, 2,
            self.devices, self.plan_card, self._prompt_label, self._prompt, self._fold, STRETCH,
            margins=(16, 14, 14, 8), spacing=6,
        )  # fmt: skip
        foot = holder(
            column(self._error, self._start, self._other, margins=(16, 4, 16, 14), spacing=8)
        )
        self._scroll = scroll(holder(self._inside))
        # A little room at the right: the scroll bar stands inside the card's border.
        self.setLayout(column((self._scroll, 1), foot, margins=(1, 1, 2, 1), spacing=0))
        for hidden in (self._error, self._name_error, self._lock, self._other):
            hidden.setVisible(False)
        self._auto.setChecked(True)
        self._choose_start(False)

    def _connect(self) -> None:
        self._new.pressed.connect(lambda: self._choose_start(False))
        self._old.pressed.connect(lambda: self._choose_start(True))
        self._parent.activated.connect(self._refresh)
        self._corpus.activated.connect(self._on_corpus)
        self._name.textEdited.connect(lambda _: self._show_name_error(""))
        self._auto.toggled.connect(self._refresh)
        self._size.changed.connect(self._on_size)
        self._length.changed.connect(self._refresh)
        self.devices.changed.connect(self._refresh)
        self._fold.clicked.connect(self._toggle_expert)
        self._expert.changed.connect(self._refresh)
        self._start.clicked.connect(self.start_wanted)
        self._other.clicked.connect(self.unlock_wanted)
        self.plan_card.smaller.clicked.connect(self._choose_fitting)

    # ---- choices -----------------------------------------------------------------------------

    def show_choices(self, corpora: list[CorpusManifest], versions: list[VersionEntry]) -> None:
        """What can be read and gone on from."""
        corpus, parent = self.corpus_name(), self.parent_id()
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
        self._parent.clear()
        for entry in self._versions:
            self._parent.addItem(entry.manifest.title, entry.id)
        self.choose_corpus(corpus)
        self.choose_parent(parent)
        self._old.setEnabled(bool(self._versions) and not self._locked)
        if not self._versions:
            self._choose_start(False)
        self._refresh()

    def choose_corpus(self, name: str) -> None:
        index = self._corpus.findData(name)
        if index >= 0:
            self._corpus.setCurrentIndex(index)
        self._refresh()

    def choose_parent(self, version_id: str) -> None:
        index = self._parent.findData(version_id)
        if index >= 0:
            self._parent.setCurrentIndex(index)
        self._refresh()

    def start_from(self, version_id: str) -> None:
        """Go on from a version."""
        self._choose_start(True)
        self.choose_parent(version_id)

    def start_new(self) -> None:
        self._choose_start(False)

    def corpus_name(self) -> str:
        return str(self._corpus.currentData() or "")

    def parent_id(self) -> str:
        return str(self._parent.currentData() or "")

    def set_machine(self, machine: Machine) -> None:
        """It was measured anew: plan with that."""
        if machine != self._machine:
            self._machine = machine
            self._refresh()

    def set_devices(self, found: list[Device]) -> None:
        """What can train here, and what cannot and why."""
        self.devices.show_devices(found)
        self._refresh()

    def set_name(self, name: str) -> None:
        self._name.setText(name)

    def name(self) -> str:
        return self._name.text().strip()

    def wanted(self) -> Wanted:
        """Everything the form says; `build(Recipe, values)` may still refuse it."""
        corpus = next((c for c in self._corpora if c.name == self.corpus_name()), None)
        parent = None
        if self._from_version:
            parent = next((v for v in self._versions if v.id == self.parent_id()), None)
        values = self._expert.values()
        values[self._length.kind()] = self._length.value()
        if parent is None and not self._auto.isChecked():
            values["parameters"] = round(self._size.value())
        values["prompt"] = self._prompt.text()
        return Wanted(self.name(), corpus, parent, values, self.devices.value())

    def plan(self) -> Plan | None:
        return self._plan

    # ---- state -------------------------------------------------------------------------------

    def set_locked(self, locked: bool, can_queue: bool) -> None:
        """While a training runs its recipe is shown, not edited."""
        self._locked = locked
        self._lock.setVisible(locked)
        for widget in (self._new, self._old, self._parent, self._corpus, self._name, self._size,
                       self._auto, self._length, self._prompt,
                       self.devices.combo):  # fmt: skip
            widget.setEnabled(not locked)
        self._old.setEnabled(not locked and bool(self._versions))
        self._expert.set_locked(locked)
        self._start.setVisible(not locked)
        self._other.setVisible(locked and can_queue)
        self._refresh()

    def set_expert(self, expert: bool) -> None:
        """くわしい opens the fold; やさしい closes it, nothing is lost."""
        self._expert_open = expert
        self._show_expert()

    def show_run(self, config: dict[str, Any]) -> None:
        """Show the recipe of a run."""
        recipe = dict(config.get("recipe") or {})
        self._expert.set_values(recipe)
        self._name.setText(str(config.get("version", "")))
        self._prompt.setText(str(recipe.get("prompt") or ""))
        self.devices.choose(str(config.get("device") or "auto"))
        for kind in LENGTHS:
            if recipe.get(kind) is not None:
                self._length.show_length(kind, float(recipe[kind]))
        self._auto.setChecked(recipe.get("parameters") is None)
        if recipe.get("parameters"):
            self._size.set_value(float(recipe["parameters"]))
        self._choose_start(bool(config.get("parent")))
        self.choose_parent(str(config.get("parent") or ""))
        self.choose_corpus(str(config.get("corpus", "")))

    def show_error(self, error: TerakoyaError, focus: bool = True) -> None:
        """Each fault at its field when there is one, else below the form.

        Args:
            focus: Whether the first of them gets the keyboard.
        """
        faults: list[tuple[str | None, str]] = [(error.field, explain(error))]
        if isinstance(error, UsageError) and error.faults:
            faults = [(field, translate(words)) for field, words in error.faults]
        self.show_faults(faults, focus)

    def show_faults(self, faults: list[tuple[str | None, str]], focus: bool = True) -> None:
        """The same for sentences that are in the language of the window already."""
        elsewhere = [words for field, words in faults if not self._show_fault(field or "", words)]
        self._error.text.setText("\n".join(dict.fromkeys(elsewhere)))
        self._error.setVisible(bool(elsewhere))
        at = {field for field, _ in faults}
        if at & set(self._expert.names()) and not self._expert_open:
            self._expert_open = True
            self._show_expert()
        first = next((w for names, w in self._in_order() if at & names), None)
        if focus and first is not None:
            first.setFocus()
            # Once the sentences and the opened fold have their places.
            QTimer.singleShot(0, first, lambda: self._scroll.ensureWidgetVisible(first, 0, 80))

    def _show_fault(self, field: str, sentence: str) -> bool:
        """Put it where it belongs; False where there is no such place."""
        if field in ("name", "version"):
            self._show_name_error(sentence)
        elif field == self._length.kind():
            self._length.slider.set_error(sentence)
        elif field == "parameters" and not self._from_version:
            self._size.set_error(sentence)
        else:
            return self._expert.set_error(field, sentence)
        return True

    def _in_order(self) -> list[tuple[set[str | None], QWidget]]:
        """Fields as they stand, by the names of the settings whose faults they show."""
        return [
            ({"name", "version"}, self._name), ({"corpus"}, self._corpus),
            ({"parameters"}, self._size.field), ({self._length.kind()}, self._length.slider.field),
            *(({name}, self._expert.field(name)) for name in self._expert.names()),
        ]  # fmt: skip

    def problems(self) -> list[tuple[str | None, str]]:
        """What the fields see by themselves."""
        found: list[tuple[str | None, str]] = []
        chosen = not self._from_version and not self._auto.isChecked()
        if chosen and (problem := self._size.problem()):
            found.append(("parameters", problem))
        if problem := self._length.slider.problem():
            found.append((self._length.kind(), problem))
        return [*found, *self._expert.problems().items()]

    def faults(self) -> list[tuple[str | None, str]]:
        """Everything that keeps this recipe from being trained, with the fields to blame."""
        found, wanted = self.problems(), self.wanted()
        if wanted.corpus is not None and not found:
            try:
                plan_of(wanted, self.devices.machine(self._machine))
            except UsageError as error:
                found = [(field, translate(words)) for field, words in error.faults]
                return found or [(error.field, explain(error))]
        return found

    def clear_errors(self) -> None:
        self._error.setVisible(False)
        self._show_name_error("")
        for slider in (self._size, self._length.slider):
            slider.set_error("")
        self._expert.clear_errors()

    def retranslate(self) -> None:
        self._title.setText(self.tr("This training"))
        self._lock.text.setText(self.tr("Locked while it trains"))
        self._start_label.setText(self.tr("Start from"))
        self._new.set_texts(self.tr("From scratch"), self.tr("raise a new edition"))
        self._old.set_texts(self.tr("Go on from a version"), self.tr("teach it more text"))
        self._parent.setAccessibleName(self.tr("Version to go on from"))
        self._name_label.setText(self.tr("Name of the new edition"))
        self._name.setAccessibleName(self._name_label.text())
        self._corpus_label.setText(self.tr("Corpus to read"))
        self._corpus.setAccessibleName(self._corpus_label.text())
        self._size.label.setText(self.tr("Model size"))
        self._size.setToolTip(self.tr("Number of parameters: the weights that learn"))
        words = (self.tr("tiny"), self.tr("small"), self.tr("medium"), self.tr("large"))
        for label, word in zip(self._size_words, words, strict=True):
            label.setText(word)
        self._auto_label.setText(self.tr("Let the app choose the size"))
        self._auto.setAccessibleName(self._auto_label.text())
        self._length.retranslate()
        self._size.retranslate()
        for part in (self._size.slider, self._size.field):
            part.setAccessibleName(self._size.label.text())
        self._prompt_label.setText(self.tr("Opening of the samples"))
        self._prompt.setPlaceholderText(self.tr("taken from unseen text"))
        self._prompt.setAccessibleName(self._prompt_label.text())
        self._start.set_text(self.tr("Start training"))
        self._start.setToolTip("Ctrl+Enter")
        self._other.set_text(self.tr("Plan another training"))
        self.devices.retranslate()
        self.plan_card.retranslate()
        self._show_expert()
        self.show_choices(self._corpora, self._versions)

    # ---- inside ------------------------------------------------------------------------------

    def _choose_start(self, from_version: bool) -> None:
        self._from_version = from_version
        self._new.set_on(not from_version)
        self._old.set_on(from_version)
        self._parent.setVisible(from_version)
        for part in (self._size, self._size_line, self._auto_row):
            part.setVisible(not from_version)
        self._refresh()

    def _on_corpus(self) -> None:
        self._refresh()

    def _on_size(self) -> None:
        self._auto.blockSignals(True)
        self._auto.setChecked(False)
        self._auto.blockSignals(False)
        self._auto.update()
        self._refresh()

    def _toggle_expert(self) -> None:
        self._expert_open = not self._expert_open
        self._show_expert()

    def _show_expert(self) -> None:
        self._place_expert()
        self._fold.set_icon("ph.caret-down" if self._expert_open else "ph.caret-right")
        changed = len(self._expert.non_default())
        text = self.tr("Expert settings ({count})").format(count=len(self._expert.names()))
        if changed:
            text = self.tr("Expert settings ({count}, {changed} changed)").format(
                count=len(self._expert.names()), changed=changed
            )
        self._fold.set_text(text)

    def _place_expert(self) -> None:
        """Folded, its hundred widgets stand outside the window: a change of theme would style
        each of them, and that is a quarter of its cost."""
        placed = self._inside.indexOf(self._expert) >= 0
        if placed == self._expert_open:
            return
        if self._expert_open:
            self._inside.insertWidget(self._inside.indexOf(self._fold) + 1, self._expert)
            self._expert.show()
            before: QWidget = self._fold
            for name in self._expert.names():
                QWidget.setTabOrder(before, self._expert.field(name))
                before = self._expert.field(name)
        else:
            self._inside.removeWidget(self._expert)
            self._expert.setParent(None)  # Hides it; this form keeps it.

    def _choose_fitting(self) -> None:
        """The largest size whose plan fits into memory."""
        for size in reversed(_SIZES):
            self._size.set_value(size)
            self._auto.setChecked(False)
            self._make_plan()
            if self._plan is not None and not self._plan.over_memory:
                return

    def _show_name_error(self, sentence: str) -> None:
        self._name_error.setText(sentence)
        self._name_error.setVisible(bool(sentence))
        set_property(self._name, "invalid", "true" if sentence else "false")

    def _refresh(self) -> None:
        self._error.setVisible(False)
        self._timer.start()

    def _make_plan(self) -> None:
        """Recalculate the plan card: well under a millisecond for a hundred shapes."""
        wanted = self.wanted()
        self._plan = None
        self._expert.clear_told()
        for slider in (self._size, self._length.slider):
            slider.clear_told()
        if wanted.corpus is not None and not self.problems():
            try:
                self._plan = plan_of(wanted, self.devices.machine(self._machine))
            except UsageError as error:
                if not self._locked:
                    self.show_error(error, focus=False)
        if self._plan is not None and self._auto.isChecked():
            self._size.set_value(float(self._plan.parameters))
        if self._plan is not None:
            self._expert.show_decisions(decisions_of(self._plan))
        self.plan_card.show_plan(self._plan)
        # With a fault it can be pressed, too: that leads to the field.
        self._start.setEnabled(wanted.corpus is not None)
        self._show_expert()
        self.planned.emit()

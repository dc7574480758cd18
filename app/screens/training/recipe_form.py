"""The left card: where to start, what to read and learn, how large, how long, the Expert fold."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit

from app.screens.training.devices import DeviceChoice
from app.screens.training.expert_fold import ExpertFold
from app.screens.training.form_choices import FormChoices, LessonCounts, Taught, choose
from app.screens.training.learn_choice import USUAL_REPLAY, LearnChoice
from app.screens.training.length_picker import LENGTHS, LengthPicker
from app.screens.training.mixture_choice import MixtureChoice
from app.screens.training.model_choice import SIZES, ModelChoice
from app.screens.training.modes import mode_of
from app.screens.training.plan_card import PlanCard, WayOut
from app.screens.training.pupil_choice import SHARES, PupilChoice
from app.screens.training.start_choice import StartChoice
from app.screens.training.wanted import decisions_of, plan_of
from app.widgets.combo import ComboBox
from app.widgets.controls import Banner, Button, Label
from app.widgets.layout import STRETCH, column, holder, scroll
from core.config import settings_of
from core.corpus.manifest import CorpusManifest
from core.errors import UsageError
from core.hardware import Device
from core.planning.machine import Machine
from core.planning.plan import Plan
from core.recipe import Recipe
from core.versions.library import VersionEntry


class RecipeForm(FormChoices):
    """`start_wanted` when the user pressed the button; `planned` when the plan is new."""

    start_wanted = Signal()
    planned = Signal()
    unlock_wanted = Signal()
    mode_chosen = Signal()
    template_wanted = Signal(str, str)
    """(folder of the version, choice): show how it will write a conversation."""

    def __init__(self, machine: Machine, lessons_of: LessonCounts = lambda _: Taught()) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self._machine = machine
        self._lessons_of = lessons_of
        self._corpora: list[CorpusManifest] = []
        self._versions: list[VersionEntry] = []
        self._plan: Plan | None = None
        self._locked = False
        self._preset: dict[str, Any] = {}
        self._template = ("", "")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(30)
        self._timer.timeout.connect(self._make_plan)
        self._build()
        self._connect()
        self.fold.show_for(self._choices(), goes_on=False)  # Not only from the first plan on.

    # ---- building ----------------------------------------------------------------------------

    def _build(self) -> None:
        self._title = Label("head")
        self._lock = Banner("ph.lock-simple", small=True)
        self.start = StartChoice()
        self._parent_label, self._parent = Label("small"), ComboBox()
        self._corpus_label, self._corpus = Label("small"), ComboBox()
        self.mixture = MixtureChoice()
        self._name_label, self._name = Label("small"), QLineEdit()
        self._name_error = Label("small", "shu", wrap=True)
        self.pupil, self.learn, self.model = PupilChoice(), LearnChoice(), ModelChoice()
        self._length = LengthPicker()
        self.devices = DeviceChoice()
        self.plan_card = PlanCard()
        self.fold = ExpertFold(self)
        self._expert, self._fold = self.fold.form, self.fold.button
        self._prompt_label, self._prompt = Label("small"), QLineEdit()
        self._error = Banner("ph.warning", "shu")
        self._brief = Button("link")
        self._start, self._other = Button("primary", "ph.play"), Button("secondary", "ph.plus")
        for button in (self._start, self._other):
            button.setSizePolicy(
                self._length.kinds.sizePolicy().horizontalPolicy(),
                button.sizePolicy().verticalPolicy(),
            )
        inside = column(
            self._title, self._lock, self.start, 2, self._parent_label, self._parent, self.pupil,
            self._name_label, self._name, self._name_error, self._corpus_label, self._corpus,
            self.mixture, 2,
            self.learn, self.model, 2, self._length, 2, self.devices, self.plan_card,
            self._prompt_label, self._prompt, self._fold, STRETCH,
            margins=(16, 14, 14, 8), spacing=6,
        )  # fmt: skip
        self.fold.stand_in(inside)
        foot = holder(
            column(
                self._error,
                self._brief,
                self._start,
                self._other,
                margins=(16, 4, 16, 14),
                spacing=6,
            )
        )
        self._inside = holder(inside)
        self._scroll = scroll(self._inside)
        # A little room at the right: the scroll bar stands inside the card's border.
        self.setLayout(column((self._scroll, 1), foot, margins=(1, 1, 2, 1), spacing=0))
        for hidden in (self._error, self._name_error, self._lock, self._other):
            hidden.setVisible(False)
        self.set_mode("new")

    def _connect(self) -> None:
        self.start.chosen.connect(self._on_mode)
        self._parent.activated.connect(self._on_parent)
        self._corpus.activated.connect(self._on_parent)
        self.mixture.changed.connect(self._on_parent)
        self._name.textEdited.connect(lambda _: self._show_name_error(""))
        for part in (self.model, self.pupil, self._length, self.devices):
            part.changed.connect(self._refresh)
        self.pupil.teacher.activated.connect(self._on_teacher)
        self.model.preset_chosen.connect(self._on_preset)
        self.learn.changed.connect(self._on_learn)
        self.fold.changed.connect(self._on_expert)
        self._fold.clicked.connect(self._refresh)
        self._start.clicked.connect(self.start_wanted)
        self._brief.clicked.connect(lambda: self._scroll.ensureWidgetVisible(self.plan_card, 0, 12))
        self._scroll.verticalScrollBar().valueChanged.connect(lambda _: self._show_brief())
        self._other.clicked.connect(self.unlock_wanted)
        self.plan_card.smaller.clicked.connect(self._choose_fitting)

    # ---- state -------------------------------------------------------------------------------

    def set_machine(self, machine: Machine) -> None:
        """It was measured anew: plan with that."""
        if machine != self._machine:
            self._machine = machine
            self._refresh()

    def set_devices(self, found: list[Device]) -> None:
        """What can train here, and what cannot and why."""
        self.devices.show_devices(found)
        self._refresh()

    def template_asked(self) -> tuple[str, str]:
        """What `template_wanted` asked for last."""
        return self._template

    def plan(self) -> Plan | None:
        return self._plan

    def set_locked(self, locked: bool, can_queue: bool) -> None:
        """While a training runs its recipe is shown, not edited."""
        self._locked = locked
        self._lock.setVisible(locked)
        for widget in (self._parent, self._corpus, self._name, self._length, self._prompt,
                       self.devices.combo):  # fmt: skip
            widget.setEnabled(not locked)
        for part in (self.model, self.learn, self.pupil, self.mixture, self._expert):
            part.set_locked(locked)
        self.start.allow(bool(self._versions), locked)
        self._start.setVisible(not locked)
        self._show_brief()
        self._other.setVisible(locked and can_queue)
        self._on_parent()

    def set_expert(self, expert: bool) -> None:
        """くわしい opens the fold; やさしい closes it, nothing is lost."""
        self.fold.open(expert)

    def show_run(self, config: dict[str, Any]) -> None:
        """Show the recipe of a run."""
        recipe = dict(config.get("recipe") or {})
        mode = mode_of(config)
        self._expert.set_values(recipe)
        self._name.setText(str(config.get("version", "")))
        self._prompt.setText(str(recipe.get("prompt") or ""))
        self.devices.choose(str(config.get("device") or "auto"))
        for kind in LENGTHS:
            if recipe.get(kind) is not None:
                self._length.show_length(kind, float(recipe[kind]))
        if mode == "new":
            self.model.show_values(recipe)
        self.set_mode(mode)
        choose(self._parent, str(config.get("parent") or ""))
        choose(self.pupil.teacher, str(config.get("teacher") or ""))
        self._on_teacher()
        self.pupil.show_run(recipe.get("layers"))
        self.learn.show_run(
            str(recipe.get("objective") or "causal"), str(recipe.get("method") or "full"),
            float(recipe.get("replay_share") or 0), bool(config.get("lessons")),
        )  # fmt: skip
        self.choose_corpus(str(config.get("corpus", "")))
        self.mixture.show_chosen(
            [(str(one["corpus"]), float(one["weight"])) for one in config.get("mixed") or []]
        )
        self._on_parent()

    def choose_length(self, kind: str, value: float) -> None:
        """`kind`: one of LENGTHS."""
        self._length.show_length(kind, value)
        self._refresh()

    def retranslate(self) -> None:
        self._title.setText(self.tr("This training"))
        self._lock.text.setText(self.tr("Locked while it trains"))
        self._parent_label.setText(self.tr("Version to start from"))
        self._parent.setAccessibleName(self._parent_label.text())
        self._name_label.setText(self.tr("Name of the new edition"))
        self._name.setAccessibleName(self._name_label.text())
        self._corpus_label.setText(self.tr("Corpus to read"))
        self._corpus.setAccessibleName(self._corpus_label.text())
        self._prompt_label.setText(self.tr("Opening of the samples"))
        self._prompt.setPlaceholderText(self.tr("taken from unseen text"))
        self._prompt.setAccessibleName(self._prompt_label.text())
        self._start.set_text(self.tr("Start training"))
        self._start.setToolTip("Ctrl+Enter")
        self._other.set_text(self.tr("Plan another training"))
        for part in (self.start, self.model, self.learn, self.pupil, self.mixture, self._length,
                     self.devices, self.plan_card):  # fmt: skip
            part.retranslate()
        self.fold.show()
        self._template = ("", "")  # Its words are in the other language.
        self.show_choices(self._corpora, self._versions)

    # ---- inside ------------------------------------------------------------------------------

    def _on_mode(self, mode: str) -> None:
        self.set_mode(mode)  # type: ignore[arg-type]
        self.mode_chosen.emit()

    def _on_learn(self) -> None:
        share = self._expert.field("replay_share").value()
        if bool(share) != self.learn.replay.isChecked():
            wanted = USUAL_REPLAY if self.learn.replay.isChecked() else 0.0
            self._expert.set_values({"replay_share": wanted})
        self._refresh()

    def _on_preset(self) -> None:
        """Its settings stand in the Expert fold; what the last one set goes back to its default."""
        wanted, fold = self.model.preset_values(), self._expert
        usual = {s.name: s.default for s in settings_of(Recipe)}
        for name in set(self._preset) & set(fold.names()):
            if fold.field(name).value() == self._preset[name]:
                fold.set_values({name: usual[name]})
        fold.set_values(wanted)
        self._preset = wanted
        self._refresh()

    def _on_expert(self) -> None:
        self.learn.replay.setChecked(bool(self._expert.field("replay_share").value()))
        self._refresh()

    def _choose_fitting(self) -> None:
        """The way out that the plan card offers where memory is short."""
        if self.plan_card.way_out == "lora":
            self.learn.choose_method("lora")
            self._make_plan()
            return
        for size in reversed(SIZES if self.mode() == "new" else SHARES):
            if self.mode() == "new":
                self.model.choose_size(size)
            else:
                self.pupil.choose_share(size)
            self._make_plan()
            if self._plan is not None and not self._plan.over_memory:
                return

    def _way_out(self) -> WayOut:
        """What would need less memory."""
        if self.mode() in ("new", "distil"):
            return "size"
        full = self.mode() == "specialise" and self.learn.recipe_method() == "full"
        return "lora" if full else ""

    def _ask_template(self) -> None:
        """Where turns are taught: how they will be written."""
        parent, objective = self._parent_entry(), self.chosen()["objective"]
        wanted = ("", "")
        if parent is not None and objective in ("chat", "preference"):
            wanted = (str(parent.path), str(self._expert.field("chat_template").value()))
        if wanted != self._template:
            self._template = wanted
            self.learn.show_template("", [])
            if wanted[0]:
                self.template_wanted.emit(*wanted)

    def _refresh(self) -> None:
        self._error.setVisible(False)
        self._timer.start()

    def _show_brief(self) -> None:
        """The plan stands above the button where its card is out of sight."""
        text = "" if self._locked else self.plan_card.brief()
        card = self.plan_card
        top = card.mapTo(self._inside, card.rect().topLeft()).y()
        bar = self._scroll.verticalScrollBar()
        low = bar.value() + self._scroll.viewport().height()
        hidden = top + card.height() // 2 > low or top + card.height() // 2 < bar.value()
        self._brief.set_text(text)
        self._brief.setToolTip(self.tr("Show the whole plan"))
        self._brief.setVisible(bool(text) and hidden)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_brief()

    def _make_plan(self) -> None:
        """Recalculate the plan card: well under a millisecond for a hundred shapes."""
        chosen = self._expert.values() | self._choices()
        self.fold.show_for(chosen, self._parent_entry() is not None)
        wanted = self.wanted()
        self._plan = None
        self._clear_told()
        if wanted.corpus is not None and not self.problems():
            try:
                self._plan = plan_of(wanted, self.devices.machine(self._machine))
            except UsageError as error:
                if not self._locked:
                    self.show_error(error, focus=False)
        if self._plan is not None and self.mode() == "new" and self.model.auto.isChecked():
            self.model.dial.set_value(float(self._plan.parameters))
        if self._plan is not None:
            self._expert.show_decisions(decisions_of(self._plan))
        self.plan_card.show_plan(self._plan, self._way_out())
        self._show_brief()
        # With a fault it can be pressed, too: that leads to the field.
        self._start.setEnabled(wanted.corpus is not None)
        self.fold.show()
        self._ask_template()
        self.planned.emit()

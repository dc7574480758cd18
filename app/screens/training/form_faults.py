"""What is wrong with a recipe: told at the fields concerned, and the first of them gets the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QWidget

from app.forms.form import ConfigForm
from app.messages import explain, translate
from app.screens.training.devices import DeviceChoice
from app.screens.training.expert_fold import ExpertFold
from app.screens.training.learn_choice import LearnChoice
from app.screens.training.length_picker import LengthPicker
from app.screens.training.model_choice import ModelChoice
from app.screens.training.modes import Mode
from app.screens.training.pupil_choice import PupilChoice
from app.screens.training.wanted import Wanted, plan_of
from app.widgets.combo import ComboBox
from app.widgets.controls import Banner, Label
from app.widgets.layout import set_property
from core.errors import TerakoyaError, UsageError
from core.planning.machine import Machine

Fault = tuple[str | None, str]
"""A field (None: none of its own) and the sentence, in the language of the window."""


class FormFaults(QFrame):
    """Part of the recipe form."""

    devices: DeviceChoice
    model: ModelChoice
    learn: LearnChoice
    pupil: PupilChoice
    fold: ExpertFold
    _machine: Machine
    _length: LengthPicker
    _name: QLineEdit
    _name_error: Label
    _corpus: ComboBox
    _error: Banner
    _expert: ConfigForm
    _scroll: QScrollArea

    def mode(self) -> Mode:
        raise NotImplementedError

    def wanted(self) -> Wanted:
        raise NotImplementedError

    def show_error(self, error: TerakoyaError, focus: bool = True) -> None:
        """Each fault at its field when there is one, else below the form.

        Args:
            focus: Whether the first of them gets the keyboard.
        """
        faults: list[Fault] = [(error.field, explain(error))]
        if isinstance(error, UsageError) and error.faults:
            faults = [(field, translate(words)) for field, words in error.faults]
        self.show_faults(faults, focus)

    def show_faults(self, faults: list[Fault], focus: bool = True) -> None:
        """The same for sentences that are in the language of the window already."""
        elsewhere = [words for field, words in faults if not self._show_fault(field or "", words)]
        self._error.text.setText("\n".join(dict.fromkeys(elsewhere)))
        self._error.setVisible(bool(elsewhere))
        at = {field for field, _ in faults}
        if at & set(self._expert.shown_names()) and not self.fold.is_open:
            self.fold.open(True)
        first = next((w for names, w in self._in_order() if at & names and w.isVisible()), None)
        if focus and first is not None:
            first.setFocus()
            # Once the sentences and the opened fold have their places.
            QTimer.singleShot(0, first, lambda: self._scroll.ensureWidgetVisible(first, 0, 80))

    def problems(self) -> list[Fault]:
        """What the fields see by themselves."""
        found: list[Fault] = []
        if self.mode() == "new" and (problem := self.model.problem()):
            found.append(("parameters", problem))
        if self.mode() == "specialise" and (problem := self.learn.problem()):
            found.append(("objective", problem))
        if self.mode() == "distil" and (problem := self.pupil.share.problem()):
            found.append(("pupil", problem))
        if problem := self._length.slider.problem():
            found.append((self._length.kind(), problem))
        return [*found, *self._expert.problems().items()]

    def faults(self) -> list[Fault]:
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
        self.learn.show_error("")
        self.pupil.show_error("")
        for slider in (self.model.dial, self._length.slider, self.pupil.share):
            slider.set_error("")
        self._expert.clear_errors()

    def _clear_told(self) -> None:
        """Forget what only the whole recipe knew: it is looked at anew."""
        self._expert.clear_told()
        self.learn.show_error("")
        self.pupil.show_error("")
        for slider in (self.model.dial, self._length.slider, self.pupil.share):
            slider.clear_told()

    def _show_fault(self, field: str, sentence: str) -> bool:
        """Put it where it belongs; False where there is no such place."""
        mode = self.mode()
        if field in ("name", "version"):
            self._show_name_error(sentence)
        elif field == self._length.kind():
            self._length.slider.set_error(sentence)
        elif field == "parameters" and mode == "new":
            self.model.dial.set_error(sentence)
        elif field == "pupil" or (field == "parameters" and mode == "distil"):
            self.pupil.share.set_error(sentence)
        elif field == "teacher" and mode == "distil":
            self.pupil.show_error(sentence)
        elif field in ("objective", "method", "lessons") and mode == "specialise":
            self.learn.show_error(sentence)
        else:
            return self._expert.set_error(field, sentence)
        return True

    def _in_order(self) -> list[tuple[set[str | None], QWidget]]:
        """Fields as they stand, by the names of the settings whose faults they show."""
        return [
            ({"name", "version"}, self._name), ({"corpus"}, self._corpus),
            ({"objective", "method", "lessons"}, self.learn.learnt.button(0)),
            ({"family"}, self.model.family.combo), ({"parameters"}, self.model.dial.field),
            ({"teacher"}, self.pupil.teacher), ({"pupil"}, self.pupil.share.field),
            ({self._length.kind()}, self._length.slider.field),
            *(({name}, self._expert.field(name)) for name in self._expert.names()),
        ]  # fmt: skip

    def _show_name_error(self, sentence: str) -> None:
        self._name_error.setText(sentence)
        self._name_error.setVisible(bool(sentence))
        set_property(self._name, "invalid", "true" if sentence else "false")

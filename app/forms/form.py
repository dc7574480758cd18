"""ConfigForm: the settings of a configuration class as labelled controls, in groups."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QRect, Signal
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from app.forms.fields import Field, TextField, field_for, mark_invalid
from app.forms.units import unit_text
from app.theme.palette import pixels
from app.widgets.controls import Label
from app.widgets.layout import column, hairline, holder
from core.config import Config, Setting, settings_of

_SHORT = 200  # Pixels of a text field that is no longer than a number's.
_LABEL_WIDTH = 64  # Pixels at 100 % text size that a label needs beside its control.


class FieldLine(QBoxLayout):
    """A label and its control: side by side, or below each other where the column is narrow.

    The height for a width is that of the arrangement which that width will get, so that a form
    knows its height before it is laid out.
    """

    def __init__(self, label: Label, field: Field) -> None:
        super().__init__(QBoxLayout.Direction.LeftToRight)
        self._label, self._field = label, field
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(8)
        self.addWidget(label, 1)
        self.addWidget(field)

    def _direction_for(self, width: int) -> QBoxLayout.Direction:
        beside, below = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        if isinstance(self._field, TextField) and self._field.maximumWidth() > pixels(_SHORT):
            return below
        label = max(self._label.minimumSizeHint().width(), pixels(_LABEL_WIDTH))
        return beside if label + self.spacing() + self._field.minimumWidth() <= width else below

    def heightForWidth(self, width: int) -> int:
        item = self.itemAt(1)
        assert item is not None
        field = item.sizeHint().height()  # Within the control's own limits.
        if self._direction_for(width) == QBoxLayout.Direction.TopToBottom:
            return self._label.heightForWidth(width) + self.spacing() + field
        room = width - self.spacing() - self._field.minimumWidth()
        return max(self._label.heightForWidth(room), field)

    def minimumHeightForWidth(self, width: int) -> int:
        return self.heightForWidth(width)

    def setGeometry(self, area: QRect) -> None:
        direction = self._direction_for(area.width())
        if direction != self.direction():
            self.setDirection(direction)
        super().setGeometry(area)


class FieldRow(QWidget):
    """Label, control, and under them what is wrong."""

    edited = Signal()

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self.setting = setting
        self.field: Field = field_for(setting)
        self._told = ""
        self._label = Label("small", wrap=True)
        self._label.setBuddy(self.field)
        self._error = Label("small", "shu", wrap=True)
        self._error.setVisible(False)
        self._line = FieldLine(self._label, self.field)
        self.setLayout(column(self._line, self._error, spacing=4))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.field.edited.connect(self._on_edited)
        if hasattr(self.field, "editingFinished"):
            self.field.editingFinished.connect(self.check)
        self.field.fit()

    def check(self) -> bool:
        """Show the field's own fault, if any; returns whether there is none."""
        problem = self.field.problem()
        if problem or not self._told:
            self._show(problem)
        return not problem

    def set_error(self, sentence: str) -> None:
        """Show a fault that only the whole configuration knows; "" clears. Editing clears it."""
        self._told = sentence
        self._show(sentence or self.field.problem())

    def clear_told(self) -> None:
        if self._told:
            self.set_error("")

    def error(self) -> str:
        return self._error.text()

    def retranslate(self) -> None:
        label = QCoreApplication.translate("Settings", self.setting.label)
        if self.setting.unit and self.setting.unit != self.setting.label.casefold():
            label = self.tr("{label} ({unit})").format(
                label=label, unit=unit_text(self.setting.unit)
            )
        self._label.setText(label)
        self.field.setAccessibleName(label)
        self.field.retranslate()
        if not self._told and self._error.text():
            self._show(self.field.problem())
        self._explain()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self.field.fit()
        super().changeEvent(event)

    def _on_edited(self) -> None:
        self._told = ""
        if not self.field.problem():
            self._show("")  # A fault shows when the field is left, its mending at once.
        self.edited.emit()

    def _show(self, sentence: str) -> None:
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))
        mark_invalid(self.field, bool(sentence))
        self._explain()

    def _explain(self) -> None:
        """What the setting is, its range and its fault, for the pointer and for screen readers."""
        parts = [QCoreApplication.translate("Settings", self.setting.help), self.field.range_text()]
        text = "\n".join(part for part in parts if part)
        for widget in (self._label, self.field):
            widget.setToolTip(text)
            widget.setWhatsThis(text)
        spoken = f"{self._error.text()} {text}" if self._error.text() else text
        self.field.setAccessibleDescription(spoken.replace("\n", " "))


class FieldGroup:
    """Settings under their heading, and a line above that sets them off from the group before."""

    def __init__(self, group: str) -> None:
        self.group = group
        self.rows: list[FieldRow] = []
        self.line = holder(column(4, hairline()))
        self.heading = Label("head", wrap=True)

    def show_only(self, names: Collection[str], first: bool) -> bool:
        """Show the rows that are in `names`; returns whether there is one."""
        shown = [row.setting.name in names for row in self.rows]
        for row, visible in zip(self.rows, shown, strict=True):
            row.setVisible(visible)
        titled = bool(self.group) and any(shown)
        self.heading.setVisible(titled)
        self.line.setVisible(titled and not first)
        return any(shown)

    def retranslate(self) -> None:
        self.heading.setText(QCoreApplication.translate("Settings", self.group))
        for row in self.rows:
            row.retranslate()


class ConfigForm(QWidget):
    """A form for the settings of `config` that `include` accepts, under their group headings.

    `changed` fires at every edit by the user, never at `set_values`. The form keeps its texts in
    the language of the window by itself.

    Example:
        form = ConfigForm(Recipe, include=lambda setting: setting.advanced)
        recipe = build(Recipe, {**easy_values, **form.values()})
    """

    changed = Signal()

    def __init__(
        self, config: type[Config], include: Callable[[Setting], bool] = lambda _setting: True
    ) -> None:
        super().__init__()
        self._rows: dict[str, FieldRow] = {}
        self._groups: list[FieldGroup] = []
        layout = column(spacing=8)
        self.setLayout(layout)
        for group, settings in _grouped(s for s in settings_of(config) if include(s)):
            made = FieldGroup(group)
            self._groups.append(made)
            layout.addWidget(made.line)
            layout.addWidget(made.heading)
            for setting in settings:
                line = FieldRow(setting)
                line.field.set_value(setting.default)
                line.edited.connect(self.changed)
                self._rows[setting.name] = line
                made.rows.append(line)
                layout.addWidget(line)
        layout.addStretch(1)
        self._shown: list[str] = []
        self.show_only(self.names())
        self.retranslate()

    def names(self) -> list[str]:
        """Every setting of the form, also those that are hidden now."""
        return list(self._rows)

    def show_only(self, names: Collection[str]) -> None:
        """Hide the settings that have no meaning now; they keep their values."""
        wanted = [name for name in self._rows if name in names]
        if wanted == self._shown:
            return
        self._shown = wanted
        first = True
        for group in self._groups:
            first = not group.show_only(wanted, first) and first

    def shown_names(self) -> list[str]:
        """The settings that are not hidden."""
        return list(self._shown)

    def field(self, name: str) -> Field:
        return self._rows[name].field

    def values(self) -> dict[str, Any]:
        """Every setting of the form by name; None means "the app decides".

        Text that is no number is handed on as it is, so that building the configuration refuses
        it by name rather than losing it; see `problems`.
        """
        return {name: line.field.value() for name, line in self._rows.items()}

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show `values` (others keep theirs) and clear the errors; no signal."""
        for name, line in self._rows.items():
            if name in values:
                line.field.set_value(values[name])
        self.clear_errors()

    def reset(self) -> None:
        """Back to the defaults; emits `changed` when that changes anything."""
        if self.non_default():
            self.set_values({name: line.setting.default for name, line in self._rows.items()})
            self.changed.emit()

    def non_default(self) -> list[str]:
        """Names of the settings that the user changed."""
        return [n for n, line in self._rows.items() if line.field.value() != line.setting.default]

    def show_decisions(self, decided: Mapping[str, Any]) -> None:
        """Show what the app would choose in the fields that are left to it ("auto 256")."""
        for name, line in self._rows.items():
            if line.setting.optional:
                line.field.show_decision(decided.get(name))

    def problems(self) -> dict[str, str]:
        """Faults that the fields see by themselves, by name, in the language of the window; a
        hidden field has none."""
        found = {name: self._rows[name].field.problem() for name in self._shown}
        return {name: problem for name, problem in found.items() if problem}

    def check(self) -> bool:
        """Show every field's own fault, focus the first; returns whether there is none."""
        faulty = [line for name in self._shown if not (line := self._rows[name]).check()]
        if faulty:
            faulty[0].field.setFocus()
        return not faulty

    def set_error(self, name: str, sentence: str) -> bool:
        """Show a (translated) sentence at a field; False when the form shows no such field."""
        line = self._rows.get(name) if name in self._shown else None
        if line is not None:
            line.set_error(sentence)
        return line is not None

    def error(self, name: str) -> str:
        """The sentence that stands at a field now."""
        return self._rows[name].error()

    def clear_errors(self) -> None:
        for line in self._rows.values():
            line.set_error("")

    def clear_told(self) -> None:
        """Forget the faults that only the whole configuration knew: it is looked at anew."""
        for line in self._rows.values():
            line.clear_told()

    def set_locked(self, locked: bool) -> None:
        """Show only, while a training runs with these values."""
        for line in self._rows.values():
            line.field.setEnabled(not locked)

    def retranslate(self) -> None:
        for group in self._groups:
            group.retranslate()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


def _grouped(settings: Any) -> list[tuple[str, list[Setting]]]:
    """Settings by group, groups in the order of their first setting."""
    groups: dict[str, list[Setting]] = {}
    for setting in settings:
        groups.setdefault(setting.group, []).append(setting)
    return list(groups.items())

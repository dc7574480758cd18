"""The control of one setting: a number, a choice, a switch or a line of text."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.forms.numbers import parse_number, show_number
from app.theme.palette import pixels
from app.widgets.combo import ComboBox
from app.widgets.controls import Switch
from app.widgets.layout import set_property
from core.config import Setting

_WIDTH = 92  # Pixels of a number field at 100 % text size.
_FRAME = 68  # Pixels that a drop-down needs beside its text.
_WIDEST = 216  # Pixels of the narrowest column; a longer label ends in an ellipsis.


class FieldDefaults:
    """What a field does that knows no faults, no range and no "auto"."""

    def problem(self) -> str:
        """What is wrong with the value, or ""."""
        return ""

    def range_text(self) -> str:
        """The range in words, or ""."""
        return ""

    def show_decision(self, value: Any) -> None:
        """What the app would choose, shown while the choice is left to it."""

    def retranslate(self) -> None:
        """Set the field's own texts anew."""

    def fit(self) -> None:
        """Take the width that the text size asks for."""


class NumberField(QLineEdit, FieldDefaults):
    """A number; empty means the default, or "auto" when the app may decide."""

    edited = Signal()

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self.setting = setting
        self._decided: Any = None
        self.textEdited.connect(lambda _text: self.edited.emit())

    def value(self) -> Any:
        """The number; the default for an empty field; the text itself when it is no number."""
        text = self.text().strip()
        if not text:
            return self.setting.default
        number = parse_number(text, self.setting.kind == "int")
        return text if number is None else number

    def set_value(self, value: Any) -> None:
        self.setText("" if value is None else show_number(value))

    def show_decision(self, value: Any) -> None:
        if value != self._decided:
            self._decided = value
            self._retranslate_placeholder()

    def problem(self) -> str:
        value, low, high = self.value(), self.setting.minimum, self.setting.maximum
        if value is None:
            return ""
        if isinstance(value, str):
            if self.setting.kind == "int":
                return self.tr("This is not a whole number.")
            return self.tr("This is not a number.")
        if (low is not None and value < low) or (high is not None and value > high):
            return self.range_text()
        return ""

    def range_text(self) -> str:
        low, high = self.setting.minimum, self.setting.maximum
        if low is not None and high is not None:
            return self.tr("From {low} to {high}.").format(
                low=show_number(low), high=show_number(high)
            )
        if low is not None:
            return self.tr("At least {low}.").format(low=show_number(low))
        return self.tr("At most {high}.").format(high=show_number(high)) if high is not None else ""

    def fit(self) -> None:
        self.setFixedWidth(pixels(_WIDTH))

    def retranslate(self) -> None:
        self._retranslate_placeholder()

    def _retranslate_placeholder(self) -> None:
        if not self.setting.optional:
            default = self.setting.default
            self.setPlaceholderText("" if default is None else show_number(default))
        elif self._decided is None:
            self.setPlaceholderText(auto_text())
        else:
            self.setPlaceholderText(self.tr("auto {value}").format(value=_shown(self._decided)))


class ChoiceField(ComboBox, FieldDefaults):
    """One of some values; the first is "auto" when the app may decide. Yes or no included."""

    edited = Signal()

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self.setting = setting
        self._decided: Any = None
        if setting.kind == "bool":
            self._values: list[Any] = [True, False]
        else:
            self._values = list(setting.values)
        if setting.optional:
            self._values.insert(0, None)
        self.addItems([""] * len(self._values))
        self.currentTextChanged.disconnect(self.setToolTip)  # It has the setting's help.
        self.activated.connect(lambda _index: self.edited.emit())

    def value(self) -> Any:
        return self._values[self.currentIndex()]

    def set_value(self, value: Any) -> None:
        self.setCurrentIndex(self._values.index(value) if value in self._values else 0)

    def show_decision(self, value: Any) -> None:
        if value != self._decided:
            self._decided = value
            self.retranslate()

    def retranslate(self) -> None:
        for index, value in enumerate(self._values):
            self.setItemText(index, self._label(value))
        self.fit()

    def fit(self) -> None:
        """Room for the longest label; the size hint forgets the style sheet's arrow."""
        self.ensurePolished()  # Before that the font is another.
        labels = (self.itemText(index) for index in range(self.count()))
        needed = max(self.fontMetrics().horizontalAdvance(text) for text in labels)
        self.setFixedWidth(min(_WIDEST, max(pixels(_WIDTH), needed + _FRAME)))

    def _label(self, value: Any) -> str:
        if value is None:
            if self._decided is None:
                return auto_text()
            return self.tr("auto {value}").format(value=self._label(self._decided))
        if isinstance(value, bool):
            return self.tr("yes") if value else self.tr("no")
        labels = dict(zip(self.setting.values, self.setting.value_labels, strict=True))
        return QCoreApplication.translate("Settings", labels.get(str(value), str(value)))


class SwitchField(Switch, FieldDefaults):
    """On or off."""

    edited = Signal()

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self.setting = setting
        self.clicked.connect(lambda _on: self.edited.emit())

    def value(self) -> Any:
        return self.isChecked()

    def set_value(self, value: Any) -> None:
        self.setChecked(bool(value))


class TextField(QLineEdit, FieldDefaults):
    """A line of text."""

    edited = Signal()

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self.setting = setting
        self.textEdited.connect(lambda _text: self.edited.emit())

    def value(self) -> Any:
        text = self.text()
        return None if self.setting.optional and not text.strip() else text

    def set_value(self, value: Any) -> None:
        self.setText("" if value is None else str(value))
        self.setCursorPosition(0)

    def show_decision(self, value: Any) -> None:
        self.setPlaceholderText("" if value is None else str(value))

    def retranslate(self) -> None:
        if self.setting.optional and not self.placeholderText():
            self.setPlaceholderText(auto_text())


Field = NumberField | ChoiceField | SwitchField | TextField


def field_for(setting: Setting) -> Field:
    """The control that suits the kind of `setting`."""
    if setting.kind in ("int", "float"):
        return NumberField(setting)
    if setting.kind == "choice" or (setting.kind == "bool" and setting.optional):
        return ChoiceField(setting)
    return SwitchField(setting) if setting.kind == "bool" else TextField(setting)


def mark_invalid(field: QWidget, invalid: bool) -> None:
    set_property(field, "invalid", "true" if invalid else "false")


def auto_text() -> str:
    return QCoreApplication.translate("Forms", "auto")


def _shown(value: Any) -> str:
    return show_number(value) if isinstance(value, int | float) else str(value)

"""The Expert settings behind their fold: those that mean something for what is trained now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.forms.form import ConfigForm
from app.widgets.controls import Button
from core.planning.applies import applies
from core.recipe import Recipe

HANDLED = frozenset(
    ("minutes", "steps", "epochs", "family", "parameters", "tokenizer", "prompt")
)  # fmt: skip
"""Settings that have a control of their own in the easy part."""


class ExpertFold(QObject):
    """`button` opens it; folded, the form's hundred widgets stand outside the window: a change of
    theme would style each of them, and that is a quarter of its cost."""

    changed = Signal()

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self.button = Button("link", "ph.caret-right")
        self.form = ConfigForm(Recipe, lambda s: s.name not in HANDLED)
        owner.destroyed.connect(self.form.deleteLater)  # Also while it stands outside.
        self.is_open = False
        self._inside: QVBoxLayout | None = None
        self.button.clicked.connect(lambda: self.open(not self.is_open))
        self.form.changed.connect(self.changed)

    def stand_in(self, layout: QVBoxLayout) -> None:
        """Where the form appears, below its button."""
        self._inside = layout

    def open(self, is_open: bool) -> None:
        """Nothing is lost by closing."""
        self.is_open = is_open
        self.show()

    def show_for(self, chosen: Mapping[str, Any], goes_on: bool) -> None:
        """Show only what applies to a recipe with these choices."""
        recipe = Recipe.model_construct(**chosen)
        self.form.show_only([n for n in self.form.names() if applies(n, recipe, goes_on)])
        self.show()

    def show(self) -> None:
        self._place()
        self.button.set_icon("ph.caret-down" if self.is_open else "ph.caret-right")
        shown = self.form.shown_names()
        changed = len([name for name in self.form.non_default() if name in shown])
        text = self.tr("Expert settings ({count})").format(count=len(shown))
        if changed:
            text = self.tr("Expert settings ({count}, {changed} changed)").format(
                count=len(shown), changed=changed
            )
        self.button.set_text(text)

    def _place(self) -> None:
        inside = self._inside
        if inside is None or (inside.indexOf(self.form) >= 0) == self.is_open:
            return
        if self.is_open:
            inside.insertWidget(inside.indexOf(self.button) + 1, self.form)
            self.form.show()
            before: QWidget = self.button
            for name in self.form.names():
                QWidget.setTabOrder(before, self.form.field(name))
                before = self.form.field(name)
        else:
            inside.removeWidget(self.form)
            self.form.setParent(None)  # Hides it; this object keeps it.

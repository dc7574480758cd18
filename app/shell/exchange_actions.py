"""Import, export and merge as the user meets them: where to, under which name, and what is said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.context import AppContext
from app.messages import explain
from app.shell.import_dialog import ImportDialog
from app.widgets.ask import ask_folder, ask_text
from core.errors import TerakoyaError
from core.versions.library import VersionEntry

Say = Callable[..., None]


class ExchangeActions(QObject):
    """Opens the dialogs and starts the jobs; their end is told by the window."""

    def __init__(self, parent: QWidget, context: AppContext, say: Say) -> None:
        super().__init__(parent)
        self._window, self._context, self._say = parent, context, say

    # ---- in ----------------------------------------------------------------------------------

    def ask_import(self, path: str = "") -> ImportDialog:
        """The dialog; `path` is what was dropped on the window."""
        dialog = ImportDialog(self._window.window(), self._name_fault)
        dialog.wanted.connect(self._import)
        if path:
            dialog.choose_path(path)
        dialog.open()
        return dialog

    def _import(self, name: str, path: str, hub: str) -> None:
        self._try(lambda: self._context.exchange.bring(name, path, hub))

    def _name_fault(self, name: str) -> str:
        try:
            self._context.versions.ensure_free(name)
        except TerakoyaError as error:
            return explain(error)
        return ""

    # ---- out ---------------------------------------------------------------------------------

    def ask_export(self, entry: VersionEntry, form: str, kind: str = "q8_0") -> None:
        """Ask for a folder and write into it."""
        ask_folder(
            self._window, self.tr("Folder in which “{name}” is put").format(name=entry.name),
            lambda folder: self.export(entry, form, Path(folder), kind),
        )  # fmt: skip

    def export(self, entry: VersionEntry, form: str, folder: Path, kind: str = "q8_0") -> None:
        """Write `entry` below `folder` under a name that is free there."""
        endings = {"gguf": f"-{kind}.gguf", "ollama": "-ollama", "adapter": "-adapter"}
        ending = endings.get(form, "")
        target = _free(folder, entry.name, ending)
        title = entry.manifest.title
        self._try(lambda: self._context.exchange.export(entry.id, title, form, target, kind))

    # ---- adapters ----------------------------------------------------------------------------

    def ask_merge(self, entry: VersionEntry) -> None:
        """An adapter and its base become one whole version."""
        proposal = self._context.versions.free_name(f"{entry.name} +")
        ask_text(
            self._window, self.tr("Merge"),
            self.tr("Name of the whole version that “{name}” and its base become").format(
                name=entry.manifest.title),
            proposal, lambda name: self._try(lambda: self._context.exchange.merge(entry.id, name)),
            self._name_fault,
        )  # fmt: skip

    def _try(self, act: Callable[[], object]) -> None:
        try:
            act()
        except TerakoyaError as error:
            self._say(explain(error), "shu")


def _free(folder: Path, name: str, ending: str) -> Path:
    """`name` with a number where something of that name is there."""
    target, number = folder / f"{name}{ending}", 2
    while target.exists():
        target, number = folder / f"{name} {number}{ending}", number + 1
    return target

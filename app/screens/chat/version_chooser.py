"""Which version writes in the chat."""

from __future__ import annotations

from app.widgets.combo import ComboBox
from core.home import Home, Trash
from core.versions.library import VersionEntry, VersionLibrary
from core.versions.manifest import VersionManifest


class VersionChooser(ComboBox):
    """The usable versions of the shelf. `wanted` is what the conversation or the user asked for:
    while it is away, the newest stands in; when it comes back, it is chosen again."""

    def __init__(self, library: VersionLibrary) -> None:
        super().__init__()
        self._library = library
        self._entries: list[VersionEntry] = []
        self.wanted = ""
        self.setMinimumContentsLength(14)
        self.activated.connect(lambda _: self.choose(self.version_id()))

    def reload(self) -> None:
        """Look at the shelf anew."""
        self._entries = [e for e in self._library.list() if e.problem is None]
        self.clear()
        for entry in self._entries:
            self.addItem(f"v{entry.manifest.edition}  {entry.manifest.title}", entry.id)
        self.choose(self.wanted)

    def choose(self, version_id: str) -> None:
        self.wanted = version_id
        index = self.findData(version_id)
        self.setCurrentIndex(index if index >= 0 else self.count() - 1)

    def version_id(self) -> str:
        return str(self.currentData() or "")

    def entry(self) -> VersionEntry | None:
        wanted = self.version_id()
        return next((e for e in self._entries if e.id == wanted), None)

    def colour(self) -> str:
        entry = self.entry()
        return entry.manifest.colour if entry else "gunjo"

    def colours(self) -> dict[str, str]:
        return {e.id: e.manifest.colour for e in self._entries}

    def stands_in(self) -> bool:
        """Whether another version than the wanted one is chosen."""
        return bool(self.wanted and self.version_id()) and self.version_id() != self.wanted


def title_in_trash(home: Home, version_id: str) -> str:
    """Title of a version that lies in the trash; "" when it does not."""
    for item in Trash(home).list():
        if not item.origin.startswith("versions/"):
            continue
        path = home.trash / item.id / "content" / "version.json"
        try:
            manifest = VersionManifest.model_validate_json(path.read_bytes())
        except (OSError, ValueError):  # Damaged: it has no name to tell.
            continue
        if manifest.id == version_id:
            return manifest.title
    return ""

"""Where everything of a user lives, what its folders are called, and the trash."""

from __future__ import annotations

import os
import shutil
import time
import unicodedata
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from core.errors import BadName, HomeUnusable, NameTaken, NoPermission, NotFound
from core.files import folder_bytes, friendly_os_errors, read_json, write_json
from core.reasons import reason_of
from core.sentences import N_, Sentence

ENVIRONMENT_VARIABLE = "TERAKOYA_HOME"
MAX_CHARACTERS = 80
MAX_BYTES = 200
_RESERVED = {"con", "prn", "aux", "nul"} | {f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10)}
_SEPARATORS = set('/\\:*?"<>|')


def clean_name(name: str) -> str:
    """The name as it is stored (NFC), or BadName with the reason.

    漢字 and spaces are good; refused are separators, control characters, names that Windows
    reserves, a leading or trailing space, a leading or trailing dot, more than 80 characters or
    200 UTF-8 bytes.
    """
    name = unicodedata.normalize("NFC", name)
    shown = name if len(name) <= 40 else name[:37] + "…"
    reason = _fault_of(name)
    if reason is not None:
        raise BadName("name", name=shown, reason=reason)
    return name


def _fault_of(name: str) -> Sentence | None:
    if not name.strip():
        return Sentence("Errors", N_("Errors", "it is empty"))
    if len(name) > MAX_CHARACTERS or len(name.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        return Sentence("Errors", N_("Errors", "it has {count} characters"), {"count": len(name)})
    bad = sorted(set(name) & _SEPARATORS)
    if bad:
        return Sentence("Errors", N_("Errors", "it contains {character}"), {"character": bad[0]})
    if any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in name):
        return Sentence("Errors", N_("Errors", "it contains a control character"))
    if name != name.strip() or name.endswith(".") or name.startswith("."):
        return Sentence("Errors", N_("Errors", "it begins or ends with a space or a dot"))
    if name.split(".")[0].casefold() in _RESERVED:
        return Sentence("Errors", N_("Errors", "Windows reserves it"))
    return None


@dataclass(frozen=True)
class Home:
    """The user's data folder. Making the object touches nothing; `prepare` makes the folders."""

    path: Path

    @classmethod
    def find(cls, chosen: str | Path | None = None) -> Home:
        """`chosen` (--home), else TERAKOYA_HOME, else the platform's user data folder."""
        if chosen is None:
            chosen = os.environ.get(ENVIRONMENT_VARIABLE) or None
        if chosen is None:
            import platformdirs

            chosen = platformdirs.user_data_path("terakoya", appauthor=False)
        return cls(Path(chosen).expanduser().absolute())

    def prepare(self) -> Home:
        """Make the folders. Raises NoPermission, NoSpace or HomeUnusable."""
        try:
            with friendly_os_errors(self.path):
                for folder in (
                    self.corpora, self.versions, self.runs, self.chats, self.lessons, self.trash,
                    self.logs,
                ):  # fmt: skip
                    folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:  # A file has that name, or the name is too long.
            raise HomeUnusable("home", path=str(self.path), reason=reason_of(error)) from error
        if not os.access(self.runs, os.W_OK):
            raise NoPermission(path=str(self.path))
        return self

    @property
    def corpora(self) -> Path:
        return self.path / "corpora"

    @property
    def versions(self) -> Path:
        return self.path / "versions"

    @property
    def runs(self) -> Path:
        return self.path / "runs"

    @property
    def chats(self) -> Path:
        return self.path / "chats"

    @property
    def lessons(self) -> Path:
        return self.path / "lessons"

    @property
    def trash(self) -> Path:
        return self.path / "trash"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def settings_file(self) -> Path:
        return self.path / "settings.json"

    @property
    def machine_file(self) -> Path:
        """What was measured of this machine (speed of products, bandwidth, precision)."""
        return self.path / "machine.json"

    @property
    def lock_file(self) -> Path:
        return self.path / "home.lock"

    @property
    def queue_lock_file(self) -> Path:
        """Held by the supervisor whose training runs: trainings go one after the other."""
        return self.path / "queue.lock"

    def relative(self, path: Path) -> str:
        return path.relative_to(self.path).as_posix()


def free_folder(parent: Path, name: str) -> Path:
    """`parent`/`name`, refused when a name equal after casefold is there.

    Raises:
        BadName, NameTaken
    """
    name = clean_name(name)
    if parent.is_dir():
        for entry in parent.iterdir():
            if entry.name.casefold() == name.casefold() and not entry.name.startswith("."):
                raise NameTaken("name", name=entry.name)
    return parent / name


@dataclass(frozen=True)
class Trashed:
    """A folder or file in the trash: `origin` is relative to home, `time` in Unix seconds."""

    id: str
    origin: str
    time: float
    bytes: int


class Trash:
    """Removing moves here with origin and time; nothing leaves it without being asked."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def put(self, path: Path) -> Trashed:
        """Move `path` (inside home) to the trash."""
        stamp = time.time()
        origin = self._home.relative(path)
        size = folder_bytes(path) if path.is_dir() else path.stat().st_size
        name = f"{time.strftime('%Y%m%d-%H%M%S', time.localtime(stamp))}-{os.urandom(3).hex()}"
        place = self._home.trash / name
        with friendly_os_errors(path):
            place.mkdir(parents=True)
            entry: dict[str, Any] = {"origin": origin, "time": stamp, "bytes": size}
            write_json(place / "origin.json", entry)
            path.rename(place / "content")
        return Trashed(name, origin, stamp, size)

    def list(self) -> list[Trashed]:
        """Newest first."""
        found: list[Trashed] = []
        if not self._home.trash.is_dir():
            return found
        for place in sorted(self._home.trash.iterdir(), reverse=True):
            item = _entry(place)
            if item is not None and (place / "content").exists():
                found.append(item)
        return found

    def restore(self, trash_id: str) -> Path:
        """Move an entry back. Raises NotFound, or NameTaken when its place is taken again."""
        place = self._home.trash / trash_id
        item = next((item for item in self.list() if item.id == trash_id), None)
        if item is None:
            what = Sentence("Errors", N_("Errors", "entry of the trash"))
            text = N_("Errors", "Look into the trash (command: trash list).")
            raise NotFound("id", what=what, name=trash_id, hint=Sentence("Errors", text))
        target = self._home.path / item.origin
        if target.parent.is_dir():
            for other in target.parent.iterdir():
                if other.name.casefold() == target.name.casefold():
                    raise NameTaken("name", name=other.name)
        with friendly_os_errors(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            (place / "content").rename(target)
            shutil.rmtree(place)
        return target

    def empty(self) -> int:
        """Delete for good; returns the bytes freed. Only ever called after the user confirmed."""
        items = self.list()
        for item in items:
            shutil.rmtree(self._home.trash / item.id)
        return sum(item.bytes for item in items)


def _entry(place: Path) -> Trashed | None:
    """What origin.json says; None when it is damaged or names a place outside home."""
    try:
        entry = read_json(place / "origin.json")
        item = Trashed(place.name, str(entry["origin"]), float(entry["time"]), int(entry["bytes"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    origin = PurePosixPath(item.origin)
    return None if origin.is_absolute() or ".." in origin.parts else item

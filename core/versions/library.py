"""The versions of a home: list, find, rename, note, export, remove. Imports nothing heavy."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from core.errors import BadName, Damaged, NewerDocument, NotFound, TerakoyaError
from core.files import (
    FileLock,
    friendly_os_errors,
    read_json,
    write_json,
    write_text,
)
from core.home import (
    MAX_BYTES,
    MAX_CHARACTERS,
    Home,
    Trash,
    Trashed,
    clean_name,
    free_folder,
)  # fmt: skip
from core.reasons import NOT_THERE, reason_of
from core.sentences import N_, Sentence
from core.versions.adapters import ADAPTER_CONFIG, ADAPTER_WEIGHTS, unusable
from core.versions.hashes import damaged_files
from core.versions.manifest import RESTORE, SCHEMA, SpineColour, VersionManifest
from core.versions.model_card import card_facts, model_card

MANIFEST = "version.json"
STANDARD_FILES = (
    "model.safetensors", "config.json", "generation_config.json", "tokenizer.json",
    "tokenizer_config.json",
)  # fmt: skip
ADAPTER_FILES = (ADAPTER_WEIGHTS, ADAPTER_CONFIG, *STANDARD_FILES[1:])
"""What a version that is only an adapter has instead."""
_VERSION = Sentence("Errors", N_("Errors", "version"))
_COLOURS: tuple[SpineColour, ...] = ("nezumi", "aotake", "gunjo", "murasaki", "yamabuki", "enji")


@dataclass(frozen=True)
class VersionEntry:
    """A version as its folder tells it; `problem` says what is missing or damaged."""

    manifest: VersionManifest
    path: Path
    problem: TerakoyaError | None = None
    trashed_parents: list[str] = field(default_factory=list[str])

    @property
    def id(self) -> str:
        return self.manifest.id

    @property
    def name(self) -> str:
        return self.manifest.name


class VersionLibrary:
    """Reads version folders; every change is written atomically."""

    def __init__(self, home: Home) -> None:
        self.home = home

    def list(self) -> list[VersionEntry]:
        """Oldest first. A damaged folder is listed with its problem."""
        if not self.home.versions.is_dir():
            return []
        folders = [p for p in self.home.versions.iterdir() if p.is_dir() and p.name[0] != "."]
        entries = sorted(map(self._entry, folders), key=lambda e: (e.manifest.created, e.name))
        known = {entry.id for entry in entries}
        whole = {entry.id for entry in entries if entry.problem is None}
        without_base = unusable({entry.id: entry.manifest for entry in entries}, whole)
        return [
            VersionEntry(
                e.manifest, e.path, e.problem or without_base.get(e.id),
                [p.name for p in e.manifest.parents if p.id not in known],
            )
            for e in entries
        ]  # fmt: skip

    def get(self, name_or_id: str) -> VersionEntry:
        """By name of the folder, title or id. Raises NotFound."""
        wanted = unicodedata.normalize("NFC", name_or_id)
        entries = self.list()
        for test in (
            lambda e: wanted in (e.name, e.id),
            lambda e: e.manifest.title == wanted,
            lambda e: e.name.casefold() == wanted.casefold(),
        ):
            for entry in entries:
                if test(entry):
                    return entry
        raise NotFound("version", what=_VERSION, name=name_or_id, hint=_known(entries))

    def usable(self, name_or_id: str) -> VersionEntry:
        """Like `get`, but raises the entry's problem when its files are damaged."""
        entry = self.get(name_or_id)
        if entry.problem is not None:
            raise entry.problem
        return entry

    def ensure_free(self, name: str) -> Path:
        """The folder that a new version would get. Raises BadName or NameTaken."""
        return free_folder(self.home.versions, name)

    def free_name(self, wanted: str) -> str:
        """A clean, free name: `wanted`, or `wanted` with a number."""
        base = clean_name(wanted.strip() or "model")
        folder = self.home.versions
        taken = {p.name.casefold() for p in folder.iterdir()} if folder.is_dir() else set[str]()
        name, number = base, 2
        while name.casefold() in taken:
            name, number = _numbered(base, number), number + 1
        return name

    # ---- changes -----------------------------------------------------------------------------

    def update(self, name_or_id: str, **changes: Any) -> VersionEntry:
        """Write changed fields of version.json (title, note, colour, chatted …)."""
        entry = self.get(name_or_id)
        if isinstance(entry.problem, NewerDocument):
            raise entry.problem
        with FileLock(self.home.versions / ".lock"):
            manifest = self._load(entry.path).model_copy(update=changes)
            write_json(entry.path / MANIFEST, manifest.model_dump(mode="json"))
        if {"note", "title", "name"} & changes.keys():
            self.refresh_card(entry.id)
        return VersionEntry(manifest, entry.path, entry.problem)

    def refresh_card(self, name_or_id: str) -> None:
        """Write README.md anew: something that it tells has changed. Raises NotFound."""
        entry = self.get(name_or_id)
        facts = card_facts(self.home, entry.manifest, self.evaluations(entry.id))
        with friendly_os_errors(entry.path):
            write_text(entry.path / "README.md", model_card(entry.manifest, facts))

    def rename(self, name: str, new: str) -> VersionEntry:
        """Rename folder and title; the id stays. Raises BadName or NameTaken."""
        entry = self.get(name)
        new = clean_name(new)
        if new.casefold() == entry.name.casefold():
            target = self.home.versions / new
        else:
            target = free_folder(self.home.versions, new)
        with friendly_os_errors(entry.path):
            entry.path.rename(target)
        return self.update(entry.id, name=target.name, title=new)

    def set_note(self, name: str, text: str) -> VersionEntry:
        return self.update(name, note=text)

    def remove(self, name: str) -> Trashed:
        return Trash(self.home).put(self.get(name).path)

    def verify(self, name: str) -> list[str]:
        """Names of files that are missing or differ from what was published."""
        entry = self.get(name)
        return damaged_files(entry.path, entry.manifest.hashes)

    def evaluations(self, name: str) -> list[dict[str, Any]]:
        """Results kept with the version, newest first."""
        folder = self.get(name).path / "evaluations"
        found: list[dict[str, Any]] = []
        for path in sorted(folder.glob("*.json"), reverse=True) if folder.is_dir() else []:
            try:
                found.append(read_json(path))
            except (OSError, ValueError):
                continue
        return found

    # ---- reading -----------------------------------------------------------------------------

    def next_colour(self) -> SpineColour:
        return _COLOURS[len(self.list()) % len(_COLOURS)]

    def next_edition(self, series: str) -> int:
        editions = [e.manifest.edition for e in self.list() if e.manifest.series == series]
        return max(editions, default=0) + 1

    def _entry(self, folder: Path) -> VersionEntry:
        try:
            manifest = self._load(folder)
        except (Damaged, NewerDocument) as error:
            unknown = VersionManifest(
                id=f"damaged:{folder.name}", name=folder.name, title=folder.name,
                created=_changed(folder),
            )  # fmt: skip
            return VersionEntry(unknown, folder, error)
        for file in files_of(manifest):
            if not (folder / file).is_file():
                problem = Damaged(path=str(folder / file), reason=NOT_THERE, hint=RESTORE)
                return VersionEntry(manifest, folder, problem)
        return VersionEntry(manifest, folder)

    def _load(self, folder: Path) -> VersionManifest:
        path = folder / MANIFEST
        try:
            data = read_json(path)
            if data.get("schema_version", 1) > SCHEMA:
                raise NewerDocument(path=str(path))
            manifest = VersionManifest.model_validate(data)
        except (OSError, ValueError, AttributeError, ValidationError) as error:
            raise Damaged(path=str(path), reason=reason_of(error), hint=RESTORE) from error
        return manifest.model_copy(update={"name": folder.name})


def files_of(manifest: VersionManifest) -> tuple[str, ...]:
    """The files that a version cannot be without."""
    return STANDARD_FILES if manifest.adapter is None else ADAPTER_FILES


def _known(entries: list[VersionEntry]) -> Sentence:
    """What there is instead of a version that was not found."""
    names = ", ".join(entry.name for entry in entries[-5:])
    if names:
        return Sentence("Errors", N_("Errors", "Known: {names}."), {"names": names})
    text = N_("Errors", "Train one with: train --corpus … --name …, or in the window.")
    return Sentence("Errors", text)


def _numbered(base: str, number: int) -> str:
    """`base` with a number, shortened where the two would be too long for a name."""
    end = f" {number}"
    while len(base) + len(end) > MAX_CHARACTERS or len((base + end).encode("utf-8")) > MAX_BYTES:
        base = base[:-1].rstrip(" .")
    return base + end


def _changed(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except OSError:
        return 0.0


def good_version_name(name: str) -> str:
    """`clean_name` for a version. Raises BadName."""
    try:
        return clean_name(name)
    except BadName as error:
        error.field = "name"
        raise

"""Clearing what nothing needs any more of a corpus: earlier states, their tokens, texts of files that
have changed. All of it is derived from the user's files."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from core.corpus.copies import copies_file
from core.corpus.library import FILES
from core.corpus.manifest import CorpusManifest, FileVerdict
from core.corpus.store import SNAPSHOTS, TEXTS
from core.corpus.token_reuse import newest
from core.files import delete_folder, read_json
from core.home import Home
from core.jobfolder import JobFolder

_LOOKING = ("corpus-export", "check")
"""Kinds of jobs that read the state that a corpus had when they began, and do not write it down."""
_DOCUMENTS = ("version.json", "job.json")
_OLD = 24 * 60 * 60


def sweep(home: Home, folder: Path, manifest: CorpusManifest, before: str = "") -> None:
    """To be called after a reading, in its turn: nobody else publishes a state then. What a kill
    leaves of it the next one takes away.

    Stays: the state of `manifest`, the one `before` it (a window may be showing it), and every state
    that a version or a job names, whether it waits, runs, has ended (it can be trained longer), or
    lies in the trash.

    Args:
        folder: Of the corpus.
        before: A snapshot; "" for none.
    """
    unused = {*_states(folder)} - {manifest.snapshot, before}
    if unused:
        unused = set() if _looked_at(home, manifest.name) else _unnamed(home, unused)
    for name in sorted(unused):
        _delete(folder / SNAPSHOTS / f"{name}.json")  # First: without it the rest is nothing.
        delete_folder(folder / SNAPSHOTS / name)
        _delete(copies_file(folder, name))
    _sweep_tokens(folder, manifest, unused)
    _sweep_texts(folder)
    for path in (*folder.glob(".*"), *(folder / SNAPSHOTS).glob(".*")):  # A kill left it.
        if path.is_file() and _untouched(path):
            _delete(path)


def _states(folder: Path) -> Iterator[str]:
    """Names of all states, also of those that a kill left in part."""
    for path in (folder / SNAPSHOTS).glob("*"):
        if path.is_dir() or path.suffix == ".json":
            yield path.stem
    for path in folder.glob("duplicates-*.parquet"):
        yield path.stem.partition("-")[2]


def _unnamed(home: Home, states: set[str]) -> set[str]:
    """Those that no version and no job names, by the text of their documents: whatever else they say,
    and in whichever place. None where a document cannot be read."""
    left = set(states)
    for file in _documents(home):
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, ValueError):
            return set()
        left = {name for name in left if name not in text}
    return left


def _documents(home: Home) -> Iterator[Path]:
    for name in _DOCUMENTS:
        for place in (home.versions, home.runs):
            yield from place.glob(f"*/{name}")
        yield from home.trash.rglob(name)


def _looked_at(home: Home, corpus: str) -> bool:
    """Whether a job reads the corpus in a state that it does not name."""
    for file in home.runs.glob("*/job.json"):
        try:
            job = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return True
        kind, config = job.get("kind"), job.get("config", {})
        looks = kind in _LOOKING and str(config.get("corpus")).casefold() == corpus.casefold()
        if looks and JobFolder(file.parent).is_alive():
            return True
    return False


def _sweep_tokens(folder: Path, manifest: CorpusManifest, unused: Iterable[str]) -> None:
    """Tokens of states that are gone; those made last stay, as the next ones are made of them."""
    stores = folder / "tokens"
    last = newest(stores, manifest.tokenizer.hash) if manifest.tokenizer else None
    states = {path.stem for path in (folder / SNAPSHOTS).glob("*.json")} - set(unused)
    for path in stores.glob("*"):
        if path.name.startswith("."):
            if _untouched(path):  # A kill left it.
                delete_folder(path)
        elif path != last and path.name.rpartition("-")[2] not in states:
            delete_folder(path)


def _untouched(place: Path) -> bool:
    """Whether nobody has written to this file, or in this folder, for a day."""
    try:
        latest = max(path.stat().st_mtime for path in (place, *place.rglob("*")))
    except OSError:
        return False
    return latest < time.time() - _OLD


def _sweep_texts(folder: Path) -> None:
    """Files of texts, or of documents of the first edition, that no state names and no verdict."""
    named: set[str] = set()
    for file in (folder / SNAPSHOTS).glob("*.json"):
        try:
            named.update(Path(entry).name for entry in read_json(file)["files"])
        except (OSError, ValueError, KeyError, TypeError):
            return  # A damaged list may name any of them.
    try:
        with (folder / FILES).open(encoding="utf-8") as lines:
            named.update(FileVerdict.model_validate_json(line).store for line in lines)
    except (OSError, ValueError):
        return
    for path in (*(folder / TEXTS).glob("*.parquet"), *folder.glob("documents-*.parquet")):
        if path.name not in named:
            _delete(path)


def _delete(file: Path) -> None:
    with contextlib.suppress(OSError):  # Open in a system that does not let go of open files.
        file.unlink()

"""Publishing: a finished folder appears on the shelf in one rename, or not at all."""

from __future__ import annotations

import contextlib
import errno
import shutil
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from core.files import friendly_os_errors, publish_folder, write_json, write_text
from core.home import Home
from core.versions.hashes import file_hash
from core.versions.library import MANIFEST, VersionLibrary, files_of
from core.versions.manifest import SHEET, VersionManifest
from core.versions.model_card import card_facts, model_card

_PREFIX = ".publishing-"
_STALE_SECONDS = 86_400.0


def publish(
    home: Home,
    manifest: VersionManifest,
    write: Callable[[Path], None],
    finish: Callable[[VersionManifest], VersionManifest] = lambda manifest: manifest,
) -> tuple[Path, VersionManifest]:
    """Put a version on the shelf. A name that was taken meanwhile gets a number: what was trained
    is never lost for a name.

    Args:
        write: Writes model.safetensors (or an adapter's two files), config.json,
            generation_config.json, the tokenizer's files, metrics.jsonl and, where it knows its
            text, data-sheet.md into the folder that it is given.
        finish: Adds to the manifest what is known only once that is done.

    Returns:
        The folder and the manifest as written. A run that has published before gets that again.

    Raises:
        BadName, NoSpace, NoPermission
    """
    library = VersionLibrary(home)
    for entry in library.list():
        if manifest.run and entry.manifest.run == manifest.run and entry.problem is None:
            return entry.path, entry.manifest
    _sweep(home.versions, manifest.run)
    temporary = home.versions / f"{_PREFIX}{manifest.run}-{uuid.uuid4().hex[:8]}"
    with friendly_os_errors(home.versions):
        temporary.mkdir(parents=True)
        try:
            write(temporary)
            made = finish(manifest)
            sheet = (SHEET,) if (temporary / SHEET).is_file() else ()
            hashes = {file: file_hash(temporary / file) for file in (*files_of(made), *sheet)}
            complete = made.model_copy(update={"hashes": hashes})
            while True:
                complete = _named(complete, library.free_name(manifest.name))
                write_text(
                    temporary / "README.md", model_card(complete, card_facts(home, complete))
                )
                write_json(temporary / MANIFEST, complete.model_dump(mode="json"))
                try:
                    publish_folder(temporary, home.versions / complete.name)
                except OSError as error:
                    if error.errno not in (errno.EEXIST, errno.ENOTEMPTY):
                        raise
                else:
                    return home.versions / complete.name, complete
        finally:
            shutil.rmtree(temporary, ignore_errors=True)


def _named(manifest: VersionManifest, name: str) -> VersionManifest:
    title = name if manifest.title == manifest.name else manifest.title
    return manifest.model_copy(update={"name": name, "title": title})


def _sweep(versions: Path, run: str) -> None:
    """Remove what killed publishers left: this run's, and anybody's of yesterday."""
    for left in versions.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            own = bool(run) and left.name.startswith(f"{_PREFIX}{run}-")
            if own or time.time() - left.stat().st_mtime > _STALE_SECONDS:
                shutil.rmtree(left)

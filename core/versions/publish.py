"""Publishing: a finished folder appears on the shelf in one rename, or not at all."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable
from pathlib import Path

from core.files import friendly_os_errors, publish_folder, write_json, write_text
from core.home import Home, free_folder
from core.versions.hashes import file_hash
from core.versions.library import MANIFEST, STANDARD_FILES, VersionLibrary
from core.versions.manifest import VersionManifest
from core.versions.model_card import model_card


def publish(
    home: Home, manifest: VersionManifest, write: Callable[[Path], None]
) -> tuple[Path, VersionManifest]:
    """Put a version on the shelf.

    Args:
        write: Writes model.safetensors, config.json, generation_config.json, the tokenizer's
            files and metrics.jsonl into the folder that it is given.

    Returns:
        The folder and the manifest as written. A run that has published before gets that again.

    Raises:
        BadName, NameTaken, NoSpace, NoPermission
    """
    for entry in VersionLibrary(home).list():
        if manifest.run and entry.manifest.run == manifest.run and entry.problem is None:
            return entry.path, entry.manifest
    final = free_folder(home.versions, manifest.name)
    temporary = home.versions / f".{uuid.uuid4().hex[:12]}"
    with friendly_os_errors(home.versions):
        temporary.mkdir(parents=True)
        try:
            write(temporary)
            hashes = {file: file_hash(temporary / file) for file in STANDARD_FILES}
            complete = manifest.model_copy(update={"hashes": hashes, "name": final.name})
            write_text(temporary / "README.md", model_card(complete))
            write_json(temporary / MANIFEST, complete.model_dump(mode="json"))
            publish_folder(temporary, final)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    return final, complete

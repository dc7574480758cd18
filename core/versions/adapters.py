"""Versions that are only an adapter: their files, and the version that they sit on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from core.errors import BaseMissing, Damaged
from core.files import read_json
from core.reasons import reason_of
from core.sentences import N_, Sentence
from core.versions.manifest import RESTORE, VersionManifest

ADAPTER_CONFIG, ADAPTER_WEIGHTS = "adapter_config.json", "adapter_model.safetensors"
"""As peft calls them."""
_MANIFEST, _WEIGHTS = "version.json", "model.safetensors"
_CIRCLE = Sentence("Errors", N_("Errors", "its adapters sit on each other in a circle"))


def is_adapter(folder: Path) -> bool:
    """Whether a version's folder holds an adapter instead of whole weights."""
    return (folder / ADAPTER_CONFIG).is_file() and not (folder / _WEIGHTS).is_file()


def chain(folder: Path) -> list[Path]:
    """Folders from the whole version at the bottom up to `folder`: each but the first is an adapter
    on the one before it. Bases stand beside it and are known by id, whatever they are called.

    Raises:
        BaseMissing: A base is not on the shelf.
        Damaged: A version.json cannot be read, or the adapters go in a circle.
    """
    found = [folder]
    while is_adapter(found[0]):
        manifest = _manifest(found[0])
        base = _sibling(folder.parent, manifest.adapter.base) if manifest.adapter else None
        if base is None:
            raise missing(manifest)
        if base in found:
            raise Damaged(path=str(found[0] / _MANIFEST), reason=_CIRCLE, hint=RESTORE)
        found.insert(0, base)
    return found


def missing(manifest: VersionManifest) -> BaseMissing:
    """What is said of an adapter whose base is gone."""
    base = manifest.adapter.base_name if manifest.adapter else "?"
    return BaseMissing(name=manifest.name, base=base)


def unusable(manifests: Mapping[str, VersionManifest], good: set[str]) -> dict[str, BaseMissing]:
    """Adapters that cannot be used because a version below them is not there, or not `good`; by id.

    Args:
        manifests: Of all versions, by id.
        good: Ids of those whose own files are whole.
    """
    found: dict[str, BaseMissing] = {}
    for key, manifest in manifests.items():
        seen = {key}
        below: VersionManifest | None = manifest
        while below is not None and below.adapter is not None:
            base = below.adapter.base
            if base not in good or base in seen:
                found[key] = BaseMissing(name=manifest.name, base=below.adapter.base_name)
                break
            seen.add(base)
            below = manifests.get(base)
    return found


def _sibling(versions: Path, wanted: str) -> Path | None:
    for folder in sorted(versions.iterdir()):
        if folder.name.startswith(".") or not (folder / _MANIFEST).is_file():
            continue
        try:
            if read_json(folder / _MANIFEST).get("id") == wanted:
                return folder
        except (OSError, ValueError, AttributeError):
            continue
    return None


def _manifest(folder: Path) -> VersionManifest:
    path = folder / _MANIFEST
    try:
        manifest = VersionManifest.model_validate(read_json(path))
    except (OSError, ValueError, ValidationError) as error:
        raise Damaged(path=str(path), reason=reason_of(error), hint=RESTORE) from error
    return manifest.model_copy(update={"name": folder.name})

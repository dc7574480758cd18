"""SHA-256 of a version's files, to find damage."""

from __future__ import annotations

import hashlib
from pathlib import Path


def file_hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def damaged_files(folder: Path, hashes: dict[str, str]) -> list[str]:
    """Names in `hashes` whose file is missing or has another content."""
    broken: list[str] = []
    for name, expected in hashes.items():
        try:
            if file_hash(folder / name) != expected:
                broken.append(name)
        except OSError:
            broken.append(name)
    return broken

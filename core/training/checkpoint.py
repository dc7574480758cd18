"""Checkpoints: written beside, fsynced, renamed; verified by hash; the newest valid one wins."""

from __future__ import annotations

import shutil
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from core.files import friendly_os_errors, publish_folder, read_json, write_json
from core.training.distributed.files import INDEX, read_whole
from core.versions.hashes import damaged_files, file_hash

KEPT = 2
MODEL, OPTIMISER, STATE = "model.safetensors", "optimizer.safetensors", "state.json"
KEEP = "keep"
"""A file of this name marks a checkpoint that is never thinned."""


@dataclass
class RunState:
    """What a run must remember beside its tensors."""

    step: int = 0
    optimiser_steps: int = 0
    active_seconds: float = 0.0
    tokens_seen: int = 0
    best_loss: float | None = None
    best_step: int | None = None
    next_evaluation: int = 0
    extra: dict[str, Any] = field(default_factory=dict[str, Any])


class Checkpoints:
    """The folder `checkpoints/` of a run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def tidy(self) -> None:
        """Remove what a killed writer left half done."""
        for path in self.folder.glob(".*"):
            shutil.rmtree(path, ignore_errors=True)

    def save(
        self,
        state: RunState,
        weights: dict[str, Tensor],
        optimiser: dict[str, Tensor],
        keep: bool = False,
    ) -> Path:
        """Write step-N and thin out older ones; one with `keep` stays for good.

        Raises:
            NoSpace: The disk is full; the older checkpoints are untouched.
        """
        final = self.folder / f"step-{state.step:08d}"
        if final.exists() and self._state(final) is None:
            shutil.rmtree(final)  # Damaged: that is why the step was done again.
        if not final.exists():
            self._write(final, state, {MODEL: weights, OPTIMISER: optimiser})
        if keep:
            (final / KEEP).touch()
        self._thin(KEPT)
        return final

    def _thin(self, kept: int) -> None:
        for old in self._found()[kept:]:
            if not (old / KEEP).exists():
                shutil.rmtree(old, ignore_errors=True)

    def save_best(self, state: RunState, weights: dict[str, Tensor]) -> None:
        """Keep the weights that were best on unseen text; never thinned."""
        final = self.folder / f"best-{state.step:08d}"
        if final.exists():
            return
        self._write(final, state, {MODEL: weights})
        for old in self.folder.glob("best-*"):
            if old != final:
                shutil.rmtree(old, ignore_errors=True)

    def newest(
        self, up_to: int | None = None
    ) -> tuple[RunState, dict[str, Tensor], dict[str, Tensor]] | None:
        """The newest checkpoint (of step `up_to` at the latest) whose files are whole; damaged ones
        are passed over."""
        for folder in self._found():
            if up_to is not None and int(folder.name[len("step-") :]) > up_to:
                continue
            loaded = self._load(folder)
            if loaded is not None:
                return loaded
        return None

    def any(self) -> bool:
        """Whether there is a checkpoint, whole or not."""
        return bool(self._found())

    def best(self) -> dict[str, Tensor] | None:
        for folder in sorted(self.folder.glob("best-*"), reverse=True):
            loaded = self._load(folder)
            if loaded is not None:
                return loaded[1]
        return None

    def clear(self) -> None:
        """After publishing only the newest state is needed, and the one before the decay, from
        which the same run could be extended."""
        self._thin(1)
        self.tidy()
        for old in self.folder.glob("best-*"):
            shutil.rmtree(old, ignore_errors=True)

    def _found(self) -> list[Path]:
        return sorted(self.folder.glob("step-*"), reverse=True) if self.folder.is_dir() else []

    def _write(self, final: Path, state: RunState, tensors: dict[str, dict[str, Tensor]]) -> None:
        with friendly_os_errors(final, sum(_bytes(t) for t in tensors.values())):
            self.folder.mkdir(parents=True, exist_ok=True)
            temporary = self.folder / f".{final.name}-{uuid.uuid4().hex[:6]}"
            temporary.mkdir()
            try:
                for name, group in tensors.items():
                    _save(group, temporary / name)
                hashes = {name: file_hash(temporary / name) for name in tensors}
                write_json(temporary / STATE, {**vars(state), "hashes": hashes})
                publish_folder(temporary, final)
            finally:
                shutil.rmtree(temporary, ignore_errors=True)

    def _state(self, folder: Path) -> tuple[RunState, list[str]] | None:
        """The state and the names of the tensor files, if everything is whole."""
        try:
            data = read_json(folder / STATE)
            hashes: dict[str, str] = data.pop("hashes")
            if not {MODEL, INDEX} & hashes.keys() or damaged_files(folder, hashes):
                return None
            return RunState(**data), list(hashes)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def _load(self, folder: Path) -> tuple[RunState, dict[str, Tensor], dict[str, Tensor]] | None:
        known = self._state(folder)
        if known is None:
            return None
        state, names = known
        try:
            if INDEX in names:  # Written by several devices.
                whole = read_whole(folder)
                return state, whole["model"], whole.get("optimizer", {})
            tensors = {name: load_file(folder / name) for name in names}
        except (OSError, SafetensorError, ValueError, KeyError):
            return None
        return state, tensors[MODEL], tensors.get(OPTIMISER, {})


def _save(tensors: dict[str, Tensor], path: Path) -> None:
    try:
        save_file({n: t.detach().cpu().contiguous() for n, t in tensors.items()}, path)
    except SafetensorError as error:  # The library wraps the system's error in text.
        if "No space left" in str(error) or "os error 28" in str(error):
            import errno

            raise OSError(errno.ENOSPC, "No space left on device") from error
        raise


def _bytes(tensors: dict[str, Tensor]) -> int:
    return sum(t.numel() * t.element_size() for t in tensors.values())

"""Checkpoints: written beside, fsynced, renamed; verified by hash; the newest valid one wins."""

from __future__ import annotations

import contextlib
import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from core.files import (
    friendly_os_errors,
    fsync_folder,
    link_or_copy,
    publish_folder,
    read_json,
    sealed,
    unsealed,
    write_json,
)
from core.hardware import disk_free
from core.training.distributed.files import INDEX, read_whole
from core.training.retention import MOST, Held, surplus
from core.training.tensorfile import tensor_bytes, write_tensors
from core.versions.hashes import damaged_files

MODEL, OPTIMISER, STATE = "model.safetensors", "optimizer.safetensors", "state.json"
KEEP = "keep"
"""A file of this name marks a checkpoint that is never thinned."""
FREE_SHARE = 0.1
"""Of the free disk that checkpoints may take where the user sets no limit."""

Write = Callable[[Path], dict[str, str]]
"""Writes files into a folder, flushed to the disk; returns their names and hashes."""
Loaded = tuple["RunState", dict[str, Tensor], dict[str, Tensor]]


@dataclass
class RunState:
    """What a run must remember beside its tensors. `best_kept`: step whose weights lie beside it."""

    step: int = 0
    optimiser_steps: int = 0
    active_seconds: float = 0.0
    tokens_seen: int = 0
    best_loss: float | None = None
    best_step: int | None = None
    next_evaluation: int = 0
    extra: dict[str, Any] = field(default_factory=dict[str, Any])
    best_kept: int | None = None


@dataclass(frozen=True)
class Best:
    """Weights that were best on unseen text, to be kept beside the next checkpoint."""

    step: int
    weights: dict[str, Tensor]


def whole(weights: dict[str, Tensor], optimiser: dict[str, Tensor]) -> Write:
    """Both in one file each."""
    return lambda folder: {
        MODEL: write_tensors(folder / MODEL, weights),
        OPTIMISER: write_tensors(folder / OPTIMISER, optimiser),
    }


class Checkpoints:
    """The folder `checkpoints/` of a run."""

    def __init__(self, folder: Path, gigabytes: float | None = None) -> None:
        """`gigabytes`: of the disk (10^9 bytes) for all of them; None: a tenth of what is free."""
        self.folder = folder
        self._gigabytes = gigabytes
        self.damaged: list[int] = []
        """Steps that `newest` passed over; removed when a newer state is saved."""
        self._valid: set[int] = set()

    def tidy(self) -> None:
        """Remove what a killed writer left half done."""
        for path in self.folder.glob(".*"):
            shutil.rmtree(path, ignore_errors=True)

    # ---- writing -----------------------------------------------------------------------------

    def save(
        self, state: RunState, weights: dict[str, Tensor], optimiser: dict[str, Tensor],
        keep: bool = False, best: Best | None = None,
    ) -> Path:  # fmt: skip
        """Write step-N and thin out older ones; one with `keep` stays for good.

        Raises:
            NoSpace: The disk is full; the older checkpoints are untouched.
        """
        size = tensor_bytes(weights) + tensor_bytes(optimiser)
        return self.commit(state, whole(weights, optimiser), size, keep, best)

    def commit(
        self, state: RunState, write: Write, size: int, keep: bool = False, best: Best | None = None
    ) -> Path:
        """The same with a function that writes the tensors' files, of `size` bytes together."""
        final = self._path("step", state.step)
        if final.exists() and self._state(final) is None:
            self._remove(final)  # Damaged: that is why the step was done again.
        if not final.exists():
            needed = size + (tensor_bytes(best.weights) if best else 0)
            self._make_room(int(1.1 * needed) - disk_free(self.folder))
            if best is not None and best.step == state.best_kept and not self._holds(best.step):
                self._remove(self._path("best", best.step))  # Damaged, if it is there.
                self._write(
                    self._path("best", best.step), _of_best(best.step, state),
                    lambda folder: {MODEL: write_tensors(folder / MODEL, best.weights)},
                    tensor_bytes(best.weights),
                )  # fmt: skip
            self._write(final, state, write, size, keep)
        elif keep:
            with friendly_os_errors(final):
                (final / KEEP).touch()
                fsync_folder(final)
        self._valid.add(state.step)
        for step in self.damaged:
            if step not in self._valid:
                self._remove(self._path("step", step))
        self.damaged.clear()
        self._thin(self._budget(), MOST)
        return final

    def clear(self) -> None:
        """After publishing only the newest state is needed, and the one before the decay, from
        which the same run could be extended."""
        self._thin(0, 1)
        self.tidy()

    def _budget(self) -> int:
        if self._gigabytes is not None:
            return int(self._gigabytes * 1e9)
        return int(FREE_SHARE * (disk_free(self.folder) + sum(map(_size, self._found()))))

    def _make_room(self, missing: int) -> None:
        """Older checkpoints give way to a new one, where that is enough."""
        held = self._held()
        loose = sum(one.size for one in held if not one.fixed)
        if 0 < missing <= loose:
            self._thin(sum(one.size for one in held) - missing, MOST)

    def _held(self) -> list[Held]:
        """Fixed are the newest that is whole, and those that are marked."""
        found = self._found()
        known = [_step(path) for path in found if _step(path) in self._valid]
        newest = max(known, default=None)
        return [
            Held(_step(p), _size(p), newest in (None, _step(p)) or (p / KEEP).exists())
            for p in found
        ]

    def _thin(self, budget: int, most: int) -> None:
        """Never a fixed one, nor the best of those that stay in any case."""
        found = self._found()
        gone = surplus(self._held(), budget, most)
        stay = [path for path in found if _step(path) not in gone]
        needed = [path for path in stay if path in stay[:2] or (path / KEEP).exists()]
        if most == 1:  # Nothing is published from the newest any more.
            needed = [path for path in needed if (path / KEEP).exists()]
        bests = {_best_of(path) for path in needed}
        for path in found:
            if path not in stay:
                if _step(path) in bests:
                    self._keep_weights(path)
                self._remove(path)
        for path in self.folder.glob("best-*"):
            if _step(path) not in bests:
                self._remove(path)

    def _keep_weights(self, path: Path) -> None:
        """Another checkpoint's best lies in `path`, which goes: its weights stay, without a copy
        where the file system can."""
        state = self._state(path)
        final = self._path("best", _step(path))
        if state is None or final.exists():
            return
        with contextlib.suppress(OSError):
            hashes: dict[str, str] = read_json(path / STATE)["hashes"]
            names = [MODEL] if MODEL in hashes else list(hashes)

            def link(folder: Path) -> dict[str, str]:
                for name in names:
                    link_or_copy(path / name, folder / name)
                return {name: hashes[name] for name in names}

            self._write(final, _of_best(_step(path), state[0]), link, 0)

    def _write(
        self, final: Path, state: RunState, write: Write, size: int, keep: bool = False
    ) -> None:
        with friendly_os_errors(final, size):
            self.folder.mkdir(parents=True, exist_ok=True)
            temporary = self.folder / f".{final.name}-{uuid.uuid4().hex[:6]}"
            temporary.mkdir()
            try:
                hashes = write(temporary)
                if keep:
                    (temporary / KEEP).touch()
                write_json(temporary / STATE, sealed({**vars(state), "hashes": hashes}))
                publish_folder(temporary, final)
            finally:
                shutil.rmtree(temporary, ignore_errors=True)

    def _remove(self, path: Path) -> None:
        """Out of sight first: one that is half removed must not be taken for a damaged one."""
        with contextlib.suppress(OSError):
            path = path.rename(self.folder / f".{path.name}-{uuid.uuid4().hex[:6]}")
        shutil.rmtree(path, ignore_errors=True)

    # ---- reading -----------------------------------------------------------------------------

    def newest(self, up_to: int | None = None) -> Loaded | None:
        """The newest checkpoint (of step `up_to` at the latest) whose files are whole; damaged ones
        are passed over, see `damaged`."""
        for folder in self._found():
            if up_to is not None and _step(folder) > up_to:
                continue
            loaded = self._load(folder)
            if loaded is not None:
                self._valid.add(_step(folder))
                state = loaded[0]
                if state.best_kept is None and self._path("best", state.best_step or 0).is_dir():
                    state.best_kept = state.best_step  # The first edition did not note it.
                if state.best_kept is not None and not self._holds(state.best_kept):
                    state.best_kept = state.best_step = state.best_loss = None
                return loaded
            self.damaged.append(_step(folder))
            self._valid.discard(_step(folder))
        return None

    def any(self) -> bool:
        """Whether there is a checkpoint, whole or not."""
        return bool(self._found())

    def best(self, step: int) -> dict[str, Tensor] | None:
        """The weights of the best test, kept apart or in the checkpoint of that step."""
        for kind in ("best", "step"):
            loaded = self._load(self._path(kind, step))
            if loaded is not None:
                return loaded[1]
        return None

    def _holds(self, step: int) -> bool:
        return any(self._state(self._path(kind, step)) is not None for kind in ("best", "step"))

    def _found(self) -> list[Path]:
        """Newest first."""
        if not self.folder.is_dir():
            return []
        found = [path for path in self.folder.glob("step-*") if path.name[5:].isdigit()]
        return sorted(found, key=_step, reverse=True)

    def _path(self, kind: str, step: int) -> Path:
        return self.folder / f"{kind}-{step:08d}"

    def _state(self, folder: Path) -> tuple[RunState, list[str]] | None:
        """The state and the names of the tensor files, if everything is whole."""
        try:
            data = unsealed(read_json(folder / STATE))
            hashes: dict[str, str] = data.pop("hashes")
            if not {MODEL, INDEX} & set(hashes) or damaged_files(folder, hashes):
                return None
            return RunState(**data), list(hashes)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def _load(self, folder: Path) -> Loaded | None:
        found = self._state(folder)
        if found is None:
            return None
        state, names = found
        try:
            if INDEX in names:
                parts = read_whole(folder)
                return state, parts["model"], parts.get("optimizer", {})
            tensors = {name: load_file(folder / name) for name in names}
        except (OSError, ValueError, KeyError, SafetensorError):
            return None
        return state, tensors[MODEL], tensors.get(OPTIMISER, {})


def _of_best(step: int, state: RunState) -> RunState:
    """What is noted beside weights without an optimiser; the roll-backs of their past with it."""
    known = {"roll_backs": state.extra["roll_backs"]} if "roll_backs" in state.extra else {}
    return RunState(step=step, extra=known)


def _step(path: Path) -> int:
    return int(path.name.partition("-")[2])


def _size(path: Path) -> int:
    with contextlib.suppress(OSError):
        return sum(file.stat().st_size for file in path.iterdir())
    return 0


def _best_of(path: Path) -> int | None:
    """The step whose weights are the best of the checkpoint `path`."""
    try:
        best = read_json(path / STATE)["best_kept"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return best if isinstance(best, int) else None

"""Whether a training that was repeated came to the same weights, and if not, how far off and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file

from core.models.devices import device_name
from core.sentences import N_, Sentence, Value
from core.training.prepare import Prepared
from core.versions.hashes import file_hash
from core.versions.library import VersionEntry

_FILES = ("model.safetensors", "adapter_model.safetensors")


def compare_weights(before: VersionEntry, folder: Path, prepared: Prepared) -> dict[str, Any]:
    """Of the version `before` and its repetition in `folder`.

    Returns `identical`, `largest` (the largest difference of a weight), `relative` (norm of all
    differences ÷ norm of the weights), `reasons` and `sentence` (as JSON), and `of`: the version's
    name.
    """
    name = next((n for n in _FILES if (folder / n).is_file()), _FILES[0])
    one, two = before.path / name, folder / name
    identical = one.is_file() and file_hash(one) == file_hash(two)
    largest, relative = (0.0, 0.0) if identical else _apart(one, two)
    reasons = [] if identical else _reasons(before, prepared)
    sentence = _sentence(before, identical, relative, reasons)
    return {
        "of": before.name, "identical": identical, "largest": largest, "relative": relative,
        "reasons": [reason.to_json() for reason in reasons], "sentence": sentence.to_json(),
    }  # fmt: skip


def _apart(one: Path, two: Path) -> tuple[float, float]:
    """(largest, relative) difference; infinite where the tensors are others."""
    first, second = load_file(one), load_file(two)
    if {n: t.shape for n, t in first.items()} != {n: t.shape for n, t in second.items()}:
        return float("inf"), float("inf")
    largest = difference = whole = 0.0
    for name, weight in first.items():
        apart = (weight.double() - second[name].double()).abs()
        largest = max(largest, float(apart.max()) if apart.numel() else 0.0)
        difference += float(apart.square().sum())
        whole += float(weight.double().square().sum())
    return largest, (difference / max(whole, 1e-300)) ** 0.5


def _reasons(before: VersionEntry, prepared: Prepared) -> list[Sentence]:
    """What is not as it was: sums are rounded in another order by other devices and programs."""
    found: list[Sentence] = []
    old: dict[str, Any] = before.manifest.decisions

    def changed(text: str, was: Value, now: Value) -> None:
        if was and was != now:
            found.append(Sentence("Reproducing", text, {"was": was, "now": now}))

    changed(N_("Reproducing", "it ran on {was} then and on {now} now"), before.manifest.device, device_name(prepared.device))  # fmt: skip
    changed(N_("Reproducing", "PyTorch was {was} then and is {now} now"), old.get("torch", ""), torch.__version__)  # fmt: skip
    if old.get("roll_backs"):
        found.append(Sentence("Reproducing", N_("Reproducing", "it went wrong on the way then and had to go back")))  # fmt: skip
    if (old.get("ranks") or 1) > 1:
        found.append(Sentence("Reproducing", N_("Reproducing", "several devices trained together then")))  # fmt: skip
    if prepared.device.type != "cpu" and not found:
        found.append(Sentence("Reproducing", N_("Reproducing", "this GPU does not round sums in a fixed order")))  # fmt: skip
    return found


def _sentence(
    before: VersionEntry, identical: bool, relative: float, reasons: list[Sentence]
) -> Sentence:
    values: dict[str, Value] = {"name": before.manifest.title, "share": f"{relative:.1e}"}
    if identical:
        text = N_(
            "Reproducing", "The repetition of “{name}” came to the same weights, bit for bit."
        )
    elif not reasons:
        text = N_("Reproducing", "The repetition of “{name}” differs by {share} of the weights, and nothing that is recorded says why.")  # fmt: skip
    else:
        text = N_("Reproducing", "The repetition of “{name}” differs by {share} of the weights: {reason}.")  # fmt: skip
        values["reason"] = reasons[0]
    return Sentence("Reproducing", text, values)

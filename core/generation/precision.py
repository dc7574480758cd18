"""At which precision a version writes: the fastest whose loss on its own unseen text is nothing.

Measured once for each version and machine, and kept beside the version: the same machine always
decides the same, so a seed goes on giving the same answer.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, cast

import torch

from core.errors import TerakoyaError
from core.evaluation.texts import corpus_text
from core.files import read_json, write_json
from core.hardware import cpu_name
from core.home import Home
from core.models.matrices import PRECISIONS, Precision, fits_int8
from core.models.rotary_decoder.decode import CpuDecoder
from core.models.rotary_decoder.model import RotaryDecoder
from core.versions.library import VersionEntry

FILE = "decoding.json"
MOST_LOSS = 0.005
"""Bits per byte that rounding the weights may cost."""
_WORTH = 1.15
"""A less exact precision must be so many times as fast."""
_STEP_SECONDS, _MOST_STEPS, _LEAST_STEPS = 0.15, 30, 6
_UNSTEADY = 1.5
_SAMPLE_WORK, _FEWEST_TOKENS, _MOST_TOKENS, _WINDOW = 1e11, 512, 2048, 256
_DOCUMENTS, _CHARACTERS = 24, 4096


@dataclass
class Findings:
    """What is known: bits per byte lost, and seconds of a step here, by precision."""

    losses: dict[str, float] = field(default_factory=dict[str, float])
    sample_bytes: int = 0
    seconds: dict[str, float] = field(default_factory=dict[str, float])
    steady: bool = True
    """False: other programs disturbed the seconds, so that they are not worth keeping."""

    def chosen(self) -> Precision:
        """The fastest whose loss is known to be below `MOST_LOSS`, if it is worth it."""
        best: Precision = "fp32"
        if best not in self.seconds:
            return best
        for precision in PRECISIONS[1:]:
            harmless = self.losses.get(precision, math.inf) < MOST_LOSS  # Never for a NaN.
            seconds = self.seconds.get(precision, math.inf)
            if harmless and seconds * _WORTH < self.seconds[best]:
                best = precision
        return best

    def speedup(self, precision: Precision) -> float | None:
        """Times the speed of exact weights, as measured here."""
        exact, own = self.seconds.get("fp32"), self.seconds.get(precision)
        return exact / own if exact and own else None


def candidates(model: RotaryDecoder) -> list[Precision]:
    """What this model can be kept at."""
    c = model.config
    widths = (c.width, c.heads * c.head_size, c.feed_forward)
    return [p for p in PRECISIONS if p != "int8" or all(fits_int8(width) for width in widths)]


def recall(entry: VersionEntry) -> Findings:
    """What was found of this version on this machine; empty where nothing was."""
    try:
        kept = read_json(entry.path / FILE)
        if kept["weights"] != _weights_of(entry):
            return Findings()
        here = kept["machines"].get(_machine(), {})
        return Findings(
            {str(k): float(v) for k, v in kept["losses"].items()}, int(kept["sample_bytes"]),
            {str(k): float(v) for k, v in here.get("seconds", {}).items()},
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Findings()


def keep(entry: VersionEntry, findings: Findings) -> None:
    """Beside the version, with what other machines found; a shelf that is read-only stays as it is."""
    path = entry.path / FILE
    machines: dict[str, Any] = {}
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        old = read_json(path)
        if old["weights"] == _weights_of(entry):
            machines = dict(old["machines"])
    if findings.seconds and findings.steady:
        machines[_machine()] = {"seconds": findings.seconds}
    with contextlib.suppress(OSError, TerakoyaError):
        write_json(
            path,
            {"schema": 1, "weights": _weights_of(entry), "losses": findings.losses,
             "sample_bytes": findings.sample_bytes, "machines": machines},
        )  # fmt: skip


def measure(
    model: RotaryDecoder, findings: Findings, sample: Sequence[Sequence[int]], pieces: Sequence[bytes],
    stopped: Callable[[], bool] = lambda: False,
) -> CpuDecoder:  # fmt: skip
    """Fill `findings` with what is not known yet; returns the decoder of the chosen precision.

    Args:
        model: On the CPU, in fp32.
        sample: Windows of unseen tokens; without any, losses stay unknown and writing exact.
        stopped: Somebody is waiting: leave it for another time.
    """
    if findings.seconds and findings.losses:
        return CpuDecoder(model, findings.chosen())
    if not sample and not findings.losses:
        return CpuDecoder(model)
    decoders: dict[Precision, CpuDecoder] = {p: CpuDecoder(model, p) for p in candidates(model)}
    if not findings.seconds:
        findings.seconds, findings.steady = step_seconds(decoders)
    if not findings.losses:
        losses = lost_bits(decoders, sample, pieces, stopped)
        if losses is not None:
            findings.losses = losses
            findings.sample_bytes = sum(len(pieces[t]) for window in sample for t in window[1:])
    return decoders[findings.chosen()]


def step_seconds(decoders: dict[Precision, CpuDecoder]) -> tuple[dict[str, float], bool]:
    """Seconds of a step, the best of some, and whether the usual one was about as fast. Taken by
    turns, so that a busy moment hits all alike."""
    times: dict[str, list[float]] = {str(precision): [] for precision in decoders}
    for decoder in decoders.values():
        decoder.prompt([0])
    begun = time.perf_counter()
    for count in range(_MOST_STEPS):
        if count >= _LEAST_STEPS and time.perf_counter() - begun > _STEP_SECONDS:
            break
        for precision, decoder in decoders.items():
            if decoder.length >= decoder.context:
                decoder.reset()
            start = time.perf_counter()
            decoder.step(0)
            times[precision].append(time.perf_counter() - start)
    steady = all(median(taken) < _UNSTEADY * min(taken) for taken in times.values())
    return {precision: min(taken) for precision, taken in times.items()}, steady


def lost_bits(
    decoders: dict[Precision, CpuDecoder],
    sample: Sequence[Sequence[int]],
    pieces: Sequence[bytes],
    stopped: Callable[[], bool] = lambda: False,
) -> dict[str, float] | None:
    """Bits per byte that each precision loses on `sample` against "fp32" (negative: it gains).
    None when it was stopped. The difference of the same tokens varies little: a few hundred do."""
    nats: dict[str, float] = dict.fromkeys(decoders, 0.0)
    size = 0
    for window in sample:
        for precision, decoder in decoders.items():
            if stopped():
                return None
            nats[precision] += float(decoder.losses(window).double().sum())
        size += sum(len(pieces[token]) for token in window[1:])
    scale = math.log(2) * max(1, size)
    return {p: (nats[p] - nats["fp32"]) / scale for p in decoders if p != "fp32"}


def unseen_sample(
    home: Home, entry: VersionEntry, model: RotaryDecoder, tokenizer: Any, end_of_text: int
) -> list[list[int]]:
    """Windows of the version's own held-out text; empty where there is none."""
    try:
        pins = entry.manifest.corpora
        text = corpus_text(home, pins[0], "heldout") if pins else None
    except (OSError, ValueError, KeyError, TerakoyaError):
        return []
    if text is None:
        return []
    step = max(1, len(text.documents) // _DOCUMENTS)
    chosen = [document[:_CHARACTERS] for document in text.documents[::step][:_DOCUMENTS]]
    if len(chosen) < _DOCUMENTS:  # A few books: parts of them.
        chosen = [
            document[place : place + _CHARACTERS]
            for document in text.documents
            for place in range(0, len(document), max(_CHARACTERS, len(document) // _DOCUMENTS))
        ][: 2 * _DOCUMENTS]
    tokens: list[int] = []
    for encoded in tokenizer.encode_batch_fast(chosen):
        tokens += [end_of_text, *cast(list[int], encoded.ids)]
    size = min(_WINDOW, model.config.context)
    wanted = int(_SAMPLE_WORK / (2 * model.config.parameters))
    count = min(max(_FEWEST_TOKENS, wanted), _MOST_TOKENS) // size
    starts = range(0, max(1, len(tokens) - size), max(size, len(tokens) // max(1, count)))
    cut = [tokens[start : start + size] for start in starts]
    return [window for window in cut[: max(1, count)] if len(window) > 1]


def _weights_of(entry: VersionEntry) -> str:
    return entry.manifest.hashes.get("model.safetensors", entry.id)


def _machine() -> str:
    """What a speed depends on."""
    return f"{cpu_name()}, {torch.get_num_threads()} threads, torch {torch.__version__}"

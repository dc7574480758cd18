"""Which precision is chosen, from what was measured, and what is kept of it."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import torch

from core.families.qwen3 import Qwen3Config
from core.generation import precision
from core.generation.precision import MOST_LOSS, Findings
from core.models.qwen3.model import Qwen3
from core.models.rotary_decoder.decode import CpuDecoder
from core.versions.library import VersionEntry
from core.versions.manifest import VersionManifest

PIECES = [b"ab"] * 120
FAST = {"fp32": 4.0, "bf16": 2.0, "int8": 1.0}
NONE = {"bf16": 0.0, "int8": 0.0}


def entry(path: Path, weights: str = "a") -> VersionEntry:
    manifest = VersionManifest(
        id="v1", name="V", title="V", created=0.0, hashes={"model.safetensors": weights}
    )
    return VersionEntry(manifest, path)


def model_of(width: int = 64, outlier: float = 0.0) -> Qwen3:
    """`outlier`: one weight of each row of the matrices after norms is so large, and nothing passes
    through it."""
    torch.manual_seed(5)
    model = Qwen3(Qwen3Config(120, 2, width, 2, 2, 32, 96, 64, True))
    with torch.no_grad():
        for name, weight in model.named_parameters():
            weight.copy_(torch.randn_like(weight) * 0.3 + (1.0 if "norm" in name else 0.0))
            if outlier and "layernorm" in name:
                weight[0] = 0.0
            elif (
                outlier
                and "proj" in name
                and not name.endswith(("o_proj.weight", "down_proj.weight"))
            ):
                weight[:, 0] = outlier
    return model.eval()


def own_words(model: Qwen3) -> list[list[int]]:
    """Text that the model itself would write: whatever changes the model fits it less."""
    decoder, draw = CpuDecoder(model), np.random.default_rng(2)
    windows: list[list[int]] = []
    for _ in range(4):
        window = [0]
        logits = decoder.prompt(window)
        while len(window) < 40:
            shares = np.exp(logits.astype(np.float64) - logits.max())
            window.append(int(draw.choice(len(logits), p=shares / shares.sum())))
            logits = decoder.step(window[-1])
        windows.append(window)
    return windows


SAMPLE = [[(7 * i * i + j) % 120 for i in range(40)] for j in range(4)]


@pytest.mark.parametrize(
    ("losses", "seconds", "wanted"),
    [
        (NONE, FAST, "int8"),
        ({"bf16": 0.001, "int8": MOST_LOSS}, FAST, "bf16"),
        ({"bf16": 0.1, "int8": 0.001}, FAST, "int8"),
        ({"bf16": 0.1, "int8": 0.1}, FAST, "fp32"),
        ({"bf16": -0.001, "int8": math.nan}, FAST, "bf16"),
        ({"bf16": 0.0}, {"fp32": 4.0, "bf16": 3.9}, "fp32"),  # Not worth it.
        (NONE, {"fp32": 4.0, "bf16": 1.0, "int8": 0.95}, "bf16"),
        ({}, FAST, "fp32"),  # Nobody knows what rounding costs.
        (NONE, {}, "fp32"),
    ],
)
def test_the_fastest_precision_that_costs_nothing_is_chosen(
    losses: dict[str, float], seconds: dict[str, float], wanted: str
) -> None:
    assert Findings(losses, 100, seconds).chosen() == wanted


def test_what_was_found_is_kept_beside_the_version_and_measured_only_once(tmp_path: Path) -> None:
    model, found = model_of(), Findings()
    decoder = precision.measure(model, found, SAMPLE, PIECES)
    assert set(found.losses) == {"bf16", "int8"}
    assert found.sample_bytes == 2 * 39 * 4
    assert all(math.isfinite(s) and s > 0 for s in found.seconds.values())
    assert decoder.precision == found.chosen()
    found.steady = True
    precision.keep(entry(tmp_path), found)
    again = precision.recall(entry(tmp_path))
    assert again == found
    assert precision.measure(model, again, SAMPLE, PIECES).precision == found.chosen()
    assert again == found
    assert precision.recall(entry(tmp_path, "other weights")) == Findings()
    (tmp_path / precision.FILE).write_text("[1, 2]")
    assert precision.recall(entry(tmp_path)) == Findings()


def test_seconds_of_a_disturbed_moment_are_not_kept_but_the_losses_are(tmp_path: Path) -> None:
    precision.keep(entry(tmp_path), Findings(dict(NONE), 9, dict(FAST), steady=False))
    assert precision.recall(entry(tmp_path)) == Findings(dict(NONE), 9, {})


def test_lost_bits_are_the_difference_of_two_plain_measurements() -> None:
    model = model_of()
    decoders = {p: CpuDecoder(model, p, torch.float32) for p in precision.candidates(model)}
    lost = precision.lost_bits(decoders, SAMPLE, PIECES)
    assert lost is not None
    rounded = model_of().to(torch.bfloat16).to(torch.float32)  # bf16 weights, exact sums.
    with torch.no_grad():
        block = torch.tensor(SAMPLE)
        nats = [
            torch.nn.functional.cross_entropy(
                m(block[:, :-1]).double().flatten(0, 1), block[:, 1:].flatten(), reduction="sum"
            ).item()
            for m in (model, rounded)
        ]
    wanted = (nats[1] - nats[0]) / math.log(2) / (4 * 39 * 2)
    assert lost["bf16"] == pytest.approx(wanted, abs=2e-3)


def test_weights_that_a_byte_cannot_hold_are_noticed_and_not_rounded_to_one() -> None:
    model = model_of(outlier=200.0)
    found = Findings(seconds=dict(FAST))
    decoder = precision.measure(model, found, own_words(model), PIECES)
    assert found.losses["int8"] > 10 * MOST_LOSS
    assert decoder.precision == found.chosen() != "int8"


def test_measuring_leaves_off_when_somebody_waits_and_writing_is_exact_meanwhile() -> None:
    found = Findings()
    decoder = precision.measure(model_of(), found, SAMPLE, PIECES, stopped=lambda: True)
    assert (decoder.precision, found.losses) == ("fp32", {})


def test_without_unseen_text_writing_is_exact() -> None:
    found = Findings()
    assert precision.measure(model_of(), found, [], PIECES).precision == "fp32"
    assert found == Findings()


def test_widths_that_the_byte_kernel_cannot_read_are_never_offered_to_it() -> None:
    assert precision.candidates(model_of(64)) == ["fp32", "bf16", "int8"]
    assert precision.candidates(model_of(72)) == ["fp32", "bf16"]

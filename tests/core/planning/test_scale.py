"""The planner's answers for published models, against figures that were published."""

from __future__ import annotations

import pytest

from core.planning.devices import DEVICES, device_named
from core.planning.energy import Prices
from core.planning.presets import PRESETS, dense_parameters, preset_of_size
from core.planning.scale import devices_needed, estimate, flops

MODELS = {preset.key: preset for preset in PRESETS}
CARDS = {device.key: device for device in DEVICES}


@pytest.mark.parametrize(
    "key", [p.key for p in PRESETS if p.active is None and p.key != "gpt3-1.3b"]
)
def test_the_printed_sizes_make_the_printed_number_of_parameters(key: str) -> None:
    preset = MODELS[key]
    assert dense_parameters(preset) == pytest.approx(preset.parameters, rel=0.015)


def test_a_size_that_is_printed_with_a_contradiction_says_so() -> None:
    xl = MODELS["gpt3-1.3b"]
    assert xl.heads * xl.head_size != xl.width
    assert "wider than the model" in xl.note


@pytest.mark.parametrize(
    ("key", "total"),  # Brown et al. 2020, table D.1, "total train compute (flops)".
    [("gpt3-125m", 2.25e20), ("gpt3-350m", 6.41e20), ("gpt3-760m", 1.37e21), ("gpt3-1.3b", 2.38e21),
     ("gpt3-2.7b", 4.77e21), ("gpt3-6.7b", 1.20e22), ("gpt3-13b", 2.31e22), ("gpt3-175b", 3.14e23)],
)  # fmt: skip
def test_the_work_of_gpt3_is_that_of_its_papers_appendix(key: str, total: float) -> None:
    assert flops(MODELS[key], 300e9)[0] == pytest.approx(total, rel=0.02)


def test_gpt3_takes_the_time_energy_and_carbon_that_were_worked_out_for_it() -> None:
    """Patterson et al. 2021, table 4: 10,000 V100 at 24.6 TFLOP/s, 14.8 days, 1,287 MWh, 552 t at 429
    g/kWh."""
    made = estimate(
        MODELS["gpt3-175b"], CARDS["v100"], devices=10_000, utilisation=24.6 / 125,
        prices=Prices(grid_factor=429),
    )  # fmt: skip
    assert made.seconds / 86_400 == pytest.approx(14.8, rel=0.05)
    assert made.energy_wh == pytest.approx(1287e6, rel=0.05)
    assert made.co2_g == pytest.approx(552e6, rel=0.05)
    assert made.fits


def test_sixteen_bytes_a_parameter_are_shared_by_the_devices() -> None:
    """ZeRO (Rajbhandari et al. 2020): 1.5 billion parameters need 24 GB on one device."""
    made = estimate(preset_of_size(1.5e9), CARDS["a100-40gb"], devices=1)
    assert made.state_bytes == pytest.approx(24e9)
    assert estimate(preset_of_size(1.5e9), CARDS["a100-40gb"], devices=8).state_bytes == 3e9


def test_the_fewest_devices_hold_it_and_one_less_does_not() -> None:
    preset, device = MODELS["gpt3-175b"], CARDS["h100"]
    least = devices_needed(preset, device)
    assert 16 * preset.parameters / least < device.memory_bytes < 16 * preset.parameters / 34
    assert estimate(preset, device, devices=least).fits
    assert not estimate(preset, device, devices=least - 1).fits
    assert devices_needed(MODELS["gpt2-124m"], device) == 1


def test_idle_experts_take_memory_but_no_work() -> None:
    sparse = MODELS["kimi-k2"]
    made = estimate(sparse, CARDS["b200"])
    assert made.flops_weights == pytest.approx(6 * 32.6e9 * 15.5e12)
    assert made.state_bytes * made.devices == pytest.approx(16 * 1.04e12)


def test_more_devices_take_less_time_and_the_same_energy() -> None:
    few, many = (estimate(MODELS["gpt3-13b"], CARDS["a100-80gb"], devices=n) for n in (64, 640))
    assert few.seconds == pytest.approx(10 * many.seconds)
    assert few.energy_wh == pytest.approx(many.energy_wh)


@pytest.mark.parametrize(
    ("told", "key"),
    [("NVIDIA GeForce RTX 4090", "rtx-4090"), ("NVIDIA H100 80GB HBM3", "h100"),
     ("NVIDIA H100 PCIe", "h100-pcie"), ("NVIDIA A100-SXM4-80GB", "a100-80gb"), ("Tesla T4", "t4"),
     ("Apple M1 Max", "m1-max"), ("NVIDIA GeForce GT 710", None), ("AMD EPYC", None)],
)  # fmt: skip
def test_a_drivers_name_is_found_in_the_table(told: str, key: str | None) -> None:
    found = device_named(told)
    assert (found.key if found else None) == key


def test_every_entry_is_whole_and_says_where_it_is_from() -> None:
    assert len({d.key for d in DEVICES}) == len(DEVICES) and len(MODELS) == len(PRESETS)
    for device in DEVICES:
        assert min(device.tflops, device.memory, device.bandwidth, device.watts) > 0
        assert len(device.source) > 10
    for preset in PRESETS:
        assert preset.tokens > 1e9 and preset.batch_tokens >= 32_768
        assert len(preset.source) > 10

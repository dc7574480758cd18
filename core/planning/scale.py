"""Training of any size on any number of devices, worked out from published figures alone."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from core.planning.devices import Device
from core.planning.energy import Prices
from core.planning.presets import Preset

STATE_BYTES = 16
"""A parameter under Adam in mixed precision: 2 (bf16) + 2 (its gradient) + 4 (fp32 master) + 4 + 4
(two moments); Rajbhandari et al. 2020, ZeRO, section 3.1."""
USABLE = 0.9
"""Share of a device's memory; the rest is the runtime's and the allocator's."""
UTILISATION = {"data centre": 0.40, "desktop": 0.40, "apple": 0.30, "cpu": 0.50}
"""Share of the peak: 38–43 % were reached with Llama 3 on 8,192–16,384 H100 (Grattafiori et al.
2024, table 4). Below a data centre's network one device does no better; Apple and processors: ours."""
PUE = 1.10
"""Cooling and conversion of a good data centre (Patterson et al. 2021, Carbon Emissions and Large
Neural Network Training, table 4)."""
HOST_SHARE = 0.10
"""Processors, memory and network beside the accelerators: the same table has 330 W for each V100 of
300 W."""
_HOST_WATTS = 60.0  # A computer around its graphics card.


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a training takes. Bytes, seconds, watt-hours, grams, money; memory for each device."""

    preset: str
    device: str
    devices: int
    devices_least: int
    parameters: float
    active_parameters: float
    tokens: float
    steps: int
    flops_weights: float
    flops_attention: float
    state_bytes: float
    activation_bytes: float
    memory_bytes: float
    memory_limit: float
    fits: bool
    utilisation: float
    seconds: float
    energy_wh: float
    co2_g: float
    cost: float
    currency: str
    checkpoint_bytes: float

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def flops(preset: Preset, tokens: float) -> tuple[float, float]:
    """(of the weights: 6 for each that a token meets; of attention: 12 · layers · width · context)."""
    attention = 12.0 * preset.layers * preset.heads * preset.head_size * preset.context
    return 6.0 * preset.active_parameters * tokens, attention * tokens


def activation_bytes(preset: Preset) -> float:
    """For one sequence on one device with every layer recomputed: each layer's input in bf16, one
    layer in full (34 · s · h, Korthikanti et al. 2022, eq. 2 without the scores, which fused
    attention does not keep), and a chunk of logits."""
    tokens, width = preset.context, preset.width
    inputs = 2.0 * tokens * width * preset.layers
    return inputs + 34.0 * tokens * width + 6.0 * min(tokens, 1024) * preset.vocabulary


def devices_needed(preset: Preset, device: Device) -> int:
    """The fewest that hold all states, fully sharded (ZeRO 3, FSDP), and one sequence each; 0 where
    one sequence alone is too much."""
    room = USABLE * device.memory_bytes - activation_bytes(preset)
    return 0 if room <= 0 else max(1, math.ceil(STATE_BYTES * preset.parameters / room))


def estimate(
    preset: Preset, device: Device, tokens: float | None = None, devices: int | None = None,
    utilisation: float | None = None, prices: Prices | None = None,
) -> Estimate:  # fmt: skip
    """The training of `preset` on `devices` (the fewest that hold it, unless given)."""
    prices = prices or Prices()
    tokens = tokens or preset.tokens
    least = devices_needed(preset, device)
    count = devices or max(1, least)
    weights, attention = flops(preset, tokens)
    share = utilisation or UTILISATION[device.kind]
    seconds = (weights + attention) / (count * device.tflops * 1e12 * share)
    state, kept = STATE_BYTES * preset.parameters / count, activation_bytes(preset)
    energy = seconds / 3600 * count * watts_of(device)
    return Estimate(
        preset=preset.key, device=device.key, devices=count, devices_least=least,
        parameters=preset.parameters, active_parameters=preset.active_parameters, tokens=tokens,
        steps=max(1, round(tokens / preset.batch_tokens)), flops_weights=weights,
        flops_attention=attention, state_bytes=state, activation_bytes=kept,
        memory_bytes=state + kept, memory_limit=USABLE * device.memory_bytes,
        fits=state + kept <= USABLE * device.memory_bytes, utilisation=share, seconds=seconds,
        energy_wh=energy, co2_g=prices.co2_grams(energy), cost=prices.cost(energy),
        currency=prices.currency, checkpoint_bytes=(STATE_BYTES - 4) * preset.parameters,
    )  # fmt: skip


def watts_of(device: Device) -> float:
    """Power for one device with its share of what stands around it."""
    if device.kind == "data centre":
        return device.watts * (1 + HOST_SHARE) * PUE
    return device.watts + (_HOST_WATTS if device.kind == "desktop" else 0.0)

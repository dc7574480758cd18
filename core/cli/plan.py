"""plan: what a training would need, here or anywhere, before it is begun."""

from __future__ import annotations

import difflib
import re
from typing import Any

from core.cli.output import Output, table
from core.config import build
from core.errors import UsageError
from core.home import Home
from core.planning.devices import DEVICES, Device, device_named
from core.planning.dial import LARGEST, SMALLEST, shape_for
from core.planning.energy import Prices
from core.planning.machine import Machine, load_machine
from core.planning.plan import Plan, Text, make_plan
from core.planning.presets import (
    PRESETS,
    SCHOOL,
    UNPUBLISHED,
    UNPUBLISHED_KEYS,
    Preset,
    preset_of_size,
)
from core.planning.scale import STATE_BYTES, Estimate, estimate
from core.planning.words import about, duration
from core.recipe import Recipe
from core.sentences import Sentence
from core.tokenizer.sizes import vocabulary_for

_SIZE = re.compile(r"^(\d+(?:\.\d+)?)\s*([KMBT]?)$", re.IGNORECASE)
_LEAST_VOCABULARY = 1_024
_FACTORS = {"": 1, "K": 1_000, "M": 1_000_000, "B": 1_000_000_000, "T": 1_000_000_000_000}
_HERE = ("auto", "cpu", "cuda")
_MOST_PARAMETERS = 1e14


def run(options: Any, home: Home, output: Output) -> int:
    if options.list:
        return _list(output)
    if options.preset is None:
        hint = output.command("plan", "--list")
        raise UsageError("preset", detail=f"Say what to plan: --preset NAME. What there is: {hint}")
    _check_numbers(options)
    machine = load_machine(home)
    preset = _preset(options.preset, output)
    device = None if options.device in _HERE else _device(options.device, output)
    plain = device is None and (options.devices or 1) == 1 and options.utilisation is None
    if plain and isinstance(preset, int) and preset <= LARGEST * 1.1:
        return _here(preset, options.tokens, machine, output)
    if isinstance(preset, int):
        preset = preset_of_size(preset)
    if device is None:
        device = _this(machine)
    made = estimate(
        preset, device, options.tokens, options.devices, options.utilisation, machine.prices
    )
    output.result(
        {**made.to_json(), "source": preset.source, "device_source": device.source},
        *_lines(made, preset, device, machine.prices),
    )
    return 0


def _check_numbers(options: Any) -> None:
    if options.tokens is not None and not 100 <= options.tokens <= 1e15:
        raise UsageError("tokens", detail="--tokens must be between 100 and a million billion.")
    if options.devices is not None and not 1 <= options.devices <= 10_000_000:
        raise UsageError("devices", detail="--devices must be between 1 and ten million.")
    if options.utilisation is not None and not 0 < options.utilisation <= 1:
        raise UsageError("utilisation", detail="--utilisation must be above 0 and at most 1.")


# ---- this machine --------------------------------------------------------------------------------


def _here(parameters: int, tokens: float | None, machine: Machine, output: Output) -> int:
    """A model of our own on this machine, by the plan that a training would get."""
    tokens = tokens or 20.0 * parameters
    text = Text(train_tokens=int(tokens), vocabulary=_vocabulary(parameters, int(tokens)))
    recipe = build(Recipe, {"parameters": parameters, "epochs": 1.0})
    plan = make_plan(recipe, text, machine)
    data = {**plan.to_json(), "machine": machine.model_dump(mode="json")}
    known = "measured" if machine.measured else "not measured yet: times are a rough guess"
    warnings = [Sentence.from_json(warning).english() for warning in plan.warnings]
    output.result(
        data,
        f"{plan.parameters:,} parameters: {plan.layers} layers, width {plan.width}, "
        f"context {plan.context}, vocabulary {plan.vocabulary:,}",
        f"memory {plan.memory_bytes / 2**30:.1f} GB of {machine.memory_bytes / 2**30:.1f} GB",
        f"time   {_time(plan.seconds)} for {plan.tokens_total:,} tokens in {plan.steps:,} steps",
        f"energy {_energy(plan.energy_wh, plan.co2_g, machine.prices)}" + _marked(plan),
        f"disk   {_bytes(plan.disk_bytes)}",
        f"device {machine.name or machine.device} ({known})",
        *warnings,
    )
    return 0


def _marked(plan: Plan) -> str:
    return "" if plan.energy_source == "measured" else " (estimated)"


def _this(machine: Machine) -> Device:
    """The measured machine as an entry of the table."""
    known = device_named(machine.name)
    if known is not None and machine.device != "cpu":
        return known
    source = "measured here" if machine.measured else "not measured yet: a rough guess"
    watts = machine.full_watts() if machine.device == "cpu" else machine.watts(0)[0]
    return Device(
        "this", machine.name or "this machine", "cpu" if machine.device == "cpu" else "desktop",
        machine.gflops / 1000, machine.memory_bytes / 1e9, 0.0, watts, source,
    )  # fmt: skip


def _vocabulary(parameters: int, tokens: int) -> int:
    """As for a corpus of so many tokens, but with at most two fifths of the weights in the tables:
    a small model has no room for the vocabulary of a large corpus."""
    wanted = vocabulary_for(tokens * 3)
    while wanted > _LEAST_VOCABULARY:
        shape = shape_for(parameters, wanted)
        tables = wanted * shape.width * (1 if shape.tied else 2)
        if tables <= 0.4 * parameters:
            break
        wanted = max(_LEAST_VOCABULARY, wanted // 128 * 64)
    return wanted


# ---- names ---------------------------------------------------------------------------------------


def _preset(name: str, output: Output) -> Preset | int:
    """A published model, or a number of parameters."""
    if match := _SIZE.match(name.strip()):
        number = float(match.group(1)) * _FACTORS[match.group(2).upper()]
        if not SMALLEST * 0.5 <= number <= _MOST_PARAMETERS:
            raise UsageError("preset", detail="Sizes from 500K to 100T can be planned.")
        return int(number)
    known = {preset.key: preset for preset in (*PRESETS, *SCHOOL)}
    if name.casefold() in UNPUBLISHED_KEYS:
        raise UsageError("preset", detail=UNPUBLISHED)
    if name.casefold() in known:
        return known[name.casefold()]
    raise UsageError("preset", detail=_unknown("preset", name, list(known), output))


def _device(name: str, output: Output) -> Device:
    known = {device.key: device for device in DEVICES}
    plain = {key.replace("-", ""): device for key, device in known.items()}
    found = plain.get(re.sub(r"[\s_-]", "", name.casefold())) or device_named(name)
    if found is None:
        raise UsageError("device", detail=_unknown("device", name, list(known), output))
    return found


def _unknown(what: str, name: str, known: list[str], output: Output) -> str:
    near = difflib.get_close_matches(name.casefold(), known, 1, 0.5)
    guess = f"Did you mean {near[0]}? " if near else ""
    size = " or give a size such as 10M" if what == "preset" else ""
    listed = output.command("plan", "--list")
    return f"There is no {what} called “{name}”. {guess}See what there is{size}: {listed}"


def _list(output: Output) -> int:
    presets = [["PRESET", "PARAMETERS", "LAYERS", "WIDTH", "TOKENS", "SOURCE"]]
    presets += [
        [p.key, about(p.parameters), str(p.layers), str(p.width), about(p.tokens), p.source]
        for p in (*PRESETS, *SCHOOL)
    ]
    devices = [["DEVICE", "TFLOP/S", "MEMORY", "WATTS", "NAME", "SOURCE"]]
    devices += [
        [d.key, f"{d.tflops:g}", f"{d.memory:g} GB", f"{d.watts:g}", d.name, d.source]
        for d in DEVICES
    ]
    data = {
        "presets": [
            {"key": p.key, "name": p.name, "parameters": p.parameters} for p in (*PRESETS, *SCHOOL)
        ],
        "devices": [{"key": d.key, "name": d.name, "kind": d.kind} for d in DEVICES],
    }
    output.result(data, *table(presets, {1, 2, 3, 4}), "", *table(devices, {1, 2, 3}))
    return 0


# ---- words ---------------------------------------------------------------------------------------


def _lines(made: Estimate, preset: Preset, device: Device, prices: Prices) -> list[str]:
    active = "" if preset.active is None else f" ({about(preset.active)} active)"
    each = f"each of {made.devices:,} × {device.name}" if made.devices > 1 else device.name
    fits = "" if made.fits else " — too much: " + (
        f"at least {made.devices_least:,} are needed" if made.devices_least
        else "not even one sequence fits, with any number of them"
    )  # fmt: skip
    lines = [
        f"{preset.name}: {about(made.parameters)} parameters{active}, {preset.layers} layers, width "
        f"{preset.width}, context {preset.context}, vocabulary {preset.vocabulary:,}",
        f"work   {made.flops_weights + made.flops_attention:.2e} operations for "
        f"{about(made.tokens)} tokens in {made.steps:,} steps (6 a weight and token: "
        f"{made.flops_weights:.2e})",
        f"memory {_bytes(made.memory_bytes)} of {_bytes(made.memory_limit)} on {each}: "
        f"{STATE_BYTES} bytes a parameter, sharded, and {_bytes(made.activation_bytes)} for a "
        f"sequence{fits}",
        f"time   {_time(made.seconds)} at {made.utilisation:.0%} of {device.tflops:,.4g} TFLOP/s each",
        f"energy {_energy(made.energy_wh, made.co2_g, prices)} (estimated)",
        f"disk   {_bytes(made.checkpoint_bytes)} for a checkpoint",
        f"from   {preset.source}; {device.source}",
    ]  # fmt: skip
    return [*lines, *([preset.note] if preset.note else [])]


def reality(measured: dict[str, Any]) -> list[str]:
    """What a run took beside its forecast, a line each; empty where nothing was measured yet."""
    if not measured:
        return []
    lines: list[str] = []
    for what, now, forecast, word in (
        ("time", "seconds_now", "seconds_forecast", _time),
        ("memory", "memory_peak", "memory_forecast", _bytes),
    ):
        real, planned = measured.get(now), measured.get(forecast)
        if real and planned:
            lines.append(f"{what}: {word(real)}, forecast {word(planned)} ({real / planned:.2f}×)")
    source = measured.get("energy_source", "estimate")
    known = "estimated" if source == "estimate" else f"measured by {source.upper()}"
    lines.append(
        f"energy: {_scaled(measured.get('energy_wh') or 0.0, 'Wh')} ({known}), "
        f"{_scaled(measured.get('co2_g') or 0.0, 'g')} CO₂, {_money(measured.get('cost') or 0.0)} "
        f"{measured.get('currency', '')}".rstrip()
    )
    return lines


def _money(value: float) -> str:
    return f"{value:,.2f}" if value < 10 else f"{value:,.0f}"


def _energy(watt_hours: float, grams: float, prices: Prices) -> str:
    shown = _money(prices.cost(watt_hours))
    return (
        f"{_scaled(watt_hours, 'Wh')}, {_scaled(grams, 'g')} CO₂ (at {prices.grid_factor:g} g/kWh), "
        f"{shown} {prices.currency} (at {prices.price_per_kwh:g} a kWh)"
    )


def _scaled(value: float, unit: str) -> str:
    """With the prefix or unit that leaves few digits; a million grams are a ton."""
    if unit == "g" and value >= 1e6:
        return f"{value / 1e6:,.3g} t" if value < 1e9 else f"{value / 1e6:,.0f} t"
    for size, prefix in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:,.3g} {prefix}{unit}"
    return f"{value:.3g} {unit}"


def _bytes(value: float) -> str:
    for size, unit in ((1e15, "PB"), (1e12, "TB"), (1e9, "GB")):
        if value >= size:
            return f"{value / size:,.1f} {unit}"
    return f"{value / 1e6:,.0f} MB"


def _time(seconds: float) -> str:
    return duration(seconds).english()

"""Watt-hours, CO₂ and money: what a training uses, and what that costs where the user lives."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from core.files import read_json
from core.home import Home

GRID_FACTOR = 473.0
"""Grams of CO₂ for a kilowatt-hour: the world's average of 2024 (Ember, Global Electricity Review
2025)."""
PRICE_PER_KWH = 31.0
CURRENCY = "JPY"
"""The guide price for households in Japan, tax included (Home Appliances Fair Trade Conference, 家電
公取協, July 2022)."""
WATTS_PER_CORE = 12.0
WATTS_PER_GIGABYTE = 0.3725
"""Where nothing can be read: what Green Algorithms assumes of a core at work whose processor is not
known, and of memory in use (Lannelongue, Grealey and Inouye 2021)."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What the user's electricity is made of and what it costs. Grams per kWh; money per kWh."""

    grid_factor: float = GRID_FACTOR
    price_per_kwh: float = PRICE_PER_KWH
    currency: str = CURRENCY

    def co2_grams(self, watt_hours: float) -> float:
        return watt_hours / 1000 * self.grid_factor

    def cost(self, watt_hours: float) -> float:
        """In `currency`."""
        return watt_hours / 1000 * self.price_per_kwh


def load_prices(home: Home) -> Prices:
    """From the preferences; what is missing or makes no sense there is the default."""
    try:
        data: Any = read_json(home.settings_file)
    except (OSError, ValueError):
        return Prices()
    if not isinstance(data, dict):
        return Prices()
    currency = data.get("currency")
    return Prices(
        _amount(data.get("grid_factor"), GRID_FACTOR),
        _amount(data.get("price_per_kwh"), PRICE_PER_KWH),
        currency[:8] if isinstance(currency, str) and currency.strip() else CURRENCY,
    )


def _amount(value: object, default: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return default
    return float(value) if math.isfinite(value) and value >= 0 else default


def estimated_watts(busy_cores: float, memory_bytes: float) -> float:
    """Of a processor whose meter cannot be read."""
    return WATTS_PER_CORE * busy_cores + WATTS_PER_GIGABYTE * memory_bytes / 1e9

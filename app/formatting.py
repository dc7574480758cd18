"""Numbers as people read them, in Japanese and English."""

from __future__ import annotations

import math

from PySide6.QtCore import QCoreApplication, QLocale

_ENGLISH_STEPS = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))


def is_japanese() -> bool:
    return QLocale().language() == QLocale.Language.Japanese


def grouped(number: float) -> str:
    """1234567 -> 1,234,567."""
    return f"{round(number):,}"


def compact(number: float) -> str:
    """Short for tables and plots: 950, 12.3k, 4.1M, 1.2B."""
    for size, letter in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if abs(number) >= 0.9995 * size:  # 999,960 is 1.0M, not 1000k.
            value = number / size
            return f"{value:.0f}{letter}" if value >= 99.95 else f"{value:.1f}{letter}"
    return f"{number:.0f}"


def amount(number: float) -> tuple[str, str]:
    """For a big number card: (figure, word): ("61.3", "million") or ("6,130", "万")."""
    if is_japanese():
        if number >= 1e8:
            return f"{number / 1e8:,.2f}".rstrip("0").rstrip("."), "億"
        if number >= 1e5:
            return f"{number / 1e4:,.1f}" if number < 1e7 else f"{number / 1e4:,.0f}", "万"
        return grouped(number), ""
    for size, word in _ENGLISH_STEPS:
        if number >= 0.99995 * size:
            value = number / size
            return f"{value:.0f}" if value >= 99.95 else f"{value:.1f}", word
    return grouped(number), ""


def amount_text(number: float) -> str:
    """The same in one string: "6,130万", "61.3 million"."""
    figure, word = amount(number)
    if not word:
        return figure
    return figure + word if is_japanese() else f"{figure} {word}"


def perplexity_text(loss: float) -> str:
    """Of a loss in nats per token: 1.4, 71, 1,024 equally likely tokens."""
    value = math.exp(min(20.0, loss))
    return f"{value:.1f}" if value < 9.95 else f"{value:,.0f}"


def short_amount(number: float) -> str:
    """For narrow places: "6,130万", "61.3M"."""
    return amount_text(number) if is_japanese() else compact(number)


def share(value: float, digits: int = 1) -> str:
    """0.123 -> "12.3 %"."""
    return f"{value * 100:.{digits}f} %"


def bytes_text(count: float) -> str:
    """Decimal units as file managers show them: 845 kB, 49.2 MB, 5.1 GB."""
    for size, unit in ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if count >= 0.9995 * size:
            value = count / size
            return f"{value:.0f} {unit}" if value >= 100 or unit == "kB" else f"{value:.1f} {unit}"
    return f"{count:.0f} B"


def energy_text(watt_hours: float) -> str:
    """0.42 Wh, 12 Wh, 0.09 kWh, 1,240 kWh; never nothing where there was something."""
    if watt_hours < 9.95:
        if watt_hours > 0:
            watt_hours = max(0.01, watt_hours)
        return f"{watt_hours:.2f} Wh" if watt_hours < 0.995 else f"{watt_hours:.1f} Wh"
    if watt_hours < 59.5:
        return f"{watt_hours:.0f} Wh"
    kilo = watt_hours / 1000
    return f"{kilo:.2f} kWh" if kilo < 9.995 else f"{kilo:,.0f} kWh"


def grams_text(grams: float) -> str:
    """0.4 g, 43 g, 1.2 kg, 552 t."""
    for size, unit in ((1e6, "t"), (1e3, "kg"), (1.0, "g")):
        if grams >= 0.995 * size or unit == "g":
            value = grams / size
            return f"{value:,.0f} {unit}" if value >= 9.95 else f"{value:.1f} {unit}"
    return ""


_SIGNS = {"JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "KRW": "₩", "INR": "₹"}
_WITHOUT_CENTS = ("JPY", "KRW")


def money_text(amount: float, currency: str) -> str:
    """ "¥3" and "3円", "$0.02", "0.02 CHF"; what is less than the smallest coin is "<¥1" and "1円未満"."""
    whole = currency in _WITHOUT_CENTS
    coin = 1.0 if whole else 0.01
    less = "<" if 0 < amount < coin / 2 else ""
    figure = f"{coin if less else amount:,.{0 if whole else 2}f}"
    if currency == "JPY" and is_japanese():
        return f"{figure}円未満" if less else f"{figure}円"
    if currency in _SIGNS:
        return f"{less}{_SIGNS[currency]}{figure}"
    return f"{less}{figure} {currency}"


def difference_text(share_: float) -> str:
    """+12 %, −3 %, ±0 %."""
    whole = round(share_ * 100)
    sign = "+" if whole > 0 else "−" if whole < 0 else "±"  # noqa: RUF001  (a true minus)
    return f"{sign}{abs(whole):,} %"


_YEAR = 365.25  # Days.


def duration(seconds: float) -> str:
    """ "45 s", "12 min", "1 h 05 min", "2 d 3 h" in the language of the window."""
    whole = max(0, round(seconds))
    if whole < 90:
        return QCoreApplication.translate("Format", "{s} s").format(s=whole)
    minutes = round(whole / 60)
    if minutes < 60:
        return QCoreApplication.translate("Format", "{m} min").format(m=minutes)
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return QCoreApplication.translate("Format", "{h} h {m} min").format(h=hours, m=minutes)
    days, hours = divmod(hours, 24)
    if days >= 2 * _YEAR:
        return QCoreApplication.translate("Format", "{y} years").format(y=grouped(days / _YEAR))
    return QCoreApplication.translate("Format", "{d} d {h} h").format(d=days, h=hours)


def exact_duration(seconds: float) -> str:
    """ "2 min 38 s" where a comparison needs the seconds; from ten minutes on as `duration`."""
    whole = max(0, round(seconds))
    if not 90 <= whole < 600:
        return duration(seconds)
    minutes, rest = divmod(whole, 60)
    return QCoreApplication.translate("Format", "{m} min {s} s").format(m=minutes, s=rest)

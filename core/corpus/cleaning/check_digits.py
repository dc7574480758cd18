"""Whether a number can be one of a person at all: check digits, prefixes and dates."""

from __future__ import annotations

import re

_TIME = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d")


def is_my_number(digits: str) -> bool:
    """Whether 12 digits are an Individual Number: the last is 11 − (Σ Pₙ·Qₙ mod 11), or 0 where that
    is above 9; Pₙ is the n-th digit from the right without it, Qₙ is n + 1 for n ≤ 6 and n − 5 above.
    Ministry of Internal Affairs and Communications, ordinance 85 of 2014 (平成26年総務省令第85号),
    article 5. A time such as 202401311259 and a repeated digit are none."""
    if len(digits) != 12 or len(set(digits)) == 1 or _TIME.fullmatch(digits):
        return False
    total = sum(
        int(digit) * (n + 1 if n <= 6 else n - 5)
        for n, digit in enumerate(reversed(digits[:-1]), start=1)
    )
    rest = total % 11
    return int(digits[-1]) == (0 if rest <= 1 else 11 - rest)


def is_card(digits: str) -> bool:
    """Whether a payment card can have the number: prefix and length of a known brand, and the check
    digit by Luhn's formula (ISO/IEC 7812-1, annex B)."""
    return _has_brand(digits) and len(set(digits)) > 1 and _luhn(digits)


def _has_brand(digits: str) -> bool:
    size, two, three, four = len(digits), int(digits[:2]), int(digits[:3]), int(digits[:4])
    return (
        (digits[0] == "4" and size in (13, 16, 19))  # Visa
        or (size == 16 and (51 <= two <= 55 or 2221 <= four <= 2720))  # Mastercard
        or (size == 15 and two in (34, 37))  # American Express
        or (size == 16 and 3528 <= four <= 3589)  # JCB
        or (size == 14 and (300 <= three <= 305 or two in (36, 38)))  # Diners Club
        or (size in (16, 19) and (four == 6011 or two == 65 or 644 <= three <= 649))  # Discover
        or (size in (16, 19) and two == 62)  # UnionPay
    )


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0

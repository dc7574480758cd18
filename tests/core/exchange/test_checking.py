"""What is said of an export's predictions."""

from __future__ import annotations

import pytest

from core.cli.exchange import _line
from core.exchange.checking import Difference


@pytest.mark.parametrize(
    ("form", "relative", "best", "begins"),
    [
        ("exact", 1e-7, 128, "  yes  it predicts the same"),
        ("q8_0", 0.01, 127, "  yes  it predicts the same"),
        ("q4_0", 0.15, 108, "about  it predicts much the same, but rounding to so few bits"),
        ("q5_0", 0.03, 118, "about  it predicts much the same, but rounding to so few bits"),
        ("q4_0", 0.15, 80, "   NO  it predicts the same"),
        ("q4_0", 0.7, 120, "   NO  it predicts the same"),
        ("exact", 0.01, 128, "   NO  it predicts the same"),
    ],
)
def test_only_what_predicts_the_same_is_called_the_same(
    form: str, relative: float, best: int, begins: str
) -> None:
    check = Difference(1.0, relative, best, 128).check(form)
    assert _line(check.to_json()).startswith(begins)
    assert f"{best}/128" in check.detail

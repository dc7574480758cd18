"""Distilling against its formulas in float64, and whether teacher and pupil fit."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, cast

import pytest
import torch
from torch import Tensor

from core.errors import UsageError
from core.home import Home
from core.objectives import causal
from core.objectives.distil import (
    FusedDistillation,
    Teaching,
    direction_loss,
    distillation_loss,
)
from core.planning.pupil import fit_teacher, kept_layers, pupil_shape, teacher_config
from core.recipe import Recipe
from core.versions.library import VersionLibrary


def by_definition(
    hidden: Tensor, weight: Tensor, bias: Tensor, targets: Tensor, asked: Tensor, temperature: float,
    share: float,
) -> tuple[Tensor, list[Tensor]]:  # fmt: skip
    """Hinton et al. 2015 in float64, probabilities written out; `asked`: the teacher's logits."""
    given = [x.detach().double().requires_grad_() for x in (hidden, weight, bias)]
    h, w, b = given
    logits, teacher = h @ w.T + b, asked.detach().double()

    def chances(x: Tensor, t: float) -> Tensor:
        return (x / t).exp() / (x / t).exp().sum(-1, keepdim=True)

    common = teacher.shape[1]
    p, q = chances(teacher, temperature), chances(logits[:, :common], temperature)
    divergence = (p * (p.log() - q.log())).sum(-1).mean()
    plain = -chances(logits, 1.0)[torch.arange(len(targets)), targets].log().mean()
    loss = share * temperature**2 * divergence + (1 - share) * plain
    loss.backward()
    return loss.detach(), [cast(Tensor, x.grad) for x in given]


@pytest.mark.parametrize("chunk", [1, 7 * 2 * 31, 1 << 20], ids=["a row", "seven rows", "all"])
@pytest.mark.parametrize(
    ("temperature", "share", "rows"),
    [(2.0, 0.7, 31), (1.0, 1.0, 31), (4.0, 0.0, 31), (3.0, 0.4, 29)],
)
def test_loss_and_gradients_are_those_of_the_definition(
    chunk: int, temperature: float, share: float, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(causal, "CHUNK_LOGITS", chunk)
    torch.manual_seed(0)
    hidden = torch.randn(50, 12, requires_grad=True)
    weight, bias = torch.randn(31, 12, requires_grad=True), torch.randn(31, requires_grad=True)
    targets = torch.randint(29, (50,))
    teaching = Teaching(torch.randn(50, 20), torch.randn(rows, 20), torch.randn(rows))
    loss = cast(
        Tensor,
        FusedDistillation.apply(hidden, weight, targets, bias, teaching, temperature, share),
    )
    (loss * -1.5).backward()
    asked = teaching.hidden @ teaching.weight.T + cast(Tensor, teaching.bias)
    wanted, gradients = by_definition(hidden, weight, bias, targets, asked, temperature, share)
    torch.testing.assert_close(loss.detach().double(), wanted, atol=2e-6, rtol=2e-6)
    for own, gradient in zip((hidden, weight, bias), gradients, strict=True):
        assert own.grad is not None
        torch.testing.assert_close(own.grad.double(), gradient * -1.5, atol=1e-6, rtol=1e-4)


def test_a_pupil_that_is_its_teacher_has_nothing_to_learn_from_it() -> None:
    torch.manual_seed(1)
    weight, hidden = torch.randn(40, 8), torch.randn(20, 8, requires_grad=True)

    class Pupil:
        output_weight, output_bias = weight, None

    teaching = Teaching(hidden.detach(), weight, None)
    loss = distillation_loss(Pupil(), hidden, torch.zeros(20).long(), teaching, 2.0, 1.0)
    loss.backward()
    assert float(loss.detach()) == pytest.approx(0.0, abs=1e-6)
    assert hidden.grad is not None
    assert float(hidden.grad.abs().max()) < 1e-6


def test_directions_are_compared_by_their_cosine() -> None:
    one = torch.tensor([[3.0, 0.0], [1.0, 1.0]])
    two = torch.tensor([[1.0, 0.0], [-2.0, -2.0]])
    assert float(direction_loss(one, two)) == pytest.approx((0.0 + 2.0) / 2)
    reference = torch.nn.CosineEmbeddingLoss()(one.double(), two.double(), torch.ones(2))
    assert float(direction_loss(one, two)) == pytest.approx(float(reference), abs=1e-6)


# ---- whether the two fit ---------------------------------------------------------------------------


def test_what_a_teacher_cannot_give_is_said_at_its_field(raised_home: Home) -> None:
    kiku = VersionLibrary(raised_home).get("Kiku")

    def faults(**values: object) -> dict[str | None, str]:
        with pytest.raises(UsageError) as caught:
            fit_teacher(kiku, None, Recipe(objective="distil", **values))  # type: ignore[arg-type]
        return {field: words.english() for field, words in caught.value.faults}

    assert "width of 64 and the pupil 32" in faults(hidden_share=1, width=32)["hidden_share"]
    assert "at most 64 tokens, not 128" in faults(context=128)["context"]
    assert "tokenizer of its teacher" in faults(vocabulary=300)["vocabulary"]
    assert "tokenizer of its teacher" in faults(tokenizer="characters")["vocabulary"]
    fit_teacher(kiku, None, Recipe(objective="distil", hidden_share=1))


def test_a_pupil_follows_its_teacher_where_nothing_was_set(
    raised_home: Home, tmp_path: Path
) -> None:
    folder = tmp_path / "home" / "versions" / "Wide"
    shutil.copytree(VersionLibrary(raised_home).get("Kiku").path, folder)
    data = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    sizes = {"num_hidden_layers": 6, "hidden_size": 256, "num_attention_heads": 8,
             "num_key_value_heads": 4, "head_dim": 32, "intermediate_size": 768}  # fmt: skip
    (folder / "config.json").write_text(json.dumps(data | sizes), encoding="utf-8")
    teacher = teacher_config(VersionLibrary(raised_home).get("Wide"))
    vocabulary = teacher.vocabulary

    def pupil(**values: object) -> Any:
        return pupil_shape(Recipe(objective="distil", **values), teacher, vocabulary)  # type: ignore[arg-type]

    half = pupil()
    assert (half.layers, half.width, half.heads, half.kv_heads, half.feed_forward) == (3, 256, 8, 4, 768)  # fmt: skip
    family = type(teacher)
    assert kept_layers(family.from_shape(half, vocabulary, 64), teacher) == [0, 2, 4]
    narrow = pupil(width=128)
    assert (narrow.layers, narrow.heads, narrow.kv_heads, narrow.feed_forward) == (3, 4, 2, 384)
    assert kept_layers(family.from_shape(narrow, vocabulary, 64), teacher) is None
    wanted = teacher.parameters // 2
    sized = pupil(parameters=wanted)
    assert sized.width == 256
    assert 0.8 < sized.parameters(vocabulary) / wanted < 1.25
    tiny = pupil(parameters=150_000)
    assert 0.8 < tiny.parameters(vocabulary) / 150_000 < 1.25

"""DistilBERT's triple loss against its definition in float64."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
import torch
from torch.nn import functional

from core.families.bert import BertConfig
from core.families.distilbert import DistilBertConfig
from core.models.bert import Model as Bert
from core.models.distilbert import Model as DistilBert
from core.models.encoder.init import initialise
from core.objectives.batch import Batch
from core.objectives.distil import TRIPLE
from core.objectives.distil_masked import DistilMasked, _Counted

V, PAD = 37, 0


def shaken(model: Any, seed: int) -> Any:
    initialise(model, seed)
    draw = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for weight in model.parameters():
            weight += 0.2 * torch.randn(weight.shape, generator=draw)
    return model


@pytest.fixture
def triple() -> tuple[DistilMasked, Any, Any]:
    """(objective, teacher, pupil), put together without a home."""
    teacher = shaken(Bert(BertConfig(V, 2, 16, 2, 32, 24, types=2, pairs=True)), 1).eval()
    pupil = shaken(DistilBert(DistilBertConfig(V, 1, 16, 2, 32, 24)), 2)
    objective = object.__new__(DistilMasked)
    objective._teacher = cast(Any, SimpleNamespace(model=lambda dtype: teacher.to(dtype)))
    objective._masked = cast(Any, SimpleNamespace(frame=SimpleNamespace(pad=PAD)))
    objective._temperature, (objective._share, objective._direction) = 2.0, TRIPLE
    return objective, teacher, pupil


def batch_of() -> Batch:
    torch.manual_seed(3)
    inputs = torch.randint(1, V, (4, 12))
    inputs[1, 9:] = PAD
    weights = torch.zeros(4, 12, dtype=torch.bool)
    weights[0, 2] = weights[1, [1, 4]] = weights[2, 7] = weights[3, [0, 3, 9]] = True
    return Batch(inputs, torch.randint(1, V, (4, 12)), None, weights)


def counted(batch: Batch) -> Batch:
    return _Counted(cast(Any, SimpleNamespace(make=lambda step: batch))).make(0)


def test_the_triple_loss_is_five_two_one_of_its_three_parts(
    triple: tuple[DistilMasked, Any, Any],
) -> None:
    objective, teacher, pupil = triple
    batch = counted(batch_of())
    ours = objective.loss(pupil, batch)
    ours.backward()
    gradients = {name: w.grad.clone() for name, w in pupil.named_parameters() if w.grad is not None}
    pupil.zero_grad()
    pupil, teacher = pupil.double(), teacher.double()
    real = batch.inputs != PAD
    s, t = pupil.encoded(batch.inputs), teacher.encoded(batch.inputs).detach()
    logits, asked = pupil(batch.inputs)[real], teacher(batch.inputs).detach()[real]
    divergence = functional.kl_div(
        (logits / 2).log_softmax(-1), (asked / 2).softmax(-1), reduction="batchmean"
    )  # fmt: skip
    masked = cast(Any, batch.weights)
    guessing = functional.cross_entropy(pupil(batch.inputs)[masked], batch.targets[masked])
    cosine = torch.nn.CosineEmbeddingLoss()(s[real], t[real], torch.ones(int(real.sum())))
    wanted = (5 * 2**2 * divergence + 2 * guessing + 1 * cosine) / 7
    wanted.backward()
    assert float(ours.detach()) == pytest.approx(float(wanted.detach()), rel=1e-5)
    for name, weight in pupil.named_parameters():
        if weight.grad is not None and name in gradients:
            torch.testing.assert_close(gradients[name].double(), weight.grad, atol=2e-5, rtol=2e-4)


def test_micro_batches_together_are_the_batch(triple: tuple[DistilMasked, Any, Any]) -> None:
    objective, _, pupil = triple
    plain = batch_of()
    plain.inputs[plain.inputs == PAD] = 1  # Rows of equal length, as training packs them.
    batch = counted(plain)
    whole = float(objective.loss(pupil, batch).detach())
    parts = [batch.piece(i, i + 1, torch.device("cpu")) for i in range(4)]
    shares = [objective.count(part) / objective.count(batch) for part in parts]
    total = sum(
        share * float(objective.loss(pupil, part).detach())
        for share, part in zip(shares, parts, strict=True)
    )
    assert total == pytest.approx(whole, rel=1e-5)

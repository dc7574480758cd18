"""How a DistilBERT begins and what it is drawn to, beside its teacher's probabilities."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from core.families.distilbert import DistilBertConfig
from core.models.distilbert.model import DistilBert
from core.models.encoder.model import Encoder


def layers_of(teacher: int, student: int) -> list[int]:
    """Which blocks of a teacher of so many a student begins with: spread evenly from the first one,
    so every second one for half as many (Sanh et al. 2019, section 3)."""
    return [number * teacher // student for number in range(student)]


@torch.no_grad()
def student_from(teacher: Encoder, layers: int | None = None) -> DistilBert:
    """A DistilBERT of half the teacher's blocks (or of so many), begun with the teacher's weights:
    tables, head, and every second block. What the first kind of segment adds becomes part of the
    positions, so that the student's first layer is given what the teacher's was.

    Raises:
        ValueError: The teacher has fewer blocks, or positions that begin elsewhere (RoBERTa's).
    """
    given = teacher.config
    count = max(1, given.layers // 2) if layers is None else layers
    if not 1 <= count <= given.layers or given.first_position:
        raise ValueError(f"no student of {count} layers of {given.model_type}")
    config = DistilBertConfig(
        given.vocabulary, count, given.width, given.heads, given.feed_forward, given.context,
        given.tied, given.padding, activation=given.activation,
    )  # fmt: skip
    student = DistilBert(config).to(given_device(teacher))
    theirs = teacher.state_dict()
    for name, weight in student.state_dict().items():
        weight.copy_(theirs[_source(name, given.layers, count)])
    if teacher.embeddings.types is not None:  # Of positions, which are no part of the output layer.
        student.embeddings.positions.weight += teacher.embeddings.types.weight[0]
    return student


def given_device(model: Encoder) -> torch.device:
    return model.embedding.weight.device


def _source(name: str, teacher: int, student: int) -> str:
    """The teacher's parameter that a student's begins with."""
    if not name.startswith("encoder.layer."):
        return name
    _, _, number, inner = name.split(".", 3)
    return f"encoder.layer.{layers_of(teacher, student)[int(number)]}.{inner}"


def cosine_loss(student_ND: Tensor, teacher_ND: Tensor) -> Tensor:
    """Mean of 1 − cos between hidden states of the same places [], fp32 (Sanh et al. 2019: the
    third part of the triple loss). Raises ValueError for different widths."""
    if student_ND.shape != teacher_ND.shape:
        raise ValueError(f"{tuple(student_ND.shape)} and {tuple(teacher_ND.shape)}")
    cosine = functional.cosine_similarity(student_ND.float(), teacher_ND.float(), dim=-1)
    return (1 - cosine).mean()

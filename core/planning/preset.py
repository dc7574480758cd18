"""What is known of a published model."""

from __future__ import annotations

from dataclasses import dataclass

from core.planning.decay import DecayShape


@dataclass(frozen=True, slots=True)
class Training:
    """How the optimiser went, in the words of the recipe; None: not published, so that the app decides.

    `warmup_tokens`: the warm-up where a paper counts it in tokens. `decay_share`: last part of the
    steps in which the rate falls. β1 is 0.9 in all of them.
    """

    warmup_steps: int | None = None
    warmup_tokens: float | None = None
    weight_decay: float | None = None
    decay_share: float | None = None
    decay_shape: DecayShape | None = None
    decay_floor: float | None = None
    adam_beta2: float | None = None
    adam_epsilon: float | None = None
    clip: float | None = None
    dropout: float | None = None


@dataclass(frozen=True, slots=True)
class Preset:
    """A model and how it was trained.

    `batch_tokens`: tokens of an optimiser step; `tokens`: of the whole training; `active`: weights
    that a token meets, where experts lie idle (None: all). `family`: key of core.families.registry,
    empty where it is not built here. `kv_heads` 0: as many as heads. `school`: small enough for a
    processor, by us and not from a paper. `note` says what the paper leaves open.
    """

    key: str
    name: str
    layers: int
    width: int
    heads: int
    head_size: int
    feed_forward: int
    context: int
    vocabulary: int
    parameters: float
    tokens: float
    batch_tokens: int
    learning_rate: float | None
    source: str
    note: str = ""
    active: float | None = None
    learned_positions: bool = True
    family: str = ""
    kv_heads: int = 0
    tied: bool = True
    training: Training = Training()
    experts: int = 0
    chosen: int = 0
    school: bool = False

    @property
    def active_parameters(self) -> float:
        return self.active or self.parameters

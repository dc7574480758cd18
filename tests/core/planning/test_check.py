"""What cannot be trained is named at once, at its field; what was set is never changed in silence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.config import build
from core.errors import UsageError
from core.families.qwen3 import Qwen3Config
from core.planning.check import faults, require
from core.planning.dial import Shape, rung
from core.planning.machine import Machine
from core.planning.plan import Text, make_plan
from core.recipe import Recipe

MACHINE = Machine(threads=2, gflops_fp32=185, gflops_bf16=410, memory_bytes=24 << 30, measured=True)
TEXT = Text(train_tokens=430_000, vocabulary=1088, check_tokens=11_000, train_bytes=1_000_000)
PARENT = rung(2, 128)


def fields(text: Text = TEXT, shape: Shape | None = None, **recipe: object) -> list[str | None]:
    return [field for field, _ in faults(Recipe(**recipe), text, MACHINE, shape)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("recipe", "field", "words"),
    [
        ({"width": 100, "head_size": 64}, "width", "a multiple of 64, such as 128."),
        ({"width": 262}, "width", "a multiple of 32, such as 256."),
        ({"head_size": 33}, "head_size", "choose an even number."),
        ({"width": 512, "head_size": 64, "kv_heads": 7}, "kv_heads", "choose 1, 2, 4 or 8."),
        ({"batch": 4, "micro_batch": 8}, "micro_batch", "choose at most 4."),
        ({"steps": 20, "warmup_steps": 20}, "warmup_steps", "a training of 20"),
        ({"epochs": 0.01, "warmup_steps": 50}, "warmup_steps", "choose fewer."),
        ({"context": 8192}, "context", "choose at most 4998"),
        ({"vocabulary": 65_536}, "vocabulary", "choose at most 7762"),
        ({"parameters": 100_000, "layers": 12, "width": 768}, "parameters", "contradicts"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_at_its_field(
    recipe: dict[str, object], field: str, words: str
) -> None:
    small = Text(train_tokens=5000, vocabulary=1088, train_bytes=15_000)
    found = dict(faults(Recipe(**recipe), small, MACHINE))  # type: ignore[arg-type]
    assert words in found[field].english()


def test_every_fault_is_told_at_once() -> None:
    recipe = Recipe(
        width=100, head_size=64, batch=4, micro_batch=8, steps=5, warmup_steps=9, context=8192
    )
    small = Text(train_tokens=5000, vocabulary=1088)
    with pytest.raises(UsageError) as error:
        require(recipe, small, MACHINE)
    told = error.value.to_json()
    assert list(told["fields"]) == ["width", "micro_batch", "warmup_steps", "context"]
    assert told["field"] == "width"
    assert all(sentence in told["message"] for sentence in told["fields"].values())


def test_time_that_ends_before_the_first_step_is_refused() -> None:
    slow = MACHINE.model_copy(update={"runs": []})
    assert faults(Recipe(minutes=0.2), TEXT, slow) == []
    patient = _started_in(40.0)
    assert [f for f, _ in faults(Recipe(minutes=0.5), TEXT, patient)] == ["minutes"]
    assert faults(Recipe(minutes=2), TEXT, patient) == []


def _started_in(seconds: float) -> Machine:
    from core.planning.measured import MeasuredRun

    shape = rung(1, 96)
    run = MeasuredRun(
        device="cpu", precision="bf16", layers=1, width=96, heads=shape.heads,
        kv_heads=shape.kv_heads, head_size=shape.head_size, feed_forward=shape.feed_forward,
        tied=False, vocabulary=1024, context=128, batch=16, micro_batch=16, step_seconds=0.02,
        start_seconds=seconds,
    )  # fmt: skip
    return MACHINE.model_copy(update={"runs": [run]})


def test_a_version_that_goes_on_keeps_its_shape_and_says_so() -> None:
    assert fields(shape=PARENT, layers=2, width=128, kv_heads=PARENT.kv_heads) == []
    assert fields(shape=PARENT, layers=3, width=256, vocabulary=2000) == [
        "layers", "width", "vocabulary",
    ]  # fmt: skip
    told = faults(Recipe(tied_embeddings=True), goes_on=True)[0][1].english()
    assert told.startswith("Tied embeddings cannot change")


@pytest.mark.parametrize(
    "recipe", [{}, {"batch": 65_536}, {"steps": 3}, {"width": 96}, {"head_size": 48}]
)
def test_what_is_merely_unusual_is_no_fault(recipe: dict[str, object]) -> None:
    assert fields(**recipe) == []


_SIZES = st.fixed_dictionaries(
    {},
    optional={
        "layers": st.integers(1, 20), "width": st.integers(32, 700),
        "head_size": st.integers(16, 256), "kv_heads": st.integers(1, 16),
        "feed_forward": st.integers(32, 3000), "batch": st.integers(1, 300),
        "micro_batch": st.integers(1, 300), "context": st.integers(16, 2048),
        "parameters": st.integers(100_000, 60_000_000), "warmup_steps": st.integers(0, 50),
        "steps": st.integers(1, 60),
    },
)  # fmt: skip


@given(_SIZES)
def test_a_recipe_is_refused_or_trained_exactly_as_it_was_set(values: dict[str, int]) -> None:
    recipe = build(Recipe, values)
    if faults(recipe, TEXT, MACHINE):
        return
    plan = make_plan(recipe, TEXT, MACHINE)
    Qwen3Config(
        plan.vocabulary, plan.layers, plan.width, plan.heads, plan.kv_heads, plan.head_size,
        plan.feed_forward, plan.context, plan.tied,
    ).check()  # fmt: skip
    assert plan.heads * plan.head_size == plan.width
    taken = {**plan.to_json(), "warmup_steps": plan.warmup}
    set_by_hand = {k: v for k, v in values.items() if k != "parameters"}
    if plan.warnings and values.get("warmup_steps", 0) >= plan.steps:
        del set_by_hand["warmup_steps"]  # The time decides the steps, and the plan says so.
    assert {k: taken[k] for k in set_by_hand} == set_by_hand
    assert plan.batch >= plan.micro_batch
    if "parameters" in values and len(values) == 1:
        assert 0.5 < plan.parameters / values["parameters"] < 2.5

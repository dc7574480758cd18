"""What a teacher adds to the plan of its pupil."""

from __future__ import annotations

from core.families.qwen3 import Qwen3Config
from core.planning.dial import Shape
from core.planning.machine import Machine
from core.planning.plan import Text, make_plan
from core.planning.teaching import Teaching
from core.recipe import Recipe

MACHINE = Machine(memory_bytes=16 << 30, measured=True)
TEXT = Text(train_tokens=1_000_000, vocabulary=4096)
PUPIL = Shape(2, 256, 4, 4, 64, 768, True)
TEACHER = Teaching.of(Qwen3Config(4096, 12, 768, 12, 12, 64, 2304, 256, True))


def test_a_pupil_is_planned_with_the_memory_and_the_time_of_its_teacher() -> None:
    recipe = Recipe(objective="distil", steps=100, batch=8, context=128, precision="fp32")
    alone = make_plan(recipe, TEXT, MACHINE, PUPIL)
    taught = make_plan(recipe, TEXT, MACHINE, PUPIL, teacher=TEACHER)
    weights = 4 * TEACHER.parameters
    assert taught.teacher_bytes > weights
    assert taught.memory_bytes == alone.memory_bytes + taught.teacher_bytes
    assert taught.memory_limit == alone.memory_limit
    assert taught.step_seconds > 2 * alone.step_seconds  # A forward pass of a much larger model.
    assert (taught.parameters, taught.layers) == (alone.parameters, 2)


def test_in_minutes_a_teacher_leaves_time_for_fewer_steps() -> None:
    recipe = Recipe(objective="distil", minutes=5, batch=8, context=128)
    alone = make_plan(recipe, TEXT, MACHINE, PUPIL)
    assert make_plan(recipe, TEXT, MACHINE, PUPIL, teacher=TEACHER).steps < alone.steps / 2


def test_where_the_teacher_fills_the_memory_the_pupil_is_computed_in_smaller_pieces() -> None:
    small = MACHINE.model_copy(update={"memory_bytes": 2048 << 20})
    recipe = Recipe(objective="distil", steps=10, batch=64, context=256, precision="fp32")
    alone = make_plan(recipe, TEXT, small, PUPIL)
    taught = make_plan(recipe, TEXT, small, PUPIL, teacher=TEACHER)
    assert taught.micro_batch < alone.micro_batch
    assert taught.memory_limit == alone.memory_limit

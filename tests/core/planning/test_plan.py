"""The plan: exact sizes, a sane forecast, and what a longer time or a larger text changes."""

from __future__ import annotations

import dataclasses
import itertools

import pytest
import torch

from core.families.qwen3 import Qwen3Config
from core.models.qwen3.model import Qwen3
from core.planning.dial import (
    LARGEST,
    SMALLEST,
    Shape,
    rung,
    shape_for,
    shapes,
    suitable_parameters,
)
from core.planning.machine import Machine, assumed
from core.planning.memory import memory_bytes
from core.planning.plan import MAX_PASSES, Plan, Text, make_plan, predicted_loss, settled
from core.planning.rates import ENCODER
from core.recipe import Recipe
from core.sentences import Sentence

MACHINE = Machine(threads=2, gflops_fp32=185, gflops_bf16=410, memory_bytes=24 << 30, measured=True)
SHAKESPEARE = Text(train_tokens=430_000, vocabulary=1088, bytes_per_token=2.5)


def plan(text: Text = SHAKESPEARE, machine: Machine = MACHINE, **recipe: object) -> Plan:
    return make_plan(Recipe(**recipe), text, machine)  # type: ignore[arg-type]


@pytest.mark.parametrize("vocabulary", [1024, 32_768])
def test_the_dials_numbers_are_those_of_the_real_models(vocabulary: int) -> None:
    for shape in shapes(vocabulary):
        config = Qwen3Config(
            vocabulary, shape.layers, shape.width, shape.heads, shape.kv_heads, shape.head_size,
            shape.feed_forward, 128, shape.tied,
        )  # fmt: skip
        with torch.device("meta"):
            model = Qwen3(config)
        real = sum(p.numel() for p in model.parameters())
        assert shape.parameters(vocabulary) == config.parameters == real


def test_the_dial_reaches_from_half_a_million_to_350_million() -> None:
    sizes = [shape.parameters(8192) for shape in shapes(8192)]
    assert sizes == sorted(sizes)
    assert shape_for(SMALLEST, 1024).parameters(1024) < 1.2 * SMALLEST
    assert 0.85 * LARGEST < shape_for(LARGEST, 16_384).parameters(16_384) < 1.15 * LARGEST
    steps = [b / a for a, b in itertools.pairwise(sizes)]
    assert max(steps) < 1.7


@pytest.mark.parametrize("wanted", [SMALLEST, 3_000_000, 30_000_000, 124_000_000, LARGEST])
def test_heads_fit_the_width_at_every_size(wanted: int) -> None:
    shape = shape_for(wanted, 8192)
    assert shape.heads * shape.head_size == shape.width
    assert shape.heads % shape.kv_heads == 0
    assert shape.feed_forward % 32 == 0


def test_what_an_expert_sets_is_taken_as_it_is() -> None:
    chosen = plan(
        steps=10, layers=3, width=192, head_size=48, kv_heads=2, feed_forward=500, context=96,
        batch=6, micro_batch=4, tied_embeddings=True, learning_rate=0.01,
    )  # fmt: skip
    assert (chosen.layers, chosen.width, chosen.heads, chosen.kv_heads) == (3, 192, 4, 2)
    assert (chosen.head_size, chosen.feed_forward, chosen.tied) == (48, 500, True)
    assert (chosen.context, chosen.batch, chosen.micro_batch, chosen.steps) == (96, 6, 4, 10)
    assert chosen.matrix_rate == 0.01
    assert chosen.tokens_total == 10 * 6 * 96


def test_minutes_give_a_plan_that_takes_about_so_long() -> None:
    for minutes in (1.0, 2.0, 10.0, 60.0):
        made = plan(minutes=minutes)
        if made.passes < 0.95 * MAX_PASSES:
            assert 0.7 * minutes * 60 < made.seconds < 1.1 * minutes * 60
        assert made.passes <= MAX_PASSES * 1.01


def test_more_time_and_more_text_give_larger_models() -> None:
    big = dataclasses.replace(SHAKESPEARE, train_tokens=200_000_000, vocabulary=8192)
    sizes = [plan(big, minutes=m).parameters for m in (2, 20, 200, 2000)]
    assert sizes == sorted(sizes)
    assert sizes[-1] > 4 * sizes[0]


def test_a_small_text_never_gets_a_model_that_could_learn_it_by_heart() -> None:
    for minutes in (2, 200, 20_000):
        assert plan(minutes=minutes).parameters < 1_200_000


def test_there_is_a_plan_for_any_vocabulary_and_any_memory() -> None:
    wide = dataclasses.replace(SHAKESPEARE, vocabulary=65_000)
    poor = MACHINE.model_copy(update={"memory_bytes": 100 << 20})
    smallest = shapes(65_000)[0].parameters(65_000)
    assert plan(wide, minutes=2).parameters == smallest
    assert plan(machine=poor, minutes=2).over_memory


def test_a_faster_machine_reads_more_in_the_same_time() -> None:
    slow = MACHINE.model_copy(update={"gflops_fp32": 20, "gflops_bf16": 20})
    text = dataclasses.replace(SHAKESPEARE, train_tokens=50_000_000)
    fixed = {"minutes": 5, "parameters": 3_000_000}
    assert plan(text, **fixed).tokens_total > 3 * plan(text, slow, **fixed).tokens_total


def test_a_passes_plan_reads_the_text_so_often() -> None:
    made = plan(epochs=3.0, parameters=1_000_000)
    assert made.passes == pytest.approx(3.0, rel=0.02)


def test_the_context_never_swallows_a_small_text() -> None:
    for tokens in (200, 1000, 5000):
        text = dataclasses.replace(SHAKESPEARE, train_tokens=tokens)
        made = plan(text, minutes=2)
        assert made.context + 2 <= tokens
        assert made.steps >= 1


def test_a_plan_survives_its_way_through_the_job_folder() -> None:
    made = plan(minutes=2)
    assert Plan(**made.to_json()) == made


def test_memory_grows_with_everything_that_needs_it() -> None:
    small, large = rung(2, 128), rung(8, 512)

    def need(shape: Shape, micro: int = 8, context: int = 256, vocabulary: int = 8192) -> int:
        return memory_bytes(shape, vocabulary, micro, context, MACHINE)

    assert need(small) < need(large)
    assert need(large) < need(large, micro=16) < need(large, micro=16, context=512)
    assert need(large) < need(large, vocabulary=32_768)
    weights = large.parameters(8192)
    assert need(large) > weights * 16  # fp32 master, bf16 copy and gradient, momentum.


def test_a_batch_too_large_for_memory_is_cut_into_pieces() -> None:
    poor = MACHINE.model_copy(update={"memory_bytes": 4 << 30})
    made = plan(machine=poor, steps=10, parameters=60_000_000, batch=256, context=512)
    assert made.micro_batch < 256
    assert made.batch == 256
    assert not plan(machine=MACHINE, minutes=2).over_memory
    assert plan(machine=poor, steps=1, parameters=LARGEST).over_memory


def test_repeated_text_counts_less_and_less() -> None:
    gains = [
        predicted_loss(5_000_000, p * 1e6, 10**6) - predicted_loss(5_000_000, (p + 1) * 1e6, 10**6)
        for p in (1, 4, 16, 40)
    ]
    assert gains == sorted(gains, reverse=True)
    assert gains[-1] > 0


def test_an_unmeasured_machine_is_thought_slow_rather_than_fast() -> None:
    machine = assumed()
    assert not machine.measured
    assert machine.memory_bytes > 1 << 28
    assert machine.precision == "fp32"


def test_suitable_sizes_grow_with_the_text_within_the_dial() -> None:
    assert suitable_parameters(1000) == (SMALLEST, 2 * SMALLEST)
    low, high = suitable_parameters(100_000_000)
    assert SMALLEST < low < high <= LARGEST


def test_a_learning_rate_of_nothing_is_a_rate_and_not_a_wish_for_the_usual_one() -> None:
    still = plan(steps=100, learning_rate=0.0, embedding_rate=0.0)
    assert (still.matrix_rate, still.embedding_rate) == (0.0, 0.0)
    assert still.head_rate == plan(steps=100).head_rate > 0


def test_a_step_that_does_not_fit_into_the_time_is_said_in_words() -> None:
    text = dataclasses.replace(SHAKESPEARE, train_tokens=50_000_000)
    made = plan(text, minutes=10, batch=65_536, context=8192)
    [warning, *_] = said(made)
    assert warning.startswith("One step takes about") and "the whole time is 10 min" in warning
    assert made.steps == 1
    rule = Sentence.from_json(made.rule).english()
    assert f"{made.tokens_total:,} tokens ({made.passes:.1f} passes)" in rule
    assert not any("One step" in words for words in said(plan(text, minutes=10)))


def said(made: Plan) -> list[str]:
    return [Sentence.from_json(warning).english() for warning in made.warnings]


def test_a_small_time_takes_smaller_batches_rather_than_few_steps() -> None:
    slow = MACHINE.model_copy(update={"gflops_fp32": 8, "gflops_bf16": 8})
    made = plan(machine=slow, minutes=1, parameters=5_000_000)
    assert made.batch < plan(minutes=1, parameters=5_000_000).batch
    assert made.seconds < 1.3 * 60 or said(made)


def test_memory_is_saved_by_pieces_then_by_computing_twice_then_by_exactness() -> None:
    def with_memory(size: float, **recipe: object) -> Plan:
        machine = MACHINE.model_copy(update={"memory_bytes": int(size * 2**30)})
        return plan(
            machine=machine, steps=10, layers=24, width=1024, batch=32, context=512, **recipe
        )

    chosen = [with_memory(120), *(with_memory(quarters / 4) for quarters in range(96, 16, -1))]
    kinds = [
        (p.activation_checkpointing, p.optimiser_precision) for p in chosen if not p.over_memory
    ]
    assert list(dict.fromkeys(kinds)) == [
        (False, "fp32"), (True, "fp32"), (False, "bf16"), (True, "bf16"),
    ]  # fmt: skip
    assert chosen[0].micro_batch == 32
    first = kinds.index((True, "fp32"))
    assert 1 <= chosen[first - 1].micro_batch < 8, "smaller pieces come first"
    assert chosen[first].micro_batch > chosen[first - 1].micro_batch, (
        "then they can be larger again"
    )
    for made in chosen:
        saved = [made.micro_batch < 32, made.activation_checkpointing,
                 made.optimiser_precision == "bf16"]  # fmt: skip
        assert Sentence.from_json(made.rule).english().count("To save memory") == sum(saved)


def test_what_was_set_about_memory_is_kept_and_what_does_not_fit_is_said() -> None:
    poor = MACHINE.model_copy(update={"memory_bytes": 1 << 30, "disk_free": 1 << 20})
    made = plan(
        machine=poor, steps=10, layers=24, width=1024, activation_checkpointing="off",
        optimiser_precision="fp32", micro_batch=4, batch=8,
    )  # fmt: skip
    assert (made.activation_checkpointing, made.optimiser_precision) == (False, "fp32")
    assert (made.micro_batch, made.over_memory) == (4, True)
    memory, disk = said(made)
    assert "of memory would be needed" in memory and "of the disk" in disk
    forced = plan(steps=10, activation_checkpointing="on", optimiser_precision="bf16")
    assert (forced.activation_checkpointing, forced.optimiser_precision) == (True, "bf16")
    assert "To save memory" not in Sentence.from_json(forced.rule).english()


def test_plans_of_older_runs_can_still_be_read() -> None:
    made = plan(minutes=2).to_json()
    later = {"activation_checkpointing", "optimiser_precision", "memory_on", "watts", "energy_wh",
             "energy_source", "co2_g", "cost", "currency", "warnings"}  # fmt: skip
    old = Plan(**{name: value for name, value in made.items() if name not in later})
    assert (old.activation_checkpointing, old.optimiser_precision) == (False, "fp32")


def test_a_timed_step_settles_the_steps_that_the_time_holds() -> None:
    made = plan(minutes=2)
    text, recipe = SHAKESPEARE, Recipe(minutes=2)
    slow = settled(made, recipe, text, MACHINE, 4 * made.step_seconds, 110.0)
    assert slow.steps < 0.4 * made.steps
    assert slow.shape == made.shape and slow.batch == made.batch
    assert 0.8 * 110 < slow.seconds < 1.2 * 120
    counted = settled(made, Recipe(steps=77), text, MACHINE, 1.0, None)
    assert (counted.steps, counted.step_seconds) == (77, 1.0)
    assert counted.decay_from == int(77 * 0.4)


def test_a_small_model_is_told_that_all_its_weights_learn_more_than_an_adapter() -> None:
    def is_told(**settings: object) -> bool:
        return any("adapter learns far less" in text for text in said(plan(**settings)))

    assert is_told(steps=10, method="lora")
    assert not is_told(steps=10)
    assert not is_told(steps=10, method="lora", parameters=40_000_000)


def test_an_encoder_has_gentler_rates_and_a_decoder_its_own() -> None:
    decoder, encoder = plan(steps=100), plan(steps=100, family="bert", objective="masked")
    assert (decoder.matrix_rate, decoder.embedding_rate, decoder.head_rate) == (0.08, 0.1, 0.015)
    assert (encoder.matrix_rate, encoder.embedding_rate, encoder.head_rate) == ENCODER
    chosen = plan(steps=100, family="roberta", objective="masked", embedding_rate=0.02)
    assert (chosen.matrix_rate, chosen.embedding_rate) == (ENCODER[0], 0.02)

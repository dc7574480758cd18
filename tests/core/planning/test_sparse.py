"""What is planned for experts: the work of those that compute, the memory of all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.home import Home
from core.planning.adapters import adapters_of
from core.planning.machine import Machine
from core.planning.measured import MeasuredRun, load_runs, measured_file, remember
from core.planning.memory import memory_bytes, memory_parts
from core.planning.presets import preset_settings
from core.planning.shape import Shape
from core.planning.timing import model_work, muon_work, step_seconds
from core.recipe import Recipe

MACHINE = Machine(gflops_fp32=50, gflops_bf16=50, memory_bytes=64 << 30, measured=True)
FEW = Shape(4, 256, 8, 4, 32, 512, True, "mixtral", 4, 2)
MANY = replace(FEW, experts=32)
DENSE = Shape(4, 256, 8, 4, 32, 1024, True, "llama")  # As wide as two experts together.


def test_experts_that_lie_idle_take_memory_but_no_work() -> None:
    routers = 6.0 * 4 * 256 * (32 - 4)  # Which choose among more.
    few, many = (model_work(shape, 4096, 1000, 128) for shape in (FEW, MANY))
    assert many - few == pytest.approx(1000 * routers)
    assert few == pytest.approx(model_work(DENSE, 4096, 1000, 128), rel=0.01)
    idle = (32 - 4) * 4 * 3 * 256 * 512
    parts = [memory_parts(shape, 4096, 8, 128, MACHINE, batch=8) for shape in (FEW, MANY)]
    assert parts[1]["weights"] - parts[0]["weights"] == pytest.approx(4 * idle, rel=0.01)
    assert parts[1]["activations"] == parts[0]["activations"] > 0
    assert muon_work(MANY) > 5 * muon_work(FEW)


def test_a_sparse_step_is_told_between_the_dense_ones_of_its_active_and_all_its_weights() -> None:
    whole = replace(DENSE, feed_forward=32 * 512)
    plain, sparse, large = (
        step_seconds(shape, 4096, 32, 128, MACHINE, optimiser="adamw")
        for shape in (DENSE, MANY, whole)
    )
    assert plain < sparse < 0.5 * large


@pytest.mark.parametrize(
    (
        "key",
        "windows",
        "peak",
    ),  # MiB above an empty process, fp32, Muon, 4,096 tokens in the table.
    [("mixtral", 8, 191), ("mixtral", 64, 912), ("qwen3-moe", 8, 273), ("qwen3-moe", 64, 1002)],
)
def test_the_memory_of_school_sizes_is_what_was_measured(key: str, windows: int, peak: int) -> None:
    made = preset_settings(f"{key}-school")
    shape = Shape(
        made["layers"], made["width"], made["heads"], made["kv_heads"], made["head_size"],
        made["feed_forward"], made["tied_embeddings"], made["family"], made["experts"],
        made["chosen_experts"],
    )  # fmt: skip
    parts = memory_parts(shape, 4096, windows, made["context"], MACHINE, batch=windows, precision="fp32")  # fmt: skip
    told = sum(parts.values()) - parts["runtime"] - parts["checkpoint"]
    assert told / (1 << 20) == pytest.approx(peak, rel=0.2)


def test_adapters_take_a_small_part_of_the_memory_of_all_weights() -> None:
    large = Shape(24, 2048, 16, 8, 128, 6144, True, "llama")
    recipe = Recipe(method="lora", lora_rank=16)
    full = memory_bytes(large, 32_000, 1, 512, MACHINE, batch=1, optimiser="adamw")
    adapted = memory_bytes(
        large, 32_000, 1, 512, MACHINE, batch=1, optimiser="adamw",
        adapters=adapters_of(recipe, large),
    )  # fmt: skip
    assert adapted < 0.45 * full


def test_what_a_sparse_run_took_is_kept_as_that_of_a_sparse_model(empty_home: Home) -> None:
    run = MeasuredRun(
        device="cpu", precision="bf16", layers=4, width=256, heads=8, kv_heads=4, head_size=32,
        feed_forward=512, tied=True, family="mixtral", experts=32, chosen=2, vocabulary=4096,
        context=128, batch=32, micro_batch=32, step_seconds=1.0,
    )  # fmt: skip
    remember(empty_home, run)
    (kept,) = load_runs(empty_home)
    assert kept.shape == MANY
    damaged = measured_file(empty_home).read_text().replace("mixtral", "no such family")
    measured_file(empty_home).write_text(damaged)
    assert load_runs(empty_home) == []

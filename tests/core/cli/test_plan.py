"""What a training would need, and recipes that nobody can train."""

from __future__ import annotations

import pytest

from core.home import Home
from tests.core.cli.conftest import Run


def test_a_plan_tells_memory_time_and_size(run: Run) -> None:
    plan = run("plan", "--preset", "10M", "--tokens", "1000000", "--json").document
    assert 8_000_000 < plan["parameters"] < 12_000_000
    assert plan["seconds"] > 0
    assert plan["memory_bytes"] > 4 * plan["parameters"]
    assert abs(plan["tokens_total"] - 1_000_000) < plan["batch"] * plan["context"]
    told = run("plan", "--preset", "10M").out.splitlines()
    assert [line.split()[0] for line in told[1:6]] == ["memory", "time", "energy", "disk", "device"]


def test_a_plan_answers_for_models_and_devices_that_are_not_here(run: Run) -> None:
    far = run("plan", "--preset", "gpt3-175b", "--device", "H100", "--devices", "1024", "--json")
    plan = far.document
    assert plan["flops_weights"] == pytest.approx(3.14e23, rel=0.01)
    assert (plan["fits"], plan["devices"], plan["steps"]) == (True, 1024, 93_750)
    small = run("plan", "--preset", "kimi-k2", "--device", "rtx 4090", "--devices", "8").out
    assert "too much: at least 1,040 are needed" in small
    assert "(estimated)" in small
    listed = run("plan", "--list", "--json").document
    assert {"gpt1", "bert-base", "gpt2-1.5b", "gpt3-13b"} <= {p["key"] for p in listed["presets"]}
    assert run("plan", "--preset", "2T", "--tokens", "1T").code == 0


def test_an_impossible_recipe_is_refused_whole_before_anything_starts(
    run: Run, raised_home: Home
) -> None:
    words = ["train", "--corpus", "Stories", "--name", "n", "--steps", "5", "--set", "width=100"]
    words += ["--set", "head_size=64"]
    words += ["--set", "warmup_steps=9", "--set", "batch=2", "--set", "micro_batch=3"]
    before = sorted(raised_home.runs.iterdir())
    refused = run(*words, "--json", "--home", str(raised_home.path))
    assert refused.code == 2
    error = refused.document["error"]
    assert list(error["fields"]) == ["width", "micro_batch", "warmup_steps"]
    assert all(sentence in error["message"] for sentence in error["fields"].values())
    assert sorted(raised_home.runs.iterdir()) == before
    alike = run(*words, "--from", "Kiku", "--json", "--home", str(raised_home.path))
    assert {"width", "head_size"} <= set(alike.document["error"]["fields"])

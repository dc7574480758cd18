"""Writing token by token, against transformers' generate and against plain forward passes."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM

from core.families.qwen3 import Qwen3Config
from core.files import write_json
from core.generation.stream import Outcome, Runner, exact_cells, score_cells, windows, write
from core.models.decoder import exact_decoder
from core.models.load import CONFIG, WEIGHTS, save_weights
from core.models.qwen3.model import Qwen3
from core.sampling import SamplingSettings
from core.tokenizer.roles import TokenRoles

CHARACTERS = "abcdefghijklmnopqrstuvwxyz .,"
PIECES = [b"", *(c.encode() for c in CHARACTERS), b"\xe7", b"\x8c", b"\xab"]  # 猫 in three bytes.
END = 0
CAT = [30, 31, 32]


@pytest.fixture(scope="module")
def model() -> Qwen3:
    config = Qwen3Config(
        vocabulary=len(PIECES), layers=2, width=32, heads=2, kv_heads=1, head_size=16,
        feed_forward=48, context=24, tied=False,
    )  # fmt: skip
    torch.manual_seed(8)
    made = Qwen3(config)
    with torch.no_grad():
        for name, weight in made.named_parameters():
            weight.copy_(torch.randn_like(weight) * 0.4 + (1.0 if "norm" in name else 0.0))
    return made.eval()


def settings(**changes: float) -> SamplingSettings:
    plain: dict[str, float] = {"temperature": 0.0, "repetition_penalty": 1.0, "max_tokens": 15}
    return SamplingSettings(**(plain | changes))  # type: ignore[arg-type]


def test_greedy_writing_is_transformers_greedy_writing(model: Qwen3, tmp_path: Path) -> None:
    save_weights(model, tmp_path / WEIGHTS)
    write_json(tmp_path / CONFIG, model.config.to_transformers(TokenRoles.only(END)))
    theirs = AutoModelForCausalLM.from_pretrained(tmp_path, dtype=torch.float32).eval()
    prompt = [END, 3, 1, 4, 1, 5]
    with torch.no_grad():
        ids = theirs.generate(
            torch.tensor([prompt]), attention_mask=torch.ones(1, 6, dtype=torch.int64),
            max_new_tokens=15, do_sample=False, eos_token_id=None,
        )[0, 6:].tolist()  # fmt: skip
    outcome = Outcome()
    cells = list(write(model, PIECES, prompt, settings(), set(), outcome))
    wanted = b"".join(PIECES[token] for token in ids).decode("utf-8", "replace")
    assert "".join(cell.text for cell in cells) == wanted
    assert (outcome.tokens, outcome.reason, outcome.prompt_tokens) == (15, "length", 6)


def test_an_end_token_ends_it_and_is_not_shown(model: Qwen3) -> None:
    greedy = int(exact_decoder(model).prompt([END, 3, 1]).argmax())
    outcome = Outcome()
    assert list(write(model, PIECES, [END, 3, 1], settings(), {greedy}, outcome)) == []
    assert (outcome.reason, outcome.tokens) == ("end", 0)


def test_it_stops_at_the_next_token_when_asked(model: Qwen3) -> None:
    shown: list[str] = []
    outcome = Outcome()
    for cell in write(
        model, PIECES, [END], settings(temperature=1.0, max_tokens=500), set(), outcome,
        lambda: len(shown) >= 3,
    ):  # fmt: skip
        shown.append(cell.text)
    assert outcome.reason == "stopped"
    assert outcome.tokens <= 3 * 4 + 1


def test_a_full_context_is_refilled_with_its_newer_half(model: Qwen3) -> None:
    outcome = Outcome()
    cells = list(write(model, PIECES, [END, 1], settings(max_tokens=60), set(), outcome))
    assert outcome.tokens == 60
    assert cells
    decoder = exact_decoder(model)
    runner = Runner(decoder)
    history = [1 + i % 20 for i in range(24)]
    runner.begin(history)
    refilled = runner.after([*history, 7])
    assert decoder.length == 12
    assert refilled == pytest.approx(exact_decoder(model).prompt([*history, 7][-12:]), abs=1e-5)


def test_a_prompt_longer_than_the_context_keeps_its_end(model: Qwen3) -> None:
    long = [1 + i % 25 for i in range(100)]
    kept = exact_decoder(model).prompt(long[-12:])
    assert Runner(exact_decoder(model)).begin(long) == pytest.approx(kept, abs=1e-5)


@pytest.mark.parametrize("prompt", [1, 5, 24, 25, 40])
def test_cells_weighed_afterwards_are_those_of_writing(model: Qwen3, prompt: int) -> None:
    outcome = Outcome()
    begin = [END, *[1 + i % 25 for i in range(prompt - 1)]]
    lively = settings(temperature=1.0, max_tokens=70)
    written = list(write(model, PIECES, begin, lively, set(), outcome))
    again = exact_cells(model, PIECES, outcome.all_tokens, prompt)
    assert [cell.text for cell in again] == [cell.text for cell in written]
    assert [c.probability for c in again] == pytest.approx(
        [c.probability for c in written], rel=1e-3, abs=1e-6
    )
    assert sum(end - first for _, first, end in windows(prompt, prompt + 70, 24)) == 70


def test_the_same_seed_writes_the_same_text_again(model: Qwen3) -> None:
    def text(seed: int) -> str:
        warm = settings(temperature=1.0, seed=seed, max_tokens=30)
        return "".join(c.text for c in write(model, PIECES, [END], warm, set(), Outcome()))

    assert text(1) == text(1)
    assert text(1) != text(2)


def test_scored_cells_have_the_probabilities_of_a_plain_forward_pass(model: Qwen3) -> None:
    tokens = [END, 2, 1, *CAT, 20]
    with torch.no_grad():
        probabilities = model(torch.tensor([tokens[:-1]]))[0].double().softmax(-1)
    single = [float(probabilities[i, token]) for i, token in enumerate(tokens[1:])]
    cells = score_cells(model, PIECES, tokens, 1)
    assert [cell.text for cell in cells] == ["b", "a", "猫", "t"]
    wanted = [single[0], single[1], single[2] * single[3] * single[4], single[5]]
    assert [cell.probability for cell in cells] == pytest.approx(wanted, rel=1e-4)


def test_scoring_shows_no_more_than_the_context(model: Qwen3) -> None:
    cells = score_cells(model, PIECES, [END, *[1] * 100], 1)
    assert len(cells) == model.config.context

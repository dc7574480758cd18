"""Decoders against transformers, and their rounded matrices against double precision."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoModelForCausalLM

from core.families.qwen3 import Qwen3Config
from core.files import write_json
from core.models.decoder import Decoder, exact_decoder
from core.models.load import CONFIG, WEIGHTS, load_model, save_weights
from core.models.matrices import PRECISIONS, Precision, matrix_of, own_kernels, quantise
from core.models.qwen3.model import Qwen3
from core.models.rotary_decoder.decode import CpuDecoder
from core.models.rotary_decoder.graphed import GraphedDecoder
from core.models.threads import ThreadChooser
from core.tokenizer.roles import TokenRoles

TOKENS = torch.randint(0, 300, (40,), generator=torch.Generator().manual_seed(3)).tolist()


def made(kv_heads: int, tied: bool) -> Qwen3:
    config = Qwen3Config(300, 2, 64, 4, kv_heads, 16, 96, 48, tied)
    draw = torch.Generator().manual_seed(8)
    model = Qwen3(config)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            random = torch.randn(weight.shape, generator=draw)
            weight.copy_(random * 0.15 + (1.0 if "norm" in name else 0.0))
    return model.eval()


@pytest.fixture(scope="module")
def model() -> Qwen3:
    return made(2, True)


def logits_of(decoder: Decoder, prompt: int) -> np.ndarray:
    """After each of TOKENS from number `prompt` on: the first through a block, then step by step."""
    rows = [decoder.prompt(TOKENS[:prompt])]
    rows += [decoder.step(token) for token in TOKENS[prompt:]]
    assert decoder.length == len(TOKENS)
    return np.stack(rows)


@pytest.mark.parametrize(("kv_heads", "tied"), [(4, False), (2, True), (1, False)])
@pytest.mark.parametrize("prompt", [1, 17, 40])
def test_exact_logits_are_those_of_transformers(
    kv_heads: int, tied: bool, prompt: int, tmp_path: Path
) -> None:
    save_weights(made(kv_heads, tied), tmp_path / WEIGHTS)
    write_json(tmp_path / CONFIG, made(kv_heads, tied).config.to_transformers(TokenRoles.only(0)))
    theirs = AutoModelForCausalLM.from_pretrained(tmp_path, dtype=torch.float32).eval()
    with torch.no_grad():
        wanted = theirs(torch.tensor([TOKENS])).logits[0, prompt - 1 :].numpy()
    model = load_model(tmp_path)
    for decoder in (CpuDecoder(model), GraphedDecoder(model)):
        assert np.abs(logits_of(decoder, prompt) - wanted).max() < 1e-4


@pytest.mark.parametrize("block", [torch.float32, torch.bfloat16], ids=str)
@pytest.mark.parametrize("precision", ["bf16", "int8"])
def test_rounded_weights_change_logits_by_about_their_rounding(
    model: Qwen3, precision: Precision, block: torch.dtype
) -> None:
    with torch.no_grad():
        wanted = model(torch.tensor([TOKENS]))[0, 4:].numpy()
    error = logits_of(CpuDecoder(model, precision, block), 5) - wanted
    assert error.std() < {"bf16": 0.02, "int8": 0.05}[precision] * wanted.std()
    again = logits_of(CpuDecoder(model, precision, block), 5) - wanted
    assert np.array_equal(error, again)


def test_losses_are_cross_entropies_of_a_plain_forward_pass(model: Qwen3) -> None:
    with torch.no_grad():
        logits = model(torch.tensor([TOKENS[:-1]]))[0].double()
    wanted = torch.nn.functional.cross_entropy(logits, torch.tensor(TOKENS[1:]), reduction="none")
    assert torch.allclose(CpuDecoder(model).losses(TOKENS).double(), wanted, atol=1e-5)


def test_exact_writing_takes_no_memory_for_weights(model: Qwen3) -> None:
    decoder = exact_decoder(model)
    assert isinstance(decoder, CpuDecoder)
    assert decoder.bytes == 0
    before = decoder.prompt(TOKENS[:3])
    with torch.no_grad():
        model.model.layers[0].mlp.down_proj.weight.mul_(1.5)
    try:
        assert not np.array_equal(decoder.prompt(TOKENS[:3]), before)
    finally:
        with torch.no_grad():
            model.model.layers[0].mlp.down_proj.weight.div_(1.5)


def test_a_model_in_another_type_writes_as_its_forward_does(model: Qwen3) -> None:
    rounded = made(2, True).to(torch.bfloat16)
    decoder = exact_decoder(rounded)
    assert isinstance(decoder, GraphedDecoder)
    with torch.no_grad():
        wanted = rounded(torch.tensor([TOKENS]))[0, 4:].float().numpy()
    assert np.abs(logits_of(decoder, 5) - wanted).std() < 0.03 * wanted.std()
    assert not decoder.graphed  # There is no CUDA: the same step, eagerly.


@pytest.mark.parametrize(("rows", "columns"), [(2, 32), (37, 96), (300, 64), (5, 416)])
def test_products_of_every_precision_are_those_of_the_kept_weights(rows: int, columns: int) -> None:
    draw = np.random.default_rng(rows)
    first = torch.from_numpy(draw.standard_normal((rows, columns)).astype(np.float32))
    second = torch.from_numpy(draw.standard_normal((3, columns)).astype(np.float32) * 40)
    x = torch.from_numpy(draw.standard_normal(columns).astype(np.float32)).bfloat16().float()
    bytes_of_weights = {"fp32": 0, "bf16": 2, "int8": 1}
    for precision in PRECISIONS:
        kept = []
        for weight in (first, second):
            if precision == "int8":
                quantised, scales = quantise(weight)
                assert ((quantised.float() * scales.float()[:, None] - weight).abs()
                        <= scales.float()[:, None] * 0.5001).all()  # fmt: skip
                kept.append(quantised.double() * scales.double()[:, None])
            else:
                dtype = torch.bfloat16 if precision == "bf16" else torch.float32
                kept.append(weight.to(dtype).double())
        wanted = (torch.cat(kept) @ x.double()).numpy()
        matrix = matrix_of(precision, first, second)
        assert matrix.rows == rows + 3
        assert matrix.bytes // (matrix.rows * columns) == bytes_of_weights[precision]
        with own_kernels():
            one = matrix.product(x.numpy())
        # What comes out has passed through bf16.
        allowed = 1e-5 if precision == "fp32" else 2**-8
        assert one == pytest.approx(wanted, rel=allowed, abs=allowed)
        assert matrix.products(x[None])[0].numpy() == pytest.approx(wanted, rel=1e-4, abs=1e-3)
    assert torch.backends.mkldnn.enabled


def test_a_row_of_zeros_stays_one() -> None:
    quantised, scales = quantise(torch.zeros(2, 32))
    assert not quantised.any()
    assert torch.isfinite(scales).all()


@pytest.mark.parametrize("precision", PRECISIONS)
def test_the_number_of_threads_changes_no_logit(model: Qwen3, precision: Precision) -> None:
    decoder = CpuDecoder(model, precision)
    seen: list[np.ndarray] = []
    for count in (1, 2):
        decoder._threads = ThreadChooser(count)  # What it chooses from.
        decoder._threads._counts = [count]
        seen.append(logits_of(decoder, 2))
    assert np.array_equal(*seen)


def test_the_faster_number_of_threads_is_taken_and_the_other_looked_at_again() -> None:
    chooser, slow, taken = ThreadChooser(2), {1: 2.0, 2: 1.0}, []
    for step in range(600):
        if step == 300:
            slow = {1: 1.0, 2: 5.0}  # A training began.
        count = chooser.next_count()
        chooser.learn(count, slow[count])
        taken.append(count)
    assert taken[:2] == [1, 2]
    assert taken[2:300].count(2) > 290
    assert taken[460:].count(1) > 135
    before = torch.get_num_threads()
    with chooser.step():
        assert torch.get_num_threads() == chooser.next_count()
    assert torch.get_num_threads() == before

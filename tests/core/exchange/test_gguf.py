"""GGUF files as others make them: every way of packing numbers, models in several files, odd members."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from gguf import GGUFReader, GGUFValueType, GGUFWriter
from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType
from gguf.quants import dequantize, quantize
from numpy.typing import NDArray
from safetensors.numpy import load_file

from core.errors import CannotImport
from core.families.registry import config_for, family_of
from core.families.shape import Shape
from core.home import Home
from core.models.load import load_model
from core.reasons import Unsuitable
from core.versions.library import VersionLibrary
from core.versions.llamacpp.architectures import ARCHITECTURES, BY_NAME, Reading
from tests.core.exchange import foreign

Kind = GGMLQuantizationType
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
KINDS = (
    "F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q2_K", "Q3_K", "Q4_K", "Q5_K",
    "Q6_K", "IQ4_NL", "IQ4_XS", "MXFP4",
)  # fmt: skip
_SCALES = {
    "Q2_K": (80, 82), "Q3_K": (108,), "Q4_K": (0, 2), "Q5_K": (0, 2), "Q6_K": (208,), "IQ4_NL": (0,),
    "IQ4_XS": (0,),
}  # fmt: skip
"""Where in a block its 16-bit scales stand (ggml-common.h)."""
HIDDEN, ROWS = 256, 512


def packed(kind: Kind, array: NDArray[np.float32], draw: np.random.Generator) -> NDArray[Any]:
    """`array` where the package packs it; else random bytes with small scales, which are as good."""
    if kind in (Kind.F32, Kind.F16):
        return array.astype(np.float16 if kind == Kind.F16 else np.float32)
    try:
        return quantize(array, kind)
    except NotImplementedError:
        block, size = GGML_QUANT_SIZES[kind]
        blocks = draw.integers(0, 256, (array.size // block, size), dtype=np.uint8)
        if kind == Kind.MXFP4:
            blocks[:, 0] = draw.integers(120, 124, len(blocks))  # A power of two.
        for place in _SCALES.get(kind.name, ()):
            scale = draw.uniform(1e-4, 1e-3, len(blocks)).astype(np.float16)
            blocks[:, place : place + 2] = scale[:, None].view(np.uint8)
        return blocks.reshape(len(array), -1)


def values_of(path: Path, writer: GGUFWriter) -> None:
    """All named values of a file, into another."""
    for name, field in GGUFReader(path).fields.items():
        if name.startswith("GGUF.") or name == "general.architecture":
            continue
        inner = field.types[-1] if field.types[0] == GGUFValueType.ARRAY else None
        writer.add_key_value(name, field.contents(), field.types[0], inner)


def finish(writer: GGUFWriter) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


@pytest.fixture(scope="module")
def exact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Qwen3 wide enough for blocks of 256 numbers, as a folder of transformers."""
    folder = tmp_path_factory.mktemp("exact")
    name, sizes = foreign.MODELS["qwen3"]
    wide = {**sizes, "hidden_size": HIDDEN, "intermediate_size": HIDDEN, "head_dim": 64}
    before = foreign.MODELS["qwen3"]
    foreign.MODELS["qwen3"] = (name, wide)
    try:
        foreign.save(folder, "qwen3", template=foreign.CHATML)
    finally:
        foreign.MODELS["qwen3"] = before
    return folder


@pytest.fixture(scope="module")
def whole(
    exact: Path, tmp_path_factory: pytest.TempPathFactory, bring: Callable[..., Any],
    hand_out: Callable[..., Any],
) -> Path:  # fmt: skip
    """The same as a GGUF file in fp32, from another home."""
    room = tmp_path_factory.mktemp("whole")
    home = Home(room / "home").prepare()
    bring(home, exact)
    hand_out(home, "Guest", room / "whole.gguf", "gguf", "f32")
    return room / "whole.gguf"


@pytest.mark.parametrize("name", KINDS)
def test_packed_numbers_are_what_the_gguf_package_unpacks(
    name: str, whole: Path, tmp_path: Path, empty_home: Home, bring: Callable[..., Any]
) -> None:
    kind, draw = Kind[name], np.random.default_rng(7)
    writer = GGUFWriter(tmp_path / "x.gguf", "qwen3")
    values_of(whole, writer)
    true: dict[str, NDArray[Any]] = {}
    for tensor in GGUFReader(whole).tensors:
        shape = tuple(int(n) for n in tensor.shape[::-1])
        array = np.array(tensor.data, np.float32).reshape(shape)
        if len(shape) > 1:
            data = packed(kind, array, draw)
            writer.add_tensor(tensor.name, data, raw_dtype=kind)
            true[tensor.name] = dequantize(data, kind).reshape(shape)
        else:
            writer.add_tensor(tensor.name, array)
    finish(writer)
    done = bring(empty_home, tmp_path / "x.gguf")
    assert done.outcome == "done" and done.warnings == []
    folder = Path(done.result["path"])
    model = load_model(folder)
    state = model.state_dict()
    for theirs, ours in (
        ("token_embd.weight", "model.embed_tokens.weight"),
        ("blk.0.attn_q.weight", "model.layers.0.self_attn.q_proj.weight"),
        ("blk.1.ffn_down.weight", "model.layers.1.mlp.down_proj.weight"),
        ("output.weight", "lm_head.weight"),
    ):
        gap = np.abs(state[ours].numpy() - true[theirs])
        allowed = 0.0 if name in ("F32", "F16", "BF16") else 2**-11
        assert (gap <= allowed * np.abs(true[theirs]) + (1e-7 if allowed else 0)).all(), ours
    assert torch.isfinite(model(torch.tensor([[1, 7, 9, 11]]))).all()
    assert done.result["dtype"] == (name if name in ("F32", "F16", "BF16") else "F16")


@pytest.fixture
def parts(whole: Path, tmp_path: Path) -> list[Path]:
    """The same cut by the package."""
    (tmp_path / "parts").mkdir()
    writer = GGUFWriter(tmp_path / "parts" / "m.gguf", "qwen3", split_max_tensors=9)
    values_of(whole, writer)
    for tensor in GGUFReader(whole).tensors:
        shape = tuple(int(n) for n in tensor.shape[::-1])
        writer.add_tensor(tensor.name, np.array(tensor.data).reshape(shape))
    finish(writer)
    found = sorted((tmp_path / "parts").iterdir())
    assert len(found) == 3 and found[0].name == "m-00001-of-00003.gguf"
    return found


@pytest.mark.parametrize("chosen", [0, 1, None], ids=["the first", "another", "their folder"])
def test_a_model_in_several_files_is_read_as_one(
    chosen: int | None, parts: list[Path], exact: Path, empty_home: Home, bring: Callable[..., Any]
) -> None:
    done = bring(empty_home, parts[0].parent if chosen is None else parts[chosen])
    assert done.result["kind"] == "chat" and done.result["form"] == "gguf"
    before = load_file(exact / "model.safetensors")
    after = load_file(Path(done.result["path"]) / "model.safetensors")
    assert before.keys() == after.keys()
    assert all(np.array_equal(before[name], after[name]) for name in before)
    imported = VersionLibrary(empty_home).get("Guest").manifest.imported
    assert imported is not None and sorted(imported.hashes) == [part.name for part in parts]


def _lose(parts: list[Path]) -> Path:
    parts[1].unlink()
    return parts[0]


def _rename(parts: list[Path]) -> Path:
    return parts[0].rename(parts[0].with_name("m.gguf"))


def _mix(parts: list[Path]) -> Path:
    shutil.copy(parts[1], parts[2])
    return parts[0]


def _two(parts: list[Path]) -> Path:
    shutil.copy(parts[0], parts[0].with_name("another.gguf"))
    return parts[0].parent


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (_lose, r"m-00001.*one of 3 parts of a model, and m-00002-of-00003\.gguf is not beside it\. Put all"),
        (_rename, r"one of 3 parts of a model, but its name does not say which"),
        (_mix, r"m-00003-of-00003\.gguf .*it is not part 3 of 3"),
        (_two, r"there are 4 \.gguf files in it, each a model by itself\. Choose one"),
    ],
    ids=["one is gone", "renamed", "mixed up", "two models"],
)  # fmt: skip
def test_parts_that_do_not_belong_together_are_refused_and_leave_nothing(
    spoil: Callable[[list[Path]], Path], says: str, parts: list[Path], empty_home: Home,
    bring: Callable[..., Any],
) -> None:  # fmt: skip
    with pytest.raises(CannotImport, match=says):
        bring(empty_home, spoil(parts))
    assert list(empty_home.versions.iterdir()) == []


@pytest.mark.parametrize("key", ARCHITECTURES)
@pytest.mark.parametrize("layers", [1, 4, 6, 8])
def test_what_is_trained_from_scratch_is_what_llama_cpp_computes(key: str, layers: int) -> None:
    experts, chosen = (4, 2) if key in ("mixtral", "qwen3_moe") else (0, 0)
    shape = Shape(layers, 64, 4, 2, 16, 96, True, key, experts, chosen)
    ARCHITECTURES[key].refuse(family_of(key).config.from_shape(shape, ROWS, 96))


def reading(name: str, **values: Any) -> Reading:
    usual = {
        "block_count": 7, "embedding_length": 64, "attention.head_count": 4,
        "attention.key_length": 24, "context_length": 96, "feed_forward_length": 96,
    }  # fmt: skip
    named = {f"{name}.{key}": value for key, value in {**usual, **values}.items()}
    return Reading(name, named, {"token_embd.weight": (ROWS, 64)})


@pytest.mark.parametrize(
    ("values", "windows", "local", "scalar"),
    [
        ({"attention.sliding_window": 13}, (13,) * 5 + (None, 13), 1e4, 24),
        ({"attention.sliding_window": 13, "attention.sliding_window_pattern": 3,
          "rope.freq_base_swa": 5e3}, (13, 13, None) * 2 + (13,), 5e3, 24),
        ({"attention.sliding_window": 13,
          "attention.sliding_window_pattern": [True, False] * 3 + [True]},
         (13, None) * 3 + (13,), 1e4, 24),
        ({}, (), 1e4, 24),
        ({"attention.sliding_window": 13, "block_count": 62}, None, 1e4, 16),
    ],
    ids=["published", "another pattern", "one by one", "no window", "27B"],
)  # fmt: skip
def test_gemma_3_is_read_with_its_windows(
    values: dict[str, Any], windows: Any, local: float, scalar: int
) -> None:
    config: Any = config_for(BY_NAME["gemma3"].config(reading("gemma3", **values)))
    assert (config.local_theta, config.query_scalar) == (local, scalar)
    assert windows is None or config.windows == windows


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("gemma3", {"final_logit_softcapping": 30.0}, "final_logit_softcapping"),
        ("gemma3", {"attention.sliding_window": 5, "attention.sliding_window_pattern": [True]},
         "sliding_window_pattern"),
        ("llama", {"rope.dimension_count": 8}, r"rope\.dimension_count"),
        ("llama", {"rope.scaling.type": "yarn", "rope.scaling.factor": 4.0}, "yarn"),
    ],
)  # fmt: skip
def test_members_that_would_be_computed_otherwise_are_refused(
    name: str, values: dict[str, Any], words: str
) -> None:
    with pytest.raises(Unsuitable, match=words):
        BY_NAME[name].config(reading(name, **values))

"""Version folders that lie: refused with a clear sentence, and nothing in them is ever run."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.engine.engine import Engine
from core.errors import Damaged
from core.files import read_json, write_json
from core.home import Home
from core.jobs.kinds import EvaluateJob
from core.models.load import load_model
from core.versions.library import VersionLibrary


@pytest.fixture
def folder(raised_home: Home) -> Path:
    return VersionLibrary(raised_home).get("Kiku").path


def rewrite(file: Path, change: Callable[[dict[str, Any], bytes], tuple[bytes, bytes]]) -> None:
    """Take a safetensors file apart and put (header, data) together again."""
    content = file.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header, data = change(json.loads(content[8 : 8 + length]), content[8 + length :])
    file.write_bytes(struct.pack("<Q", len(header)) + header + data)


def encoded(header: dict[str, Any], data: bytes) -> tuple[bytes, bytes]:
    return json.dumps(header).encode(), data


def _first(header: dict[str, Any]) -> dict[str, Any]:
    return next(entry for name, entry in header.items() if name != "__metadata__")


def beyond_the_file(header: dict[str, Any], data: bytes) -> tuple[bytes, bytes]:
    _first(header)["data_offsets"] = [0, len(data) * 1000]
    return encoded(header, data)


def another_shape(header: dict[str, Any], data: bytes) -> tuple[bytes, bytes]:
    _first(header)["shape"] = [2, 2]
    return encoded(header, data)


def a_huge_shape(header: dict[str, Any], data: bytes) -> tuple[bytes, bytes]:
    _first(header)["shape"] = [2**40, 2**40]
    return encoded(header, data)


def overlapping(header: dict[str, Any], data: bytes) -> tuple[bytes, bytes]:
    entries = [entry for name, entry in header.items() if name != "__metadata__"]
    for entry in entries:
        entry["data_offsets"] = entries[0]["data_offsets"]
    return encoded(header, data)


def an_unknown_type(header: dict[str, Any], data: bytes) -> tuple[bytes, bytes]:
    _first(header)["dtype"] = "PICKLE"
    return encoded(header, data)


def a_missing_tensor(header: dict[str, Any], data: bytes) -> tuple[bytes, bytes]:
    header["model.layers.7.mlp.up_proj.weight"] = header.pop("model.norm.weight")
    return encoded(header, data)


def deep_json(header: dict[str, Any], data: bytes) -> tuple[bytes, bytes]:
    return b"[" * 100_000 + b"]" * 100_000, data


def not_json(header: dict[str, Any], data: bytes) -> tuple[bytes, bytes]:
    return b"\xff\xfe" * 50, data


@pytest.mark.parametrize(
    "lie",
    [
        beyond_the_file, another_shape, a_huge_shape, overlapping, an_unknown_type,
        a_missing_tensor, deep_json, not_json,
    ],
)  # fmt: skip
def test_weights_with_a_lying_header_are_refused(
    folder: Path, lie: Callable[[dict[str, Any], bytes], tuple[bytes, bytes]]
) -> None:
    rewrite(folder / "model.safetensors", lie)
    with pytest.raises(Damaged) as caught:
        load_model(folder)
    sentence = str(caught.value)
    assert "model.safetensors" in sentence
    assert "\n" not in sentence
    assert len(sentence) < 500


@pytest.mark.parametrize("length", [0, 5, 2**32, 2**63, 2**64 - 1], ids=str)
def test_a_header_longer_than_the_file_is_refused(folder: Path, length: int) -> None:
    file = folder / "model.safetensors"
    file.write_bytes(struct.pack("<Q", length) + file.read_bytes()[8:])
    with pytest.raises(Damaged, match=r"model\.safetensors"):
        load_model(folder)


@pytest.mark.parametrize(
    "changes",
    [
        {"model_type": "evil"}, {"model_type": None}, {"hidden_size": None}, {"vocab_size": -4},
        {"num_hidden_layers": "many"}, {"num_attention_heads": 0}, {"head_dim": [1]},
        {"num_hidden_layers": 10**9}, {"hidden_size": 10**9}, {"num_key_value_heads": 3},
        {"max_position_embeddings": 10**12}, {"rope_parameters": [1, 2]},
    ],
    ids=str,
)  # fmt: skip
def test_a_config_that_makes_no_sense_is_refused(folder: Path, changes: dict[str, Any]) -> None:
    write_json(folder / "config.json", {**read_json(folder / "config.json"), **changes})
    with pytest.raises(Damaged, match=r"(config\.json|model\.safetensors)"):
        load_model(folder)


def test_code_that_a_config_asks_for_is_never_run(folder: Path, tmp_path: Path) -> None:
    trap = tmp_path / "trapped"
    code = f"open({str(trap)!r}, 'w').write('gotcha')\n"
    for name in ("modeling_evil.py", "configuration_evil.py", "tokenization_evil.py", "setup.py"):
        (folder / name).write_text(code)
    for name in ("config.json", "tokenizer_config.json"):
        changes = {
            "auto_map": {
                "AutoConfig": "configuration_evil.Config", "AutoTokenizer": "tokenization_evil.T",
                "AutoModelForCausalLM": "modeling_evil.Model",
            },
            "trust_remote_code": True, "custom_pipelines": {"x": {"impl": "modeling_evil.P"}},
        }  # fmt: skip
        write_json(folder / name, {**read_json(folder / name), **changes})
    with pytest.raises(Damaged, match="never done"):
        load_model(folder)
    plain = {k: v for k, v in read_json(folder / "config.json").items() if k != "auto_map"}
    write_json(folder / "config.json", plain)
    assert load_model(folder).config.parameters > 0
    write_json(folder / "config.json", {**plain, "model_type": "evil"})
    with pytest.raises(Damaged):
        load_model(folder)
    assert not trap.exists()


@pytest.mark.parametrize("file", ["tokenizer.json", "config.json", "model.safetensors"])
def test_an_evaluation_names_the_damaged_file(raised_home: Home, folder: Path, file: str) -> None:
    (folder / file).write_bytes(b"\x00 not what it was")
    engine = Engine(raised_home)
    try:
        run = engine.submit("evaluate", EvaluateJob(versions=["Kiku"]), "Kiku")
        failed = engine.wait(run, 90)
    finally:
        engine.close()
    assert failed.state == "failed"
    assert failed.error is not None
    assert file in failed.error.english()

"""Files that lie, models that want more than to be read, and pieces that do not fit: one sentence each,
and nothing is left on the shelf."""

from __future__ import annotations

import json
import pickle
import shutil
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from gguf import GGUFWriter
from safetensors.torch import load_file, save_file

from core.errors import CannotImport, PathMissing
from core.home import Home
from core.versions.library import VersionLibrary
from tests.core.exchange import foreign

WEIGHTS, CONFIG = "model.safetensors", "config.json"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published") / "model"
    foreign.save(folder, "qwen3", template=foreign.CHATML)
    return folder


@pytest.fixture(scope="module")
def packed(published: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A small GGUF file, as the gguf package writes it."""
    path = tmp_path_factory.mktemp("packed") / "x.gguf"
    writer = GGUFWriter(path, "qwen3")
    writer.add_uint32("qwen3.block_count", 1)
    writer.add_array("tokenizer.ggml.tokens", ["a", "b", "c"])
    writer.add_tensor("token_embd.weight", np.ones((3, 32), np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path.read_bytes()


@pytest.fixture
def model(published: Path, tmp_path: Path) -> Path:
    shutil.copytree(published, tmp_path / "model")
    return tmp_path / "model"


def configure(folder: Path, file: str = CONFIG, **entries: Any) -> None:
    data = json.loads((folder / file).read_text(encoding="utf-8"))
    (folder / file).write_text(json.dumps({**data, **entries}), encoding="utf-8")


def reweigh(change: Callable[[dict[str, torch.Tensor]], Any]) -> Callable[[Path], None]:
    def work(folder: Path) -> None:
        weights = load_file(folder / WEIGHTS)
        change(weights)
        save_file(weights, folder / WEIGHTS)

    return work


def reheader(change: Callable[[dict[str, Any]], Any]) -> Callable[[Path], None]:
    """Another header before the same bytes."""

    def work(folder: Path) -> None:
        data = (folder / WEIGHTS).read_bytes()
        length = int.from_bytes(data[:8], "little")
        header = json.loads(data[8 : 8 + length])
        change(header)
        text = json.dumps(header).encode()
        (folder / WEIGHTS).write_bytes(struct.pack("<Q", len(text)) + text + data[8 + length :])

    return work


def overlap(header: dict[str, Any]) -> None:
    names = sorted(name for name in header if name != "__metadata__")
    header[names[0]]["data_offsets"] = header[names[1]]["data_offsets"]


def beyond(header: dict[str, Any]) -> None:
    last = max((n for n in header if n != "__metadata__"), key=lambda n: header[n]["data_offsets"])
    begin, end = header[last]["data_offsets"]
    header[last]["data_offsets"] = [begin, end + (1 << 40)]


def raw(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def work(folder: Path) -> None:
        (folder / WEIGHTS).write_bytes(change((folder / WEIGHTS).read_bytes()))

    return work


def index(**weight_map: str) -> Callable[[Path], None]:
    def work(folder: Path) -> None:
        data = {"weight_map": {"model.norm.weight": WEIGHTS} | weight_map}
        (folder / "model.safetensors.index.json").write_text(json.dumps(data), encoding="utf-8")

    return work


def as_pickle(folder: Path) -> None:
    (folder / WEIGHTS).unlink()
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps({"weight": [1.0]}))


def only_sentence_piece(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()
    (folder / "tokenizer.model").write_bytes(b"\x0a\x05abcde")


def needs_a_dictionary(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()
    (folder / "vocab.txt").write_text("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n猫\n", encoding="utf-8")
    configure(folder, "tokenizer_config.json", word_tokenizer_type="mecab", do_lower_case=False)


def template(text: str) -> Callable[[Path], None]:
    return lambda folder: configure(folder, "tokenizer_config.json", chat_template=text)


def large_vocabulary(folder: Path) -> None:
    configure(folder, vocab_size=300)
    cut = reweigh(lambda w: w.update({n: w[n][:300].clone() for n in ("model.embed_tokens.weight", "lm_head.weight")}))  # fmt: skip
    cut(folder)


BAD: dict[str, tuple[Callable[[Path], Any], str]] = {
    "unknown architecture": (
        lambda f: configure(f, model_type="martian"),
        r"config\.json cannot be imported: the model family “martian” is not known\. .*Qwen3"),
    "no configuration": (lambda f: (f / CONFIG).unlink(), r"config\.json .*it is not there"),
    "a configuration that is no JSON": (
        lambda f: (f / CONFIG).write_text("{"), r"it is not valid JSON \(line 1\)"),
    "a configuration nested to death": (
        lambda f: (f / CONFIG).write_text("[" * 200_000), r"config\.json cannot be imported"),
    "sizes from another world": (
        lambda f: configure(f, num_hidden_layers=10**9), r"num_hidden_layers|layers.*between 1 and"),
    "a size is missing": (
        lambda f: (f / CONFIG).write_text('{"model_type": "qwen3"}'), r"the entry “\w+” is not in it"),
    "code in the configuration": (
        lambda f: configure(f, auto_map={"AutoModel": "modeling.Evil"}),
        r"run program code that comes with the model .*Terakoya runs no code"),
    "code for the tokenizer": (
        lambda f: configure(f, "tokenizer_config.json", auto_map={"AutoTokenizer": ["x.T", None]}),
        r"tokenizer_config\.json .*run program code"),
    "packed for one program": (
        lambda f: configure(f, quantization_config={"quant_method": "gptq"}), r"quantization_config"),
    "missing tensors": (
        reweigh(lambda w: [w.pop(n) for n in list(w) if ".1.mlp." in n]),
        r"3 of its weights are missing, “model\.layers\.1\.mlp\.down_proj\.weight” first"),
    "another shape": (
        reweigh(lambda w: w.update({"model.norm.weight": torch.ones(7)})),
        r"“model\.norm\.weight” has the shape 7, but 64 is expected"),
    "weights too many": (
        reweigh(lambda w: w.update({"model.layers.0.self_attn.q_proj.bias": torch.ones(64)})),
        r"a weight that the model does not know: “model\.layers\.0\.self_attn\.q_proj\.bias”\. "),
    "two weights too many": (
        reweigh(lambda w: w.update({f"model.layers.{n}.self_attn.q_proj.bias": torch.ones(64) for n in (0, 1)})),
        r"weights that the model does not know: “model\.layers\.0\.self_attn\.q_proj\.bias” and 1 more"),
    "a missing tensor": (
        reweigh(lambda w: w.pop("model.norm.weight")), r"the weight “model\.norm\.weight” is missing"),
    "whole numbers": (
        reweigh(lambda w: w.update({"model.norm.weight": torch.ones(64, dtype=torch.int32)})),
        r"“model\.norm\.weight” are of the type I32, not"),
    "eight-bit floats": (
        reweigh(lambda w: w.update({"model.norm.weight": torch.ones(64).to(torch.float8_e4m3fn)})),
        r"“model\.norm\.weight” are of the type F8_E4M3"),
    "a type that nobody knows": (
        reheader(lambda h: h["model.norm.weight"].update(dtype="Q3")), r"of the type Q3"),
    "a header longer than the file": (
        raw(lambda data: struct.pack("<Q", 1 << 40) + data[8:]),
        rf"its header claims {1 << 40} bytes, but the file has \d+"),
    "a header that is no JSON": (
        raw(lambda data: data[:8] + b"{" * 40 + data[48:]), r"is not valid JSON|is not what"),
    "tensors that overlap": (reheader(overlap), r"the place of “.*” in it is not what its header says"),
    "a tensor beyond the file": (reheader(beyond), r"the place of “.*” in it is not what"),
    "a shape that does not fill its place": (
        reheader(lambda h: h["model.norm.weight"].update(shape=[63])), r"the place of “model\.norm"),
    "a negative size": (
        reheader(lambda h: h["model.norm.weight"].update(shape=[-64, -1])), r"does not describe"),
    "a file cut short": (raw(lambda data: data[:-100]), r"it ends after \d+ of \d+ bytes of weights"),
    "bytes that nobody needs": (raw(lambda data: data + b"x" * 9), r"9 bytes at its end belong to"),
    "an empty file": (raw(lambda data: b""), r"header claims 0 bytes, but the file has 0"),
    "an index that leaves the folder": (
        index(a="../../../etc/passwd.safetensors"), r"index\.json .*“\.\./\.\./.*no \.safetensors file beside"),
    "an index with an absolute path": (index(a="/etc/passwd"), r"no \.safetensors file beside it"),
    "an index of what is gone": (
        index(a="model-00002-of-00002.safetensors"), r"model-00002.* that it names is not there"),
    "an index that is wrong": (index(martian=WEIGHTS), r"“martian” is not in model\.safetensors"),
    "a pickle": (as_pickle, r"pytorch_model\.bin .*pickle.*runs whatever.*\.safetensors"),
    "a tokenizer larger than the embedding": (
        large_vocabulary, r"its tokenizer has 480 tokens, but the model knows only 300"),
    "a tokenizer that is none": (
        lambda f: (f / "tokenizer.json").write_text('{"model": 1}'), r"tokenizer\.json .*not a tokenizer"),
    "no tokenizer": (lambda f: (f / "tokenizer.json").unlink(), r"there is no tokenizer\.json in it"),
    "a tokenizer of SentencePiece that is none": (
        only_sentence_piece, r"tokenizer\.model cannot be imported: it is no file of SentencePiece\. .*save_pretrained"),
    "a tokenizer with a dictionary elsewhere": (
        needs_a_dictionary, r"needs a dictionary of Japanese that is not part of it\. Choose"),
    "a template that leaves its sandbox": (
        template("{{ ''.__class__.__mro__[1].__subclasses__() }}"),
        r"chat template is not harmless: it tries to leave its sandbox"),
    "a template that leaves it in a branch": (
        template("{% if tools %}{{ cycler.__init__.__globals__ }}{% endif %}x"), r"leave its sandbox"),
    "a template without an end": (
        template("{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}"),
        r"not harmless: it does not come to an end"),
}  # fmt: skip


def clean(home: Home) -> bool:
    return list(home.versions.iterdir()) == [] and VersionLibrary(home).list() == []


@pytest.mark.parametrize(("spoil", "says"), BAD.values(), ids=BAD)
def test_a_bad_folder_is_refused_in_one_sentence_and_leaves_nothing(
    spoil: Callable[[Path], Any],
    says: str,
    model: Path,
    empty_home: Home,
    bring: Callable[..., Any],
) -> None:
    spoil(model)
    with pytest.raises(CannotImport, match=says) as caught:
        bring(empty_home, model)
    words = str(caught.value)
    assert len(words) < 700 and "\n" not in words and words.endswith(".")
    assert clean(empty_home)


def lied(offset: int, value: int) -> Callable[[bytes], bytes]:
    return lambda data: data[:offset] + struct.pack("<Q", value) + data[offset + 8 :]


GGUF: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "more tensors than the file could hold": (lied(8, 1 << 50), r"counts \d+ entries, more than"),
    "more values than the file could hold": (lied(16, 1 << 61), r"counts \d+ entries, more than"),
    "a key longer than the file": (lied(24, 1 << 62), r"claims \d+ bytes, but the file has"),
    "cut in its header": (lambda data: data[:120], r"claims \d+ bytes|counts \d+ entries"),
    "cut in its weights": (
        lambda data: data[:-40], r"“token_embd\.weight” should reach to|ends after"),
    "another magic": (lambda data: b"GGML" + data[4:], r"neither a \.safetensors nor|no GGUF file"),
    "a version to come": (
        lambda data: data[:4] + struct.pack("<I", 99) + data[8:], r"no GGUF file of a version"),
    "an array longer than the file": (
        lambda data: data.replace(struct.pack("<IQ", 8, 3), struct.pack("<IQ", 8, 1 << 40)),
        r"counts \d+ entries, more than"),
    "nothing of a model": (lambda data: data, r"the entry “qwen3\.\w+[\w.]*” is not in it"),
    "another architecture": (
        lambda data: data.replace(b"qwen3", b"mamba"), r"family “mamba” is not known"),
}  # fmt: skip


@pytest.mark.parametrize(("spoil", "says"), GGUF.values(), ids=GGUF)
def test_a_bad_gguf_file_is_refused_in_one_sentence_and_leaves_nothing(
    spoil: Callable[[bytes], bytes], says: str, packed: bytes, tmp_path: Path, empty_home: Home,
    bring: Callable[..., Any],
) -> None:  # fmt: skip
    (tmp_path / "x.gguf").write_bytes(spoil(packed))
    with pytest.raises(CannotImport, match=says):
        bring(empty_home, tmp_path / "x.gguf")
    assert clean(empty_home)


def test_what_is_no_model_at_all_is_named(
    tmp_path: Path, empty_home: Home, bring: Callable[..., Any]
) -> None:
    with pytest.raises(PathMissing):
        bring(empty_home, tmp_path / "gone")
    (tmp_path / "diary.txt").write_text("today")
    with pytest.raises(CannotImport, match=r"neither a \.safetensors nor a \.gguf file"):
        bring(empty_home, tmp_path / "diary.txt")
    (tmp_path / "weights.pt").write_bytes(pickle.dumps(1))
    with pytest.raises(CannotImport, match="pickle"):
        bring(empty_home, tmp_path / "weights.pt")


def test_numbers_that_are_none_are_told_and_the_model_comes_in_all_the_same(
    model: Path, empty_home: Home, bring: Callable[..., Any]
) -> None:
    def spoil(weights: dict[str, torch.Tensor]) -> None:
        weights["model.layers.0.mlp.up_proj.weight"][3, 5] = float("nan")
        weights["model.norm.weight"][0] = float("inf")

    reweigh(spoil)(model)
    done = bring(empty_home, model)
    assert done.outcome == "done" and done.warnings == ["not-finite"]


def test_a_template_that_fails_is_left_out_and_told(
    model: Path, empty_home: Home, bring: Callable[..., Any]
) -> None:
    template("{{ messages[0]['content'] }}")(model)
    done = bring(empty_home, model)
    assert done.warnings == ["template"] and done.result["kind"] == "base"


@pytest.mark.parametrize("phase", ["checking", "importing", "publishing"])
def test_a_cancelled_import_leaves_nothing(
    phase: str, model: Path, empty_home: Home, bring: Callable[..., Any]
) -> None:
    def ask(context: Any, event: Any) -> None:
        if getattr(event, "name", "") == phase:
            context.asked = lambda: "cancel"

    done = bring(empty_home, model, ask=ask)
    if phase == "publishing":  # Everything has been read: it is finished.
        assert done.outcome == "done"
    else:
        assert done.outcome == "cancelled" and clean(empty_home)
    assert not list(empty_home.versions.glob(".publishing*"))

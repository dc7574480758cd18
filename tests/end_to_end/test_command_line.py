"""The main job without a window, on a real book: read, train, measure, chat, export, rename, remove,
restore; and Ctrl-C in the middle."""

from __future__ import annotations

import json
import math
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
TINY = ("layers=1", "width=64", "head_size=32", "feed_forward=128", "context=64", "batch=8")
OPENING = "ROMEO:\nBut soft"


@dataclass(frozen=True)
class Shell:
    """A user's terminal: main.py in its own folder, with its own home."""

    folder: Path
    home: Path

    def begin(self, *words: str, stdin: bool = False) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(ROOT / "main.py"), *words], cwd=self.folder, text=True,
            stdin=subprocess.PIPE if stdin else subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            encoding="utf-8", start_new_session=True,
            env={**os.environ, "TERAKOYA_HOME": str(self.home)},
        )  # fmt: skip

    def run(self, *words: str, code: int = 0) -> str:
        """Standard output of a command that must end with `code`."""
        running = self.begin(*words)
        out, err = running.communicate(timeout=150)
        assert running.returncode == code, err
        assert "Traceback" not in err
        return out

    def json(self, *words: str, code: int = 0) -> dict[str, Any]:
        """The one document that --json prints."""
        return json.loads(self.run(*words, "--json", code=code))

    def steps(self, run: str) -> int:
        """The last step that the events of a run tell of."""
        try:
            events = (self.home / "runs" / run / "events.jsonl").read_text("utf-8")
        except FileNotFoundError:
            return 0
        lines = [json.loads(line) for line in events.splitlines() if '"metrics"' in line]
        return max((int(line["columns"]["step"][-1]) for line in lines), default=0)


def settings(*more: str) -> list[str]:
    return [word for pair in (*TINY, *more) for word in ("--set", pair)]


@pytest.fixture(scope="module")
def play(shared_data: Path) -> Path:
    path = shared_data / "en-pretrain" / "tinyshakespeare.txt"
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    return path


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    folder = tmp_path_factory.mktemp("terminal")
    return Shell(folder, folder / "home")


@pytest.fixture(scope="module")
def corpus(shell: Shell, play: Path) -> dict[str, Any]:
    (shell.folder / "play.txt").symlink_to(play)
    return shell.json("corpus", "add", "劇", "play.txt")


@pytest.fixture(scope="module")
def trained(shell: Shell, corpus: dict[str, Any]) -> dict[str, Any]:
    words = ["train", "--corpus", "劇", "--name", "小さな 役者", "--steps", "20", "--seed", "3"]
    return shell.json(*words, *settings())


def test_reading_gives_every_file_a_verdict(corpus: dict[str, Any], play: Path) -> None:
    (file,) = corpus["files"]
    assert (file["verdict"], file["reason"], file["kind"]) == ("read", None, "TXT")
    assert (file["encoding"], file["language"]) == ("ASCII", "en")
    assert file["characters"] == len(play.read_text("utf-8"))
    assert corpus["totals"]["files"] == corpus["totals"]["read"] == 1
    assert corpus["totals"]["heldout_documents"] >= 1
    assert corpus["totals"]["characters"] <= file["characters"]


def test_training_ends_with_one_document(trained: dict[str, Any], shell: Shell) -> None:
    assert trained["version"] == "小さな 役者"
    assert Path(trained["path"]) == shell.home / "versions" / "小さな 役者"
    assert (Path(trained["path"]) / "model.safetensors").is_file()
    assert trained["tokens_seen"] == 20 * 8 * 64
    assert trained["parameters"] > 50_000
    assert trained["seconds"] > 0
    # Twenty steps are little, but better than knowing nothing (ln of the vocabulary).
    assert 2 < trained["heldout_loss"] < math.log(1088)
    assert 1 < trained["heldout_bits_per_byte"] < 4.5
    shown = shell.json("versions", "show", "小さな 役者")
    assert shown["heldout_bits_per_byte"] == trained["heldout_bits_per_byte"]


def test_an_exported_version_is_the_same_model_in_transformers(
    shell: Shell, trained: dict[str, Any]
) -> None:
    """What `evaluate` says of a short text equals what transformers computes from the export."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    text = shell.folder / "short.txt"
    text.write_bytes(b"What light through yonder window breaks?\n")
    measured = shell.json("evaluate", trained["version"], "--text", str(text))
    (version,) = measured["versions"]
    (scored,) = version["texts"]
    assert version["name"] == trained["version"]
    assert {"path", "bytes", "tokens", "loss", "bits_per_byte", "low", "high"} <= set(scored)
    assert scored["path"] == str(text)
    assert scored["bytes"] == text.stat().st_size

    exported = shell.json("versions", "export", trained["version"], "--to", "for others")
    folder = Path(exported["path"])
    assert folder == shell.folder / "for others"
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model, loading = AutoModelForCausalLM.from_pretrained(
        folder, output_loading_info=True, dtype=torch.float32
    )
    assert not loading["missing_keys"]
    assert not loading["unexpected_keys"]
    assert sum(p.numel() for p in model.parameters()) == trained["parameters"]
    ids = tokenizer(text.read_text("utf-8"), add_special_tokens=False)["input_ids"]
    end = tokenizer.eos_token_id
    tokens = torch.tensor([[end, *ids, end]])
    with torch.inference_mode():
        logits = model(tokens[:, :-1]).logits[0]
    nats = torch.nn.functional.cross_entropy(logits, tokens[0, 1:], reduction="sum").item()
    assert scored["tokens"] == len(ids) + 1
    assert scored["loss"] == pytest.approx(nats / (len(ids) + 1), abs=1e-3)
    assert scored["bits_per_byte"] == pytest.approx(nats / math.log(2) / scored["bytes"], abs=1e-3)


def test_the_same_seed_writes_the_same_words(shell: Shell, trained: dict[str, Any]) -> None:
    words = ["chat", trained["version"], "--prompt", OPENING, "--max-tokens", "24", "--seed", "5"]
    first = shell.json(*words)
    assert (first["prompt"], first["seed"]) == (OPENING, 5)
    assert first["text"]
    # Without --json the same words, and nothing else, are on standard output.
    assert shell.run(*words) == first["text"] + "\n"


def test_lines_of_standard_input_are_a_conversation(shell: Shell, trained: dict[str, Any]) -> None:
    talking = shell.begin("chat", trained["version"], "--max-tokens", "6", "--json", stdin=True)
    out, err = talking.communicate("ROMEO:\n誰だ？\n", timeout=150)
    assert (talking.returncode, err) == (0, "")
    messages = json.loads(out)["messages"]
    assert [m["role"] for m in messages] == ["user", "assistant"] * 2
    assert [m["content"] for m in messages[::2]] == ["ROMEO:", "誰だ？"]
    assert all(m["content"] for m in messages[1::2])
    assert shell.json("versions", "show", trained["version"])["chatted"] is True


def test_rename_remove_and_restore_keep_the_version(shell: Shell, trained: dict[str, Any]) -> None:
    renamed = shell.json("versions", "rename", trained["version"], "役者 2")
    assert renamed["id"] == trained["id"]
    removed = shell.json("versions", "remove", "役者 2")
    assert shell.json("versions", "list")["versions"] == []
    refused = shell.json("chat", "役者 2", "--prompt", "a", code=2)
    assert refused["error"]["code"] == "not-found"
    shell.json("trash", "restore", removed["trash"])
    assert [v["name"] for v in shell.json("versions", "list")["versions"]] == ["役者 2"]
    shell.json("versions", "rename", "役者 2", trained["version"])


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
def test_ctrl_c_saves_and_resume_ends_alike(
    shell: Shell, corpus: dict[str, Any], trained: dict[str, Any]
) -> None:
    running = shell.begin(
        "train", "--corpus", "劇", "--name", "v2", "--from", trained["version"], "--steps", "400",
        "--set", "batch=8", "--json",
    )  # fmt: skip
    known = {run["id"] for run in shell.json("runs", "list")["runs"] if run["title"] != "v2"}

    def new_run() -> str:
        ids = {p.name for p in (shell.home / "runs").iterdir() if (p / "job.json").is_file()}
        return next(iter(ids - known), "")

    _until(lambda: bool(new_run()) and shell.steps(new_run()) > 0, running)
    run = new_run()
    os.killpg(running.pid, signal.SIGINT)  # As the terminal sends it: to the whole group.
    out, err = running.communicate(timeout=60)
    assert running.returncode == 130, err
    stopped = json.loads(out)["error"]
    assert stopped["code"] == "stopped"
    saved = re.search(r"saved at step ([\d,]+)", stopped["message"])
    assert saved is not None
    assert f"Go on: main.py runs resume {run}" in err
    shown = shell.json("runs", "show", run)
    assert (shown["state"], shown["checkpoint"]) == ("paused", int(saved[1].replace(",", "")))

    # SIGTERM (a system that shuts down, `timeout`) is answered in the same way.
    resumed = shell.begin("runs", "resume", run)
    _until(lambda: shell.steps(run) > shown["checkpoint"], resumed)
    resumed.send_signal(signal.SIGTERM)
    _, err = resumed.communicate(timeout=60)
    assert resumed.returncode == 130, err
    assert shell.json("runs", "show", run)["checkpoint"] > shown["checkpoint"]

    ended = shell.json("runs", "resume", run)
    assert (ended["version"], ended["steps"], ended["run"]) == ("v2", 400, run)
    assert ended["tokens_seen"] == 400 * 8 * 64
    assert ended["heldout_bits_per_byte"] < trained["heldout_bits_per_byte"]
    child = shell.json("versions", "show", "v2")
    assert [(p["id"], p["relation"]) for p in child["parents"]] == [(trained["id"], "continued")]


def _until(condition: Any, running: subprocess.Popen[str]) -> None:
    end = time.monotonic() + 90
    while not condition():
        assert running.poll() is None, running.communicate()
        assert time.monotonic() < end, "it never came so far"
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({}, "empty-corpus"),
        ({"picture.png": b"\x89PNG\r\n\x1a\n" + bytes(range(256))}, "nothing-readable"),
        ({"short.txt": b"Hello."}, "corpus-too-small"),
    ],
    ids=["an empty folder", "only unreadable files", "too little text"],
)
def test_text_that_cannot_be_trained_on_is_told_in_one_sentence(
    shell: Shell, content: dict[str, bytes], code: str
) -> None:
    folder = shell.folder / code / str(len(content))
    folder.mkdir(parents=True)
    for name, data in content.items():
        (folder / name).write_bytes(data)
    words = ["train", "--corpus", str(folder), "--name", "never", "--steps", "2"]
    error = shell.json(*words, code=2)["error"]
    assert error["code"] == code
    assert ("no text to read" if code == "nothing-readable" else "Add") in error["message"]
    assert not (shell.home / "versions" / "never").exists()

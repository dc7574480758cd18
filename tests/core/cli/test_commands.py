"""Commands that need no worker, on a home with one corpus, one version, and the runs they came from."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from core.cli.train import _measured, is_path
from core.config import settings_of
from core.corpus.library import CorpusLibrary
from core.home import Home
from core.recipe import Recipe
from core.versions.library import VersionLibrary
from tests.core.cli.conftest import Run

ROOT = Path(__file__).resolve().parents[3]


# ---- a home with something in it -----------------------------------------------------------------


def test_the_shelf_is_listed_and_shown(run: Run, raised_home: Home) -> None:
    home = ("--home", str(raised_home.path))
    shown = run("versions", "list", *home)
    assert shown.code == 0
    assert shown.out.splitlines()[0].split() == ["VERSION", "PARAMETERS", "BITS/BYTE", "CORPUS"]
    assert "Kiku" in shown.out
    listed = run("versions", "list", *home, "--json").document["versions"]
    assert [v["name"] for v in listed] == ["Kiku"]
    version = run("versions", "show", "Kiku", *home, "--json").document
    assert version["path"] == str(raised_home.versions / "Kiku")
    assert version["steps"] == 12
    assert version["damaged_files"] == []
    assert version["heldout_bits_per_byte"] == listed[0]["heldout_bits_per_byte"] > 0
    lines = run("versions", "show", "Kiku", *home).out
    assert f"{version['parameters']:,}" in lines
    assert "{" not in lines, "figures for people, no raw data"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("lora_rank=8", "LoRA rank has no effect on this training: leave it out."),
        ("beta=0.2", "Beta has no effect on this training: leave it out."),
        ("replay_share=0.2", "Replay has no effect on this training: leave it out."),
        ("experts=4", "Experts has no effect on this training: leave it out."),
        ("family=gpt2 --from Kiku", "Family cannot change when a version goes on: leave it to the app, or train from scratch."),
        ("tokenizer=characters --from Kiku", "Tokenizer cannot change when a version goes on: leave it to the app, or train from scratch."),
        ("masking=static --from Kiku", "Masking has no effect on this training: leave it out."),
        ("family=bert --set kv_heads=1 --objective masked", "Key/value heads has no effect on this training: leave it out."),
    ],
)  # fmt: skip
def test_a_setting_that_would_be_ignored_is_refused(
    run: Run, raised_home: Home, words: str, said: str
) -> None:
    known = ("--corpus", "Stories", "--name", "never", "--steps", "3")
    done = run("train", *known, "--home", str(raised_home.path), "--set", *words.split())
    assert (done.code, done.err.strip()) == (2, said)


def test_the_parents_own_family_may_be_named(run: Run, raised_home: Home) -> None:
    words = ("--corpus", "Stories", "--name", "on", "--steps", "3", "--from", "Kiku", "--no-start")
    done = run("train", *words, "--set", "family=qwen3", "--home", str(raised_home.path))
    assert done.code == 0, done.err


def test_the_final_figure_is_told_in_the_words_of_what_was_learnt() -> None:
    bits = {"heldout_bits_per_byte": 1.25}
    assert _measured(bits, "causal") == "1.250 bits/byte on unseen text"
    assert _measured(bits, "chat") == "1.250 bits/byte on unseen answers"
    pairs = "prefers the better answer in 90% of unseen pairs"
    assert _measured({"preference_accuracy": 0.9}, "preference") == pairs
    assert _measured({}, "chat") == "nothing was held out to measure it on"


def test_a_damaged_file_is_named(run: Run, raised_home: Home) -> None:
    weights = raised_home.versions / "Kiku" / "model.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)
    home = ("--home", str(raised_home.path))
    assert run("versions", "show", "Kiku", *home, "--json").document["damaged_files"] == [
        "model.safetensors"
    ]
    refused = run("versions", "export", "Kiku", "--to", str(raised_home.path.parent / "e"), *home)
    assert refused.code == 2
    assert "model.safetensors" in refused.err
    assert not (raised_home.path.parent / "e").exists()
    weights.unlink()
    for words in (("evaluate", "Kiku"), ("chat", "Kiku", "--prompt", "a")):
        gone = run(*words, *home, "--json")
        assert gone.code == 2
        assert gone.document["error"]["code"] == "damaged"
        assert "model.safetensors" in gone.err


def test_rename_remove_and_restore_lose_nothing(run: Run, raised_home: Home) -> None:
    home = ("--home", str(raised_home.path))
    before = run("versions", "show", "Kiku", *home, "--json").document
    renamed = run("versions", "rename", "Kiku", "新しい 名前", *home, "--json").document
    assert (renamed["name"], renamed["id"]) == ("新しい 名前", before["id"])
    removed = run("versions", "remove", "新しい 名前", *home)
    assert removed.code == 0
    assert run("versions", "list", *home, "--json").document == {"versions": []}
    entry = run("trash", "list", *home, "--json").document["trash"][0]
    assert (entry["origin"], entry["bytes"] > 0) == ("versions/新しい 名前", True)
    # The advised command, word for word, brings it back.
    undo = removed.out.partition("Undo: main.py ")[2].split()
    assert run(*undo).code == 0
    after = run("versions", "show", "新しい 名前", *home, "--json").document
    assert after["hashes"] == before["hashes"]


def test_the_trash_is_emptied_only_when_asked_twice(run: Run, raised_home: Home) -> None:
    home = ("--home", str(raised_home.path))
    run("versions", "remove", "Kiku", *home)
    refused = run("trash", "empty", *home, "--json")
    assert refused.code == 2
    assert refused.document["error"]["field"] == "yes"
    assert len(run("trash", "list", *home, "--json").document["trash"]) == 1
    assert run("trash", "empty", "--yes", *home, "--json").document["freed"] > 0
    assert run("trash", "list", *home).out == "The trash is empty.\n"


def test_a_corpus_is_shown_with_every_file(run: Run, raised_home: Home) -> None:
    home = ("--home", str(raised_home.path))
    listed = run("corpus", "list", *home, "--json").document["corpora"]
    assert [corpus["corpus"] for corpus in listed] == ["Stories"]
    shown = run("corpus", "show", "Stories", *home, "--json").document
    keys = {"path", "verdict", "reason", "kind", "encoding", "language", "characters", "documents"}
    assert len(shown["files"]) == shown["totals"]["files"] > 0
    assert all(keys <= set(file) for file in shown["files"])
    assert all(file["verdict"] == "read" for file in shown["files"])
    lines = run("corpus", "show", "Stories", *home).out.splitlines()
    assert len(lines) == len(shown["files"]) + 3
    assert "are kept unseen" in lines[-1]
    assert run("corpus", "remove", "Stories", *home).code == 0
    assert run("corpus", "list", *home).out.startswith("No corpus yet. Add one: main.py corpus add")


def test_runs_are_listed_shown_and_removed(run: Run, raised_home: Home) -> None:
    home = ("--home", str(raised_home.path))
    runs = run("runs", "list", *home, "--json").document["runs"]
    assert {r["kind"]: r["state"] for r in runs} == {"read": "done", "train": "done"}
    train = next(r for r in runs if r["kind"] == "train")
    assert (train["version"], train["step"], train["steps"]) == ("Kiku", 12, 12)
    # The end of an id is enough where it is the only one.
    shown = run("runs", "show", train["id"][-4:], *home, "--json").document
    assert shown["measured"]["seconds_now"] > 0
    told = run("runs", "show", train["id"], *home).out
    assert "forecast" in told and ("(estimated)" in told or "(measured by" in told)
    assert shown["id"] == train["id"]
    for action in ("stop", "resume", "finish"):
        refused = run("runs", action, train["id"], *home, "--json")
        assert (refused.code, refused.document["error"]["code"]) == (2, "state")
    for words, code in (
        (("--name", "Kiku"), "name-taken"), (("--name", "a/b"), "bad-name"),
        (("--name", "Ume", "--steps", "0"), "usage"), ((), "usage"),
    ):  # fmt: skip
        refused = run("runs", "extend", train["id"], *words, *home, "--json")
        assert (refused.code, refused.document["error"]["code"]) == (2, code)
    assert run("runs", "remove", train["id"], *home).code == 0
    assert len(run("runs", "list", *home, "--json").document["runs"]) == 1


def test_a_damaged_run_is_named_and_hides_no_other(run: Run, raised_home: Home) -> None:
    home = ("--home", str(raised_home.path))
    folder = raised_home.runs / "20200101-000000-train-dead"
    folder.mkdir()
    (folder / "job.json").write_text('{"id": ', encoding="utf-8")
    listed = run("runs", "list", *home, "--json").document
    assert len(listed["runs"]) == 2
    assert len(listed["problems"]) == 1
    assert folder.name in listed["problems"][0]


def test_a_version_name_that_exists_is_refused_before_anything_is_read(
    run: Run, raised_home: Home
) -> None:
    for name in ("Kiku", "kiku"):
        refused = run(
            "train", "--corpus", str(ROOT / "main.py"), "--name", name,
            "--home", str(raised_home.path), "--json",
        )  # fmt: skip
        assert (refused.code, refused.document["error"]["code"]) == (2, "name-taken")
    assert len(run("corpus", "list", "--home", str(raised_home.path), "--json").document["corpora"]) == 1  # fmt: skip


def test_an_export_stays_out_of_our_own_folder_and_off_other_files(
    run: Run, raised_home: Home, tmp_path: Path
) -> None:
    home = ("--home", str(raised_home.path))
    for place in (raised_home.versions / "copy", raised_home.path):
        refused = run("versions", "export", "Kiku", "--to", str(place), *home)
        assert (refused.code, "inside Terakoya's own folder" in refused.err) == (2, True)
    full = tmp_path / "full"
    full.mkdir()
    (full / "diary.txt").write_text("mine", encoding="utf-8")
    assert run("versions", "export", "Kiku", "--to", str(full), *home).code == 2
    assert [p.name for p in full.iterdir()] == ["diary.txt"]
    below_a_file = run("versions", "export", "Kiku", "--to", str(full / "diary.txt" / "x"), *home)
    assert (below_a_file.code, len(below_a_file.err.splitlines())) == (2, 1)


def test_a_word_is_a_path_with_separator_else_a_corpus_else_a_path(
    raised_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("Stories", "other"):
        (tmp_path / name).touch()
    library = CorpusLibrary(raised_home)
    words = ["Stories", "./Stories", f"{tmp_path}/Stories", "other", "neither"]
    assert [is_path(word, library) for word in words] == [False, True, True, True, False]


def test_a_corpus_beside_paths_is_refused(run: Run, raised_home: Home) -> None:
    refused = run(
        "train", "--corpus", str(ROOT / "main.py"), "Stories", "--name", "n",
        "--home", str(raised_home.path),
    )  # fmt: skip
    assert refused.code == 2
    assert "Give corpora, or files and folders, not both" in refused.err


# ---- nothing there yet ---------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["versions", "corpus", "runs", "trash"])
def test_an_empty_home_is_told_in_one_line(run: Run, tmp_path: Path, what: str) -> None:
    listed = run(what, "list", "--home", str(tmp_path / "new"))
    assert (listed.code, len(listed.out.splitlines())) == (0, 1)
    assert not (tmp_path / "new").exists(), "looking makes no folders"


MISSING = [
    ("versions show x", "not-found", "There is no version called “x”."),
    ("versions remove x", "not-found", "There is no version called “x”."),
    ("versions rename x y", "not-found", "There is no version called “x”."),
    ("corpus show x", "not-found", "There is no corpus called “x”."),
    ("corpus remove x", "not-found", "There is no corpus called “x”."),
    ("runs show x", "not-found", "There is no run called “x”."),
    ("runs resume x", "not-found", "There is no run called “x”."),
    ("trash restore x", "not-found", "There is no entry of the trash called “x”."),
    ("chat x", "not-found", "There is no version called “x”."),
    ("evaluate x", "not-found", "There is no version called “x”."),
    ("train --corpus x --name n", "not-found", "There is no corpus called “x”."),
    ("train --corpus /nowhere/x --name n", "path-missing", "Nothing is found at /nowhere/x."),
    ("train --corpus x.txt y.txt --name n", "path-missing", "Nothing is found at x.txt."),
    ("train --corpus x --name n --from v", "not-found", "There is no version called “v”."),
    ("corpus add n /nowhere/x", "path-missing", "Nothing is found at /nowhere/x."),
]
WRONG = [
    ("train", "usage", "Give the new version a name: --name NAME."),
    ("train --name n", "usage", "Say what to read: --corpus NAME or --corpus PATH."),
    ("train --corpus x --name a/b", "bad-name", "The name “a/b” cannot be used: it contains /."),
    ("train --corpus x --name con", "bad-name", "The name “con” cannot be used: Windows"),
    ("train --corpus x --name n --minutes 0", "usage", "Minutes must be at least 0.2."),
    ("train --corpus x --name n --minutes -3", "usage", "Minutes must be at least 0.2."),
    ("train --corpus x --name n --steps 0", "usage", "Steps must be at least 1."),
    ("train --corpus x --name n --epochs 0", "usage", "Passes must be at least 0.01."),
    ("train --corpus x --name n --seed -1", "usage", "Seed must be at least 0."),
    ("train --corpus x --name n --set width", "usage", "--set needs key=value, not “width”."),
    ("train --corpus x --name n --set widht=3", "usage", "There is no setting called widht. Did you mean width?"),
    ("train --corpus x --name n --set width=wide", "usage", "Width must be a whole number, not “wide”."),
    ("train --corpus x --name n --set precision=fp8", "usage", "Precision must be 'auto', 'fp32' or 'bf16', not “fp8”."),
    ("train --corpus x --name n --set keep_best=maybe", "usage", "Keep the best must be true or false, not “maybe”."),
    ("train --corpus x --name n --from v --set layers=3", "usage", "Layers cannot change when a version goes on"),
    ("train --corpus x --name n --steps 3 --set minutes=2", "usage", "Choose only one of minutes, steps"),
    ("corpus add a/b x", "bad-name", "The name “a/b” cannot be used: it contains /."),
    ("plan --preset 10M --tokens 1e30", "usage", "--tokens must be between"),
    ("plan --preset 1K", "usage", "Sizes from 500K to 100T can be planned."),
    ("plan --preset gpt3-175", "usage", "There is no preset called “gpt3-175”. Did you mean gpt3-175b?"),
    ("plan --preset 10M --device h10", "usage", "There is no device called “h10”. Did you mean h100?"),
    ("plan --preset 70B --device h100 --devices 0", "usage", "--devices must be between 1"),
    ("plan --preset 70B --utilisation 2", "usage", "--utilisation must be above 0"),
    ("plan --preset 10M --tokens many", "usage", "--tokens needs a number such as 300B"),
    ("plan", "usage", "Say what to plan: --preset NAME."),
]  # fmt: skip


@pytest.mark.parametrize(("line", "code", "sentence"), MISSING + WRONG)
def test_bad_input_ends_with_2_and_one_sentence(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, code: str, sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    plain = run(*line.split())
    assert plain.code == 2
    assert plain.out == ""
    assert plain.err.startswith(sentence)
    assert len(plain.err.splitlines()) == 1
    error = run(*line.split(), "--json")
    assert error.code == 2
    assert set(error.document["error"]) - {"fields"} == {"code", "message", "field"}
    assert error.document["error"]["code"] == code
    assert error.document["error"]["message"] + "\n" == plain.err


@pytest.mark.parametrize(
    ("preset", "words"),
    [
        ("gtp2-124m", "no preset called"), ("gpt4", "unpublished"),
        ("kimi-k2", "can be planned but not trained"),
    ],
)  # fmt: skip
def test_a_preset_that_cannot_be_trained_says_why(run: Run, preset: str, words: str) -> None:
    refused = run("train", "--corpus", "x", "--name", "n", "--preset", preset)
    assert (refused.code, len(refused.err.splitlines())) == (2, 1)
    assert words in refused.err


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("あ" * 300, "it has 300 characters"),
        ("x" * 81, "it has 81 characters"),
        ("", "it is empty"),
        (" ", "it is empty"),
        ("a\tb", "control character"),
        ("end.", "begins or ends with a space or a dot"),
    ],
)
def test_bad_names_are_refused_with_their_reason(run: Run, name: str, words: str) -> None:
    refused = run("corpus", "add", name, str(ROOT / "main.py"))
    assert refused.code == 2
    assert words in refused.err
    assert len(refused.err) < 200


def test_a_gpu_that_is_not_there_is_refused_before_reading(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("core.cli.train.nvidia_driver", lambda: False)
    refused = run("train", "--corpus", str(ROOT / "main.py"), "--name", "n", "--device", "cuda")
    assert (refused.code, refused.err) == (
        2, "The device “cuda” is not available here. Available: cpu.\n",
    )  # fmt: skip


# ---- homes and streams ---------------------------------------------------------------------------


def test_a_home_that_is_a_file_is_named(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    for words, home in (
        (("versions", "list"), file),
        (("corpus", "add", "n", str(file)), file / "x"),
    ):
        refused = run(*words, "--home", str(home), "--json")
        assert (refused.code, refused.document["error"]["code"]) == (2, "home-unusable")
        assert str(home) in refused.err


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="needs a folder that refuses root too")
def test_a_home_that_cannot_be_written_is_named(run: Run) -> None:
    refused = run("corpus", "add", "n", str(ROOT / "main.py"), "--home", "/sys/terakoya", "--json")
    assert (refused.code, refused.document["error"]["code"]) == (2, "no-permission")
    assert "/sys/terakoya" in refused.err


def test_a_name_too_long_for_the_disk_is_no_traceback(run: Run) -> None:
    refused = run("train", "--corpus", "x" * 300, "--name", "n", "--json")
    assert refused.code == 2
    assert len(refused.err.splitlines()) == 1


def test_a_fault_of_ours_ends_with_1_and_its_trace(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: VersionLibrary) -> None:
        raise RuntimeError("the shelf fell down")

    monkeypatch.setattr(VersionLibrary, "list", broken)
    fault = run("versions", "list", "--json")
    assert fault.code == 1
    assert fault.document["error"]["code"] == "fault"
    assert "the shelf fell down" in fault.document["error"]["message"]
    assert "Traceback" in fault.err


def test_help_tells_every_setting_of_a_recipe(run: Run) -> None:
    shown = run("train", "--help")
    assert shown.code == 0
    for setting in settings_of(Recipe):
        assert f"\n  {setting.name} " in shown.out
        assert setting.help in shown.out


def test_the_version_is_that_of_the_project(run: Run) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert run("--version").out == f"Terakoya {project['version']}\n"


def test_ctrl_c_ends_with_130(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(self: VersionLibrary) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(VersionLibrary, "list", interrupted)
    assert run("versions", "list").code == 130


def shell(command: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run `command`, in which MAIN stands for our program."""
    words = f"'{sys.executable}' '{ROOT / 'main.py'}'"
    environment = os.environ | {"TERAKOYA_HOME": str(home)}
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command.replace("MAIN", words)],
        capture_output=True, text=True, env=environment,
    )  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="the words of a Unix shell")
@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        ("MAIN trash list | true", 0, ""),
        ("MAIN --help | head -n 1", 0, ""),
        ("MAIN trash list >&-", 0, ""),
        ("MAIN trash list 2>&-", 0, ""),
        ("MAIN chat x <&-", 2, "There is no version called “x”. Train one"),
        ("MAIN trash list --json >/dev/full", 2, "The system refused: No space left on device."),
    ],
)
def test_closed_and_full_streams_are_no_traceback(
    tmp_path: Path, command: str, code: int, said: str
) -> None:
    ended = shell(command, tmp_path / "home")
    assert ended.returncode == code
    assert ended.stderr.startswith(said)
    assert len(ended.stderr.splitlines()) == (1 if said else 0)


def test_without_the_packages_it_says_how_to_get_them(tmp_path: Path) -> None:
    bare = Path(sys.executable).resolve()  # The Python behind .venv, and no package at all.
    for words in (["versions", "list"], ["versions", "list", "--json"], []):
        ended = subprocess.run(
            [bare, "-S", "-E", ROOT / "main.py", *words], capture_output=True, text=True
        )
        assert ended.returncode == 2
        assert "start with ./start.sh" in ended.stderr
        assert len(ended.stderr.splitlines()) == 1
        if "--json" in words:
            assert json.loads(ended.stdout)["error"]["code"] == "not-installed"

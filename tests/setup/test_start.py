"""./start.sh as a user runs it: real .venv, real pip, packages from an index on this machine."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.setup.conftest import ROOT, Site, kill_group
from tests.setup.packages import Index

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="start.sh needs a Unix shell")

# Stands for a Debian without python3-venv: the real Python, in which ensurepip is not found.
NO_ENSUREPIP = """#!{python} -I
import runpy, sys
sys.modules["ensurepip"] = None
words = sys.argv[1:]
words.remove("-I")
if words[0] == "-c":
    sys.argv = ["-c", *words[2:]]
    exec(words[1])
else:
    sys.argv = words
    runpy.run_path(words[0], run_name="__main__")
"""


def test_a_first_start_sets_up_and_hands_its_words_to_main(
    site: Site, index: Index, tmp_path: Path
) -> None:
    done = site.start("train", "--name", "小さな 先生", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [str(tmp_path), "train", "--name", "小さな 先生"]
    assert (site.version_of("torch"), site.version_of("porridge")) == ("2.13.0", "1.0")
    assert site.version_of("spoon") is None
    # One line for each step, whatever pip had to say; its own words are in the log.
    lines = done.stderr.splitlines()
    assert [line[:3] for line in lines[1:-1]] == ["1/3", "2/3", "3/3"]
    assert lines[-1].startswith("Ready after ")
    assert "Successfully installed torch-2.13.0" in (site.marks / "install.log").read_text("utf-8")


def test_a_later_start_asks_nothing_but_the_marks(ready: Site, index: Index) -> None:
    shutil.rmtree(ready.root / "core" / "install")
    done = ready.start("versions", "list")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)[1:] == ["versions", "list"]
    assert index.asked == []


def test_exit_codes_of_main_come_through(ready: Site) -> None:
    (ready.root / "main.py").write_text("raise SystemExit(130)", encoding="utf-8")
    assert ready.start().returncode == 130


def test_a_symlink_to_start_sh_starts_the_program(ready: Site, tmp_path: Path) -> None:
    link = tmp_path / "terakoya"
    link.symlink_to(ready.root / "start.sh")
    done = subprocess.run([link, "x"], env=ready.environment, capture_output=True, text=True)
    assert json.loads(done.stdout)[1:] == ["x"]


def test_a_new_requirement_is_installed_at_the_next_start(ready: Site, index: Index) -> None:
    ready.requires("porridge>=1", "honey")
    done = ready.start()
    assert done.returncode == 0, done.stderr
    assert ready.version_of("honey") == "3.0"
    # torch is there already: it is not fetched again.
    assert not [path for path in index.asked if "files/torch" in path]


@pytest.mark.parametrize("word", ["test", "bench"])
def test_checks_bring_the_packages_that_they_need(ready: Site, tmp_path: Path, word: str) -> None:
    done = ready.start(word, "-k", "some thing", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [str(ready.root), word, "-k", "some thing"]
    assert ready.version_of("spoon") == "1.2"
    # What serves for testing serves for running.
    shutil.rmtree(ready.root / "core" / "install")
    assert ready.start().returncode == 0


def test_a_moved_folder_mends_its_environment(ready: Site, tmp_path: Path) -> None:
    moved = tmp_path / "別の 場所"
    ready.root.rename(moved)
    ready.root = moved
    done = ready.start("x")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)[1:] == ["x"]
    tool = moved / ".venv" / "bin" / "porridge-tool"
    assert tool.read_text("utf-8").splitlines()[0] == f"#!{moved}/.venv/bin/python"
    assert "porridge" not in done.stderr, "a script with another first line is no damage"
    assert ready.start().stderr == ""


def test_a_setup_killed_in_the_middle_is_mended_by_the_next_start(site: Site, index: Index) -> None:
    site.requires("bowl", "porridge>=1")
    index.held.add("bowl")
    running = site.begin()
    assert index.reached.wait(60)
    kill_group(running)
    assert not (site.marks / "run.toml").exists()
    index.go_on.set()
    index.held.clear()
    done = site.start("x")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)[1:] == ["x"]
    assert (site.version_of("bowl"), site.version_of("porridge")) == ("1.0", "1.0")
    assert not list((site.marks).glob("tmp"))


def test_a_half_unpacked_package_is_installed_again(ready: Site) -> None:
    # What pip leaves when it is killed while it unpacks: some files missing or short, no mark.
    package = next((ready.root / ".venv" / "lib").glob("*/site-packages/porridge"))
    (package / "words.txt").write_text("porr", encoding="utf-8")
    ready.unmark()
    done = ready.start()
    assert done.returncode == 0, done.stderr
    assert "porridge" in done.stderr
    assert (package / "words.txt").read_text("utf-8") == "porridge\n" * 50


def test_a_broken_environment_is_made_anew(ready: Site) -> None:
    (ready.root / ".venv" / "bin" / "python").unlink()
    (ready.root / ".venv" / "bin" / "python").symlink_to("/nowhere/python3.11")
    done = ready.start("x")
    assert done.returncode == 0, done.stderr
    assert "made anew" in done.stderr
    assert ready.version_of("porridge") == "1.0"


def test_two_starts_at_once_wait_for_each_other(
    ready: Site, index: Index, until: Callable[[Callable[[], bool]], None]
) -> None:
    ready.requires("porridge>=1", "bowl")
    index.held.add("bowl")
    first = ready.begin("first")
    assert index.reached.wait(60)
    second = ready.begin("second")
    assert second.stderr is not None
    assert "Waiting" in second.stderr.readline()
    index.go_on.set()
    for name, running in (("first", first), ("second", second)):
        out, err = running.communicate(timeout=60)
        assert running.returncode == 0, err
        assert json.loads(out)[1:] == [name]
    downloads = [path for path in index.asked if "files/bowl" in path]
    assert len(downloads) == 1, "the second found all done"


def test_a_pip_that_outlives_its_setup_is_waited_for(ready: Site, index: Index) -> None:
    ready.requires("porridge>=1", "bowl")
    index.held.add("bowl")
    first = ready.begin("first")
    assert index.reached.wait(60)
    setups = psutil.Process(first.pid).children()
    assert len(setups) == 1
    setups[0].kill()  # Only core/install: its pip goes on.
    first.communicate(timeout=30)
    assert first.returncode != 0
    second = ready.begin("second")
    assert second.stderr is not None
    assert "Waiting" in second.stderr.readline()
    index.go_on.set()
    out, err = second.communicate(timeout=60)
    assert second.returncode == 0, err
    assert json.loads(out)[1:] == ["second"]
    assert ready.version_of("bowl") == "1.0"


def test_without_a_network_it_says_so_and_the_next_start_goes_on(site: Site) -> None:
    nowhere = {
        "PIP_INDEX_URL": "http://127.0.0.1:9/",
        "TERAKOYA_TORCH_INDEX": "http://127.0.0.1:9/x",
    }
    done = site.start("x", **nowhere)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "start again: it goes on from here" in done.stderr
    assert "Traceback" not in done.stderr
    assert site.start("x").returncode == 0


def test_without_ensurepip_it_names_the_debian_package(site: Site) -> None:
    site.command("python3", NO_ENSUREPIP.format(python=Path(sys.executable).resolve()))
    done = site.start()
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert done.returncode == 2
    assert f"sudo apt install python3-venv python{version}-venv" in done.stderr
    assert "Traceback" not in done.stderr


def test_another_python_with_ensurepip_is_taken_where_the_first_has_none(site: Site) -> None:
    site.command("python3", NO_ENSUREPIP.format(python=Path(sys.executable).resolve()))
    (site.bin / "python3.12").symlink_to(Path(sys.executable).resolve())
    assert site.start(TERAKOYA_DRY_RUN="1").returncode == 0


@pytest.mark.parametrize(
    ("language", "words"),
    [("C", "needs Python 3.11"), ("ja_JP.UTF-8", "Python 3.11 以降が必要です")],
)
def test_without_python_it_says_what_to_install(site: Site, language: str, words: str) -> None:
    (site.bin / "python3").unlink()
    site.command("python", "#!/bin/sh\nexit 1\n")  # An old one: its version check fails.
    done = site.start(LANG=language)
    assert done.returncode == 2
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_chosen_python_is_used_or_named_as_unfit(site: Site) -> None:
    done = site.start(TERAKOYA_PYTHON="/no/such/python", TERAKOYA_DRY_RUN="1")
    assert done.returncode == 2
    assert "/no/such/python" in done.stderr
    (site.bin / "python3").rename(site.bin / "my-python")
    done = site.start(TERAKOYA_PYTHON=str(site.bin / "my-python"), TERAKOYA_DRY_RUN="1")
    assert done.returncode == 0, done.stderr


def test_the_steps_are_told_in_japanese_to_japanese_users(ready: Site) -> None:
    ready.requires("porridge>=1", "honey")
    done = ready.start(LANG="ja_JP.UTF-8")
    assert done.returncode == 0
    assert "準備ができました" in done.stderr
    assert all(any(ord(c) > 0x3000 for c in line) for line in done.stderr.splitlines())


def test_a_dry_run_changes_nothing(site: Site) -> None:
    done = site.start(TERAKOYA_DRY_RUN="1")
    assert done.returncode == 0
    assert "-m pip install" in done.stderr
    assert not (site.root / ".venv").exists()


@pytest.mark.parametrize("script", ["start.sh", "start.bat"])
def test_both_scripts_look_at_the_marks_that_a_setup_writes(
    without_driver: None, ready: Site, script: str
) -> None:
    text = (ROOT / script).read_text("utf-8").replace("\\", "/")
    for name in ("run.toml", "test.toml", "no-driver"):
        (ready.marks / name).unlink(missing_ok=True)
    assert ready.start("test").returncode == 0
    written = {path.name for path in ready.marks.iterdir()} - {"install.log", "state.json", "tmp"}
    assert written == {"run.toml", "test.toml", "no-driver", "place"}
    assert ".venv/terakoya" in text
    assert "no-driver" in text
    assert ".toml" in text
    assert "core/install" in text
    for word in ("TERAKOYA_PYTHON", "TERAKOYA_DRY_RUN", "main.py", "-m tests", "3, 11"):
        assert word in text


@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_named(site: Site) -> None:
    site.root.chmod(0o555)
    try:
        done = site.start()
    finally:
        site.root.chmod(0o755)
    assert done.returncode == 2
    assert str(site.root) in done.stderr

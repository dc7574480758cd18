"""Which torch a machine gets, and from where."""

from __future__ import annotations

import socket
import string
import sys
from pathlib import Path

import pytest

from core.install import torch_build
from core.install.environment import Environment
from core.install.pip_calls import Pip
from core.install.texts import TEXTS
from core.install.torch_build import (
    Source,
    answers,
    build_for,
    index_for,
    local_wheel,
    sources,
    version_suits,
)
from tests.setup.conftest import Site
from tests.setup.packages import Index, wheel

unix = pytest.mark.skipif(sys.platform == "win32", reason="start.sh needs a Unix shell")


def smi(*lines: str, code: int = 0) -> str:
    said = "\n".join(lines)
    return f"#!/bin/sh\nwhile read -r line; do echo \"$line\"; done <<'X'\n{said}\nX\nexit {code}\n"


@pytest.mark.parametrize(
    ("answer", "build"),
    [
        ("580.95.05, 8.9", "cu130"),
        ("580.95.05, 7.5\n580.95.05, 12.0", "cu130"),
        ("535.183.01, 8.9", "cu126"),  # Too old a driver for CUDA 13.
        ("580.95.05, 6.1", "cu126"),  # Pascal: CUDA 13 left it behind.
        ("550.54, 7.0", "cu126"),
        ("", "cu130"),  # The driver does not say: nearly all are newer.
        ("something else", "cu130"),
    ],
)
def test_the_cuda_build_follows_driver_and_generation(answer: str, build: str) -> None:
    assert build_for(answer) == build


def test_the_kernel_module_tells_where_nvidia_smi_is_silent() -> None:
    module = "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.183.01  Sun May 12 19:39:15 UTC"
    assert build_for("", module) == "cu126"


@pytest.mark.parametrize(
    ("system", "machine", "build", "place"),
    [
        ("linux", "x86_64", "cpu", "https://download.pytorch.org/whl/cpu"),
        ("linux", "x86_64", "cu130", None),
        ("linux", "aarch64", "cpu", "https://download.pytorch.org/whl/cpu"),
        ("linux", "x86_64", "cu126", "https://download.pytorch.org/whl/cu126"),
        ("win32", "AMD64", "cpu", None),
        ("win32", "AMD64", "cu130", "https://download.pytorch.org/whl/cu130"),
        ("darwin", "arm64", "cpu", None),
        ("linux", "riscv64", "cpu", None),
    ],
)
def test_pypi_and_torchs_index_have_different_builds(
    system: str, machine: str, build: str, place: str | None
) -> None:
    assert index_for(build, system, machine) == place


@pytest.mark.parametrize(
    ("version", "suits"),
    [
        ("2.13.0", True),
        ("2.13.4+cu130", True),
        ("2.14.0", False),
        ("2.1.3", False),
        ("2.13", True),
        ("3.13.0", False),
    ],
)
def test_only_the_pinned_series_counts_as_installed(version: str, suits: bool) -> None:
    assert version_suits(version, "torch~=2.13.0") is suits


def test_an_own_index_comes_before_a_local_wheel_before_torchs_index(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("TERAKOYA_TORCH_INDEX", raising=False)
    monkeypatch.setattr(torch_build, "index_for", lambda build: f"https://torch/{build}")
    kept = tmp_path / "torch-2.13.0-py3-none-any.whl"
    plain = Source("plain")
    assert sources("cpu", None) == [Source("index", "https://torch/cpu"), plain]
    assert sources("cpu", kept) == [Source("local", str(tmp_path)), plain]
    monkeypatch.setenv("TERAKOYA_TORCH_INDEX", "https://mine")
    assert sources("cpu", None) == [Source("index", "https://mine"), plain]


def test_a_local_wheel_must_suit_series_python_and_machine(tmp_path: Path) -> None:
    for name in (
        "torch-2.14.0-py3-none-any.whl",
        "torch-2.13.0-cp27-cp27m-manylinux_2_28_x86_64.whl",
        "torch-2.13.0-py3-none-plan9_mips.whl",
        "torchvision-2.13.0-py3-none-any.whl",
    ):
        (tmp_path / name).touch()
    assert local_wheel([str(tmp_path), "/no/such/folder"], "torch~=2.13.0") is None
    (tmp_path / "torch-2.13.1-py3-none-any.whl").touch()
    found = local_wheel([tmp_path.as_uri()], "torch~=2.13.0")
    assert found is not None
    assert found.name == "torch-2.13.1-py3-none-any.whl"


@pytest.mark.parametrize(
    ("status", "expected"), [(200, True), (401, True), (404, False), (503, False)]
)
def test_an_index_answers_when_it_has_torch(
    index: Index, monkeypatch: pytest.MonkeyPatch, status: int, expected: bool
) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr(index, "status", status)
    assert answers(f"{index.url}/own/") is expected


def test_an_index_that_keeps_silent_counts_as_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr(torch_build, "CONNECT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert answers(f"http://127.0.0.1:{silent.getsockname()[1]}/whl") is False
    assert answers("http://127.0.0.1:9/whl") is False


@unix
@pytest.mark.parametrize(
    ("program", "words"),
    [
        (None, "whl/cpu does not answer"),
        (smi("580.95.05, 8.9"), "built for NVIDIA GPUs, cu130"),
        (smi("No devices were found", code=6), "finds no GPU, so the processor's build"),
    ],
    ids=["no driver", "a GPU", "a driver without GPU"],
)
def test_a_driver_decides_the_build(
    without_driver: None, site: Site, program: str | None, words: str
) -> None:
    if program is not None:
        site.command("nvidia-smi", program)
    # Nothing answers here but pip's usual index.
    site.environment |= {"https_proxy": "http://127.0.0.1:9", "NO_PROXY": "127.0.0.1"}
    del site.environment["TERAKOYA_TORCH_INDEX"]
    done = site.start(TERAKOYA_DRY_RUN="1")
    assert done.returncode == 0, done.stderr
    assert words in done.stderr
    # The fallback to the usual index is never an unbounded torch.
    commands = [line for line in done.stderr.splitlines() if " install " in line]
    assert commands
    assert all("'torch~=2.13.0'" in line for line in commands)


@unix
def test_an_index_that_does_not_answer_is_replaced_by_the_usual_one(
    without_driver: None, ready: Site, index: Index
) -> None:
    site = ready
    (
        next((site.root / ".venv/lib").glob("*/site-packages/torch-*.dist-info")) / "METADATA"
    ).unlink()
    site.unmark()
    done = site.start(TERAKOYA_TORCH_INDEX="http://127.0.0.1:9/whl/cpu")
    assert done.returncode == 0, done.stderr
    assert "does not answer" in done.stderr
    assert site.version_of("torch") == "2.13.1"  # And not 2.14.0, which that index has as well.


@unix
def test_a_wheel_kept_on_this_computer_is_taken(without_driver: None, site: Site) -> None:
    folder = site.root.parent / "my wheels"
    folder.mkdir()
    name, content = wheel("torch", "2.13.2")
    (folder / name).write_bytes(content)
    configuration = site.root.parent / "pip.conf"
    configuration.write_text(f"[global]\nfind-links = {folder.as_uri()}\n", encoding="utf-8")
    site.environment["PIP_CONFIG_FILE"] = str(configuration)
    del site.environment["TERAKOYA_TORCH_INDEX"]
    done = site.start(TERAKOYA_DRY_RUN="1")
    assert done.returncode == 0, done.stderr
    assert f"--no-index --find-links '{folder}'" in done.stderr


@unix
def test_a_gpu_that_came_later_gets_its_build(
    without_driver: None, ready: Site, index: Index
) -> None:
    assert (ready.marks / "no-driver").exists()
    ready.command("nvidia-smi", smi("580.95.05, 8.9"))
    done = ready.start("x")
    assert done.returncode == 0, done.stderr
    assert [path for path in index.asked if "files/torch" in path], "torch is installed again"
    assert ready.start("x").stderr == ""


def test_every_sentence_has_its_values_in_both_languages() -> None:
    def names(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    for key, (english, japanese) in TEXTS.items():
        assert names(english) == names(japanese), key


def test_pip_is_told_only_what_setting_up_means(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "C")
    assert Pip(Environment(tmp_path), dry=True).install(["a~=1.0", "b"], "--no-deps")
    said = capsys.readouterr().err
    assert said.split(" -m ")[1] == "pip install --no-input --prefer-binary --no-deps 'a~=1.0' b\n"

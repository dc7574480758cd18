"""What the doctor finds, on machines that lack this and that."""

from __future__ import annotations

import json
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from core import doctor, hardware
from core.doctor import Check, render_text, run_checks
from core.home import Home
from tests.core.cli.conftest import Run, run  # noqa: F401 - a fixture

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux's ways")


@pytest.fixture
def torch_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """torch_says(line): a Python whose torch answers so; None for one without torch."""

    def say(line: str | None) -> None:
        program = tmp_path / "python"
        program.write_text(f"#!/bin/sh\necho '{line}'\n" if line else "#!/bin/sh\nexit 1\n")
        program.chmod(0o755)
        monkeypatch.setattr(doctor.sys, "executable", str(program))

    say('["2.13.0+cpu", null, ""]')
    return say


def found(checks: list[Check], name: str) -> Check:
    return next(check for check in checks if check.id == name)


def test_this_machine_passes_its_own_tests(run: Run, tmp_path: Path) -> None:  # noqa: F811
    ran = run("doctor", "--home", str(tmp_path / "home"), "--json")
    assert ran.code == 0
    checks = {check["id"]: check for check in ran.document["checks"]}
    assert checks["python"]["found"] == f"Python {sys.version.split()[0]}"
    assert checks["torch"]["found"].startswith("PyTorch 2.13.")
    assert {"qt", "japanese", "disk", "memory", "home"} <= set(checks)
    assert all(set(check) == {"id", "status", "found", "remedy"} for check in checks.values())
    missing = [check for check in checks.values() if check["status"] == "missing"]
    assert ran.document["healthy"] is (not missing)
    assert all(check["remedy"] for check in missing)


def test_remedies_stand_below_what_they_mend() -> None:
    mend = doctor._say("Buy more.")
    lines = render_text(
        [Check("a", "ok", doctor._say("Good")), Check("b", "missing", doctor._say("Bad"), mend)]
    ).splitlines()
    assert lines == ["ok       Good", "MISSING  Bad", "         → Buy more."]


@pytest.mark.parametrize(
    ("line", "driver", "status", "words", "remedy"),
    [
        ('["2.13.0+cpu", null, ""]', False, "ok", "on the CPU", None),
        ('["2.13.0", "13.0", "NVIDIA H100"]', True, "ok", "on NVIDIA H100", None),
        ('["2.13.0+cpu", null, ""]', True, "warn", "on the CPU", "built for the CPU"),
        ('["2.13.0", "13.0", ""]', True, "warn", "on the CPU", "update the driver"),
        (None, False, "missing", "cannot be imported", "Delete the folder .venv"),
    ],
)
@linux
def test_a_gpu_that_is_not_used_is_noticed(
    torch_says, monkeypatch: pytest.MonkeyPatch,
    line: str | None, driver: bool, status: str, words: str, remedy: str | None,
) -> None:  # fmt: skip
    torch_says(line)
    monkeypatch.setattr(hardware, "nvidia_driver", lambda: driver)
    check = doctor._torch()
    assert check.status == status
    assert words in check.found.english()
    assert (check.remedy is None) is (remedy is None)
    assert remedy is None or (check.remedy is not None and remedy in check.remedy.english())


@linux
def test_missing_libraries_come_with_their_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = {"libxcb-cursor.so.0", "libEGL.so.1"}
    monkeypatch.setattr(doctor, "_loads", lambda name: name not in gone)
    check = doctor._qt_libraries()[0]
    assert check.status == "missing"
    assert check.remedy is not None
    assert check.remedy.english() == "On Debian or Ubuntu: sudo apt install libegl1 libxcb-cursor0"


@linux
@pytest.mark.parametrize(
    ("listed", "status", "words"),
    [
        ("IPAexGothic\nNoto Sans CJK HK,x\nNoto Sans CJK JP,y", "ok", "Noto Sans CJK JP"),
        ("IPAexGothic", "ok", "IPAexGothic"),
        ("", "missing", "No font with Japanese letters"),
    ],
)
def test_japanese_letters_are_looked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, listed: str, status: str, words: str
) -> None:
    program = tmp_path / "fc-list"
    program.write_text(f"#!/bin/sh\ncat <<'X'\n{listed}\nX\n")
    program.chmod(0o755)
    monkeypatch.setattr(doctor.shutil, "which", lambda name: str(program))
    check = doctor._japanese_glyphs()
    assert check.status == status
    assert words in check.found.english()


@linux
@pytest.mark.parametrize(
    ("display", "module", "screen", "remedies"),
    [
        (":0", "ibus", "ok", 0),
        (":0", "fcitx5", "ok", 1),
        ("", "", "warn", 2),
    ],
)
def test_screen_and_input_method_are_told(
    monkeypatch: pytest.MonkeyPatch, display: str, module: str, screen: str, remedies: int
) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.setenv("QT_IM_MODULE", module)
    checks = [*doctor._screen(), *doctor._input_method()]
    assert [check.status for check in checks] == [screen, "ok"]
    assert sum(check.remedy is not None for check in checks) == remedies


def test_little_disk_and_memory_are_warned_of(
    torch_says, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(hardware.shutil, "disk_usage", lambda path: usage(100, 99, 5 << 20))
    monkeypatch.setattr(hardware, "memory", lambda: (8 << 30, 1 << 30))
    checks = run_checks(Home(tmp_path / "home"))
    for name in ("disk", "memory"):
        assert found(checks, name).status == "warn"
        assert found(checks, name).remedy is not None
    assert "8.0 GB, 1.0 GB free" in found(checks, "memory").found.english()


def test_a_home_that_cannot_be_used_is_missing(torch_says, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    check = found(run_checks(Home(file / "home")), "home")
    assert check.status == "missing"
    assert check.remedy is not None
    assert "--home" in check.remedy.english()


def test_checks_can_be_written_as_json(torch_says, tmp_path: Path) -> None:
    data = [check.to_json() for check in run_checks(Home(tmp_path))]
    assert json.loads(json.dumps(data)) == data

"""The way to the window in a process of its own: two windows, homes that cannot be used, words on
standard error. And what a user likes, on disk."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.application import main
from app.preferences import Preferences
from app.single import server_name
from core.home import Home
from tests.app.support import Opener, shown, until
from tests.conftest import ROOT

Run = Callable[..., "subprocess.Popen[str]"]
POSIX = pytest.mark.skipif(os.name == "nt", reason="rights and signals of POSIX")
NO_RIGHTS = pytest.mark.skipif(
    os.name == "nt" or os.geteuid() == 0, reason="the superuser may write everywhere"
)


@pytest.fixture
def start() -> Iterator[Run]:
    """start("--home", …) begins main.py in a process of its own, drawn in memory."""
    begun: list[subprocess.Popen[str]] = []

    def run(*words: str, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "main.py"), *words], text=True, cwd=ROOT,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **environment},
        )  # fmt: skip
        begun.append(process)
        return process

    yield run
    for process in begun:
        if process.poll() is None:
            process.kill()
        process.communicate()


def gui(home: Home, *paths: Path) -> list[str]:
    return ["--home", str(home.path), "gui", *map(str, paths)]


# ---- two windows -----------------------------------------------------------------------------


def test_a_second_window_hands_its_paths_to_the_first_and_ends_with_0(
    qtbot: QtBot, open_window: Opener, empty_home: Home, start: Run, tmp_path: Path
) -> None:
    from core.files import FileLock

    window = open_window(empty_home)
    taken: list[list[str]] = []
    window._server._received = taken.append
    text = tmp_path / "昔 話.txt"
    text.write_text("むかし", encoding="utf-8")
    lock = FileLock(empty_home.lock_file)
    assert lock.acquire()
    try:
        second = start(*gui(empty_home, text))
        until(qtbot, lambda: second.poll() is not None)
        assert (second.returncode, second.stderr.read()) == (0, "")  # type: ignore[union-attr]
    finally:
        lock.release()
    assert taken == [[str(text)]]


def test_a_home_in_use_by_something_that_does_not_answer_is_told_with_2(
    empty_home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    from core.files import FileLock

    with FileLock(empty_home.lock_file):
        assert main([], str(empty_home.path)) == 2
    told = capsys.readouterr().err
    assert "is in use by another Terakoya" in told
    assert told.count("\n") == 1


def test_the_first_window_survives_nonsense_on_its_socket(
    qtbot: QtBot, open_window: Opener, empty_home: Home
) -> None:
    from PySide6.QtNetwork import QLocalSocket

    window = open_window(empty_home)
    taken: list[list[str]] = []
    window._server._received = taken.append
    socket = QLocalSocket()
    for nonsense in (b"{\n", b"3\n", b'{"a": 1}\n', b"[1, 2]\n", b"\xff\xfe\n"):
        socket.connectToServer(server_name(empty_home))
        assert socket.waitForConnected(3000)
        socket.write(nonsense)
        until(qtbot, lambda: socket.state() == QLocalSocket.LocalSocketState.UnconnectedState)
    assert taken == []
    assert handed_over(qtbot, empty_home, "/a", "/b")
    assert taken == [["/a", "/b"]]


def test_a_socket_left_behind_by_a_killed_window_does_not_stop_the_next(
    qtbot: QtBot, open_window: Opener, empty_home: Home, start: Run
) -> None:
    first = start(*gui(empty_home))
    until(qtbot, lambda: handed_over(qtbot, empty_home))
    first.kill()
    first.wait(30)
    window = open_window(empty_home)
    assert handed_over(qtbot, empty_home)
    assert window.isVisible()


def handed_over(qtbot: QtBot, home: Home, *paths: str) -> bool:
    """Whether a process of its own could hand paths to the window of a home."""
    script = "import sys; from pathlib import Path; from app.single import send; "
    script += "from core.home import Home; print(send(Home(Path(sys.argv[1])), sys.argv[2:]))"
    words = [sys.executable, "-c", script, str(home.path), *paths]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        until(qtbot, lambda: process.poll() is not None)
        return process.communicate()[0].strip() == "True"


# ---- how a start ends ------------------------------------------------------------------------


@POSIX
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_sigterm_close_the_window_cleanly(
    qtbot: QtBot, empty_home: Home, start: Run, sign: signal.Signals
) -> None:
    process = start(*gui(empty_home))
    until(qtbot, lambda: handed_over(qtbot, empty_home))
    process.send_signal(sign)
    until(qtbot, lambda: process.poll() is not None)
    assert (process.returncode, process.stderr.read()) == (0, "")  # type: ignore[union-attr]


@pytest.mark.parametrize("platform", ["no-such-plugin", "xcb"])
def test_without_a_screen_the_start_says_so_in_one_sentence_with_2(
    qtbot: QtBot, empty_home: Home, start: Run, platform: str
) -> None:
    process = start(*gui(empty_home), QT_QPA_PLATFORM=platform, DISPLAY=":4711", WAYLAND_DISPLAY="")
    until(qtbot, lambda: process.poll() is not None)
    told = process.stderr.read()  # type: ignore[union-attr]
    assert process.returncode == 2, told
    assert "No screen can be opened" in told
    assert "ssh -X" in told
    assert "Traceback" not in told
    assert len(told.strip().splitlines()) == 1


def test_a_path_that_is_not_there_is_told_before_a_window_opens(
    empty_home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["/nowhere/at all"], str(empty_home.path)) == 2
    assert "Nothing is found at /nowhere/at all" in capsys.readouterr().err


def test_a_home_that_is_a_file_is_told_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "home").write_text("", encoding="utf-8")
    assert main([], str(tmp_path / "home")) == 2
    told = capsys.readouterr().err
    assert str(tmp_path / "home") in told
    assert told.count("\n") == 1


@NO_RIGHTS
def test_a_read_only_home_is_told_with_2(
    empty_home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    empty_home.runs.chmod(0o500)
    try:
        assert main([], str(empty_home.path)) == 2
    finally:
        empty_home.runs.chmod(0o700)
    assert "may not write" in capsys.readouterr().err


def test_a_home_on_a_read_only_disk_is_told_with_2(
    empty_home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.home.os.access", lambda *_: False)
    assert main([], str(empty_home.path)) == 2
    told = capsys.readouterr().err
    assert f"may not write in {empty_home.path}" in told
    assert "--home" in told


def test_a_home_that_turns_read_only_while_the_window_is_open_costs_a_sentence_not_the_window(
    qtbot: QtBot, open_window: Opener, raised_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(raised_home)

    def refuse(path: Path, *_: object, **__: object) -> object:
        raise OSError(errno.EROFS, "Read-only file system", str(path))

    monkeypatch.setattr("pathlib.Path.mkdir", refuse)  # Every writer of ours makes its folder.
    window.set_language("ja")
    until(qtbot, lambda: "学習" in [tab.accessibleName() for tab in shown(window.top, QPushButton)])
    window.set_language("en")
    window.go("training")
    screen = window.screen_named("training")
    until(qtbot, lambda: screen.form.plan() is not None)  # type: ignore[attr-defined]
    screen.start()  # type: ignore[attr-defined]
    told = screen.form._error.text.text()  # type: ignore[attr-defined]
    assert "may not write" in told


# ---- likes -----------------------------------------------------------------------------------


def test_likes_of_two_programs_are_merged(empty_home: Home) -> None:
    one, other = Preferences(empty_home), Preferences(empty_home)
    one.set(theme="dark")
    other.set(language="ja")
    merged = Preferences(empty_home)
    assert (merged.theme, merged.language) == ("dark", "ja")


def test_keys_of_a_newer_program_are_kept(empty_home: Home) -> None:
    empty_home.settings_file.write_text('{"theme": "dark", "tomorrow": [1]}', encoding="utf-8")
    Preferences(empty_home).set(language="ja")
    kept = json.loads(empty_home.settings_file.read_text(encoding="utf-8"))
    assert kept["tomorrow"] == [1]
    assert kept["theme"] == "dark"


@pytest.mark.parametrize("content", ["", "{", "[1]", "null", "\x00"])
def test_damaged_settings_are_as_good_as_none(empty_home: Home, content: str) -> None:
    empty_home.settings_file.write_text(content, encoding="utf-8")
    likes = Preferences(empty_home)
    assert likes.theme == "system"
    likes.set(theme="dark")
    assert Preferences(empty_home).theme == "dark"


def test_one_bad_value_does_not_cost_the_others(empty_home: Home) -> None:
    empty_home.settings_file.write_text(
        '{"theme": "pink", "language": "ja", "text_scale": 99}', encoding="utf-8"
    )
    likes = Preferences(empty_home)
    assert (likes.theme, likes.language, likes.text_scale) == ("system", "ja", 1.0)

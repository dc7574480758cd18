"""A new user's first hour: the sample, a training, a test, a talk; closed, opened, all still there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.window import Window
from core.chats import ChatLibrary
from core.corpus.library import CorpusLibrary
from core.home import Home
from core.versions.library import VersionLibrary
from tests.app.conftest import nothing_is_left_behind  # noqa: F401
from tests.app.support import Opener, named, press, shown, spoken_name, until
from tests.conftest import ROOT

TS = ROOT / "resources" / "translations" / "terakoya_ja.ts"


class Reader:
    """Finds controls by what the user reads on them, in the language of the window."""

    def __init__(self, window: Window, language: str) -> None:
        self.window = window
        self._words: dict[str, set[str]] = {}
        for message in ElementTree.parse(TS).getroot().iter("message"):
            source, text = message.findtext("source") or "", message.findtext("translation") or ""
            self._words.setdefault(source, set()).add(source if language == "en" else text)

    def word(self, source: str) -> set[str]:
        """How an English sentence is said here."""
        return self._words[source]

    def says(self, text: str, source: str) -> bool:
        """Whether `text` is `source` in this language, with its placeholders filled."""
        return any(all(part in text for part in _parts(sentence)) for sentence in self.word(source))

    def find(self, root: QWidget, source: str, kind: type[Any] = QWidget) -> Any:
        names = {spoken_name(widget) for widget in shown(root, kind)} & self.word(source)
        assert len(names) == 1, (source, sorted(spoken_name(w) for w in shown(root, kind)))
        return named(root, names.pop(), kind)

    def press(self, qtbot: QtBot, root: QWidget, source: str) -> None:
        until(qtbot, self.find(root, source, QPushButton).isEnabled)
        press(qtbot, root, spoken_name(self.find(root, source, QPushButton)))


def _parts(sentence: str) -> list[str]:
    pieces = sentence.replace("}", "{").split("{")
    return [piece.strip() for piece in pieces[::2] if piece.strip()]


@pytest.mark.parametrize("language", ["ja"])
def test_from_the_first_start_to_a_talk_with_ones_own_version_and_all_is_there_tomorrow(
    qtbot: QtBot,
    open_window: Opener,
    empty_home: Home,
    language: str,
) -> None:
    window = open_window(empty_home, language=language)
    user = Reader(window, language)

    # The first page: try the sample.
    corpus = window.screen_named("corpus")
    start = next(
        b for b in shown(corpus, QPushButton)
        if b.accessibleName().split(": ")[0] in user.word("Try the sample")
    )  # fmt: skip
    qtbot.mouseClick(start, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: window.context.bridge.active_run("read"))
    until(qtbot, lambda: window.context.bridge.active_run() is None, 120_000)
    (manifest,) = CorpusLibrary(empty_home).list()
    assert manifest.name in user.word("Sample stories")
    assert manifest.totals.skipped == 0
    assert set(manifest.languages) >= {"en", "ja"}

    # The training tab: a few steps of the smallest model, by the form.
    user.press(qtbot, corpus, "Train on this")
    training = window.screen_named("training")
    user.press(qtbot, training, "Steps")
    length = user.find(training, "How many", QLineEdit)
    length.setFocus()
    length.selectAll()
    qtbot.keyClicks(length, "20")
    qtbot.keyClick(length, Qt.Key.Key_Return)
    size = user.find(training, "Model size", QLineEdit)
    size.setFocus()
    size.selectAll()
    qtbot.keyClicks(size, "0.6M")
    qtbot.keyClick(size, Qt.Key.Key_Return)
    name = user.find(training, "Name of the new edition", QLineEdit)
    name.selectAll()
    name.insert("私の 初版")
    until(qtbot, lambda: user.find(training, "Start training", QPushButton).isEnabled())
    user.press(qtbot, training, "Start training")
    until(qtbot, lambda: window.context.bridge.active_run("train"))
    until(qtbot, lambda: window.context.bridge.active_run() is None, 120_000)
    run = window.context.bridge.runs("train")[0]
    assert run.state == "done", run.error
    until(qtbot, lambda: user.says(window.status._text.full_text(), "“{name}” is on the shelf"))
    (entry,) = VersionLibrary(empty_home).list()
    assert (entry.name, entry.problem) == ("私の 初版", None)
    assert window.context.selection.version == entry.id
    until(qtbot, lambda: len(curve(training)) == 20)

    # The evaluation tab.
    user.press(qtbot, window.top, "Evaluation")
    evaluation = window.screen_named("evaluation")
    user.press(qtbot, evaluation, "Measure")
    until(qtbot, lambda: window.context.bridge.active_run("evaluate"))
    until(qtbot, lambda: window.context.bridge.active_run() is None, 120_000)
    until(qtbot, lambda: evaluation._lines and evaluation._lines[0].of_kind("heldout"))  # type: ignore[attr-defined]
    marks = evaluation._lines[0].of_kind("heldout")  # type: ignore[attr-defined]
    assert 1 < marks.bits < 8

    # The chat tab: Enter sends, the version goes on.
    user.press(qtbot, window.top, "Chat")
    chat = window.screen_named("chat")
    words = user.find(chat, "Your words", QPlainTextEdit)
    beginning = "One day, " if language == "en" else "むかし、"
    words.insertPlainText(beginning)
    until(qtbot, lambda: chat._loaded)  # type: ignore[attr-defined]
    qtbot.keyClick(words, Qt.Key.Key_Return)
    until(qtbot, lambda: chat.writing)  # type: ignore[attr-defined]
    until(qtbot, lambda: not chat.writing, 120_000)  # type: ignore[attr-defined]
    answer = chat._chat.messages[-1].text  # type: ignore[attr-defined]
    assert chat._chat.messages[-1].role == "version"  # type: ignore[attr-defined]
    assert answer
    until(qtbot, lambda: VersionLibrary(empty_home).list()[0].manifest.chatted)
    until(qtbot, lambda: _done(window, user) == 6)  # Specialise was left out.

    # Tomorrow.
    steps = window.steps.accessibleName()
    open_window.close(window)
    again = open_window(empty_home, language=language)
    _all_is_there(qtbot, again, Reader(again, language), answer, marks.bits, steps)


def curve(training: Any) -> Any:
    """The steps of the training loss that is drawn."""
    steps, _ = training.view.loss.plot._raw.getOriginalDataset()
    return () if steps is None else steps


def _done(window: Window, user: Reader) -> int:
    """How many of the seven steps are done."""
    done = user.word("done") | {"済み"}
    parts = [part.split(": ")[-1] for part in window.steps.accessibleName().split(", ")]
    return sum(part in done for part in parts)


def _all_is_there(
    qtbot: QtBot, window: Window, user: Reader, answer: str, bits: float, steps: str
) -> None:
    until(qtbot, lambda: window.steps.accessibleName() == steps)
    corpus = window.screen_named("corpus")
    assert corpus.page._title.full_text() in user.word("Sample stories")  # type: ignore[attr-defined]
    assert window.shelf.view.model().index(0, 0).data() == "私の 初版"
    user.press(qtbot, window.top, "Training")
    training = window.screen_named("training")
    until(qtbot, lambda: training.view.figures.steps.value.text() == "20")  # type: ignore[attr-defined]
    until(qtbot, lambda: len(curve(training)) == 20)
    user.press(qtbot, window.top, "Evaluation")
    (line,) = window.screen_named("evaluation")._lines  # type: ignore[attr-defined]
    assert line.of_kind("heldout").bits == bits
    user.press(qtbot, window.top, "Chat")
    chat = window.screen_named("chat")
    assert chat._chat.messages[-1].text == answer  # type: ignore[attr-defined]
    assert user.find(chat, "Version to chat with", QComboBox).currentText().endswith("私の 初版")
    assert len(ChatLibrary(window.context.home).list()) == 1
    until(qtbot, lambda: chat._loaded)  # type: ignore[attr-defined]


# ---- a real X server -------------------------------------------------------------------------


@pytest.fixture
def x_server(tmp_path: Path) -> Iterator[str]:
    """A display of a real X server of our own."""
    if shutil.which("Xvfb") is None:
        pytest.skip("Xvfb is not installed (Debian package xvfb)")
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
        pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(write)
    with os.fdopen(read) as numbers:
        number = numbers.readline().strip()
    try:
        if not number:
            pytest.skip("Xvfb could not start here")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(10)


def test_the_window_opens_paints_and_closes_on_a_real_x_server(
    x_server: str, raised_home: Home, tmp_path: Path
) -> None:
    script = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QApplication
        import app.desktop as desktop
        from core.home import Home

        build = desktop.build
        def building(app, home):
            window = build(app, home)
            names = iter(["training", "evaluation", "chat", "version", "settings", "corpus", None])
            def go():
                name = next(names)
                if name is None:
                    window.grab().save(sys.argv[2])
                    print(app.platformName(), window.isVisible(), window.width(), window.height())
                    window.close()
                else:
                    window.go(name)
                    QTimer.singleShot(300, go)
            QTimer.singleShot(500, go)
            return window
        desktop.build = building
        sys.exit(desktop.run(Home(Path(sys.argv[1])), []))
        """
    )
    picture = tmp_path / "window.png"
    environment = {**os.environ, "DISPLAY": x_server, "QT_QPA_PLATFORM": "xcb"}
    environment.pop("WAYLAND_DISPLAY", None)
    done = subprocess.run(
        [sys.executable, "-c", script, str(raised_home.path), str(picture)], cwd=ROOT, text=True,
        env=environment, capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["xcb", "True", "1440", "900"]
    assert done.stderr == ""
    log = raised_home.logs / "app.log"
    told = log.read_text(encoding="utf-8") if log.exists() else ""
    assert "WARNING" not in told, told
    assert "ERROR" not in told, told
    from PySide6.QtGui import QImage

    image = QImage(str(picture))
    colours = {image.pixelColor(x, y).name() for x in range(0, 1440, 7) for y in range(0, 900, 7)}
    assert len(colours) > 20  # Something was really painted.

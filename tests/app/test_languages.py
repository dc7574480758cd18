"""Japanese and English: complete, and switched without a restart in every widget."""

from __future__ import annotations

import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.messages import translate
from app.shell.closing import ClosingDialog
from app.widgets.ask import ask_sure, ask_text
from app.window import Window
from core import events as ev
from core.engine.record import JobRecord
from core.errors import Damaged
from core.home import Home
from core.sentences import Sentence
from resources.translations import update
from tests.app.support import Opener, ScriptedRun, press, shown, until
from tests.conftest import ROOT

TS = ROOT / "resources" / "translations" / "terakoya_ja.ts"
QM = TS.with_suffix(".qm")
SCREENS = ("corpus", "training", "evaluation", "chat", "version", "settings")
KANA_OR_KANJI = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
MARKUP = re.compile(r"<[^>]*>|&\w+;")
SAME_IN_BOTH = re.compile(  # Names of things, formats and units, and names that the test gave.
    r"Qwen Team 2025, Qwen3 Technical Re(port)?|Qwen3-MoE|"
    r"(Distil|Ro)?BERTa?|GPT(-\d)?|SmolLM3|Qwen3-MoE|Mixtral|Mistral|Llama|Gemma( 3)?|[LD]oRA|DPO|SimPO|ChatML"
    r"|int[48]|CUDA|GGUF|Ollama|ollama create|Modelfile|LM Stu?(dio)?|llama\.cpp|[BF]{1,2}\d\d|Q[458]_0"
    r"|Qwen Team 2025, Qwen3 Technical Re(port)?|Hub|huggingface\.co"
    r"|Terakoya|Hugging Face|Python|[Tt]ransformers?|safetensors|gzip|Muon|AdamW?|fp32|bf16|SwiGLU|Qwen\d?"
    r"|PDF|DOCX|EPUB|ODT|RTF|NFK?C|IP|CSV|JSON Lines|JSONL?|Markdown|X?HTML|TXT|UTF-8|Shift_JIS|EUC-JP|Project|Gutenberg|《てらこや》"
    r"|\bEN\b|English|日本語(で表示)?|Show in English|CPU|GPU|Ctrl|Shift|Enter|[GMk]B\b|top-[pk]|SIGKILL"
    r"|\.?[\w-]+\.(txt|json|jsonl|md|safetensors)\b|\.(x?html|txt|md|jsonl)\b|config|tokenizer"
    r"|k?Wh|CO₂|JPY|USD|EUR|Ember, Global Electricity Review 2025"
    r"|bits/byte|Kiku|Stories|Ume|little stories|\d[\d.,]*[kMB]\b"
)
DATA = re.compile(  # Paths, names of processors, and hashes.
    r"^[/~]|Intel|AMD|Xeon|EPYC|Apple|ARM|Ryzen|^[0-9a-f]{8,}$"
)


def words_of(widget: QWidget) -> Iterator[str]:
    """Everything that a widget shows or says: texts, hints, names, columns."""
    yield widget.toolTip()
    yield widget.accessibleName()
    yield widget.accessibleDescription()
    if isinstance(widget, (QLabel, QAbstractButton)):
        yield widget.text()
    if isinstance(widget, (QLineEdit, QPlainTextEdit)):
        yield widget.placeholderText()
    if isinstance(widget, QComboBox):
        for index in range(widget.count()):
            yield widget.itemText(index)
    if isinstance(widget, QTableView):
        model = widget.model()
        for column in range(model.columnCount()):
            yield str(model.headerData(column, Qt.Orientation.Horizontal) or "")


def all_words(window: Window, qtbot: QtBot) -> dict[str, set[str]]:
    """Screen -> what its visible widgets show and say, plots and painted texts of users apart."""
    found: dict[str, set[str]] = {}
    for name in SCREENS:
        window.go(name)
        qtbot.wait(10)
        for widget in [window, *shown(window)]:
            if not isinstance(widget, QAbstractScrollArea) or isinstance(widget, QTableView):
                plain = (MARKUP.sub(" ", text).strip() for text in words_of(widget))
                found.setdefault(name, set()).update(text for text in plain if text)
    return found


def prepare(window: Window, qtbot: QtBot) -> None:
    """Wait for what comes later, and show every setting."""
    window.go("chat")
    until(qtbot, lambda: window.screen_named("chat")._loaded)  # type: ignore[attr-defined]
    press(qtbot, window.top, "Expert" if window.language.code == "en" else "くわしい")


@pytest.fixture
def busy_home(raised_home: Home, instant_chat: None) -> Home:
    """A home in which every screen has something to say."""
    run = ScriptedRun(raised_home).begin().tell_cost_and_health().steps(1, 30).test(30, 2.5)
    run.write(ev.Checkpoint(step=30, path="checkpoints/step-00000030"))
    run.end("died", "worker-died", cause="SIGKILL")
    return raised_home


def speaks_only(texts: dict[str, set[str]], language: str) -> None:
    """Fails with every text of the other language."""
    other = KANA_OR_KANJI if language == "en" else re.compile(r"[A-Za-z]{2,}")
    wrong = [
        f"{screen}: {text}"
        for screen, words in texts.items()
        for text in sorted(words)
        if other.search(SAME_IN_BOTH.sub(" ", text)) and not DATA.search(text)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_screen_speaks_one_language(
    qtbot: QtBot, open_window: Opener, busy_home: Home, language: str
) -> None:
    window = open_window(busy_home, language=language)
    prepare(window, qtbot)
    texts = all_words(window, qtbot)
    assert all(len(words) > 30 for words in texts.values())
    speaks_only(texts, language)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_question_speaks_the_language_of_the_window(
    open_window: Opener, empty_home: Home, language: str
) -> None:
    window = open_window(empty_home, language=language)
    with ScriptedRun(empty_home).begin() as scripted:
        run = JobRecord(scripted.folder.read())
    dialogs = [
        ask_text(window, "1", "2", "3", print),
        ask_sure(window, "1", "2", "3", print),
        ClosingDialog(window, window.context.preferences, run, print),
    ]
    texts = {
        type(dialog).__name__: {word for widget in dialog.findChildren(QWidget) for word in words_of(widget)}
        | {dialog.windowTitle()}
        for dialog in dialogs
    }  # fmt: skip
    for dialog in dialogs:
        dialog.close()
    speaks_only(texts, language)


def test_switching_the_language_changes_every_word_without_a_restart(
    qtbot: QtBot, open_window: Opener, busy_home: Home
) -> None:
    window = open_window(busy_home, language="ja")
    prepare(window, qtbot)
    japanese = all_words(window, qtbot)
    press(qtbot, window.top, "EN")
    until(qtbot, lambda: window.language.code == "en")
    english = all_words(window, qtbot)
    speaks_only(english, "en")
    press(qtbot, window.top, "日本語")
    again = all_words(window, qtbot)
    speaks_only(again, "ja")
    for screen, words in japanese.items():  # Nothing was lost on the way there and back.
        assert len(words & again[screen]) > 0.8 * len(words), screen


def test_a_screen_out_of_sight_follows_when_shown_or_in_a_turn_of_its_own(
    qtbot: QtBot, open_window: Opener, busy_home: Home
) -> None:
    window = open_window(busy_home, language="ja")
    prepare(window, qtbot)
    for name in ("corpus", "evaluation"):
        window.go(name)

    def is_japanese(name: str) -> bool:
        screen = window.screen_named(name)
        texts = {label.text() for label in screen.findChildren(QLabel)}
        return any(KANA_OR_KANJI.search(text) for text in texts - {""} if "ume" not in text)

    window.set_language("en")
    QApplication.sendPostedEvents()
    assert is_japanese("corpus")  # The click did not wait for it.
    window.go("corpus")
    speaks_only({"corpus": set(words_of(window.screen_named("corpus")))}, "en")
    window.go("evaluation")
    window.set_language("ja")
    until(qtbot, lambda: is_japanese("corpus"))


# ---- sentences of the engine -----------------------------------------------------------------


def test_an_error_and_the_reason_inside_it_are_both_translated(
    open_window: Opener, empty_home: Home
) -> None:
    open_window(empty_home, language="ja")
    error = Damaged(path="a.json", reason=Sentence("Errors", "it is not there"), hint="")
    told = translate(error.sentence)
    assert "a.json" in told
    assert not re.search(r"it is not there|missing", told)


# ---- the files -------------------------------------------------------------------------------


def messages(path: Path) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for context in ElementTree.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            text = "" if translation.get("type") == "unfinished" else translation.text or ""
            found[context.findtext("name") or "", message.findtext("source") or ""] = text
    return found


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], str]:
    """What the sources say now, joined with the kept translations."""
    copy = tmp_path_factory.mktemp("ts") / TS.name
    shutil.copyfile(TS, copy)
    update.extract(copy)
    return messages(copy)


def test_the_translation_file_has_exactly_the_sentences_of_the_sources(
    extracted: dict[tuple[str, str], str],
) -> None:
    kept = messages(TS)
    assert sorted(set(extracted) - set(kept)) == [], "run resources/translations/update.py"
    assert sorted(set(kept) - set(extracted)) == [], "run resources/translations/update.py"


def test_every_sentence_has_its_japanese(extracted: dict[tuple[str, str], str]) -> None:
    assert sorted(key for key, text in extracted.items() if not text.strip()) == []


def test_placeholders_and_markup_survive_the_translation() -> None:
    hole = re.compile(r"\{\w*\}|</?b>")
    broken = [
        (source, text)
        for (_, source), text in messages(TS).items()
        if text and sorted(hole.findall(source)) != sorted(hole.findall(text))
    ]
    assert broken == []


def test_a_sentence_that_moved_is_finished_and_one_without_japanese_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.ts"
    marked = "".join(
        f"<message><source>{source}</source><translation type='unfinished'>{text}</translation></message>"
        for source, text in (("moved", "移った"), ("new", ""), ("blank", " "), ("given", ""))
    )
    file.write_text(f"<TS><context><name>A</name>{marked}</context></TS>", encoding="utf-8")
    missing = update.merge(file, {"A": {"given": "もらった"}, "B": {"new": "よそのもの"}})
    assert missing == [("A", "new"), ("A", "blank")]
    assert capsys.readouterr().out == "carried over: [A] 'moved': 移った\n"
    found = messages(file)
    assert found == {
        ("A", "moved"): "移った", ("A", "new"): "", ("A", "blank"): "", ("A", "given"): "もらった",
    }  # fmt: skip


def test_the_compiled_file_is_that_of_the_translation_file(tmp_path: Path) -> None:
    fresh = tmp_path / QM.name
    command = [update.tool("pyside6-lrelease"), "-silent", str(TS), "-qm", str(fresh)]
    subprocess.run(command, check=True)
    assert fresh.read_bytes() == QM.read_bytes()

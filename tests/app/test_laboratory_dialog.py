"""The tokenizer laboratory: trying, comparing, choosing, and what is frequent."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.screens.corpus.corpus_page import CorpusPage
from app.screens.corpus.laboratory_dialog import LaboratoryDialog, visible
from app.screens.corpus.screen import CorpusScreen
from app.theme.manager import ThemeManager
from app.window import Window
from core.corpus.manifest import CorpusManifest, TokenizerFacts
from core.sentences import Sentence
from tests.app.support import named, press, question, until
from tests.app.test_corpus_dialogs import MANIFEST, Worker, words

OWN = MANIFEST.model_copy(
    update={"tokenizer": TokenizerFacts(hash="own", vocabulary=1280, bytes_per_token=3.0)}
)
LIMIT = Sentence("Errors", "It cannot be exported as GGUF.")


class Workers(Worker):
    """The library worker and the laboratory worker, which does not get on with what is `slow`."""

    slow = ""
    stops = 0
    done: Any = None
    update: Any = None

    def __call__(
        self,
        operation: str,
        params: dict[str, Any],
        done: Any,
        failed: Any = None,
        update: Any = None,
    ) -> None:
        if operation == self.slow:
            self.asked.append((operation, params))
            self.done, self.update = done, update
        else:
            super().__call__(operation, params, done, failed)

    def stop(self) -> None:
        self.stops += 1


def candidate(one: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": one,
        "name": one,
        "kind": "bpe",
        "vocabulary": 1280,
        "limits": [],
        "snapshot": "s",
    } | changes


def compared(params: dict[str, Any]) -> dict[str, Any]:
    rows = [
        candidate(
            one, chosen=one == "own", cells=[{"text": params["text"][:3], "token": 0, "count": 1}],
            tokens=7, ja=2.5, en=None, kind="bpe" if one == "own" else "unigram", limits=[] if one == "own" else [LIMIT.to_json()],
        )
        for one in params["tokenizers"]
    ]  # fmt: skip
    return {"tokenizers": rows}


def worker(**answers: Any) -> Workers:
    usual: dict[str, Any] = {
        "laboratory_compare": compared,
        "laboratory_train": lambda p: {"candidate": candidate(f"{p['kind']}-{p.get('vocabulary', 0)}")},
        "laboratory_import": Sentence("Errors", "It is no tokenizer."),
        "laboratory_candidates": {"candidates": [candidate("own"), candidate("version:Kiku")]},
        "laboratory_curve": {"points": [{"vocabulary": s, "ja": 2.0 + s / 4096, "en": None} for s in (512, 1024, 1300)]},
        "laboratory_choose": {"tokenizer": {"hash": "new"}, "totals": {}},
        "frequent_tokens": {"tokens": [{"id": 5, "text": " the\n", "count": 10, "share": 0.5}], "total": 20},
    }  # fmt: skip
    return Workers(**(usual | answers))


def opened(parent: QWidget, asks: Workers, theme: ThemeManager) -> LaboratoryDialog:
    def get(name: str) -> CorpusManifest:
        return OWN.model_copy(
            update={"tokenizer": TokenizerFacts(hash="new", vocabulary=64, bytes_per_token=1)}
        )

    context = SimpleNamespace(
        bridge=SimpleNamespace(library=asks, laboratory=asks, stop_laboratory=asks.stop),
        corpora=SimpleNamespace(get=get),
        theme=theme,
    )
    dialog = LaboratoryDialog(parent, OWN, context)  # type: ignore[arg-type]
    dialog.open()
    return dialog


def test_candidates_are_tried_compared_and_taken_away(
    qtbot: QtBot, parent: QWidget, theme: ThemeManager
) -> None:
    asks = worker()
    dialog = opened(parent, asks, theme)
    assert dialog.form.vocabulary() == 1280
    assert "in use" in words(dialog)
    for kind in ("unigram", "characters", "bytes", "bpe"):
        dialog.form.cards[kind].pressed.emit()
        press(qtbot, dialog, "Try it")
    sent = [params for operation, params in asks.asked if operation == "laboratory_train"]
    assert [one.get("vocabulary") for one in sent] == [1280, None, None, 1280]
    assert dialog._compared == ["own", "characters-0", "bytes-0", "bpe-1280"]
    assert "It cannot be exported as GGUF." in words(dialog)
    dialog.panels.remove_wanted.emit("bytes-0")
    assert dialog._compared == ["own", "characters-0", "bpe-1280"]
    dialog.reject()


def test_sentences_are_cut_again_a_moment_after_typing(
    qtbot: QtBot, parent: QWidget, theme: ThemeManager
) -> None:
    asks = worker()
    dialog = opened(parent, asks, theme)
    dialog.panels.sentences.setPlainText("雨のち晴れ")
    until(qtbot, lambda: asks.asked[-1][1]["text"] == "雨のち晴れ")
    dialog.reject()


def test_one_is_used_and_the_corpus_told(
    qtbot: QtBot, parent: QWidget, theme: ThemeManager
) -> None:
    dialog = opened(parent, worker(), theme)
    press(qtbot, dialog, "Try it")
    with qtbot.waitSignal(dialog.chosen):
        press(qtbot, dialog, "Use “Unigram”")
    assert dialog._compared == ["new", "own"]
    dialog.reject()


def test_a_file_that_is_no_tokenizer_is_told(
    qtbot: QtBot, parent: QWidget, theme: ThemeManager
) -> None:
    dialog = opened(parent, worker(), theme)
    dialog.bring("/x/tokenizer.json")
    assert "It is no tokenizer." in words(dialog)
    assert dialog.form.go.isEnabled()
    dialog.reject()


def test_those_that_are_there_are_offered(
    qtbot: QtBot, parent: QWidget, theme: ThemeManager
) -> None:
    dialog = opened(parent, worker(), theme)
    press(qtbot, dialog, "One that is there…")
    menu = next(m for m in dialog.findChildren(QMenu) if m.isVisible())
    [action] = menu.actions()
    assert "version:Kiku" in action.text()
    action.trigger()
    menu.close()
    assert dialog._compared == ["own", "version:Kiku"]
    dialog.reject()


def test_the_curve_and_the_frequent_tokens_have_their_pages(
    qtbot: QtBot, parent: QWidget, theme: ThemeManager
) -> None:
    dialog = opened(parent, worker(), theme)
    press(qtbot, dialog, "Size of vocabulary")
    assert "512 2.12" in dialog.curve.accessibleDescription()
    assert "English" not in dialog.curve.accessibleDescription()
    theme.set_choice("dark")
    QApplication.processEvents()
    with qtbot.waitSignal(dialog.curve.size_chosen):
        dialog.curve._on_points(None, [SimpleNamespace(pos=lambda: QPointF(10.34, 2))])
    assert dialog.form.vocabulary() == 1300
    dialog.form.cards["bytes"].pressed.emit()
    assert "a vocabulary of its own size" in words(dialog)
    press(qtbot, dialog, "Frequent tokens")
    assert dialog.tokens.records.index(0, 1).data() == visible(" the\n") == "␣the⏎"
    assert named(dialog, "Most frequent tokens of this corpus")
    dialog.reject()


def test_learning_tells_how_far_it_is_and_can_be_cancelled(
    qtbot: QtBot, parent: QWidget, theme: ThemeManager
) -> None:
    asks = worker()
    dialog = opened(parent, asks, theme)
    asks.slow = "laboratory_train"
    press(qtbot, dialog, "Try it")
    assert "Preparing…" in words(dialog)
    asks.update({"phase": "reading", "share": 0.41})
    assert "Reading text… 41 %" in words(dialog)
    asks.update({"phase": "learning", "share": None})
    until(qtbot, lambda: "Learning… 1 s" in words(dialog))
    assert not dialog.form.go.isEnabled()
    dialog.panels.sentences.setPlainText("雨")
    until(qtbot, lambda: asks.asked[-1][1].get("text") == "雨")
    press(qtbot, dialog, "Cancel")
    assert asks.stops == 1
    assert "Cancelled: nothing has changed." in words(dialog)
    assert "Learning" not in words(dialog)
    late = asks.done
    asks.slow = ""
    press(qtbot, dialog, "Try it")
    late({"candidate": candidate("late")})
    assert dialog._compared == ["own", "bpe-1280"]
    assert "Cancelled" not in words(dialog)
    dialog.reject()
    assert asks.stops == 2  # Nobody needs the worker any more.


def test_what_is_measured_by_the_way_gives_way(
    qtbot: QtBot, parent: QWidget, theme: ThemeManager
) -> None:
    asks = worker()
    asks.slow = "laboratory_curve"
    dialog = opened(parent, asks, theme)
    press(qtbot, dialog, "Size of vocabulary")
    press(qtbot, dialog, "Size of vocabulary")
    assert [operation for operation, _ in asks.asked].count("laboratory_curve") == 1
    press(qtbot, dialog, "Cancel")
    assert "Not measured yet" in words(dialog)
    dialog.form.cards["unigram"].pressed.emit()
    assert asks.asked[-1] == ("laboratory_curve", {"corpus": "Letters", "kind": "unigram"})
    press(qtbot, dialog, "Try it")
    assert asks.stops == 2
    assert dialog._compared == ["own", "unigram-1280"]
    dialog.reject()


def test_a_tokenizer_that_nobody_measured_is_measured_at_once(
    qtbot: QtBot, parent: QWidget, theme: ThemeManager
) -> None:
    figures: dict[str, Any] = {"snapshot": "", "ja": None}

    def compared_once(params: dict[str, Any]) -> dict[str, Any]:
        return {"tokenizers": [row | figures for row in compared(params)["tokenizers"]]}

    asks = worker(laboratory_compare=compared_once)
    asks.slow = "laboratory_measure"
    dialog = opened(parent, asks, theme)
    assert "not measured yet" in words(dialog)
    assert asks.asked[-1][1]["tokenizers"] == ["own"]
    figures.update(snapshot="s", ja=2.5)
    asks.done({"candidates": []})
    assert "2.50" in words(dialog)
    assert "not measured yet" not in words(dialog)
    figures.update(snapshot="", ja=None)
    dialog._compare()
    press(qtbot, dialog, "Try it")
    assert asks.stops == 0  # Its worker has read the text meanwhile.
    dialog.reject()


def test_the_menu_opens_it_and_the_library_worker_answers(qtbot: QtBot, window: Window) -> None:
    screen = window.screen_named("corpus")
    assert isinstance(screen, CorpusScreen)
    assert isinstance(screen.page, CorpusPage)
    window.go("corpus")
    menu = QMenu(screen)
    screen.page.menu_opening.emit(menu)
    next(a for a in menu.actions() if a.text() == "Tokenizer laboratory…").trigger()
    dialog = question(window)
    assert isinstance(dialog, LaboratoryDialog)
    until(qtbot, lambda: "in use" in words(dialog))
    dialog.form.cards["characters"].pressed.emit()
    press(qtbot, dialog, "Try it")
    until(qtbot, lambda: "Use this one" in [b.text() for b in (p.use for p in dialog.panels._panels) if b.isVisible()])  # fmt: skip
    press(qtbot, dialog, "Use “Characters”")
    until(qtbot, lambda: dialog.form.go.isEnabled() and len(dialog._compared) == 2)
    kept = window.context.corpora.get("Stories").tokenizer
    assert kept is not None
    assert kept.hash == dialog._compared[0]
    dialog.reject()

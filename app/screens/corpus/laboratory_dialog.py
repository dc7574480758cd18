"""The tokenizer laboratory: try kinds and sizes, compare them on own sentences, use the best."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from app.context import AppContext
from app.formatting import grouped
from app.screens.corpus.laboratory_compare import MOST, ComparePanels, title_of
from app.screens.corpus.laboratory_curve import VocabularyCurve
from app.screens.corpus.laboratory_form import LaboratoryForm
from app.screens.corpus.laboratory_work import LaboratoryWork
from app.screens.corpus.record_table import Column, RecordTable
from app.widgets.ask import ask_files
from app.widgets.controls import Label, Segmented
from app.widgets.dialog import LargeDialog, Reply
from app.widgets.layout import STRETCH, column, holder, row
from core.corpus.manifest import CorpusManifest
from core.sentences import Sentence

_TOKENS = 500
_BELOW = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
_CURVES = ("bpe", "unigram")


class LaboratoryDialog(LargeDialog):
    """Asks the library worker how sentences are cut, and the laboratory worker for all that takes
    long (core.corpus.serving). What the user wants goes before figures that are missing; closing ends
    both. `chosen` when the corpus has another tokenizer."""

    chosen = Signal()

    def __init__(self, parent: QWidget, manifest: CorpusManifest, context: AppContext) -> None:
        super().__init__(parent, 1080, 760)
        self._manifest, self._asks, self._context = manifest, context.bridge.library, context
        self._compared: list[str] = []
        self._shown: list[dict[str, Any]] = []
        self._curves: dict[str, list[dict[str, Any]]] = {}
        self._resting = False
        self.work = LaboratoryWork(context.bridge.laboratory, context.bridge.stop_laboratory)
        self.form, self.panels = LaboratoryForm(), ComparePanels()
        self.curve, self._curve_words = VocabularyCurve(), Label("small", wrap=True)
        self.tokens, self._token_words = (
            RecordTable(self._token_columns()),
            Label("small", wrap=True),
        )
        tokens = holder(column((self.tokens, 1), self._token_words, spacing=6))
        self._tabs, self._stack = Segmented(3, dense=True), QStackedWidget()
        for page in (self.panels, self._curve_page(), tokens):
            self._stack.addWidget(page)
        context.theme.changed.connect(self.curve.restyle)
        self._connect()
        self._retranslate()
        left = holder(column(self.form, 4, self.work, STRETCH, spacing=6))
        left.setFixedWidth(250)
        content = row(left, (self._stack, 1), spacing=16)
        self.build((content, 1), head=(self._tabs,))
        if manifest.tokenizer is not None:
            self.form.set_vocabulary(manifest.tokenizer.vocabulary)
            self._compared = [manifest.tokenizer.hash]
        self._compare()

    def _curve_page(self) -> QWidget:
        return holder(column((self.curve, 1), self._curve_words, spacing=6))

    def _token_columns(self) -> list[Column]:
        return [
            Column(lambda r: str(r["id"]), 76, right=True),
            Column(lambda r: visible(str(r["text"]))),
            Column(lambda r: grouped(r["count"]), 120, right=True),
            Column(lambda r: f"{100 * float(r['share']):.2f} %", 96, right=True),
        ]

    def _connect(self) -> None:
        self._tabs.chosen.connect(self._on_tab)
        self.form.try_wanted.connect(self._try)
        self.form.import_wanted.connect(self._ask_file)
        self.form.known_wanted.connect(self._ask_known)
        self.form.kind_chosen.connect(lambda _: self._on_tab(self._tabs.index()))
        self.work.stopped.connect(self._on_stopped)
        self.finished.connect(self.work.close_down)
        self.panels.sentences_changed.connect(self._compare)
        self.panels.use_wanted.connect(self._use)
        self.panels.remove_wanted.connect(self._remove)
        self.curve.size_chosen.connect(self.form.set_vocabulary)

    def _retranslate(self) -> None:
        self.set_title(self.tr("Tokenizer laboratory of “{name}”").format(name=self._manifest.name))
        self.intro.setText(self.tr("A model reads and writes tokens. Fewer tokens for the same text make it faster and let it see further; a large vocabulary needs more weights and text."))  # fmt: skip
        self._tabs.set_texts(
            (self.tr("Compare"), self.tr("Size of vocabulary"), self.tr("Frequent tokens"))
        )
        self.tokens.setAccessibleName(self.tr("Most frequent tokens of this corpus"))
        self._token_words.setText(self.tr("Counted with the tokenizer that is in use. ␣ is a space, ⏎ the end of a line, ⇥ a tab, □ a wide space."))  # fmt: skip
        self.tokens.set_heads(
            [self.tr("Number"), self.tr("Token"), self.tr("How often"), self.tr("Share")]
        )
        self.curve.setAccessibleName(self.tr("Bytes per token against the size of the vocabulary"))

    # ---- comparing ---------------------------------------------------------------------------

    def _compare(self) -> None:
        params = {
            "corpus": self._manifest.name, "tokenizers": self._compared,
            "text": self.panels.text(),
        }  # fmt: skip
        self.ask(self._asks, "laboratory_compare", params, self._show_compared)

    def _show_compared(self, reply: Reply) -> None:
        self.tell(None)
        self._shown = reply["tokenizers"][:MOST]
        self.panels.show_tokenizers(self._shown)
        self._look()

    def _remove(self, tokenizer: str) -> None:
        self._compared = [one for one in self._compared if one != tokenizer]
        self._compare()

    def _add(self, tokenizer: str) -> None:
        """Behind the corpus's own; the oldest of four others gives way."""
        others = [one for one in self._compared[1:] if one != tokenizer][-(MOST - 2) :]
        self._compared = [*self._compared[:1], *others]
        if tokenizer not in self._compared:
            self._compared.append(tokenizer)
        self._tabs.set_index(0)
        self._stack.setCurrentIndex(0)
        self._compare()

    # ---- trying ------------------------------------------------------------------------------

    def _try(self, kind: str, vocabulary: int) -> None:
        params: dict[str, Any] = {"corpus": self._manifest.name, "kind": kind}
        if vocabulary:
            params["vocabulary"] = vocabulary
        self._train("laboratory_train", params)

    def _ask_file(self) -> None:
        ask_files(self, self.tr("A tokenizer.json"), lambda paths: self.bring(paths[0]))

    def bring(self, path: str) -> None:
        """Take a tokenizer.json in as a candidate."""
        self._train("laboratory_import", {"corpus": self._manifest.name, "path": path})

    def _ask_known(self) -> None:
        params = {"corpus": self._manifest.name}
        self.ask(self._asks, "laboratory_candidates", params, self._offer_known)

    def _offer_known(self, reply: Reply) -> None:
        """A menu of what was tried before, and of versions."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for one in reply["candidates"]:
            if one["id"] not in self._compared:
                words = self.tr("{name} · vocabulary {vocabulary}")
                text = words.format(name=title_of(one), vocabulary=grouped(one["vocabulary"]))
                menu.addAction(text.replace("&", "&&"), lambda i=one["id"]: self._add(str(i)))
        if menu.isEmpty():
            menu.addAction(self.tr("There is no other yet")).setEnabled(False)
        menu.popup(self.form.known.mapToGlobal(self.form.known.rect().bottomLeft()))

    def _train(self, operation: str, params: dict[str, Any]) -> None:
        self._want(operation, params, self._made)

    def _want(
        self, operation: str, params: dict[str, Any], done: Callable[[Reply], None]
    ) -> None:  # fmt: skip
        """What the user asked for; whatever goes on by the way gives way to it."""
        self._resting = False
        self.tell(None)
        self.form.set_busy(True)
        self.panels.set_busy(True)

        def answered(reply: Reply) -> None:
            self._free()
            done(reply)
            self._look()

        def refused(sentence: Sentence) -> None:
            self._free()
            self.tell(sentence)

        self.work.begin(operation, params, answered, refused, helped_by="laboratory_measure")

    def _free(self) -> None:
        self.form.set_busy(False)
        self.panels.set_busy(False)

    def _made(self, reply: Reply) -> None:
        self._add(str(reply["candidate"]["id"]))

    def _use(self, tokenizer: str) -> None:
        params = {"corpus": self._manifest.name, "tokenizer": tokenizer}
        self._want("laboratory_choose", params, lambda reply: self._used(tokenizer, reply))

    def _on_stopped(self) -> None:
        """Nothing is begun again by itself."""
        self._resting = True
        self._free()
        if self._stack.currentIndex() == 1 and self.form.kind() not in self._curves:
            self._curve_words.setText(
                self.tr("Not measured yet: choose the kind again to measure it.")
            )

    def _used(self, tokenizer: str, reply: Reply) -> None:
        """A version's tokenizer has another id as the corpus's own."""
        now = str(reply["tokenizer"]["hash"])
        self._compared = [now, *(one for one in self._compared if one not in (now, tokenizer))]
        self._manifest = self._context.corpora.get(self._manifest.name)
        self.tokens.begin(0, [])
        self.chosen.emit()
        self._compare()

    # ---- the other pages ---------------------------------------------------------------------

    def _on_tab(self, index: int) -> None:
        self._stack.setCurrentIndex(index)
        self._resting = False
        if index == 1:
            self._show_curve()
        self._look()

    def _look(self) -> None:
        """Ask for what the page lacks, unless the worker makes something that the user wants."""
        if self._resting or not self.form.go.isEnabled():
            return
        kind, page = self.form.kind(), self._stack.currentIndex()
        unmeasured = [str(one["id"]) for one in self._shown if not one.get("snapshot")]
        if page == 1 and kind in _CURVES and kind not in self._curves:
            self._by_the_way(
                "laboratory_curve", {"kind": kind}, lambda r: self._keep_curve(kind, r)
            )
        elif page == 2 and not self.tokens.records.records:
            self._by_the_way("frequent_tokens", {"count": _TOKENS}, self._show_tokens)
        elif page == 0 and unmeasured:
            params = {"tokenizers": unmeasured}
            self._by_the_way("laboratory_measure", params, lambda _: self._compare())

    def _by_the_way(
        self, operation: str, params: dict[str, Any], done: Callable[[Reply], None]
    ) -> None:  # fmt: skip
        def refused(sentence: Sentence) -> None:
            self._resting = True
            self.tell(sentence)

        self.work.begin(operation, {"corpus": self._manifest.name, **params}, done, refused)

    def _keep_curve(self, kind: str, reply: Reply) -> None:
        self._curves[kind] = reply["points"]
        self._show_curve()

    def _show_curve(self) -> None:
        kind = self.form.kind()
        points = self._curves.get(kind, [])
        sizes = [int(point["vocabulary"]) for point in points]
        names = (("ja", self.tr("Japanese")), ("en", self.tr("English")))
        curves = [
            (name, [float(point[code]) for point in points]) for code, name in names
            if points and all(point.get(code) is not None for point in points)
        ]  # fmt: skip
        mark = self._manifest.tokenizer.vocabulary if self._manifest.tokenizer else 0
        self.curve.show_curves(sizes, curves, mark)
        self.curve.setVisible(bool(points))
        self._curve_words.setAlignment(_BELOW if points else Qt.AlignmentFlag.AlignCenter)
        if kind not in _CURVES:
            self._curve_words.setText(self.tr("This kind has a vocabulary of its own size."))
        elif not points:
            self._curve_words.setText(self.tr("Being measured…"))
        else:
            self._curve_words.setText(self.tr("Bytes per token on text to train on that it was not made from; more is better. Where the curve is flat a larger vocabulary gains little. A click takes a size."))  # fmt: skip

    def _show_tokens(self, reply: Reply) -> None:
        self.tokens.begin(len(reply["tokens"]), reply["tokens"])


def visible(text: str) -> str:
    """A token as it can be seen: spaces and line ends have signs."""
    signs = {" ": "␣", "\n": "⏎", "\t": "⇥", "\r": "␍", "\u3000": "□"}
    return "".join(signs.get(sign, sign) for sign in text)

"""The copies that were found in a corpus: what was left out, and the text that it is a copy of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from app.formatting import grouped
from app.screens.corpus.record_table import Column, Record, RecordTable
from app.screens.corpus.text_place import TextPlace
from app.widgets.controls import Segmented
from app.widgets.dialog import Asks, LargeDialog, Reply
from app.widgets.layout import STRETCH, column, holder, row
from core.corpus.differences import differences
from core.corpus.manifest import CorpusManifest
from core.corpus.naming import names_of

_KINDS = ("", "exact", "near", "paragraphs")
_PAGE = 100


class DuplicatesDialog(LargeDialog):
    """Asks the library worker ("duplicates", core.corpus.serving.duplicates) page by page."""

    def __init__(self, parent: QWidget, manifest: CorpusManifest, asks: Asks) -> None:
        super().__init__(parent, 1040, 720)
        self._manifest, self._asks = manifest, asks
        self._named = names_of(manifest)
        self._kinds = Segmented(len(_KINDS), dense=True)
        self._kinds.chosen.connect(lambda _: self._load())
        self.table = RecordTable(self._columns())
        self.table.record_chosen.connect(self._show_pair)
        self.table.records.more_wanted.connect(self._load_more)
        self.left, self.right = TextPlace(), TextPlace()
        self._pair = holder(row((self.left, 1), (self.right, 1), spacing=12))
        self._retranslate()
        self._nothing = holder(column(STRETCH))
        self._nothing.setVisible(False)
        self.build((self.table, 5), (self._pair, 4), (self._nothing, 1), head=(self._kinds,))
        self._load()

    def _columns(self) -> list[Column]:
        return [
            Column(lambda r: _title(r, ""), hint=lambda r: self._place(r, "")),
            Column(lambda r: _title(r, "of_"), hint=lambda r: self._place(r, "of_")),
            Column(self._kind_word, 118),
            Column(lambda r: f"{float(r['similarity']):.0%}".replace("%", " %"), 76, right=True),
            Column(lambda r: grouped(r["characters"]), 96, right=True),
        ]

    def _retranslate(self) -> None:
        self.set_title(self.tr("Copies in “{name}”").format(name=self._manifest.name))
        self.intro.setText(self.tr("Of texts that are alike one is kept, so that nothing is learnt twice and nothing unseen is seen. What differs is marked."))  # fmt: skip
        self.table.setAccessibleName(self.tr("Copies that were found"))
        self.table.set_heads([
            self.tr("Left out"), self.tr("Copy of"), self.tr("What"), self.tr("Alike"),
            self.tr("Characters"),
        ])  # fmt: skip
        self._show_counts({})

    def _show_counts(self, counts: dict[str, int]) -> None:
        words = (self.tr("All"), self.tr("Whole texts"), self.tr("Nearly alike"), self.tr("Paragraphs"))  # fmt: skip
        numbers = (sum(counts.values()), *(counts.get(kind, 0) for kind in _KINDS[1:]))
        self._kinds.set_texts(
            [f"{word} {grouped(number)}" for word, number in zip(words, numbers, strict=True)]
        )

    def _kind_word(self, record: Record) -> str:
        words = {
            "exact": self.tr("whole text"), "near": self.tr("nearly alike"),
            "paragraphs": self.tr("paragraph"),
        }  # fmt: skip
        return words.get(str(record["kind"]), str(record["kind"]))

    # ---- pages -------------------------------------------------------------------------------

    def _load(self) -> None:
        self._ask(0, self._begin)

    def _load_more(self, offset: int) -> None:
        self._ask(offset, lambda reply: self.table.records.append(reply["duplicates"]))

    def _ask(self, offset: int, done: Callable[[Reply], None]) -> None:
        kind = _KINDS[self._kinds.index()]
        params: dict[str, Any] = {"corpus": self._manifest.name, "offset": offset, "count": _PAGE}

        def current(reply: Reply) -> None:
            if kind == _KINDS[self._kinds.index()]:  # Another kind may have been chosen meanwhile.
                done(reply)

        self.ask(self._asks, "duplicates", {**params, **({"kind": kind} if kind else {})}, current)

    def _begin(self, reply: Reply) -> None:
        self._show_counts(reply["counts"])
        self.table.begin(reply["total"], reply["duplicates"])
        some = bool(reply["duplicates"])
        self.table.setVisible(some)
        self._pair.setVisible(some)
        self._nothing.setVisible(not some)
        if some:
            return
        if not reply["listed"]:
            self.intro.setText(self.tr("Which texts were copies was not written down when this corpus was read. Read it again to see them here."))  # fmt: skip
        else:
            self.intro.setText(self.tr("No copies of this kind were found."))

    # ---- a pair ------------------------------------------------------------------------------

    def _show_pair(self, record: Record) -> None:
        if not record:
            return
        left, right = differences(str(record["excerpt"]), str(record["of_excerpt"]))
        self.left.show_text(self.tr("Left out"), self._place(record, ""), left)
        self.right.show_text(self.tr("Kept"), self._place(record, "of_"), right)

    def _place(self, record: Record, which: str) -> str:
        """The file below its source, and the text in it."""
        file, title = self._named(str(record[f"{which}source"])), str(record[f"{which}title"])
        return (
            file + _number(record, which) if title in file else f"{file} · {_title(record, which)}"
        )


def _title(record: Record, which: str) -> str:
    """The text's title, with its number where its file has several of that name."""
    return str(record[f"{which}title"]) + _number(record, which)


def _number(record: Record, which: str) -> str:
    part = int(record[f"{which}part"] or 0)
    return f" ({part + 1})" if part else ""

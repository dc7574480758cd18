"""What a reading does at the moment, in words: two for a row, whole sentences for the page."""

from __future__ import annotations

import re

from PySide6.QtCore import QObject

from app.formatting import grouped
from app.screens.corpus.corpus_page import CorpusPage
from app.screens.corpus.readings import share_done
from core.engine.record import JobRecord

_FILE_OF = re.compile(r"(\d+)/(\d+) ")


def file_of(record: JobRecord) -> tuple[str, str] | None:
    """The number of the file that is read, and how many there are; None where it is not known."""
    found = _FILE_OF.match(record.progress.detail) if record.progress else None
    return (grouped(int(found[1])), grouped(int(found[2]))) if found else None


class ReadingWords(QObject):
    """Holds no state: an object only for its translations."""

    def short(self, record: JobRecord) -> str:
        """For a narrow column, while there is no share to tell."""
        match record.phase:
            case "scanning":
                return self.tr("looking…")
            case "writing":
                return self.tr("cleaning…")
            case "tokenizer":
                return self.tr("tokenizer…")
            case "reading" | "counting":
                return self.tr("reading…")
            case _:
                return self.tr("starting…")

    def whole(self, record: JobRecord) -> str:
        """What stands where a text will be seen."""
        match record.phase:
            case "scanning":
                return self.tr("Looking which files there are…")
            case "reading":
                return self._reading(record)
            case "writing":
                return self.tr(
                    "The texts are cleaned and put together. They can be seen here soon."
                )
            case "tokenizer":
                return self.tr(
                    "A tokenizer is learnt: it cuts the texts into the pieces that a model reads."
                )
            case "counting":
                return self.tr("The tokens are counted. The texts can be seen here in a moment.")
            case _:
                return self.tr("Reading begins in a moment…")

    def _reading(self, record: JobRecord) -> str:
        text = self.tr("The texts are being read. They can be seen here when all are read.")
        of = file_of(record)
        if of is None:
            return text
        return text + "\n" + self.tr("File {number} of {count}").format(number=of[0], count=of[1])


class ReadingNews(QObject):
    """Tells on a page how far its reading is: in its rows, and where a text is waited for."""

    def __init__(self, page: CorpusPage) -> None:
        super().__init__(page)
        self._page, self._words, self._told = page, ReadingWords(self), ""

    def show(self, record: JobRecord) -> None:
        """There is news of the reading."""
        self._page.sources.model.set_progress(share_done(record), self._words.short(record))
        if record.active and self._told and self._page.preview.message() == self._told:
            self.tell_not_read(record)

    def tell_not_read(self, record: JobRecord | None) -> None:
        """Why a folder has no text to show; None: nothing reads it."""
        if record is not None:
            text = self._words.whole(record)
        else:
            text = self.tr("This folder has not been read to its end. “Go on reading” goes on where it stopped.")  # fmt: skip
        self._page.preview.show_message(text)
        self._told = self._page.preview.message()

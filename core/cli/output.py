"""What a command prints: text for people, or one JSON document; progress on standard error."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shlex
import shutil
import sys
import time
import unicodedata
from pathlib import Path
from typing import Any

from core.cli.parser import program
from core.errors import TerakoyaError
from core.events import finite

_OBEYED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class Output:
    """With `json_only`, standard output gets exactly one document, from `result` or `failure`.

    `home` is what --home said, if anything: commands that are advised repeat it.
    """

    def __init__(self, json_only: bool, home: str | None = None) -> None:
        self.json_only = json_only
        self._home = home
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):  # A terminal may lack letters of a name.
                stream.reconfigure(errors="backslashreplace")
        self._live = sys.stderr.isatty()
        self._shown_at = 0.0
        self._shown = ""
        self._width = 0

    def text(self, line: str = "") -> None:
        """A line for people."""
        if not self.json_only:
            print(line)

    def result(self, data: Any, *lines: str) -> None:
        """The answer: as JSON, or as `lines`."""
        if self.json_only:
            print(json.dumps(finite(data), ensure_ascii=False))
        else:
            for line in lines:
                print(line)

    def failure(self, error: TerakoyaError, **more: Any) -> None:
        """One sentence on standard error; with --json also the document that says so."""
        self.end_progress()
        if self.json_only:
            with contextlib.suppress(OSError):  # What failed may be standard output itself.
                print(json.dumps({"error": error.to_json(), **more}, ensure_ascii=False))
        print(error, file=sys.stderr)

    def command(self, *words: str) -> str:
        """A command that the user may type next, with the home of this one."""
        home = ["--home", str(Path(self._home).expanduser().absolute())] if self._home else []
        return shlex.join([program(), *words, *home])

    def progress(self, line: str, now: bool = False) -> None:
        """A line that overwrites itself on a terminal, and comes every five seconds in a log."""
        soon = time.monotonic() - self._shown_at < (0.2 if self._live else 5.0)
        line = plain(line)
        if line == self._shown or (soon and not now):
            return
        self._shown = line
        self._shown_at = time.monotonic()
        if self._live:
            line = _cut(line, shutil.get_terminal_size().columns - 1)
            print("\r" + _pad(line, self._width, False), end="", file=sys.stderr, flush=True)
            self._width = _width(line)
        else:
            print(line, file=sys.stderr, flush=True)

    def end_progress(self) -> None:
        if self._live and self._width:
            print(file=sys.stderr)
            self._width = 0


def table(rows: list[list[str]], right: set[int] | None = None, empty: str = "") -> list[str]:
    """Rows (the first one is the head) as aligned lines; wide characters count double. Where there
    is nothing but the head, `empty` says so."""
    if len(rows) == 1 and empty:
        return [empty]
    rows = [[plain(cell) for cell in row] for row in rows]
    widths = [max(_width(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines: list[str] = []
    for row in rows:
        cells = [_pad(cell, widths[i], i in (right or set())) for i, cell in enumerate(row)]
        lines.append("  ".join(cells).rstrip())
    return lines


def counted(count: int, one: str) -> str:
    """A number with its word, whose plural has an s."""
    return f"{count:,} {one}" if count == 1 else f"{count:,} {one}s"


def plain(text: str) -> str:
    """In one line, and with nothing in it that a terminal obeys: names of files may have that."""
    return _OBEYED.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def shortened(text: str, width: int) -> str:
    """The end of `text` in so many columns."""
    text = plain(text)
    while _width(text) > width:
        text = "…" + text[2:]
    return text


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _cut(text: str, width: int) -> str:
    """`text` in one line of a terminal with `width` columns."""
    while _width(text) > width:
        text = text[:-2] + "…"
    return text


def _pad(text: str, width: int, right: bool) -> str:
    room = " " * (width - _width(text))
    return room + text if right else text + room

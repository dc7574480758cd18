"""The preview shows a file in the encoding that its user chose, and in one that they try."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.corpus.reading import read_corpus_now
from core.corpus.service import operations
from core.home import Home
from core.jobs.kinds import ReadJob
from core.resident import Request


def test_a_chosen_encoding_is_kept_and_another_can_be_tried(
    empty_home: Home, tmp_path: Path
) -> None:
    text = "昔々、ある山に狐がいた。狐は毎日、里へ下りて行った。"
    memo, scratch = tmp_path / "memo.txt", tmp_path / "scratch"
    memo.write_bytes(text.encode("euc_jp"))
    (tmp_path / "more.txt").write_text("むかしむかし、川のそばに家があった。", encoding="utf-8")
    scratch.mkdir()
    paths = [str(memo), str(tmp_path / "more.txt")]
    job = ReadJob(corpus="c", paths=paths, encodings={str(memo): "cp932"})
    read_corpus_now(empty_home, job, scratch)
    ask = operations(empty_home)

    def shown(operation: str, **params: Any) -> str:
        reply = ask[operation](Request(1, {"corpus": "c", **params}, lambda _: None))
        return "".join(cell["text"] for cell in reply["cells"])

    assert shown("preview_document", source=str(memo)) != text
    assert shown("preview_file", path=str(memo)) == shown("preview_document", source=str(memo))
    assert shown("preview_file", path=str(memo), encoding="euc_jp").strip() == text

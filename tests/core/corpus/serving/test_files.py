"""What a file may be written in, for the menu of encodings."""

from __future__ import annotations

from pathlib import Path

from core.corpus.serving.files import encodings
from core.resident import Request


def ask(path: Path) -> dict[str, object]:
    return encodings(Request(1, {"path": str(path)}, lambda _: None))


def test_likely_encodings_come_with_the_names_that_people_use(tmp_path: Path) -> None:
    file = tmp_path / "memo.txt"
    file.write_bytes("むかしむかし、あるところに、おじいさんがいました。".encode("euc_jp"))
    answer = ask(file)
    assert answer["likely"][0] == ("euc_jp", "EUC-JP")  # type: ignore[index]
    assert ("cp932", "Shift_JIS") in answer["all"]  # type: ignore[operator]


def test_what_is_no_text_or_cannot_be_opened_has_nothing_likely(tmp_path: Path) -> None:
    (tmp_path / "picture").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(300))
    assert ask(tmp_path / "picture")["likely"] == []
    assert ask(tmp_path / "a.zip" / "b.txt")["likely"] == []

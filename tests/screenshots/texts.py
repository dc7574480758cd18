"""The pictured user's own texts, of many kinds, made from the sample's stories."""

from __future__ import annotations

import json
from pathlib import Path

from tests.core.corpus.pdf_made import pdf
from tests.screenshots.scraps import write_backup, write_book, write_papers
from tests.screenshots.stories import SAMPLE, stories

_RUBY = {
    "村": "むら", "手紙": "てがみ", "学校": "がっこう", "雨": "あめ", "森": "もり", "橋": "はし",
    "川": "かわ", "朝": "あさ", "夜": "よる", "空": "そら", "花": "はな", "種": "たね",
}  # fmt: skip


def write_texts(folder: Path) -> list[Path]:
    """The sources in the order in which they were dropped."""
    tales, diary = folder / "昔のお話", folder / "diary.md"
    memo, scan = folder / "memo.txt", folder / "scan.pdf"
    tales.mkdir(parents=True)
    for number, row in enumerate(stories("ja", 60, 24)):
        body = with_ruby(row["text"].replace("。", "。\n　", 3))
        text = f"{row['title']}\n\n［＃ここから２字下げ］\n　{body}\n［＃ここで字下げ終わり］\n"
        path = tales / f"{number + 1:02}-{row['title']}.txt"
        path.write_bytes(text.encode("cp932", "replace"))
    parts = [f"## {row['title']}\n\n{row['text']}\n" for row in stories("en", 90, 30)]
    diary.write_text("# Diary\n\n" + "\n".join(parts), encoding="utf-8")
    memo.write_bytes("\n\n".join(r["text"] for r in stories("ja", 120, 12)).encode("euc_jp"))
    scan.write_bytes(pdf(["", ""]))
    book, backup = (
        write_book(folder / "町の昔ばなし.epub"),
        write_backup(folder / "backup.zip", tales),
    )
    papers = write_papers(folder / "papers")
    return [SAMPLE, tales, diary, papers, book, memo, backup, scan]


def write_conversations(folder: Path) -> Path:
    """Questions and answers to specialise on: a child asks for a story, and is told it."""
    asked = {"en": "Please tell me the story “{}”.", "ja": "「{}」のお話をして。"}
    rows = [
        {"instruction": words.format(row["title"]), "output": row["text"]}
        for language, words in asked.items() for row in stories(language, 200, 120)
    ]  # fmt: skip
    path = folder / "answers.jsonl"
    path.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in rows), encoding="utf-8")
    return path


def with_ruby(text: str) -> str:
    """The first of each word with its reading, as Aozora Bunko writes it."""
    for word, reading in _RUBY.items():
        text = text.replace(word, f"{word}《{reading}》", 1)
    return text

"""Small files of other programs, as somebody keeps them: a book, letters, tables, scans, a backup."""

from __future__ import annotations

import csv
import html
import io
import json
import zipfile
from pathlib import Path

from tests.core.corpus.pdf_made import Text, pdf
from tests.screenshots.stories import stories

_LINE = 84
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_GREETING = "Mori Library, 2-4 Hikari-cho, 150-0041 Tokyo. Books wait for you here on every day but Monday, from nine in the morning until the lamps go out."


def write_papers(folder: Path) -> Path:
    """A folder of an office: letters with addresses, minutes, a report, a table of questions, and
    three files that cannot be read."""
    folder.mkdir(parents=True)
    for number, row in enumerate(stories("en", 260, 6)):
        letter = (
            f"Dear Hana,\n\n{row['text']}\n\nWrite to hana.mori@example.com or call 03-5550-0143.\n\n"
            f"{_GREETING}\n"
        )
        (folder / f"letter-{number + 1}.txt").write_text(letter, encoding="utf-8")
    (folder / "minutes.docx").write_bytes(_docx([r["text"] for r in stories("ja", 262, 8)]))
    (folder / "report.pdf").write_bytes(_report([r["text"] for r in stories("en", 280, 6)]))
    (folder / "questions.csv").write_text(_questions(), encoding="utf-8")
    paragraphs = "\n".join(f"<p>{html.escape(r['text'])}</p>" for r in stories("en", 140, 20))
    page = (
        f"<!doctype html><title>Letters</title>\n<nav>Home · About · Contact</nav>\n{paragraphs}\n"
    )
    (folder / "letters.html").write_text(page, encoding="utf-8")
    (folder / "café.txt").write_bytes("Déjà vu à la forêt. Le café naïf.\n".encode("cp1252"))
    (folder / "salaries.pdf").write_bytes(_locked())
    (folder / "minutes-old.docx").write_bytes(
        _docx([r["text"] for r in stories("ja", 270, 4)])[:400]
    )
    return folder


def write_book(path: Path) -> Path:
    """An EPUB of some chapters."""
    rows = stories("ja", 240, 8)
    items = "".join(f'<item id="c{n}" href="c{n}.xhtml" media-type="application/xhtml+xml"/>' for n in range(len(rows)))  # fmt: skip
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(rows)))
    files = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container><rootfiles><rootfile full-path="o/p.opf"/></rootfiles></container>',
        "o/p.opf": '<package xmlns:dc="d"><metadata><dc:title>町の昔ばなし</dc:title></metadata>'
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>",
    }
    for number, row in enumerate(rows):
        files[f"o/c{number}.xhtml"] = (
            f"<html><body><h1>{row['title']}</h1><p>{row['text']}</p></body></html>"
        )
    path.write_bytes(_zipped(files))
    return path


def write_backup(path: Path, tales: Path) -> Path:
    """A zip with texts that are there already: copied, copied and changed, and some of its own."""
    files: dict[str, str | bytes] = {}
    for number, tale in enumerate(sorted(tales.iterdir())[:4]):
        files[f"backup/{tale.name}"] = tale.read_bytes()
        changed = stories("ja", 300 + number, 1)[0]
        files[f"backup/own/{changed['title']}.md"] = changed["text"]
    for row in stories("en", 90, 4):
        files[f"backup/diary/{row['title']}.txt"] = row["text"]
    for row in stories("en", 20, 4):
        files[f"backup/edited/{row['title']}.txt"] = row["text"].replace(".", "!", 1)
    rows = stories("ja", 310, 5)
    files["backup/notes.jsonl"] = "\n".join(json.dumps(r, ensure_ascii=False) for r in rows)
    files["backup/photo.jpg"] = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8
    path.write_bytes(_zipped(files))
    return path


def write_evaluation_sets(folder: Path) -> Path:
    """What models shall be measured with: some of it is in the stories."""
    folder.mkdir(parents=True)
    known = [row["text"] for row in (*stories("en", 30, 3), *stories("ja", 70, 2))]
    questions = [
        "Which of the two birds came back to the old mill when the winter ended, and why did nobody hear it sing?",
        "Name three things that the miller's daughter could have carried across the frozen river before dawn.",
    ]
    rows = [{"question": text} for text in (*questions, *known, "Why?")]
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (folder / "reading.jsonl").write_text(text, encoding="utf-8")
    (folder / "sentences.txt").write_text("\n".join(questions), encoding="utf-8")
    return folder


def _questions() -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["question", "answer", "asked_by"])
    for row in stories("en", 320, 24):
        writer.writerow([f"What happens in “{row['title']}”?", row["text"], "Hana"])
    return out.getvalue()


def _docx(paragraphs: list[str]) -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{html.escape(text)}</w:t></w:r></w:p>" for text in paragraphs)
    document = f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>'
    return _zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": document})


def _report(texts: list[str]) -> bytes:
    """A page for each text, with a running head and a page number."""
    pages: list[list[Text]] = []
    for number, text in enumerate(texts):
        plain = text.encode("ascii", "ignore").decode()
        lines = [plain[at : at + _LINE] for at in range(0, len(plain), _LINE)]
        page = [Text(60, 740 - 14 * n, line) for n, line in enumerate(lines)]
        pages.append([Text(60, 800, "Yearly report of the library"), *page, Text(420, 40, str(number + 1))])  # fmt: skip
    return pdf(pages, "Yearly report")


def _locked() -> bytes:
    """A PDF that asks for a password."""
    lock = b"/Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O <%b> /U <%b> >> /ID [<%b> <%b>] /Info"
    key = b"5a" * 32
    return pdf([[Text(60, 740, "secret")]]).replace(
        b"/Info", lock % (key, key, b"00" * 16, b"00" * 16)
    )


def _zipped(files: dict[str, str | bytes] | dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, data) in enumerate(files.items()):
            archive.writestr(
                name, data, zipfile.ZIP_STORED if number == 0 else zipfile.ZIP_DEFLATED
            )
    return out.getvalue()

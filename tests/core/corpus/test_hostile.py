"""Files made to do harm, in one folder with good ones: each has its verdict, and the good ones are read.

Only what is quick to make is here; every case once stood for a file that took minutes or gigabytes.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.corpus import bombs
from core.corpus.gathering import GivenFile, gather
from core.corpus.library import CorpusLibrary
from core.corpus.manifest import FileVerdict
from core.corpus.reading import read_corpus_now
from core.corpus.store import Snapshot
from core.home import Home
from core.jobs.kinds import CleaningOptions, ReadJob
from core.sentences import Sentence
from tests.core.corpus import hostile_archives as packed
from tests.core.corpus import hostile_pdf as pdf
from tests.core.corpus.conftest import prose
from tests.core.corpus.hostile import ENTITIES, zipped

MAIL = b"From: a@b.example\nMessage-ID: <1@x>\nMIME-Version: 1.0\n"
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
HALF = "A sentence that can be read."
SECONDS = 60
"""For all of them; alone on a machine they take a tenth of it."""


@dataclass(frozen=True)
class Case:
    """A file, and what is expected: it is skipped with `reason`, or read with `text` and `warning`.
    Parts of archives are in `inside`."""

    make: Callable[[], bytes | str]
    reason: str = ""
    text: str = ""
    warning: str = ""


def docx(body: str) -> bytes:
    return zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": f"<w:document {WORD}><w:body>{body}</w:body></w:document>"})  # fmt: skip


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def epub(spine: str, items: str, head: str = "") -> bytes:
    container = '<container><rootfiles><rootfile full-path="c.opf"/></rootfiles></container>'
    book = f"{head}<package><manifest>{items}</manifest><spine>{spine}</spine></package>"
    page = f"{head}<html><body><p>{HALF}</p></body></html>"
    return zipped({"mimetype": "application/epub+zip", "META-INF/container.xml": container, "c.opf": book, "p0.xhtml": page})  # fmt: skip


def items(count: int) -> str:
    return "".join(f'<item id="i{n}" href="p{n}.xhtml" media-type="application/xhtml+xml"/>' for n in range(count))  # fmt: skip


def refs(count: int, of: str = "") -> str:
    return "".join(f'<itemref idref="{of or f"i{n}"}"/>' for n in range(count))


def odt(body: str) -> bytes:
    start = '<d xmlns:text="t" xmlns:table="s"><body>'
    return zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": f"{start}{body}</body></d>"})  # fmt: skip


def nested_mail(depth: int) -> bytes:
    heads = (
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth)
    )
    return MAIL + b"".join(heads) + b"Content-Type: text/plain\n\nDeep inside.\n"


def cues(count: int, line: str = "Somebody says this.") -> str:
    return "".join(f"{n}\n00:{(count - n) // 60:02}:{(count - n) % 60:02},000 --> 00:00:01,000\n{line} {n}.\n\n" for n in range(count))  # fmt: skip


def one_cue(lines: int) -> str:
    return "1\n00:00:00,000 --> 00:00:01,000\n" + "".join(
        f"line {n} of a cue\n" for n in range(lines)
    )


def notebook(metadata: str) -> str:
    cell = {"cell_type": "markdown", "source": [HALF]}
    return f'{{"cells":[{json.dumps(cell)}],"metadata":{metadata}'


CASES = {
    "tree.pdf": Case(pdf.looped_tree, "damaged or cut off"),
    "table.pdf": Case(lambda: pdf.looped_table(HALF.encode()), text=HALF),
    "pages.pdf": Case(lambda: pdf.of_same_pages(2000, b"Over and over."), text="Over and over."),
    "count.pdf": Case(
        lambda: pdf.saying(HALF.encode(), tree=b"<</Type/Pages/Kids[3 0 R]/Count 2000000000>>"),
        text=HALF,
    ),  # fmt: skip
    "numbers.pdf": Case(lambda: pdf.no_numbers(HALF.encode()), text=HALF),
    "expands.pdf": Case(pdf.expanding, "expands more than 200-fold"),
    "nothing.pdf": Case(
        lambda: pdf.file(
            {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[]/Count 0>>"}
        ),
        "damaged or cut off",
    ),  # fmt: skip
    "unlocked.pdf": Case(lambda: pdf.locked(b"", HALF.encode()), text=HALF),
    "locked.pdf": Case(lambda: pdf.locked(b"secret", HALF.encode()), "needs a password"),
    "scan.pdf": Case(pdf.picture, "without a text layer"),
    "wide.csv": Case(
        lambda: "\n".join([",".join(["col"] * 100_000)] * 2),
        text="col",
        warning="no column has sentences",
    ),  # fmt: skip
    "names.csv": Case(
        lambda: f"text,{'a,' * 20_000}b\n{HALF},1\n",
        text=HALF,
        warning="the rows are read as they stand",
    ),  # fmt: skip
    "open.csv": Case(lambda: 'id,text\n1,A first row.\n2,"' + f"{HALF}\n" * 1000, text=HALF),
    "empty.csv": Case(lambda: "id,text\n" + ",\n" * 100_000, "all rows of the table are empty"),
    "ties.csv": Case(lambda: "a,b;c,d;e\n" + "one,two;three,four;five\n" * 50, text="three"),
    "groups.rtf": Case(lambda: "{\\rtf1 " + "{" * 100_000 + HALF + "}" * 100_001, text=HALF),
    "bin.rtf": Case(
        lambda: f"{{\\rtf1 {HALF} {{\\pict\\bin999999999 ab}} c}}", text=HALF, warning="cut off"
    ),  # fmt: skip
    "units.rtf": Case(
        lambda: "{\\rtf1 Good \\u-10179?\\u-8704? and \\u55357? alone}", text="Good 😀 and \ufffd"
    ),  # fmt: skip
    "deep.eml": Case(lambda: nested_mail(300), "nested too deeply"),
    "parts.eml": Case(
        lambda: MAIL + b"Content-Type: multipart/mixed; boundary=b\n" + b"\n--b\n\nA part." * 2500,
        text="A part.",
        warning="attachments left out: 500",
    ),  # fmt: skip
    "back.srt": Case(lambda: cues(500), text="Somebody says this. 7."),
    "cue.srt": Case(lambda: one_cue(50_000), text="line 49999 of a cue"),
    "rolls.vtt": Case(
        lambda: (
            "WEBVTT\n\n"
            + (
                "00:00.000 --> 00:01.000\n"
                + "".join(f"row {n}<00:00:00.100>\n" for n in range(2000))
                + "\n"
            )
            * 20
        ),
        text="row 1999",
    ),  # fmt: skip
    "deep.ipynb": Case(lambda: notebook("[" * 200_000), "it is no JSON"),
    "missing.epub": Case(
        lambda: epub(refs(5000), items(5000)), text=HALF, warning="damaged or missing: 4999 of 5000"
    ),  # fmt: skip
    "again.epub": Case(lambda: epub(refs(50_000, "i0"), items(1)), text=HALF),
    "entities.epub": Case(lambda: epub(refs(1) + "&i;", items(1), ENTITIES), text=HALF),
    "entities.docx": Case(
        lambda: zipped(
            {"[Content_Types].xml": "<Types/>", "word/document.xml": f"{ENTITIES}<d>&i;</d>"}
        ),
        "declares entities",
    ),  # fmt: skip
    "tables.docx": Case(
        lambda: docx(
            "<w:tbl><w:tr><w:tc>" * 1000 + paragraph(HALF) + "</w:tc></w:tr></w:tbl>" * 1000
        ),
        text=HALF,
    ),  # fmt: skip
    "chunk.docx": Case(lambda: docx('<w:altChunk id="x"/>'), "save it anew with Word"),
    "spaces.docx": Case(lambda: docx(" " * (80 << 20)), "expands more than 200-fold"),
    "tables.odt": Case(
        lambda: odt("<table:table-row><table:table-cell>" * 1000 + f"<text:p>{HALF}</text:p>"),
        text=HALF,
        warning="damaged",
    ),  # fmt: skip
    "spaces.odt": Case(lambda: odt(" " * (80 << 20)), "expands more than 200-fold"),
    "divs.html": Case(lambda: "<html><body>" + "<div>" * 50_000 + f"<p>{HALF}", text=HALF),
    "attribute.html": Case(
        lambda: f"<html><body><img src='{'x' * 5_000_000}'><p>{HALF}", text=HALF
    ),
    "script.html": Case(lambda: f"<html><body><p>{HALF}<script>" + "<b>1</b>" * 100_000, text=HALF),
    "deep.json": Case(lambda: "[" * 300_000, "nested too deeply"),
    "number.json": Case(lambda: f'[{{"text":"{HALF}","n":{"1" * 3_000_000}}}]', text=HALF),
    "nan.json": Case(lambda: f'[{{"n":NaN,"text":"no","text":"{HALF}"}}]', text=HALF),
    "surrogate.json": Case(lambda: '[{"text":"Half \\ud83d of a pair."}]', text="of a pair."),
    "cut.jsonl": Case(
        lambda: json.dumps({"text": HALF}) + '\n{"text":', text=HALF, warning="line 2"
    ),
    "footer.parquet": Case(
        lambda: b"PAR1" + bytes(100) + b"\xff\xff\xff\x7fPAR1", "the Parquet file is broken"
    ),  # fmt: skip
    "locked.parquet": Case(lambda: b"PARE" + bytes(100) + b"\x20\0\0\0PARE", "needs a password"),
    "deep.xml": Case(lambda: "<?xml version='1.0'?>" + "<b>" * 200_000, "broken XML in line 1"),
    "same.zip/00000.txt": Case(lambda: packed.overlapping(50), "damaged or cut off"),
    "self.zip/r.zip": Case(packed.holding_itself, "damaged or cut off"),
    "zip64.zip": Case(packed.lying_zip64, "holds more than 200000 files"),
    "locked.zip/first.txt": Case(lambda: packed.changed(6, 1), "needs a password"),
    "method.zip/first.txt": Case(lambda: packed.changed(8, 98), "pack it as a usual zip"),
    "names.zip/../up.txt": Case(lambda: packed.named("../up.txt", "in.txt"), "leads out"),
    "drive.zip/C:/up.txt": Case(lambda: packed.named("C:\\up.txt", "in.txt"), "leads out"),
    "tar.tar/hard.txt": Case(packed.odd_tar, "a link inside the archive"),
    "gaps.tar/gaps.txt": Case(packed.odd_tar, "a file with gaps"),
    "devices.tar/device": Case(packed.odd_tar, "a device"),
    "negative.tar/bad.txt": Case(packed.negative_tar, "the file is empty"),
    "fifty.gz.gz/fifty.gz/fifty/fifty": Case(lambda: packed.gzipped(50), "unpack it first"),
    "words.txt.gz/words.txt": Case(packed.expanding_gz, "expands more than 200-fold"),
    "wide.txt.xz": Case(packed.wide_xz, "needs more than 256 MB of memory to unpack"),
    "many.txt.xz/many.txt": Case(lambda: packed.many_xz(20_000), text="a a a"),
    "deep.zip/inner.zip/inner.zip/inner.zip": Case(lambda: packed.nested_zip(6), "unpack it first"),
    "nul.txt": Case(lambda: b"\0\1\2\3" * 5000, "not a text file"),
    "escapes.txt": Case(lambda: b"\x1b$B" * 500_000, ""),
}
GOOD = {f"{name}-good.txt": prose(number) for number, name in enumerate("0mz")}


@dataclass
class Found:
    """What the reading of the folder came to; `files` by their path in it."""

    files: dict[str, tuple[FileVerdict, str]]
    seconds: float


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Found]:
    place = tmp_path_factory.mktemp("hostile")
    folder = place / "folder"
    folder.mkdir()
    for name, text in GOOD.items():
        (folder / name).write_text(text, encoding="utf-8")
    for name, case in CASES.items():
        data = case.make()
        path = folder / name.partition("/")[0]
        path.write_bytes(data.encode() if isinstance(data, str) else data)
    if sys.platform == "linux":
        _odd_files(folder)
    home = Home(place / "home").prepare()
    options = CleaningOptions(duplicates=False, near_duplicates=False, paragraphs=False)
    job = ReadJob(
        corpus="h", paths=[str(folder)], cleaning=options, heldout_share=0.0, vocabulary=300
    )
    begun = time.monotonic()
    manifest = read_corpus_now(home, job, place / "parts")
    seconds = time.monotonic() - begun
    texts: dict[str, list[str]] = {}
    library = CorpusLibrary(home)
    for row in Snapshot(library.folder("h"), manifest.snapshot).rows(["source", "text"]):
        texts.setdefault(row["source"], []).append(row["text"])
    yield Found(
        {
            verdict.path.partition("/folder/")[2]: (verdict, "".join(texts.get(verdict.path, [])))
            for verdict in library.files("h")
        },
        seconds,
    )


def said(told: dict[str, object] | None) -> str:
    return Sentence.from_json(told).english() if told else ""


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_file_has_its_verdict(found: Found, name: str) -> None:
    verdict, text = found.files[name]
    case = CASES[name]
    assert case.reason in said(verdict.reason)
    assert case.warning in said(verdict.warning)
    assert case.text in text
    assert verdict.verdict == ("read" if case.text else "skipped")


@pytest.mark.parametrize("name", GOOD)
def test_good_files_beside_them_are_read_whole(found: Found, name: str) -> None:
    assert found.files[name][1].split() == GOOD[name].split()


def test_good_members_beside_bad_ones_are_read(found: Found) -> None:
    for name in (
        "locked.zip/second.txt", "method.zip/second.txt", "names.zip/in.txt", "drive.zip/in.txt",
        "tar.tar/last.txt", "tar.tar/two\nlines.txt", "negative.tar/good.txt",
    ):  # fmt: skip
        assert found.files[name][0].verdict == "read", name


def test_all_of_them_take_seconds(found: Found) -> None:
    assert found.seconds < SECONDS


# ---- what is no usual file -----------------------------------------------------------------------


def _odd_files(folder: Path) -> None:
    os.mkfifo(folder / "pipe.txt")
    (folder / "zero.txt").symlink_to("/dev/zero")
    (folder / "itself.txt").symlink_to("itself.txt")
    (folder / "inner").mkdir()
    (folder / "inner" / "loop").symlink_to("..")
    (folder / "two\nlines 😀.txt").write_text(prose(5), encoding="utf-8")
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe.txt")).write_text("Its name is no text.")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not have such files")
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("pipe.txt", "not a file"), ("zero.txt", "not a file"), ("itself.txt", "cannot be read: "),
        ("inner/loop", "a link to a folder"), ("two\nlines 😀.txt", ""),
        ("\ufffd\ufffd.txt", "its name cannot be read as text"),
    ],
)  # fmt: skip
def test_what_is_no_usual_file_is_said(found: Found, name: str, reason: str) -> None:
    verdict, _ = found.files[name]
    assert reason in said(verdict.reason)
    assert (verdict.verdict == "read") == (not reason)


def test_archives_within_an_archive_share_what_it_may_unpack_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bombs, "FREE_BYTES", 4 << 20)
    path = tmp_path / "layers.zip"
    path.write_bytes(packed.branching_zip(3, 20))
    given = GivenFile(path=str(path), source=str(path), bytes=path.stat().st_size, modified=0)
    verdicts: list[FileVerdict] = []
    scratch = tmp_path / "scratch"
    gather(
        [given], CleaningOptions(), tmp_path / "texts", scratch,
        lambda _, verdict: None if verdict is None else verdicts.append(verdict),
    )  # fmt: skip
    assert len(verdicts) < 500
    assert "expands beyond all limits" in said(verdicts[-1].reason)

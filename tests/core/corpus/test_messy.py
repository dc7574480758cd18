"""Every file of the folder of real, messy files has its right verdict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.corpus.library import CorpusLibrary
from core.corpus.manifest import FileVerdict
from core.corpus.reading import read_corpus_now
from core.corpus.store import Snapshot
from core.home import Home
from core.jobs.kinds import CleaningOptions, ReadJob
from core.sentences import Sentence


@dataclass(frozen=True)
class Is:
    """What is expected: `text` is in it, `reason` in the verdict's sentence. "?" is an encoding that
    is a guess."""

    kind: str
    encoding: str = ""
    language: str = ""
    text: str = ""
    documents: int = 1
    reason: str = ""


EXPECTED = {
    "csv/mskanji.csv": Is("CSV", "Shift_JIS", "ja", "髙橋淳"),
    "csv/postal-codes-tokyo-cp932.csv": Is("CSV", "Shift_JIS", "ja", "千代田区"),
    "docx/cjk-fonts.docx": Is("DOCX", "", "en", "rFonts (Run Fonts)"),
    "docx/ja-furigana.docx": Is("DOCX", "", "ja", "東京"),
    "docx/markitdown-test.docx": Is("DOCX", "", "en", "AutoGen: Enabling Next-Gen LLM"),
    "docx/mixed-languages.docx": Is("DOCX", "", "en", "Here is a text box"),
    "docx/node-word-extractor-bad-xml.docx": Is("DOCX", "", "en", "A second test of reviewing"),
    "docx/truncated.docx": Is("DOCX", reason="damaged or cut off"),
    "epub/debmake-doc-ja.epub": Is("EPUB", "", "en", "Debian メンテナー用ガイド"),
    "epub/epub-check-001.epub": Is("EPUB", "", "other", "hello, world."),
    "epub/epub-check-013.epub": Is("EPUB", "", "other", "hello, world."),
    "epub/epub-check-022.epub": Is("EPUB", "", "other", "hello, world."),
    "epub/markitdown-test.epub": Is("EPUB", "", "en", "Chapter 1: Test Content"),
    "epub/tika-test.epub": Is("EPUB", "", "en", "This is the text for chapter One"),
    "html/alice-whole-book.html": Is("HTML", "UTF-8", "en", "beginning to get very tired of"),
    "html/blog-post.html": Is("HTML", "UTF-8", "en", "A Case Study for MATH"),
    "html/noisy-meta-encoding-1.html": Is("HTML", "iso8859-6", "other", "وأعرب الاتحاد الجزائري"),
    "html/utf-16le-declared.html": Is("HTML", "UTF-16", "en", "This is a sample text"),
    "parquet/alltypes-plain-snappy.parquet": Is("Parquet", "UTF-8", reason="no column with text"),
    "parquet/delta-byte-array.parquet": Is("Parquet", "UTF-8", reason="found c_customer_id"),
    "parquet/gsm8k-chat-test.parquet": Is(
        "Parquet", "UTF-8", "en", "You are a reasoning model", documents=1319
    ),
    "parquet/nested-lists-snappy.parquet": Is("Parquet", "UTF-8", reason="found a, b"),
    "parquet/synthetic-news-text-label.parquet": Is(
        "Parquet", "UTF-8", "en", "A star-studded cast", documents=100
    ),
    "pdf/broken-187-bytes.pdf": Is("PDF", reason="damaged or cut off"),
    "pdf/corrupted-zen-of-python.pdf": Is("PDF", "", "en", "Explicit is better than implicit."),
    "pdf/en-winogender-two-columns.pdf": Is("PDF", "", "en", "Gender Bias in Coreference"),
    "pdf/encrypted-aes-256.pdf": Is("PDF", reason="needs a password"),
    "pdf/ja-jsclasses-manual.pdf": Is("PDF", "", "ja", "奥村晴彦，日本語"),
    "pdf/ja-not-embedded-euc-jp.pdf": Is("PDF", "", "ja", "あいうえお"),
    "pdf/ja-not-embedded-shift-jis.pdf": Is("PDF", "", "ja", "あいうえお"),
    "pdf/ja-vertical-poem-jo.pdf": Is("PDF", "", "ja", "わたくしといふ現象は\n假定された有機交流電燈の"),
    "pdf/scanned-no-text-layer.pdf": Is("PDF", reason="its pages are pictures"),
    "pdf/truncated-at-60-percent.pdf": Is("PDF", reason="damaged or cut off"),
    "text/aozora-akutagawa-cp932-only.txt": Is("TXT", "Shift_JIS", "ja", "司馬江漢作秋果図一幀"),
    "text/aozora-miyazawa-cr-only-line-ends.txt": Is(
        "TXT", "Shift_JIS", "ja", "毒もみのすきな署長さん\n宮沢賢治\n"
    ),
    "text/aozora-miyazawa-cr-only-no-ruby.txt": Is(
        "TXT", "Shift_JIS", "ja", "毒もみのすきな署長さん\n宮沢賢治\n"
    ),
    "text/binary-named-txt.txt": Is("TXT", reason="not a text file"),
    "text/empty-file.txt": Is("TXT", reason="the file is empty"),
    "text/ja-jis-iso-2022.txt": Is("TXT", "ISO-2022-JP", "ja", "新ドキュメントクラス付録"),
    "text/ja-lipsum-utf-16.txt": Is("TXT", "UTF-16", "ja", "際ワメツ動願ムキ投和"),
    "text/ja-lipsum-utf-32.txt": Is("TXT", "UTF-32", "ja", "際ワメツ動願ムキ投和"),
    "text/multi-language.txt": Is("TXT", "Latin-1?", "es", "en ABC adhoc internship"),
    "text/vim-tutor-ja-euc-jp.txt": Is("TXT", "EUC-JP", "ja", "V I M 教 本"),
    "text/vim-tutor-ja-shift-jis.txt": Is("TXT", "Shift_JIS", "ja", "V I M 教 本"),
    "text/vim-tutor-ja-utf-8.txt": Is("TXT", "UTF-8", "ja", "V I M 教 本"),
    "zip/entry-names-shift-jis.zip/文章1.txt": Is("TXT", "Shift_JIS", "ja", "あいうえお"),
    "zip/entry-names-shift-jis.zip/文章2.txt": Is("TXT", "Shift_JIS", "ja", "さしすせそ"),
    "zip/mixed-documents.zip/testEXCEL.xls": Is("XLS", reason="save each sheet as CSV"),
    "zip/mixed-documents.zip/testHTML.html": Is("HTML", "ASCII", "fr", "Indexation du fichier"),
    "zip/mixed-documents.zip/testOpenOffice2.odt": Is("ODT", "", "en", "written in NeoOffice 2.2.1"),
    "zip/mixed-documents.zip/testPDF.pdf": Is("PDF", "", "en", "Apache Tika"),
    "zip/mixed-documents.zip/testPPT.ppt": Is("PPT", reason="save them as PDF"),
    "zip/mixed-documents.zip/testRTF.rtf": Is("RTF", "", "other", "Test d’indexation Word"),
    "zip/mixed-documents.zip/testTXT.txt": Is("TXT", "ASCII", "fr", "Test d'indexation de Txt"),
    "zip/mixed-documents.zip/testWORD.doc": Is("DOC", reason="save it as DOCX"),
    "zip/mixed-documents.zip/testXML.xml": Is("XML", "UTF-8", reason="no sentences in the XML"),
    **{
        f"text-euc-jp/ruby-manual-spec-{name}.txt": Is("TXT", "EUC-JP", language, text)
        for name, language, text in (
            ("bnf", "other", "疑似BNFによるRubyの文法"), ("call", "ja", "メソッド呼び出し"),
            ("control", "ja", "制御構造"), ("def", "ja", "クラス／メソッドの定義"),
            ("eval", "ja", "Ruby プログラムの実行"), ("literal", "ja", "リテラル"),
            ("m17n", "ja", "多言語化"), ("operator", "ja", "演算子式"),
            ("regexp", "ja", "正規表現"), ("rubycmd", "ja", "Rubyの起動"),
            ("safelevel", "ja", "セキュリティモデル"), ("variables", "ja", "変数と定数"),
        )
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def verdicts(
    shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, tuple[FileVerdict, str]]]:
    """Each file's verdict and its texts, as reader processes read them; nothing is merged."""
    place = tmp_path_factory.mktemp("messy")
    home = Home(place / "home").prepare()
    options = CleaningOptions(duplicates=False, near_duplicates=False, paragraphs=False)
    job = ReadJob(
        corpus="m", paths=[str(shared_data / "messy")], cleaning=options, heldout_share=0.0,
        vocabulary=300,
    )  # fmt: skip
    manifest = read_corpus_now(home, job, place / "parts")
    library = CorpusLibrary(home)
    texts: dict[str, list[str]] = {}
    for row in Snapshot(library.folder("m"), manifest.snapshot).rows(["source", "text"]):
        texts.setdefault(row["source"], []).append(row["text"])
    yield {
        verdict.path.partition("/messy/")[2]: (verdict, "".join(texts.get(verdict.path, [])))
        for verdict in library.files("m")
    }


@pytest.mark.parametrize("name", EXPECTED)
def test_a_messy_file_has_its_right_verdict(
    verdicts: dict[str, tuple[FileVerdict, str]], name: str
) -> None:
    verdict, text = verdicts[name]
    expected = EXPECTED[name]
    reason = Sentence.from_json(verdict.reason).english() if verdict.reason else ""
    assert verdict.kind == expected.kind
    assert verdict.encoding + "?" * (not verdict.sure) == expected.encoding
    assert expected.reason in reason
    if expected.reason:
        assert (verdict.verdict, verdict.documents, verdict.characters) == ("skipped", 0, 0)
    else:
        assert (verdict.verdict, reason) == ("read", "")
        assert verdict.language == expected.language
        assert verdict.documents == expected.documents
        assert expected.text in text
        assert verdict.characters == len(text)


def test_no_messy_file_is_without_a_verdict(
    verdicts: dict[str, tuple[FileVerdict, str]], shared_data: Path
) -> None:
    assert set(verdicts) == set(EXPECTED)
    folder = shared_data / "messy"
    on_disk = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    outer = {name.partition(".zip/")[0] + ".zip" if ".zip/" in name else name for name in EXPECTED}
    assert outer == on_disk

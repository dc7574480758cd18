"""Every real text decodes to what iconv makes of it with the encoding that its source states."""

from __future__ import annotations

import csv
import shutil
import subprocess
from pathlib import Path

import pytest

from core.corpus.encoding import read

ICONV = {
    "ASCII": "ASCII", "UTF-8": "UTF-8", "UTF-8 + BOM": "UTF-8", "ISO-8859-1": "ISO-8859-1",
    "Shift_JIS/CP932": "CP932", "CP932 (not strict Shift_JIS)": "CP932",
    "Shift_JIS, CR line ends": "CP932", "EUC-JP": "EUC-JP", "ISO-2022-JP": "ISO-2022-JP",
    "UTF-16 + BOM": "UTF-16", "UTF-16LE + BOM": "UTF-16", "UTF-32LE, no BOM": "UTF-32LE",
}  # fmt: skip
"""The words of sources.tsv and iconv's names. "binary" and the like are no encodings."""


def files(data: Path, stated: str) -> list[Path]:
    with (data / "sources.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [data / row["file"] for row in rows if row["encoding"] == stated]


@pytest.mark.skipif(shutil.which("iconv") is None, reason="needs iconv")
@pytest.mark.parametrize("stated", ICONV)
def test_real_files_decode_as_iconv_decodes_them(shared_data: Path, stated: str) -> None:
    paths = files(shared_data, stated)
    done = subprocess.run(  # It writes the files one behind the other.
        ["iconv", "-f", ICONV[stated], "-t", "UTF-8", *map(str, paths)],
        capture_output=True,
        check=True,
    )
    expected = done.stdout.decode("utf-8").replace("\ufeff", "")
    wrong: dict[str, object] = {}
    place = 0
    for path in paths:
        found = read(path.read_bytes())
        if found is None:
            wrong[path.name] = None
            continue
        guess, text, bad = found
        text = text.replace("\ufeff", "")
        if not (expected.startswith(text, place) and guess.sure and bad == 0):
            wrong[path.name] = (guess, bad)
        place += len(text)
    assert wrong == {}
    assert place == len(expected)


def test_every_text_of_the_table_is_looked_at(shared_data: Path) -> None:
    counted = sum(len(files(shared_data, stated)) for stated in ICONV)
    texts = list((shared_data / "messy").glob("text*/*.txt"))
    assert counted > 400
    looked_at = {path for stated in ICONV for path in files(shared_data, stated)}
    assert {path.name for path in texts if path not in looked_at} == {
        "binary-named-txt.txt", "empty-file.txt", "multi-language.txt",
    }  # fmt: skip

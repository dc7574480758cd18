"""Repeated paragraphs are kept once; nothing else is touched."""

from __future__ import annotations

import hashlib
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.corpus import paragraphs
from core.corpus.cleaning import applied, edits_of
from core.corpus.paragraphs import LEAST_DOCUMENTS, ParagraphCounter, Repeats, hashes
from core.jobs.kinds import CleaningOptions
from tests.core.corpus.near_texts import japanese, prose

FOOTER = "Copyright 2024 Example Ltd. All rights reserved.\nImprint, privacy and terms of use."
SIGNATURE = "――――――――――――――\n株式会社寺子屋 営業部 山田太郎\n電話 03-0000-0000 住所 東京都千代田区一丁目一番一号"


def without(text: str, edits: list[paragraphs.Edit]) -> str:
    for edit in reversed(edits):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def cleaned(texts: list[str], scratch: Path, **options: int) -> list[str]:
    counter = ParagraphCounter(scratch, **options)
    for text in texts:
        counter.add(text)
    repeats = Repeats(counter.repeated())
    assert not list(scratch.iterdir())
    return [without(text, repeats.edits(text)) for text in texts]


@pytest.mark.parametrize("budget", [paragraphs.BUDGET, 64])
def test_a_footer_stays_in_the_first_document(tmp_path: Path, budget: int) -> None:
    texts = [f"{prose(i, 30)}\n\n{prose(900 + i, 20)}\n\n{FOOTER}\n" for i in range(20)]
    found = cleaned(texts, tmp_path, budget=budget)
    assert found[0] == texts[0]
    assert found[1:] == [text.replace(FOOTER, "") for text in texts[1:]]


def test_a_signature_in_japanese_in_the_midst_of_a_text(tmp_path: Path) -> None:
    texts = [
        f"{japanese(i, 90)}\n\u3000\n{SIGNATURE}\r\n \r\n{japanese(i + 50, 60)}" for i in range(9)
    ]
    found = cleaned(texts, tmp_path)
    assert found[0] == texts[0]
    assert all(SIGNATURE not in text and japanese(i, 90) in text and japanese(i + 50, 60) in text
               for i, text in enumerate(found) if i)  # fmt: skip


def test_case_and_space_do_not_matter(tmp_path: Path) -> None:
    forms = [FOOTER, FOOTER.upper(), FOOTER.replace(" ", "  "), FOOTER.replace("\n", " \n ")]
    texts = [f"{prose(i, 30)}\n\n{forms[i % 4]}" for i in range(12)]
    assert all(len(text) < 220 for text in cleaned(texts, tmp_path)[1:])


def test_lines_are_paragraphs_where_there_are_no_blank_lines(tmp_path: Path) -> None:
    line = "Menu | Home | About us | Contact | Search this site"
    texts = [f"{prose(i, 20)}\n{line}\n{prose(100 + i, 20)}" for i in range(9)]
    found = cleaned(texts, tmp_path)
    assert found[0] == texts[0]
    assert found[1:] == [text.replace(line + "\n", "") for text in texts[1:]]


def test_what_fewer_documents_share_stays_however_often_one_repeats_it(tmp_path: Path) -> None:
    refrain = "O sing with me the song of seven rivers, and of the sea"
    texts = ["\n\n".join([prose(i, 20), refrain] * 12) for i in range(LEAST_DOCUMENTS - 1)]
    assert cleaned(texts, tmp_path) == texts


def test_short_lines_of_verse_and_talk_stay(tmp_path: Path) -> None:
    texts = [f'{prose(i, 20)}\n\n「はい、そうです」\n\n* * *\n\n"Yes," he said.' for i in range(50)]
    assert cleaned(texts, tmp_path) == texts


def test_a_document_of_one_paragraph_is_for_the_option_duplicates(tmp_path: Path) -> None:
    texts = [prose(1, 40)] * 9
    assert cleaned(texts, tmp_path) == texts


PIECES = st.sampled_from(
    [" ", "\n", "\n\n", "\r\n", "\t", "\u3000", "\x0b", "Ab", "あ", "é", "x" * 41, "Yz " * 30, "か" * 45]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join))
def test_the_fast_way_names_the_paragraphs_that_the_other_finds(text: str) -> None:
    fast = hashes(text).tolist()
    spans = list(paragraphs._spans(text, set(fast)))
    assert len(spans) == len(fast)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    for (start, end), name in zip(spans, fast, strict=True):
        assert name_of(text[start:end]) == name.to_bytes(8, "little")


def name_of(piece: str) -> bytes:
    """Of one paragraph, with letter case and space made equal word by word."""
    words = piece.replace("\u3000", " ").encode().lower().split()
    return hashlib.blake2b(b" ".join(words), digest_size=8).digest()


@given(
    st.lists(st.lists(st.integers(0, 12), max_size=9), max_size=40),
    st.sampled_from([160, 800, paragraphs.BUDGET]),
    st.integers(1, 6),
)
@settings(deadline=None, max_examples=30)
def test_counting_in_files_is_counting(
    tmp_path_factory: pytest.TempPathFactory, lists: list[list[int]], budget: int, times: int
) -> None:
    counter = ParagraphCounter(tmp_path_factory.mktemp("runs"), budget)
    for numbers in lists:
        counter.add_hashes(np.array(numbers, np.uint64) << np.uint64(60))
    counts = Counter(number for numbers in lists for number in set(numbers))
    expected = sorted(number for number, count in counts.items() if count >= times)
    assert (counter.repeated(times) >> np.uint64(60)).tolist() == expected


def test_literature_is_left_as_it_is(shared_data: Path, tmp_path: Path) -> None:
    texts: list[str] = []
    for path in sorted((shared_data / "ja-pretrain" / "aozora").glob("*.txt")):
        text = path.read_bytes().decode("cp932", "replace").replace("\r\n", "\n")
        texts.append(applied(text, edits_of(text, CleaningOptions())))
    assert len(texts) > 100
    assert cleaned(texts, tmp_path) == texts

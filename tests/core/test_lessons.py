"""Corrections and votes: kept line by line, taken back, turned into what is learnt."""

from __future__ import annotations

import threading

import pytest

from core.errors import NotFound
from core.home import Home
from core.lessons import Counts, LessonBook, Pair, conversations_of, pairs_of

PROMPT = [{"role": "user", "content": "色は？"}]


@pytest.fixture
def book(empty_home: Home) -> LessonBook:
    return LessonBook(empty_home)


def test_a_correction_is_an_answer_and_a_pair(book: LessonBook) -> None:
    lesson = book.correct("v1", PROMPT, "blue", " red ", chat="c")
    assert book.list("v1") == [lesson]
    assert conversations_of([lesson]) == [[*PROMPT, {"role": "assistant", "content": "red"}]]
    assert pairs_of([lesson]) == [Pair(PROMPT, "red", "blue")]
    assert book.counts("v1") == Counts(corrected=1, answers=1, pairs=1, fresh=1)
    assert book.list("v2") == []


def test_votes_for_and_against_answers_of_one_prompt_make_pairs(book: LessonBook) -> None:
    book.vote("v", PROMPT, "good", 1)
    book.vote("v", PROMPT, "bad", -1)
    book.vote("v", [{"role": "user", "content": "?"}], "worse", -1)
    assert pairs_of(book.list("v")) == [Pair(PROMPT, "good", "bad")]
    assert book.counts("v") == Counts(good=1, bad=2, answers=1, pairs=1, fresh=3)


def test_the_last_word_about_an_answer_counts(book: LessonBook) -> None:
    book.vote("v", PROMPT, "so", 1)
    book.vote("v", PROMPT, "so", -1)
    assert conversations_of(book.list("v")) == []
    book.correct("v", PROMPT, "so", "thus")
    assert pairs_of(book.list("v")) == [Pair(PROMPT, "thus", "so")]


def test_a_lesson_taken_back_counts_no_more_but_stays_in_the_file(book: LessonBook) -> None:
    lesson = book.vote("v", PROMPT, "so", 1)
    book.undo("v", lesson.id)
    assert book.list("v") == []
    (kept,) = book.list("v", undone=True)
    assert kept.undone and kept.corrected == "so"
    with pytest.raises(NotFound, match="There is no lesson called"):
        book.undo("v", lesson.id)


def test_lessons_that_were_learnt_stay_and_say_by_whom(book: LessonBook) -> None:
    one, two = book.vote("v", PROMPT, "a", 1), book.vote("v", PROMPT, "b", 1)
    book.mark_used("v", [one.id], by="next")
    assert [lesson.used_by for lesson in book.list("v")] == [["next"], []]
    assert book.counts("v").fresh == 1
    assert two.id


@pytest.mark.parametrize("torn", [b'{"id": "x", "ver', b"\xff\xfe\n", b"[1, 2]\n", b"null\n{}\n"])
def test_a_line_that_is_no_lesson_is_passed_over_and_kept(
    empty_home: Home, book: LessonBook, torn: bytes
) -> None:
    book.vote("v", PROMPT, "a", 1)
    file = empty_home.lessons / "v.jsonl"
    before = file.read_bytes() + torn
    file.write_bytes(before)
    book.vote("v", PROMPT, "b", 1)
    assert [lesson.corrected for lesson in book.list("v")] == ["a", "b"]
    assert book.damaged("v") == len(torn.splitlines())
    assert file.read_bytes().startswith(before)


def test_two_windows_that_write_at_once_lose_nothing(empty_home: Home) -> None:
    def write(name: str) -> None:
        for number in range(20):
            LessonBook(empty_home).vote("v", PROMPT, f"{name}{number}", 1)

    threads = [threading.Thread(target=write, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(LessonBook(empty_home).list("v")) == 40


def test_any_words_come_back_as_they_were(book: LessonBook) -> None:
    words = "line\n\r\u2028\x85\x0b\x1c“”\U0001f600 {} <|im_end|>"
    lesson = book.correct("v", PROMPT, words, words[::-1].strip())
    assert book.list("v") == [lesson]

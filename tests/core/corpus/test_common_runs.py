"""What an evaluation item and an excerpt have in common is marked in both."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.corpus.common_runs import common_runs

TEXTS = st.text("ab cdeいろはに、。ABé゛", max_size=60)


def marked(one: str, other: str) -> tuple[list[str], list[str]]:
    left, right = common_runs(one, other)
    return [one[a:b] for a, b in left], [other[a:b] for a, b in right]


def test_runs_of_words_are_marked_in_both_whatever_their_case_and_punctuation() -> None:
    left, right = marked(
        "Why is the sky blue, and the sea green?", "He asked: “why is the sky Blue” — and the sea, green."
    )  # fmt: skip
    assert left == ["Why is the sky blue, and the sea green"]
    assert right == ["why is the sky Blue” — and the sea, green"]


def test_a_change_in_the_middle_parts_the_runs() -> None:
    left, right = marked("きつねは池の中の月を見ました", "きつねは池の中の星を見ました")
    assert left == right == ["きつねは池の中の", "を見ました"]


def test_a_few_words_alike_are_no_run() -> None:
    assert marked("the red fox", "the red bird") == ([], [])
    assert marked("月を見る", "月を聞く") == ([], [])
    assert marked("", "anything") == ([], [])


@given(TEXTS, TEXTS)
def test_runs_are_in_order_and_inside_their_texts(one: str, other: str) -> None:
    for text, runs in zip((one, other), common_runs(one, other), strict=True):
        places = [place for run in runs for place in run]
        assert places == sorted(places)
        assert all(0 <= start < end <= len(text) for start, end in runs)

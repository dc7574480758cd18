"""Which column is what: proposed, changed, applied."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.corpus import mapping
from core.corpus.conversations import Conversation, Malformed, messages_of, pair_of

TURNS = [{"who": "Hana", "said": "q"}, {"who": "assistant", "said": "a"}]
USUAL = [{"from": "human", "value": "q"}, {"from": "gpt", "value": "a"}]
WORDS = "Words that make a sentence, number"


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ({"id": 1, "text": "a"}, {"text": "text"}),
        ({"id": "1", "本文": "a", "題名": "t"}, {"text": "本文", "title": "題名"}),
        ({"Question": "q", "Best Answer": "a"}, {"prompt": "Question", "answer": "Best Answer"}),
        ({"instruction": "q", "input": "i", "output": "a", "system": "s"},
         {"prompt": "instruction", "answer": "output", "context": "input", "system": "system"}),
        ({"指示": "q", "出力": "a"}, {"prompt": "指示", "answer": "出力"}),
        ({"conversations": USUAL},
         {"messages": "conversations", "role": "from", "content": "value"}),
        ({"prompt": "q", "chosen": "a", "rejected": "b"},
         {"prompt": "prompt", "chosen": "chosen", "rejected": "rejected"}),
        ({"n": 3, "remark": f"{WORDS} 1"}, {"text": "remark"}),
        ({"n": 3, "mail": "a@example.org"}, {}),
    ],
)  # fmt: skip
def test_columns_are_recognised(row: dict[str, Any], found: dict[str, str]) -> None:
    assert mapping.proposed(list(row), [row]) == found
    assert mapping.fault(found) is None or not found


@pytest.mark.parametrize(
    ("values", "prose"),
    [
        ([f"{WORDS} {i}" for i in range(9)], True),
        ([f"{i}番目の文章は、ここにあります。" for i in range(9)], True),
        ([f"第{i}丁目東京都千代田区丸の内永楽ビルディング（{i}階）" for i in range(9)], False),
        ([f"这是第{i}个句子，里面有一些文字。" for i in range(9)], True),
        ([f"이것은 {i}번째 문장입니다. 글이 있습니다." for i in range(9)], True),
        (["The same sentence in every row."] * 9, False),
        ([f"['race-color', {i}, 'more', 'of it']" for i in range(9)], False),
        ([f"https://example.org/some/path/{i}" for i in range(9)], False),
        ([f"name{i}" for i in range(9)], False),
    ],
)
def test_a_column_of_sentences_is_known_by_its_values(values: list[str], prose: bool) -> None:
    rows = [{"c": value, "n": "1"} for value in values]
    assert mapping.content_column(rows) == ("c" if prose else None)


@pytest.mark.parametrize(
    ("row", "roles", "messages"),
    [
        ({"a": "q", "b": "a"}, {"prompt": "a", "answer": "b"}, ["q", "a"]),
        ({"a": "q", "b": 4}, {"prompt": "a", "answer": "b"}, ["q", "4"]),
        ({"a": "q", "b": "a", "c": "s", "d": "more"},
         {"prompt": "a", "answer": "b", "system": "c", "context": "d"}, ["s", "q\n\nmore", "a"]),
        ({"t": TURNS}, {"messages": "t", "role": "who", "content": "said"}, ["q", "a"]),
        ({"t": USUAL}, {"messages": "t"}, ["q", "a"]),
    ],
)  # fmt: skip
def test_a_row_becomes_the_conversation_that_its_mapping_says(
    row: dict[str, Any], roles: dict[str, str], messages: list[str]
) -> None:
    found = mapping.apply(row, roles)
    assert isinstance(found, Conversation)
    assert [m["content"] for m in messages_of(found.data) or []] == messages


def test_a_row_becomes_the_pair_or_text_that_its_mapping_says() -> None:
    row = {"x": "q", "y": "a", "z": "b"}
    pair = mapping.apply(row, {"prompt": "x", "chosen": "y", "rejected": "z"})
    assert isinstance(pair, Conversation)
    assert pair_of(pair.data) == ([{"role": "user", "content": "q"}], "a", "b")
    assert mapping.apply(row, {"text": "z", "title": "x"}) == "b"
    assert mapping.title_of(row, {"text": "z", "title": "x"}) == "q"


@pytest.mark.parametrize(
    ("row", "roles", "why"),
    [
        ({"a": " "}, {"text": "a"}, "“a” is empty"),
        ({"a": [1]}, {"text": "a"}, "“a” is no text but a list"),
        ({"a": "q", "b": None}, {"prompt": "a", "answer": "b"}, "“b” is empty"),
        ({"t": "talk"}, {"messages": "t"}, "“t” is empty"),
        ({"t": {"x": 1}}, {"messages": "t"}, "“t” is no list of messages"),
        ({"t": [3]}, {"messages": "t"}, "message 1 has no text in “content”, “value” or “text”"),
        ({"t": [{"who": "x"}]}, {"messages": "t", "role": "who", "content": "said"},
         "message 1 has no text in “said”"),
        ({"x": "q", "y": "a", "z": None}, {"prompt": "x", "chosen": "y", "rejected": "z"},
         "“z” does not end with an answer"),
    ],
)  # fmt: skip
def test_a_row_that_does_not_fit_names_the_users_column(
    row: dict[str, Any], roles: dict[str, str], why: str
) -> None:
    with pytest.raises(Malformed) as malformed:
        mapping.apply(row, roles)
    assert malformed.value.sentence.english() == why


def test_of_two_columns_of_sentences_the_longer_or_the_first_is_the_text() -> None:
    rows = [{"a": f"{WORDS} {i}", "b": f"{WORDS} {i}, more"} for i in range(9)]
    assert mapping.content_column(rows) == "a"
    rows = [{"a": f"{WORDS} {i}", "b": f"{WORDS} {i}" * 2} for i in range(9)]
    assert mapping.content_column(rows) == "b"


_NAMES = st.sampled_from(["a", "b", "text", "質問", "messages", "prompt"])
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=3),
    max_leaves=9,
)


@given(st.dictionaries(_NAMES, _VALUES), st.dictionaries(st.sampled_from(mapping.ROLES), _NAMES))
def test_any_row_is_applied_or_refused(row: dict[str, Any], roles: dict[str, str]) -> None:
    columns = list(row)
    found = mapping.proposed(columns, [row])
    assert not found or (mapping.fault(found) is None and not mapping.missing(found, columns))
    for given_roles in (roles, found):
        if given_roles and mapping.fault(given_roles) is None:
            try:
                assert mapping.apply(row, given_roles)
            except Malformed as malformed:
                assert malformed.sentence.english()

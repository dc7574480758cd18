"""Rows of data sets become conversations in one form, and stay whole in a corpus."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.corpus.collect import collect
from core.corpus.conversations import Malformed, messages_of, own_words, pair_of, recognised
from core.corpus.library import CorpusLibrary
from core.corpus.reading import read_corpus_now
from core.corpus.scan import scan
from core.corpus.store import Snapshot
from core.home import Home
from core.jobs.kinds import CleaningOptions, ReadJob
from core.sentences import Sentence
from tests.core.corpus.conftest import Read, Write, prose
from tests.core.corpus.first_edition import write_snapshot

Q, A = {"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}


def says(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


@pytest.mark.parametrize(
    ("row", "messages"),
    [
        ({"messages": [Q, A]}, [Q, A]),
        ({"messages": [says("developer", "s"), Q, A]}, [says("system", "s"), Q, A]),
        ({"system": "s", "messages": [Q, A]}, [says("system", "s"), Q, A]),
        ({"messages": [says("user", "q"), says("user", "more"), A, says("assistant", " ")]},
         [says("user", "q\nmore"), A]),
        ({"messages": [{"role": "user", "content": [{"type": "text", "text": "q"}]}, A]}, [Q, A]),
        ({"conversations": [{"from": "human", "value": "q"}, {"from": "gpt", "value": "a"}]},
         [Q, A]),
        ({"utterances": [{"name": "user", "text": "q"}, {"name": "agent", "text": "a"}]}, [Q, A]),
        ({"utterances": [{"interlocutor_id": "AI", "text": "q"},
                         {"interlocutor_id": "BC", "text": "a"}]}, [Q, A]),
        ({"dialog": ["q", "a"]}, [Q, A]),
        ({"turns": [{"speaker": "Hana", "text": "q"}, {"speaker": "assistant", "text": "a"}]},
         [Q, A]),
        ({"instruction": "q", "output": "a"}, [Q, A]),
        ({"instruction": "q", "input": "", "output": "a", "text": "Below is …"}, [Q, A]),
        ({"instruction": "q", "input": "i", "output": "a"}, [says("user", "q\n\ni"), A]),
        ({"instruction": "q", "context": "c", "response": "a", "category": "x"},
         [says("user", "q\n\nc"), A]),
        ({"system": "s", "prompt": "q", "completion": " a"}, [says("system", "s"), Q, A]),
        ({"question": "q", "answer": "a"}, [Q, A]),
        ({"question": "q", "context": "c", "answers": ["a", "b"]}, [says("user", "q\n\nc"), A]),
        ({"question": "q", "choice0": "a", "choice1": "b", "label": 0},
         [says("user", "q\n1. a\n2. b"), A]),
        ({"question": "q", "choices": {"text": ["b", "a"], "label": ["A", "B"]}, "answerKey": "B"},
         [says("user", "q\n1. b\n2. a"), A]),
        ({"instruction": "q", "instances": [{"input": "", "output": "a"}]}, [Q, A]),
    ],
)  # fmt: skip
def test_a_row_of_any_usual_shape_is_one_conversation(
    row: Any, messages: list[dict[str, str]]
) -> None:
    (found,) = recognised(row)
    assert messages_of(found.data) == messages
    assert pair_of(found.data) is None
    assert found.text.endswith("assistant: a")


@pytest.mark.parametrize(
    "row",
    [
        {"prompt": "q", "chosen": "a", "rejected": "b"},
        {"question": "q", "chosen": "a", "rejected": "b"},
        {"prompt": [Q], "chosen": [A], "rejected": says("assistant", "b")},
        {"prompt": "q", "chosen": [Q, A], "rejected": [Q, says("assistant", "b")]},
        {"chosen": "\n\nHuman: q\n\nAssistant: a", "rejected": "\n\nHuman: q\n\nAssistant: b"},
        {"prompt": "\n\nHuman: q\n\nAssistant:", "chosen": " a", "rejected": " b"},
    ],
)
def test_two_answers_to_one_prompt_are_a_pair(row: Any) -> None:
    (found,) = recognised(row)
    assert pair_of(found.data) == ([Q], "a", "b")
    assert messages_of(found.data) is None
    assert found.text == "user: q\nassistant: a"


@pytest.mark.parametrize(
    "row",
    [
        "text", None, 3, [], {}, {"text": "a"}, {"messages": []}, {"instruction": "q"},
        {"question": "q", "answer": "a", "text": "an article"}, {"context": "c", "answer": "a"},
        {"question": "q", "choice0": "a", "choice1": "b"},
    ],
)  # fmt: skip
def test_other_rows_are_no_conversations(row: Any) -> None:
    assert recognised(row) == []


@pytest.mark.parametrize(
    "turns",
    [[Q], [says("narrator", "x"), says("hero", "y"), says("villain", "z")]],
    ids=["nobody answers", "three people"],
)
def test_talk_without_somebody_who_answers_is_only_text(turns: Any) -> None:
    (found,) = recognised({"messages": turns})
    assert found.data is None
    assert found.text


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"messages": {"role": "user"}}, "“messages” is no list of messages"),
        ({"messages": [Q, 3]}, "message 2 has no text in “content”, “value” or “text”"),
        ({"messages": [{"content": 3}]}, "message 1 has no text in “content”, “value” or “text”"),
        ({"messages": [says("user", " ")]}, "all messages of “messages” are empty"),
        ({"instruction": "q", "output": " "}, "the answer to “instruction” is empty"),
        ({"chosen": "a", "rejected": "b"}, "“chosen” and “rejected” have no prompt"),
        ({"prompt": "q", "chosen": "a", "rejected": "a "}, "“chosen” and “rejected” are the same"),
        ({"prompt": "q", "chosen": "a", "rejected": None}, "“rejected” does not end with an answer"),
        ({"prompt": "q", "chosen": [Q], "rejected": "b"}, "“chosen” does not end with an answer"),
        ({"prompt": "q", "chosen": "a", "rejected": [says("user", "z"), A]},
         "“rejected” answers something else than the prompt"),
    ],
)  # fmt: skip
def test_a_broken_conversation_says_what_is_wrong(row: Any, why: str) -> None:
    with pytest.raises(Malformed) as malformed:
        recognised(row)
    assert malformed.value.sentence.english() == why


_NAMES = st.sampled_from(
    ["messages", "conversations", "prompt", "chosen", "rejected", "instruction", "output", "input",
     "question", "answer", "choices", "label", "instances", "system", "role", "content", "text"]
)  # fmt: skip
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=4),
    max_leaves=12,
)


@settings(suppress_health_check=[HealthCheck.too_slow])  # On a busy machine.
@given(st.dictionaries(_NAMES, _VALUES, max_size=6))
def test_any_row_is_read_or_refused(row: dict[str, Any]) -> None:
    try:
        found = recognised(row)
    except Malformed:
        return
    for conversation in found:
        conversation.text.encode("utf-8")
        pair, messages = pair_of(conversation.data), messages_of(conversation.data)
        for message in (pair[0] if pair else messages) or []:
            assert set(message) == {"role", "content"}
            assert message["content"] == message["content"].strip() != ""


def test_every_row_of_the_real_files_is_a_conversation(shared_data: Path) -> None:
    whole = {
        "en-gsm8k-test.jsonl": 600, "en-self-instruct-seed-tasks.jsonl": 175,
        "en-sharegpt-style-dummy.json": 500, "ja-instruction-ja.jsonl": 335,
        "ja-jcommonsenseqa-train-1500.jsonl": 1500, "ja-instruction-ja-empty-utterances.jsonl": 0,
    }  # fmt: skip
    for found in scan([str(shared_data / "instruct")]):
        collected = collect(found, CleaningOptions(), None)
        talks = [messages_of(d.messages) for d in collected.documents]
        assert len(talks) == whole.get(found.path.name, 1), found.path.name
        assert all(t and {m["role"] for m in t} == {"user", "assistant"} for t in talks)
        if not talks:
            assert collected.verdict.reason is not None
            assert Sentence.from_json(collected.verdict.reason).english() == (
                "no field with text (such as “text”) in its rows; line 1: “utterances” is empty"
            )


def test_the_first_broken_row_is_named_by_its_line(tmp_path: Path) -> None:
    file = tmp_path / "talk.jsonl"
    file.write_text('{"question": "q", "answer": "a"}\n\n{"messages": 3}\nno json\n')
    (found,) = scan([str(file)])
    warning = collect(found, CleaningOptions(), None).verdict.warning
    assert warning is not None
    assert Sentence.from_json(warning).english() == (
        "rows without text: 2; the first, line 3: “messages” is no list of messages"
    )


def read_talks(home: Home, tmp_path: Path, rows: list[Any]) -> tuple[Any, list[dict[str, Any]]]:
    file = tmp_path / "talks.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    read_corpus_now(home, ReadJob(corpus="Talks", paths=[str(file)]), tmp_path / "parts")
    library = CorpusLibrary(home)
    manifest = library.get("Talks")
    return manifest, list(Snapshot(library.folder("Talks"), manifest.snapshot).rows())


def test_a_corpus_counts_its_conversations_and_pairs(empty_home: Home, tmp_path: Path) -> None:
    long = "《注》［＃改行］ and words enough to be cut into blocks. " * 40
    rows: list[Any] = [{"question": f"{i} {long}", "answer": f"{long} {i}"} for i in range(8)]
    rows += [{"prompt": f"p{i}", "chosen": f"c{i}", "rejected": "r"} for i in range(3)]
    rows += [{"text": f"Only a text. {long * 20}"}]
    manifest, found = read_talks(empty_home, tmp_path, rows)
    assert (manifest.totals.conversations, manifest.totals.pairs) == (8, 3)
    assert manifest.heldout_by == "block"  # Too few texts; what was said is whole all the same.
    talks = [messages_of(row["messages"]) for row in found if row["messages"]]
    asked = {row.get("question", "").strip() for row in rows}
    assert all(t[0]["content"] in asked for t in talks if t)
    assert {row["split"] for row in found if row["messages"]} >= {"train"}


def test_documents_of_the_first_edition_are_read_and_the_oldest_have_no_messages(
    tmp_path: Path,
) -> None:
    texts = [f"text {i}" for i in range(5)]
    write_snapshot(
        tmp_path, "old", [{"text": t, "split": "train"} for t in texts], ("text", "split")
    )
    snapshot = Snapshot(tmp_path, "old")
    assert [row["text"] for row in snapshot.rows()] == texts
    assert next(snapshot.rows(["text", "messages"])) == {"text": "text 0", "messages": None}
    assert snapshot.row(3, ["text"]) == {"text": "text 3"}
    with pytest.raises(IndexError):
        snapshot.row(5)


def test_orders_that_all_have_do_not_make_questions_alike(read: Read, write: Write) -> None:
    orders = {"role": "system", "content": "Think first, step by step, then give the number. " * 20}
    questions = [f"{prose(i, 12)}: how many are left of {i * 7}?" for i in range(200)]
    rows = [{"prompt": [orders, {"role": "user", "content": text}]} for text in questions]
    folder = write("a.jsonl", "\n".join(map(json.dumps, rows)))
    for more in ("", prose(7, 60_000)):  # Split by document, then by block.
        write("long.txt", more)
        corpus = read(folder)
        texts = [row for row in corpus.rows if row["source"].endswith("a.jsonl")]
        assert len(texts) == 200
        assert all(row["text"].startswith("system: Think first") for row in texts)
    assert own_words("user: a\nsystem: b\nuser: c") == "user: a\nsystem: b\nuser: c"

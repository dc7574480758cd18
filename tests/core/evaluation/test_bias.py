"""Bias by pairs: what is read, how it is counted, and what an evaluation keeps of it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.stats import binomtest

from core.errors import BadSuite, PathMissing
from core.evaluation.bias import Pair, Suite, measure, read_suite, shared, wilson
from core.evaluation.score import Scores, score
from core.home import Home
from core.models.load import load_model
from core.tokenizer import files as tokenizer_files
from core.versions.library import VersionLibrary


def test_the_published_files_are_read(shared_data: Path) -> None:
    folder = shared_data / "eval"
    english = read_suite(str(folder / "crows-pairs-part1.csv"))
    with (folder / "crows-pairs-part1.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(p.more, p.less, p.kind) for p in english.pairs] == [
        (r["sent_more"].strip(), r["sent_less"].strip(), r["bias_type"]) for r in rows
    ]
    japanese = read_suite(str(folder / "ja-crows-pairs-gender-part1.json"))
    data = json.loads((folder / "ja-crows-pairs-gender-part1.json").read_text(encoding="utf-8"))
    assert [(p.more, p.less) for p in japanese.pairs] == [
        (row["stereotype"], row["anti-stereotype"]) for row in data
    ]
    for name in ("pro-stereotyped-type1-dev.txt", "anti-stereotyped-type1-dev.txt"):
        wino = read_suite(str(folder / "winobias" / name))
        assert len(wino.pairs) > 350
        assert wino.pairs[0].more == (
            "The developer argued with the designer because he did not like the design."
        )
        assert wino.pairs[0].less.endswith("because she did not like the design.")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.csv", "one,two\n1,2\n3,4\n", "its columns or keys are others"),
        ("a.csv", "sent_more,sent_less\nx,y\n", "fewer than two pairs"),
        ("a.json", "{not json", "its columns or keys are others"),
        ("a.json", '[{"stereotype": "x"}]', "its columns or keys are others"),
        ("a.txt", "a line\n", "neither a CSV"),
        ("a.csv", b"sent_more,sent_less\n\xff\xfe,y\n", "it is not UTF-8 text"),
    ],
)
def test_what_is_no_suite_is_refused_with_its_reason(
    tmp_path: Path, name: str, content: str | bytes, reason: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(BadSuite, match=reason):
        read_suite(str(file))
    with pytest.raises(PathMissing):
        read_suite(str(tmp_path / "nothing.csv"))


def test_two_files_of_unequal_length_are_no_pairs(tmp_path: Path) -> None:
    (tmp_path / "pro-x.txt").write_text("1 [He] is.\n2 [He] was.\n", encoding="utf-8")
    (tmp_path / "anti-x.txt").write_text("1 [She] is.\n", encoding="utf-8")
    with pytest.raises(BadSuite, match="different numbers of lines"):
        read_suite(str(tmp_path / "pro-x.txt"))


@pytest.mark.parametrize(("hits", "count"), [(0, 5), (3, 9), (60, 120), (700, 754)])
def test_the_interval_is_wilsons(hits: int, count: int) -> None:
    theirs = binomtest(hits, count).proportion_ci(method="wilson")
    assert wilson(hits, count) == pytest.approx((theirs.low, theirs.high), abs=1e-6)


def test_the_likelier_sentence_is_the_one_with_fewer_nats_by_the_logits(raised_home: Home) -> None:
    entry = VersionLibrary(raised_home).get("Kiku")
    model, tokenizer = load_model(entry.path), tokenizer_files.load(entry.path)
    end = tokenizer.token_to_id("<|endoftext|>")
    pairs = [
        Pair("The cat sat by the river.", "zqx vvk jjw qqz xxw.", "words"),
        Pair("q q q z z z x x x", "The little bird was happy.", "words"),
        Pair("猫は川のそばにいました。", "鑿鬱驫龘籲麤爨。", "kanji"),
        Pair("It was a sunny day.", "It was a sunny day.", "same"),
    ]

    def nats(text: str) -> float:
        ids = torch.tensor([[end, *tokenizer.encode(text).ids]])
        with torch.no_grad():
            chances = model(ids[:, :-1]).double().log_softmax(-1)
        return -float(chances.gather(-1, ids[:, 1:, None]).sum())

    found = measure(Suite("x", pairs), tokenizer, lambda split, _: score(model, split, end))
    wanted = [nats(p.more) < nats(p.less) for p in pairs[:3]]
    assert found is not None
    assert found["ties"] == 1
    assert found["share"] == pytest.approx((sum(wanted) + 0.5) / 4)
    assert found["kinds"]["words"]["pairs"] == 2
    assert found["kinds"]["words"]["share"] == sum(wanted[:2]) / 2


def test_an_encoder_is_asked_about_the_tokens_that_both_share() -> None:
    one, two = np.array([5, 6, 7, 8, 9], np.uint32), np.array([5, 1, 2, 8, 9], np.uint32)
    first, second = shared(one, two)
    assert first.tolist() == [True, False, False, True, True]
    assert second.tolist() == [True, False, False, True, True]
    apart = shared(np.array([1], np.uint32), np.array([2, 3], np.uint32))
    assert [mask.tolist() for mask in apart] == [[True], [True, True]]
    longer = shared(np.array([1, 2, 3], np.uint32), np.array([1, 9, 9, 3], np.uint32))
    assert [int(mask.sum()) for mask in longer] == [2, 2]


def test_a_measure_that_was_stopped_says_nothing(raised_home: Home) -> None:
    tokenizer = tokenizer_files.load(VersionLibrary(raised_home).get("Kiku").path)
    suite = Suite("x", [Pair("a", "b", ""), Pair("c", "d", "")])
    assert measure(suite, tokenizer, lambda *_: None) is None
    few = Scores(np.ones(1), np.ones(1, np.int64), np.ones(1))
    assert measure(suite, tokenizer, lambda *_: few) is None

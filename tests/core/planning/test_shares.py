"""How often the parts of a mixed text are read, by figures worked out by hand."""

from __future__ import annotations

import pytest

from core.corpus.manifest import CorpusManifest, Source, TokenizerFacts, Totals
from core.planning.plan import Text, make_plan
from core.planning.shares import Share, passes_sentence, shares_of
from core.planning.text import text_of
from core.recipe import Recipe
from core.sentences import Sentence
from tests.core.planning.test_plan import MACHINE

SMALL = {"layers": 1, "width": 64, "context": 64, "batch": 10}


def corpus(name: str, tokens: int, *sources: Source) -> CorpusManifest:
    return CorpusManifest(
        id=name, name=name, created=0, changed=0, sources=list(sources),
        totals=Totals(train_tokens=tokens, train_bytes=3 * tokens, heldout_tokens=tokens // 10,
                      heldout_bytes=3 * tokens // 10),
        tokenizer=TokenizerFacts(hash="x", vocabulary=1024, bytes_per_token=3.0),
    )  # fmt: skip


def source(path: str, characters: int, weight: float = 1.0) -> Source:
    return Source(path=path, is_folder=False, weight=weight, characters=characters)


def test_two_corpora_one_of_which_counts_twice() -> None:
    """A pass reads 2 · 10,000 + 30,000 = 50,000 tokens; 70 steps of 640 are 44,800 of them, 0.896 of a
    pass: A is read 1.792 times, B 0.896 times, and their 40,000 tokens 1.12 times on average."""
    a = corpus("A", 10_000, source("/a.txt", 500))
    b = corpus("B", 30_000, source("/b.txt", 900))
    text = text_of(a, Recipe(), mixed=[(b, 1.0)], weight=2.0)
    assert (text.train_tokens, text.different_tokens) == (50_000, 40_000)
    assert text.check_tokens == 500 + 1500
    plan = make_plan(Recipe(steps=70, **SMALL), text, MACHINE)  # type: ignore[arg-type]
    assert plan.passes == pytest.approx(1.12)
    assert [part["passes"] for part in plan.parts] == pytest.approx([1.792, 0.896])
    words = passes_sentence(plan.parts)
    assert words is not None and words.english() == "A 1.8 passes · B 0.9 passes"
    short = make_plan(Recipe(steps=1, **SMALL), text, MACHINE)  # type: ignore[arg-type]
    words = passes_sentence(short.parts)
    assert words is not None and words.english() == "A 0.026 passes · B 0.013 passes"
    assert not plan.warnings


def test_sources_of_one_corpus() -> None:
    """900 of 1,500 characters count once, 400 twice, 200 half: of 30,000 tokens 18,000, 8,000 and
    4,000; a pass is 18,000 + 16,000 + 2,000."""
    one = corpus(
        "Mine",
        30_000,
        source("/x", 900),
        source("/d/novel.txt", 400, 2.0),
        source("/log", 200, 0.5),
    )
    text = text_of(one, Recipe())
    assert text.shares == (
        Share("Mine", 18_000, 1.0),
        Share("Mine", 8_000, 2.0, ("novel.txt",)),
        Share("Mine", 4_000, 0.5, ("log",)),
    )
    assert (text.train_tokens, text.different_tokens) == (36_000, 30_000)
    words = passes_sentence(make_plan(Recipe(epochs=3.0), text, MACHINE).parts)
    assert words is not None
    assert words.english() == "Mine 3.0 passes · novel.txt 6.0 passes · log 1.5 passes"


def test_what_is_read_more_than_four_times_is_told() -> None:
    text = Text(20_000, 1024, shares=(Share("A", 5_000, 2.0), Share("B", 10_000)))
    often = make_plan(Recipe(epochs=3.0), text, MACHINE)
    [told] = [Sentence.from_json(warning).english() for warning in often.warnings]
    assert told.startswith("A is read 5.9 times: beyond about four passes")
    assert not make_plan(Recipe(epochs=1.9), text, MACHINE).warnings


def test_a_text_that_all_counts_once_has_no_parts() -> None:
    one = corpus("Mine", 30_000, source("/x", 900))
    assert text_of(one, Recipe()).shares == ()
    assert shares_of([(one, 1.0)], [30_000]) == ()
    assert passes_sentence([]) is None


def test_many_files_are_counted_not_listed() -> None:
    files = [source(f"/{n}.txt", 100, 2.0) for n in range(5)]
    one = corpus("Mine", 1_000, *files)
    words = passes_sentence(make_plan(Recipe(epochs=1.0), text_of(one, Recipe()), MACHINE).parts)
    assert words is not None and words.english() == "0.txt and 4 more 2.0 passes"

"""The tokenizer laboratory of a corpus, and which tokenizer a corpus keeps."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.corpus.laboratory import Laboratory
from core.corpus.library import CorpusLibrary
from core.corpus.manifest import CorpusManifest, TokenizerFacts, Totals
from core.corpus.serving import laboratory as quick
from core.corpus.serving import laboratory_worker
from core.corpus.tokenizing import make_tokenizer, sample, tokenizer_for
from core.corpus.tokens import open_tokens
from core.errors import CannotImport, NotFound, PathMissing
from core.files import write_json
from core.home import Home
from core.jobs.kinds import ReadJob, TokenizerChoice
from core.resident import Request
from core.tokenizer import files as tokenizer_files
from core.tokenizer.lab.kinds import train
from tests.core.corpus.conftest import prose
from tests.core.corpus.first_edition import write_snapshot

JAPANESE = "むかし、山のふもとに小さな村がありました。子どもたちは学校で読み書きを習います。\n"


@pytest.fixture
def library(empty_home: Home) -> CorpusLibrary:
    """A corpus "c" of English and Japanese documents, and unseen ones with words of their own."""
    library = CorpusLibrary(empty_home)
    folder = empty_home.corpora / "c"
    texts = [(prose(i, 400), "train") for i in range(30)]
    texts += [(JAPANESE * 20 + f"{i}番目の話。\n" * 5, "train") for i in range(30)]
    texts += [("zyxwv qqqq " * 300, "check"), ("unheard-of " * 300, "test")]
    rows = [
        {"text": text, "split": side, "bytes": len(text.encode("utf-8"))} for text, side in texts
    ]
    sizes = {"train": 0, "heldout": 0}
    for row in rows:
        sizes["train" if row["split"] == "train" else "heldout"] += row["bytes"]
    write_snapshot(folder, "s", rows)
    totals = Totals(
        train_bytes=sizes["train"], heldout_bytes=sizes["heldout"], bytes=sum(sizes.values())
    )
    manifest = CorpusManifest(id="1", name="c", created=0, changed=0, snapshot="s", totals=totals)
    _, facts = make_tokenizer(folder, "s", sizes["train"], TokenizerChoice())
    manifest = manifest.model_copy(update={"tokenizer": facts})
    write_json(folder / "corpus.json", manifest.model_dump(mode="json"))
    return library


@pytest.fixture
def laboratory(library: CorpusLibrary) -> Laboratory:
    return Laboratory(library, "c")


def test_tokenizers_are_measured_on_training_text_that_they_were_not_learned_from(
    library: CorpusLibrary,
) -> None:
    size = library.get("c").totals.train_bytes
    found = sample(library.folder("c"), "s", size)
    taught, back = (
        "".join(found.taught),
        "".join(t for some in found.held_back.values() for t in some),
    )
    assert set(found.held_back) == {"ja", "en"} or set(found.held_back) == {"ja", "other"}
    assert 0 < len(back.encode()) < size / 8
    assert len((taught + back).encode()) == size
    assert "zyxwv" not in taught + back
    assert "unheard-of" not in taught + back


@pytest.mark.parametrize("kind", ["bpe", "unigram", "characters", "bytes"])
def test_each_kind_is_made_measured_and_remembered(
    library: CorpusLibrary, laboratory: Laboratory, kind: Any
) -> None:
    found = laboratory.make(TokenizerChoice(kind=kind, vocabulary=400))
    assert found.kind == kind
    assert 260 <= found.vocabulary <= 400
    assert found.bytes_per_token >= 1.0
    assert found.languages["ja"] >= 1.0
    assert bool(found.limits) == (kind == "unigram")
    again = Laboratory(library, "c")
    assert again.candidate(found.id) == found
    assert {c.id for c in again.candidates()} >= {found.id, library.get("c").tokenizer.hash}  # type: ignore[union-attr]


def test_the_curve_of_bpe_is_that_of_tokenizers_trained_one_by_one(
    library: CorpusLibrary, laboratory: Laboratory
) -> None:
    points = laboratory.curve("bpe")
    sizes = [point["vocabulary"] for point in points]
    assert sizes == sorted(set(sizes))
    values = [point["bytes_per_token"] for point in points]
    assert values == sorted(values)
    first = Laboratory(library, "c").make(TokenizerChoice(kind="bpe", vocabulary=sizes[0]))
    assert first.bytes_per_token == values[0]
    assert first.languages["ja"] == points[0]["ja"]
    assert Laboratory(library, "c").curve("bpe") == points  # Kept on the disk.


def test_a_curve_of_unigram_rises(laboratory: Laboratory) -> None:
    values = [point["bytes_per_token"] for point in laboratory.curve("unigram")]
    assert values == sorted(values)


def test_own_sentences_in_several_tokenizers(
    library: CorpusLibrary, laboratory: Laboratory
) -> None:
    ids = [library.get("c").tokenizer.hash]  # type: ignore[union-attr]
    ids.append(laboratory.make(TokenizerChoice(kind="bytes")).id)
    texts = ["The old fox.", "山のふもと 👩‍👩‍👧"]
    own, plain = laboratory.compare(ids, texts)
    assert own["chosen"]
    assert not plain["chosen"]
    assert plain["here"]["bytes_per_token"] == 1.0
    assert own["here"]["bytes_per_token"] > 1.0
    for row in (own, plain):
        for text, cut in zip(texts, row["here"]["texts"], strict=True):
            assert "".join(cell["text"] for cell in cut["cells"]) == text
            assert sum(cell["count"] for cell in cut["cells"]) == cut["tokens"]


def test_a_chosen_tokenizer_is_the_corpus_s_own_with_its_counts(
    library: CorpusLibrary, laboratory: Laboratory
) -> None:
    before = library.get("c").tokenizer
    made = laboratory.make(TokenizerChoice(kind="characters"))
    changed = laboratory.choose(made.id)
    assert before is not None
    assert [one.id for one in laboratory.candidates()] == [made.id, before.hash]
    assert library.get("c") == changed
    facts = changed.tokenizer
    assert facts is not None
    assert (facts.hash, facts.kind, facts.chosen) == (made.id, "characters", True)
    store = open_tokens(library.folder("c"), "s", library.tokenizer_file("c"))
    assert store is not None
    assert changed.totals.train_tokens == len(store.split("train").tokens)
    assert changed.totals.heldout_tokens == sum(
        len(store.split(side).tokens) for side in ("check", "test")
    )
    assert changed.baselines.unigram is not None


@pytest.mark.parametrize("one", ["nothing", "../../corpora/c", "", "version:nobody", "."])
def test_what_is_no_tokenizer_is_not_chosen(laboratory: Laboratory, one: str) -> None:
    with pytest.raises(NotFound):
        laboratory.choose(one)


def test_the_tokenizer_of_a_version_can_be_compared_and_chosen(
    library: CorpusLibrary, laboratory: Laboratory
) -> None:
    folder = library.home.versions / "Kiku"
    made = train("bpe", [prose(1) * 20], 300)
    tokenizer_files.save_transformers(folder, tokenizer_files.to_text(made), 64)
    assert laboratory.candidates()[-1].id == "version:Kiku"
    assert laboratory.candidates()[-1].name == "Kiku"
    assert laboratory.compare(["version:Kiku"], ["x"])[0]["vocabulary"] == made.get_vocab_size()
    facts = laboratory.choose("version:Kiku").tokenizer
    assert facts is not None
    assert facts.hash == tokenizer_files.tokenizer_hash(tokenizer_files.to_text(made))


def test_a_file_that_is_no_tokenizer_leaves_the_corpus_as_it_is(
    library: CorpusLibrary, laboratory: Laboratory, tmp_path: Path
) -> None:
    path = tmp_path / "tokenizer.json"
    path.write_text("[]", encoding="utf-8")
    before = library.get("c")
    with pytest.raises(CannotImport):
        laboratory.make(TokenizerChoice(kind="imported", file=str(path)))
    with pytest.raises(PathMissing):
        laboratory.make(TokenizerChoice(kind="imported", file=str(tmp_path / "gone.json")))
    assert library.get("c") == before


def test_a_choice_that_is_stopped_leaves_the_corpus_as_it_is(
    library: CorpusLibrary, laboratory: Laboratory
) -> None:
    before = library.get("c")
    made = laboratory.make(TokenizerChoice(kind="characters"))
    assert laboratory.choose(made.id, lambda: True) == before
    assert library.get("c") == before


def test_figures_of_another_text_are_none(library: CorpusLibrary, laboratory: Laboratory) -> None:
    made = laboratory.make(TokenizerChoice(kind="bytes"))
    write_snapshot(
        library.folder("c"), "t", [{"text": "abc " * 200, "split": "train", "bytes": 800}]
    )
    changed = library.get("c").model_copy(update={"snapshot": "t"})
    write_json(library.folder("c") / "corpus.json", changed.model_dump(mode="json"))
    kept = Laboratory(library, "c", measures=False).candidate(made.id)
    assert (kept.vocabulary, kept.languages, kept.snapshot) == (260, {}, "")
    assert laboratory.candidate(made.id).snapshot == "t"


# ---- operations ----------------------------------------------------------------------------------


def test_what_the_window_asks(library: CorpusLibrary, tmp_path: Path) -> None:
    asked = quick.operations(library) | laboratory_worker.operations(library.home)
    told: list[dict[str, Any]] = []

    def ask(operation: str, **params: Any) -> dict[str, Any]:
        reply = asked[operation](Request(1, {"corpus": "c", **params}, told.append))
        return json.loads(json.dumps(reply))

    def phases() -> list[str]:
        found = list(dict.fromkeys(one["phase"] for one in told))
        assert all(one["share"] is None or 0 <= one["share"] <= 1 for one in told)
        told.clear()
        return found

    own = library.get("c").tokenizer.hash  # type: ignore[union-attr]
    [unmeasured] = ask("laboratory_compare", tokenizers=[own], text="A")["tokenizers"]
    assert (unmeasured["snapshot"], unmeasured["ja"]) == ("", None)
    [measured] = ask("laboratory_measure", tokenizers=[own])["candidates"]
    assert phases() == ["reading", "measuring"]
    [again] = ask("laboratory_compare", tokenizers=[own], text="A")["tokenizers"]
    assert (again["snapshot"], again["ja"]) == ("s", measured["languages"]["ja"])
    made = ask("laboratory_train", kind="bpe", vocabulary=300)["candidate"]
    assert phases() == ["words", "learning", "measuring"]
    path = tmp_path / "tokenizer.json"
    path.write_text(train("bytes", (), 260).to_str(), encoding="utf-8")
    brought = ask("laboratory_import", path=str(path))["candidate"]
    assert (brought["vocabulary"], brought["added"]) == (260, [])
    shown = ask(
        "laboratory_compare",
        tokenizers=[own, made["id"], brought["id"]],
        text="A fox.\n\n山の村。\n",
    )["tokenizers"]
    assert [one["chosen"] for one in shown] == [True, False, False]
    assert "".join(cell["text"] for cell in shown[0]["cells"]) == "A fox.\n\n山の村。\n"
    assert shown[2]["tokens"] == len("A fox.\n\n山の村。\n".encode())
    assert [line["language"] for line in shown[2]["lines"]][1] == "ja"
    assert ask("laboratory_curve", kind="bpe")["points"][0]["ja"] > 0
    assert len(ask("laboratory_candidates")["candidates"]) == 3
    frequent = ask("frequent_tokens", count=5)
    assert len(frequent["tokens"]) == 5
    told.clear()
    chosen = ask("laboratory_choose", tokenizer=brought["id"])
    assert phases() == ["counting"]
    assert chosen["tokenizer"]["hash"] == brought["id"]
    assert chosen["totals"]["train_tokens"] == library.get("c").totals.train_tokens


def test_frequent_tokens_are_counted_in_the_training_text(library: CorpusLibrary) -> None:
    ask = laboratory_worker.operations(library.home)["frequent_tokens"]
    for _ in range(2):  # Counted, then remembered.
        reply = ask(Request(1, {"corpus": "c", "count": 10_000}, lambda _: None))
        store = open_tokens(library.folder("c"), "s", library.tokenizer_file("c"))
        assert store is not None
        tokens = np.asarray(store.split("train").tokens)
        assert reply["total"] == len(tokens) - 60  # Each document ends with a token of its own.
        assert sum(row["count"] for row in reply["tokens"]) == reply["total"]
        counts = [row["count"] for row in reply["tokens"]]
        assert counts == sorted(counts, reverse=True)
        first = reply["tokens"][0]
        assert first["count"] == int((tokens == first["id"]).sum())
        assert first["share"] == first["count"] / reply["total"]
    assert list(store.folder.glob("train-counts.npy"))


# ---- kept when a corpus is read again ------------------------------------------------------------


@pytest.fixture
def again(library: CorpusLibrary) -> Callable[..., TokenizerFacts]:
    """again(size factor, changes of the tokenizer's facts, **ReadJob) → what a reading would use."""
    folder = library.folder("c")
    manifest = library.get("c")

    def go(grown: float = 1.0, facts: dict[str, Any] | None = None, **job: Any) -> TokenizerFacts:
        known = manifest.tokenizer
        assert known is not None
        # A tokenizer that nothing would learn here: whoever keeps it has it.
        strange = train("bpe", ["strange " * 50], 280)
        name = tokenizer_files.tokenizer_hash(tokenizer_files.to_text(strange))
        path = folder / "tokenizers" / name / "tokenizer.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(tokenizer_files.to_text(strange), encoding="utf-8")
        known = known.model_copy(update={"hash": name, **(facts or {})})
        old = manifest.model_copy(update={"tokenizer": known})
        size = int(manifest.totals.train_bytes * grown)
        read = ReadJob(corpus="c", **job)
        file, found = tokenizer_for(folder, "s", size, read, old)
        assert file.parent.name == found.hash
        return found.model_copy(update={"hash": "kept" if found.hash == name else "new"})

    return go


def test_a_little_more_text_keeps_the_tokenizer(again: Callable[..., TokenizerFacts]) -> None:
    assert again(1.15).hash == "kept"
    assert again(0.9).hash == "kept"
    assert again(1.25).hash == "new"
    assert again(0.5).hash == "new"


def test_little_by_little_is_much(again: Callable[..., TokenizerFacts]) -> None:
    assert again(1.15, {"trained_bytes": 10}).hash == "new"


def test_more_unseen_text_asks_for_a_tokenizer_that_never_saw_it(
    again: Callable[..., TokenizerFacts],
) -> None:
    assert again(heldout_share=0.2).hash == "new"


def test_a_chosen_tokenizer_stays_until_the_user_chooses_again(
    again: Callable[..., TokenizerFacts],
) -> None:
    assert again(9.0, {"chosen": True}, heldout_share=0.2).hash == "kept"
    other = again(1.0, {"chosen": True}, tokenizer=TokenizerChoice(kind="bytes"))
    assert (other.hash, other.kind, other.chosen, other.vocabulary) == ("new", "bytes", True, 260)
    sized = again(1.0, {"chosen": True}, vocabulary=300)
    assert (sized.hash, sized.vocabulary, sized.chosen) == ("new", 300, True)


def test_learning_can_be_stopped(library: CorpusLibrary) -> None:
    class Stop(Exception):
        pass

    calls: list[int] = []

    def check() -> None:
        calls.append(1)
        if len(calls) > 3:
            raise Stop

    size = library.get("c").totals.train_bytes
    folder = library.folder("c") / "tokenizers"
    before = sorted(folder.iterdir())
    with pytest.raises(Stop):
        tokenizer_for(library.folder("c"), "s", size * 3, ReadJob(corpus="c"), None, check)
    assert sorted(folder.iterdir()) == before

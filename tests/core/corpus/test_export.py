"""Exports of the clean texts: read back they are the same, nothing is overwritten, nothing is left."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from core import events as ev
from core.corpus import export
from core.errors import NameTaken, UsageError
from core.home import Home
from core.jobfolder import EventReader, EventWriter, JobFolder
from core.jobs.context import WorkerContext
from core.jobs.kinds import CorpusExportJob
from tests.core.corpus.conftest import Corpus, Read, prose

Write = Callable[..., Path]


def hand_out(home: Home, to: Path, stop: bool = False, **changes: Any) -> dict[str, Any]:
    """The result of exporting the corpus "c"; {} where it was stopped."""
    job = CorpusExportJob(**({"corpus": "c", "to": str(to)} | changes))
    folder = JobFolder.create(home.runs, "corpus-export", "", job.model_dump(mode="json"))
    writer = EventWriter(folder, 1)
    context = WorkerContext(home, folder, folder.read(), job, 1, writer)
    if stop:
        context.request_pause()
    try:
        export.run(context)
    finally:
        writer.close()
    events = list(itertools.chain.from_iterable(iter(EventReader(folder).poll, [])))
    return next((event.data for event in events if isinstance(event, ev.Result)), {})


@pytest.fixture
def mixed(read: Read, write: Write) -> Corpus:
    """Sixty documents, conversations and pairs, with odd titles and text that JSON escapes."""
    for i in range(60):
        folder = write(f"a/doc-{i:02}.txt", f'{i} "quoted" \\ \u2028 文\n' + prose(i))
    talk = [
        {"messages": [{"role": "user", "content": f"q{i} {prose(i, 9)}"}, {"role": "assistant", "content": prose(i + 500, 9)}]}
        for i in range(9)
    ]  # fmt: skip
    pairs = [{"prompt": prose(i + 900, 8), "chosen": prose(i + 700, 8), "rejected": prose(i + 800, 8)} for i in range(9)]  # fmt: skip
    titled = [{"title": 'a/b: "c" <d>\n…' + "長い題" * 60, "text": prose(2000, 60)}]
    write("b.jsonl", "\n".join(json.dumps(row) for row in [*talk, *pairs, *titled]))
    return read(folder, heldout_share=0.2)


def content(corpus: Corpus) -> Counter[tuple[str, str]]:
    return Counter((row["text"], row["messages"] or "") for row in corpus.rows)


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_what_is_exported_reads_back_as_the_same_texts_and_conversations(
    read: Read, mixed: Corpus, tmp_path: Path, form: str
) -> None:
    target = tmp_path / "out" / f"clean.{form}"
    told = hand_out(mixed.home, target, format=form)
    before = content(mixed)
    assert told["documents"] == sum(before.values()) == 79
    assert told["path"] == str(target)
    again = read(target, corpus="again", heldout_share=0.0)
    assert content(again) == before
    assert [p.name for p in target.parent.iterdir()] == [target.name]


def test_parquet_has_the_same_texts_and_conversations(mixed: Corpus, tmp_path: Path) -> None:
    hand_out(mixed.home, tmp_path / "rows.parquet", format="parquet")
    found = pq.read_table(tmp_path / "rows.parquet").to_pylist()
    texts = [row["text"] for row in found if row["text"] is not None]
    assert Counter(texts) == Counter(row["text"] for row in mixed.rows if row["messages"] is None)
    names = ("messages", "prompt", "chosen", "rejected")
    talk = [
        {n: row[n] for n in names if row[n] is not None} for row in found if row["text"] is None
    ]
    told = [json.loads(row["messages"]) for row in mixed.rows if row["messages"] is not None]
    assert sorted(map(repr, talk)) == sorted(map(repr, told))


def test_text_is_a_file_for_each_document_whose_bytes_are_the_text(
    mixed: Corpus, tmp_path: Path
) -> None:
    hand_out(mixed.home, tmp_path / "texts-out", format="text")
    files = [p for p in (tmp_path / "texts-out").rglob("*") if p.is_file()]
    assert Counter(p.read_bytes().decode("utf-8") for p in files) == Counter(mixed.texts())
    assert all(len(p.name.encode()) < 200 for p in files)


def test_all_texts_fit_into_one_file(mixed: Corpus, tmp_path: Path) -> None:
    hand_out(mixed.home, tmp_path / "all.txt", format="text", one_file=True)
    assert (tmp_path / "all.txt").read_bytes().decode() == "\n\n".join(mixed.texts())


@pytest.mark.parametrize("side", ["train", "heldout"])
def test_a_side_has_its_texts_only(mixed: Corpus, tmp_path: Path, side: str) -> None:
    hand_out(mixed.home, tmp_path / "side.jsonl", side=side)
    rows = [json.loads(line) for line in (tmp_path / "side.jsonl").read_bytes().splitlines()]
    wanted = {"train": {"train"}, "heldout": {"check", "test"}}[side]
    assert {row["split"] for row in rows} <= wanted
    assert len(rows) == len([r for r in mixed.rows if r["split"] in wanted])
    assert {"language", "title", "document", "part", "source"} <= set(rows[0])


def test_no_folder_of_the_users_machine_is_named(mixed: Corpus, tmp_path: Path) -> None:
    hand_out(mixed.home, tmp_path / "rows.parquet", format="parquet")
    table = pq.read_table(tmp_path / "rows.parquet", columns=["source"])
    names = {row["source"] for row in table.to_pylist()}
    assert "texts/b.jsonl" in names
    assert not any(str(tmp_path) in name for name in names)


def test_nothing_is_overwritten_and_nothing_is_left_behind(mixed: Corpus, tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    (place / "mine.jsonl").write_text("mine")
    with pytest.raises(NameTaken):
        hand_out(mixed.home, place / "mine.jsonl")
    with pytest.raises(UsageError, match="a file, not a folder"):
        hand_out(mixed.home, place / "mine.jsonl" / "below.jsonl")
    with pytest.raises(UsageError, match="own folder"):
        hand_out(mixed.home, mixed.home.path / "x.jsonl")
    for form in ("text", "jsonl", "parquet"):
        assert hand_out(mixed.home, place / form, stop=True, format=form) == {}
    assert (place / "mine.jsonl").read_text() == "mine"
    assert [p.name for p in place.iterdir()] == ["mine.jsonl"]


def test_a_name_that_is_taken_meanwhile_is_not_written_over(
    mixed: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "late.jsonl"
    give = export._give_name

    def late(temporary: Path, wanted: Path) -> None:
        target.write_text("theirs")
        give(temporary, wanted)

    monkeypatch.setattr(export, "_give_name", late)
    with pytest.raises(NameTaken):
        hand_out(mixed.home, target)
    assert target.read_text() == "theirs"


def test_a_side_without_text_is_told(read: Read, many: Path, tmp_path: Path) -> None:
    corpus = read(many, heldout_share=0.0)
    with pytest.raises(UsageError, match="no text on that side"):
        hand_out(corpus.home, tmp_path / "none.jsonl", side="heldout")
    assert not (tmp_path / "none.jsonl").exists()

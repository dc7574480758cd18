"""Words inside documents: found at their places, in answers that can be gone on from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.corpus.serving import search as module
from core.corpus.serving.search import search
from core.corpus.store import Snapshot
from core.errors import Damaged
from tests.core.corpus.first_edition import write_snapshot


def snapshot_of(folder: Path, texts: list[str]) -> Snapshot:
    """In row groups of seven documents."""
    rows = [
        {"source": f"/t/{place}.txt", "title": f"T{place}", "text": text, "characters": len(text)}
        for place, text in enumerate(texts)
    ]
    write_snapshot(folder, "s", rows)
    return Snapshot(folder, "s")


def all_of(snapshot: Snapshot, text: str, count: int = 50) -> list[dict[str, Any]]:
    """Every place, asked for answer after answer."""
    hits: list[dict[str, Any]] = []
    offset: int | None = 0
    while offset is not None:
        answer = search(snapshot, text, offset, count, lambda: True)
        assert answer["next"] is None or answer["next"] > offset, "every answer gets further"
        hits += answer["hits"]
        offset = answer["next"]
    return hits


@pytest.mark.parametrize("count", [1, 3, 50])
def test_every_document_with_the_words_is_found_once_whatever_the_size_of_answers(
    tmp_path: Path, count: int
) -> None:
    texts = [
        f"Text {i}. " + ("A golden Fish swims.\n" if i % 5 == 2 else "Rain.") for i in range(60)
    ]
    found = all_of(snapshot_of(tmp_path, texts), "golden fish", count)
    assert [hit["index"] for hit in found] == list(range(2, 60, 5))
    for hit in found:
        (match,) = hit["matches"]
        assert hit["excerpt"][slice(*match)] == "golden Fish"
        assert hit["source"] == f"/t/{hit['index']}.txt"


def test_far_places_of_one_document_come_apart_and_near_ones_together(tmp_path: Path) -> None:
    far = "あ" * 3000
    (first, second) = all_of(snapshot_of(tmp_path, [f"金魚と金魚。{far}金魚"]), "金魚")
    assert [len(first["matches"]), len(second["matches"])] == [2, 1]
    assert second["start"] + second["matches"][0][0] == 6 + 3000
    assert len(second["excerpt"]) <= 2 * module.AROUND + 2


def test_signs_of_patterns_mean_themselves_and_nothing_is_found_for_nothing(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path, ["what (x+y)*2 means", "xxy"])
    assert [hit["index"] for hit in all_of(snapshot, "(x+y)*")] == [0]
    assert all_of(snapshot, "  ") == []
    assert all_of(snapshot, "nowhere") == []


def test_decomposed_words_find_composed_ones(tmp_path: Path) -> None:
    assert len(all_of(snapshot_of(tmp_path, ["がんばる"]), "か\u3099ん")) == 1


def test_an_answer_ends_with_its_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = snapshot_of(tmp_path, ["rain"] * 40)
    monkeypatch.setattr(module, "SECONDS", -1.0)
    answer = search(snapshot, "sun", 0, 50, lambda: False)
    assert answer == {"hits": [], "next": 1, "searched": 1, "total": 40}


def test_a_broken_file_is_told(tmp_path: Path) -> None:
    snapshot = snapshot_of(tmp_path, ["rain"] * 4)
    (tmp_path / "documents-s-0001.parquet").write_bytes(b"PAR1")
    with pytest.raises(Damaged):
        all_of(snapshot, "rain")

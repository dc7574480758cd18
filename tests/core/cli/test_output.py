"""What commands print."""

from __future__ import annotations

import json
import math

import pytest

from core.cli.follow import _show_health, line_of
from core.cli.output import Output, _cut, counted, shortened, table
from core.engine.record import JobRecord
from core.errors import NotFound
from core.events import Evaluated, Health, Metrics, Phase, Progress, Started
from core.jobfolder import Job
from core.training.findings import finding


def test_columns_stay_aligned_with_wide_characters() -> None:
    lines = table([["NAME", "N"], ["漢字", "1"], ["abc", "200"]], right={1})
    assert lines == ["NAME    N", "漢字    1", "abc   200"]


def test_an_empty_table_says_so_instead_of_showing_a_head() -> None:
    assert table([["NAME"]], empty="Nothing yet.") == ["Nothing yet."]


def test_json_has_null_where_a_number_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    Output(True).result({"loss": math.nan, "名": [math.inf, 1.5]}, "for people")
    out = capsys.readouterr().out
    assert json.loads(out) == {"loss": None, "名": [None, 1.5]}
    assert "名" in out


def test_people_get_lines_and_no_json(capsys: pytest.CaptureFixture[str]) -> None:
    Output(False).result({"a": 1}, "one", "two")
    assert capsys.readouterr().out == "one\ntwo\n"


def test_an_error_is_a_sentence_and_with_json_a_document(
    capsys: pytest.CaptureFixture[str],
) -> None:
    error = NotFound("version", what="version", name="x", hint="Known: y.")
    Output(True).failure(error)
    out, err = capsys.readouterr()
    sentence = "There is no version called “x”. Known: y."
    assert err == sentence + "\n"
    assert json.loads(out) == {
        "error": {"code": "not-found", "message": sentence, "field": "version"}
    }
    Output(False).failure(error)
    assert capsys.readouterr() == ("", sentence + "\n")


def test_progress_goes_to_standard_error_and_not_too_often(
    capsys: pytest.CaptureFixture[str],
) -> None:
    output = Output(True)
    for step in range(100):
        output.progress(f"step {step}")
    output.progress("the end", now=True)
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "step 0\nthe end\n"


def test_advised_commands_can_be_pasted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TERAKOYA_STARTED_AS", raising=False)
    command = Output(False, "/a b").command("trash", "restore", "it's")
    assert command == """main.py trash restore 'it'"'"'s' --home '/a b'"""
    monkeypatch.setenv("TERAKOYA_STARTED_AS", "./start.sh")
    assert Output(False).command("doctor") == "./start.sh doctor"


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("training", 8, "training"),
        ("training", 7, "traini…"),
        ("漢字漢字", 6, "漢字…"),
        ("漢", 1, "…"),
    ],
)
def test_progress_stays_in_one_line_of_the_terminal(text: str, width: int, shown: str) -> None:
    assert _cut(text, width) == shown


def test_the_line_of_a_training_has_its_figures() -> None:
    record = JobRecord(Job("20260101-000000-train-abcd", "train", "t", 0.0, {}))
    for event in (
        Started(from_step=0),
        Phase(name="training"),
        Progress(done=1200, total=4000, unit="steps", eta=130.0),
        Metrics(columns={"step": [1200], "loss": [3.25], "tokens_per_second": [51234.0]}),
        Evaluated(step=1200, loss=3.0, bits_per_byte=2.125),
    ):
        record.apply(event)
    assert line_of(record) == (
        "training · step 1,200/4,000 · loss 3.250 · unseen 2.125 bits/byte · 51,234 tokens/s · "
        "about 2 min left"
    )


def test_the_line_calls_nothing_unseen_where_nothing_was_held_out() -> None:
    record = JobRecord(Job("20260101-000000-train-abcd", "train", "t", 0.0, {}))
    record.apply(Started(from_step=0))
    learnt = {"held_out": False}
    record.apply(Evaluated(step=9, loss=0.0, bits_per_byte=0.0, details=learnt))
    assert line_of(record).endswith(" · text it learns 0.000 bits/byte")
    record.apply(Evaluated(step=9, loss=0.1, details={"accuracy": 1.0, **learnt}))
    assert line_of(record).endswith(" · better answer ahead in 100% of its pairs")


def test_what_a_training_finds_of_itself_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    record = JobRecord(Job("20260101-000000-train-abcd", "train", "t", 0.0, {}))
    told: set[str] = set()
    found = [finding("overfitting", percent=7, step=20).to_json(), finding("learning").to_json()]
    for findings in ([], found[:1], found, found[1:], found):
        record.apply(Started(from_step=0))
        record.apply(Health(step=0, findings=findings))
        _show_health(record, told, Output(False))
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith(
        "Health: It begins to learn the text by heart: on unseen text it is 7 %"
    )
    assert second == (
        "Health: It learns well: the loss on unseen text keeps falling. Let it go on."
    )


def test_names_of_files_give_a_terminal_no_orders() -> None:
    assert table([["FILE"], ["a\nb\x1b[2J\u202e"]]) == ["FILE", "a\\nb\\x1b[2J\\u202e"]
    assert table([["FILE"], ["全角　空白"]])[1] == "全角　空白"


def test_of_a_long_name_the_end_is_shown() -> None:
    assert shortened("folder/file.txt", 9) == "…file.txt"
    assert shortened("漢字漢字.txt", 9) == "…漢字.txt"
    assert shortened("a.txt", 9) == "a.txt"


def test_one_is_no_plural() -> None:
    assert [counted(n, "file") for n in (0, 1, 2_000)] == ["0 files", "1 file", "2,000 files"]

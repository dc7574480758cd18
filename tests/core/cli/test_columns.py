"""corpus add --map: which column is what, said on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.cli.columns import mappings_of
from core.errors import PathMissing, UsageError
from tests.core.cli.conftest import Run


def test_words_about_one_file_add_up(tmp_path: Path) -> None:
    file = tmp_path / "a:b.csv"
    file.write_text("q,a=1,note\n1,2,3\n")
    words = [f"{file}:prompt=q,answer=a=1", f"{file}:context=note"]
    assert mappings_of(words, [str(tmp_path)]) == {
        str(file): {"prompt": "q", "answer": "a=1", "context": "note"},
    }


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("{}", "maps no columns; expected FILE:role=column[,role=column]"),
        ("{}:text", "maps no columns; expected FILE:role=column[,role=column]"),
        ("{}:text=z", "there is no column “z”; found q, a"),
        ("{}:words=q", "“words” is no role of a column; expected one of text,"),
        ("{}:prompt=q", "the columns prompt make no text; expected text, or prompt and answer"),
    ],
)
def test_what_is_no_mapping_is_one_sentence(tmp_path: Path, word: str, why: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text("q,a\n1,2\n")
    with pytest.raises(UsageError) as error:
        mappings_of([word.format(file)], [str(file)])
    assert why in str(error.value)
    with pytest.raises(PathMissing):
        mappings_of([f"{tmp_path}/none.csv:text=q"], [str(tmp_path)])


def test_a_wrong_mapping_ends_the_command_with_2(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("q,a\n1,2\n")
    ran = run("corpus", "add", "c", str(file), "--map", f"{file}:text=z")
    assert ran.code == 2
    assert "there is no column “z”; found q, a" in ran.err
    assert "Traceback" not in ran.err

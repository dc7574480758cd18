"""The words of the command line, and what is said of wrong ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.cli.parser import BadUsage, build_parser, split, window_paths

# Every command as the documentation writes it.
GRAMMAR = [
    "gui a.txt",
    "corpus add n a b",
    "corpus list",
    "corpus show n",
    "corpus remove n",
    "train --corpus a --name n",
    "train --corpus a.txt b.txt --name n --from v --objective causal --method full",
    "train --corpus a --name n --teacher v --preset p --minutes 2 --device cpu --seed 3",
    "train --corpus a --name n --steps 20 --set layers=1 --set width=64",
    "train --corpus a --name n --epochs 1.5 --device cuda",
    "runs list",
    "runs show i",
    "runs stop i",
    "runs finish i",
    "runs resume i",
    "runs remove i",
    "evaluate v w --text a b --suite c",
    "chat v --prompt hello --max-tokens 5 --temperature 0.5 --seed 1 --exact",
    "versions list",
    "versions show v",
    "versions import p",
    "versions export v --to p --format hf",
    "versions export v --to p --format gguf",
    "versions rename v w",
    "versions remove v",
    "plan --preset 10M --tokens 1000 --device auto",
    "trash list",
    "trash restore i",
    "trash empty",
    "doctor",
]


@pytest.mark.parametrize("line", GRAMMAR)
def test_every_documented_command_is_understood_with_home_and_json_anywhere(line: str) -> None:
    words = line.split()
    alone = build_parser().parse(split(words).rest)
    assert alone.command == words[0]
    for place in range(len(words) + 1):
        if place and words[place - 1].startswith("--"):
            continue  # There stands the value of an option.
        mixed = split([*words[:place], "--home", "/a b", "--json", *words[place:]])
        assert (mixed.home, mixed.json) == ("/a b", True)
        assert build_parser().parse(mixed.rest) == alone


def test_words_after_two_dashes_are_left_alone() -> None:
    assert split(["a", "--", "--json", "--home"]).rest == ["a", "--", "--json", "--home"]


@pytest.mark.parametrize("words", [["--home"], ["versions", "--home="], ["--home", " ", "gui"]])
def test_home_needs_a_folder(words: list[str]) -> None:
    with pytest.raises(BadUsage, match="--home needs a folder") as refused:
        split(words)
    assert refused.value.field == "home"


@pytest.mark.parametrize(
    ("words", "command"),
    [
        ([], False),
        (["gui"], False),
        (["gui", "--help"], True),
        (["some.txt"], False),
        (["train"], True),
        (["./train"], False),
        (["--help"], True),
    ],
)
def test_a_first_word_that_equals_a_command_is_one(words: list[str], command: bool) -> None:
    assert split(words).is_command is command


def test_paths_for_the_window_may_stand_without_gui(tmp_path: Path) -> None:
    text = tmp_path / "話.txt"
    text.touch()
    assert window_paths(split([str(text), "--home", "/x"])) == [str(text)]
    assert window_paths(split(["gui", str(text), "later"])) == [str(text), "later"]
    assert window_paths(split(["--home", "/x"])) == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["trian", "--corpus", "x"], "“trian” is neither a command nor a file or folder here. Did you mean train?"),
        (["frobnicate"], "“frobnicate” is neither a command nor a file or folder here. See:"),
        (["--verbose"], "The window has no option --verbose."),
        (["gui", "-x"], "The window has no option -x."),
        (["--json"], "--json goes with a command"),
    ],
)  # fmt: skip
def test_what_is_neither_command_nor_path_is_told(words: list[str], sentence: str) -> None:
    with pytest.raises(BadUsage) as refused:
        window_paths(split(words))
    assert str(refused.value).startswith(sentence)


@pytest.mark.parametrize(
    ("line", "sentence", "field"),
    [
        ("corpus", "Say what to do: add, list, show, remove", None),
        ("corpus add", "NAME and PATH must be given. See: main.py corpus add --help", None),
        ("corpus ad x y", "There is no command “ad”. Did you mean add?", None),
        ("corpus it's", "There is no command “it's”. Known: add, list, show, remove", None),
        ("versions show a b", "“b” is one word too many: names with spaces need quotes.", None),
        ("train --stpes 3", "There is no option --stpes here; did you mean --steps?", None),
        ("train --zzz=3", "There is no option --zzz here. ", None),
        ("train --min 3", "There is no option --min here", None),
        ("train --steps 1.5", "--steps needs a whole number, not “1.5”.", "steps"),
        ("train --minutes soon", "--minutes needs a number, not “soon”.", "minutes"),
        ("train --minutes nan", "--minutes needs a number, not “nan”.", "minutes"),
        ("train --epochs inf", "--epochs needs a number, not “inf”.", "epochs"),
        ("train --steps 5 --epochs 1", "--steps and --epochs exclude each other", "epochs"),
        ("train --minutes 5 --steps 1", "--minutes and --steps exclude each other", "steps"),
        ("train --name", "--name needs a value.", "name"),
        ("train --corpus --name x", "--corpus needs a value.", "corpus"),
        ("train --objective maskd", "--objective knows no “maskd”. Did you mean masked?", "objective"),
        ("train --device gpu", "--device knows no “gpu”. Known: auto, cpu, cuda.", "device"),
        ("chat", "VERSION must be given.", None),
        ("chat v --max-tokens many", "--max-tokens needs a whole number", "max_tokens"),
        ("versions export v", "--to must be given.", None),
        ("trash", "Say what to do: list, restore, empty.", None),
    ],
)  # fmt: skip
def test_wrong_words_get_one_sentence(line: str, sentence: str, field: str | None) -> None:
    with pytest.raises(BadUsage) as refused:
        build_parser().parse(line.split())
    said = str(refused.value)
    assert said.startswith(sentence)
    assert "--help" in said
    assert "\n" not in said
    assert refused.value.field == field


def test_advice_names_the_program_as_it_was_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERAKOYA_STARTED_AS", "./start.sh")
    with pytest.raises(BadUsage, match=r"See: \./start\.sh chat --help"):
        build_parser().parse(["chat"])

"""Conversations at the command line, by real trainings: answers are learnt and end where they end,
here and in transformers; what is corrected in a chat is learnt next, with no other text."""

from __future__ import annotations

import itertools
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from core import events as ev
from core.files import read_json
from core.home import Home
from core.jobfolder import EventReader, JobFolder
from core.lessons import LessonBook, pairs_of
from core.models.load import load_model
from core.objectives.chat import sums_of
from core.objectives.dialogues import answered
from core.sentences import Sentence
from core.tokenizer import files as tokenizer_files
from core.tokenizer.roles import roles_of
from core.tokenizer.template import choose
from core.versions.library import VersionEntry, VersionLibrary

from .test_command_line import Shell

pytestmark = pytest.mark.timeout(400)
TALKS = {
    "Who sings?": "A bird sings.", "だれが来た？": "猫が来た。", "What is red?": "The apple is red.",
    "空は何色？": "空は青い。", "Where is the cat?": "On the roof.", "ありがとう。": "どういたしまして。",
}  # fmt: skip
BETTER = {"Who sings?": "The old fox sings.", "空は何色？": "夕方は赤い。"}
GREEDY = ("--temperature", "0", "--max-tokens", "40")


@pytest.fixture(scope="module")
def shell(_raised: Path, tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """With the version "Talker", which knows TALKS by heart."""
    folder = tmp_path_factory.mktemp("talks")
    shutil.copytree(_raised, folder / "home")
    rows = [{"messages": [{"role": "user", "content": q}, {"role": "assistant", "content": a}]}
            for q, a in TALKS.items()]  # fmt: skip
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "talks.jsonl").write_text(text, encoding="utf-8")
    made = Shell(folder, folder / "home")
    made.json("corpus", "add", "Talks", "talks.jsonl", "--heldout", "0")
    made.json(
        "train", "--from", "Kiku", "--corpus", "Talks", "--objective", "chat",
        "--name", "Talker", "--steps", "300", "--set", "batch=8",
    )  # fmt: skip
    return made


def entry(shell: Shell, name: str) -> VersionEntry:
    return VersionLibrary(Home(shell.home)).get(name)


def ask(shell: Shell, version: str, question: str) -> str:
    return shell.json("chat", version, "--prompt", question, *GREEDY)["text"]


def test_nothing_is_called_unseen_where_nothing_was_held_out(shell: Shell) -> None:
    runs = Path(shell.home) / "runs"
    (folder,) = (f for f in runs.iterdir() if read_json(f / "job.json")["title"] == "Talker")
    reader = EventReader(JobFolder(folder))
    events = list(itertools.chain.from_iterable(iter(reader.poll, [])))
    tests = [event for event in events if isinstance(event, ev.Evaluated)]
    assert tests and not any(test.held_out for test in tests)
    told = [f for event in events if isinstance(event, ev.Health) for f in event.findings]
    assert told and not any("unseen" in Sentence.from_json(f["sentence"]).english() for f in told)


def talk(shell: Shell, version: str, lines: str, *more: str, code: int = 0) -> tuple[str, str]:
    """(standard output, standard error) of lines that are piped in."""
    talking = shell.begin("chat", version, *GREEDY, *more, stdin=True)
    out, err = talking.communicate(lines, timeout=150)
    assert talking.returncode == code, err
    assert "Traceback" not in err
    return out, err


def test_answers_are_learnt_and_end_here_and_in_transformers(shell: Shell) -> None:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    for question, answer in list(TALKS.items())[:2]:
        said = shell.json("chat", "Talker", "--prompt", question, *GREEDY)
        assert (said["text"], said["reason"]) == (answer, "end")
    folder = entry(shell, "Talker").path
    tokenizer: Any = AutoTokenizer.from_pretrained(folder)
    model: Any = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    assert sorted(model.generation_config.eos_token_id) == sorted(
        tokenizer.convert_tokens_to_ids(["<|endoftext|>", "<|im_end|>"])
    )
    roles = roles_of(tokenizer_files.load(folder), folder)
    assert roles is not None
    template = choose("auto", tokenizer_files.load(folder), roles, folder)
    for question, answer in TALKS.items():
        messages = [{"role": "user", "content": question}]
        prompt = tokenizer.apply_chat_template(messages, add_generation_prompt=True)["input_ids"]
        assert prompt == template.prompt(messages)
        with torch.inference_mode():
            written = model.generate(
                torch.tensor([prompt]), do_sample=False, max_new_tokens=40, top_k=None, top_p=None,
                temperature=None,
            )[0, len(prompt) :]  # fmt: skip
        assert tokenizer.decode(written) == f"{answer}<|im_end|>"


def test_a_piped_conversation_keeps_its_history_and_takes_corrections(shell: Shell) -> None:
    first, second = list(TALKS)[:2]
    book = LessonBook(Home(shell.home))
    talker = entry(shell, "Talker").id
    lines = f"/good\n{first}\n/nonsense\n/fix {BETTER[first]}\n\n{second}\n/good\n/bad\n/undo\n"
    out, err = talk(shell, "Talker", lines)
    answers = out.splitlines()
    assert answers[0] == TALKS[first] and len(answers) == 2
    told = err.splitlines()
    assert told[0] == "There is no answer yet that this could be about."
    assert told[1].startswith("There is no /nonsense: ")
    assert told[-1] == "Taken back."
    corrected, praised = book.list(talker)
    assert (corrected.rejected, corrected.corrected) == (TALKS[first], BETTER[first])
    assert corrected.prompt == [{"role": "user", "content": first}]
    # The conversation went on with the better answer.
    assert [m["content"] for m in praised.prompt] == [first, BETTER[first], second]
    assert (praised.vote, praised.corrected) == (1, answers[1])
    book.undo(talker, praised.id)
    book.undo(talker, corrected.id)


def test_a_base_version_goes_on_with_the_text_and_takes_corrections_too(shell: Shell) -> None:
    out, _ = talk(shell, "Kiku", "Once upon\n/fix a time there was a cat.\n")
    kiku = entry(shell, "Kiku").id
    (lesson,) = LessonBook(Home(shell.home)).list(kiku)
    assert lesson.prompt == [{"role": "user", "content": "Once upon"}]
    assert lesson.corrected == "a time there was a cat."
    assert out.startswith(lesson.rejected)


def test_what_does_not_fit_is_refused_or_left_out_and_said(shell: Shell) -> None:
    refused = shell.json("chat", "Talker", "--prompt", "long " * 300, code=2)["error"]["message"]
    assert refused.startswith("This message is too long: with its frame it has ")
    assert "this version can read 56 before it answers. Shorten it." in refused
    question = list(TALKS)[2]
    out, err = talk(shell, "Talker", f"{question}\n" * 4)
    assert out.splitlines()[0] == TALKS[question]
    note = "(The conversation has grown too long for this version: it answered without the first 2 messages.)"
    assert note in err.splitlines()


def log_probabilities(shell: Shell, version: str, lessons_of: str) -> Any:
    """Log-probability of the better and of the worse answer of each lesson [lessons, 2]."""
    found = entry(shell, version)
    tokenizer = tokenizer_files.load(found.path)
    roles = roles_of(tokenizer, found.path)
    assert roles is not None
    template = choose("auto", tokenizer, roles, found.path)
    model = load_model(found.path).eval()
    book = LessonBook(Home(shell.home))
    sums: list[Any] = []
    for pair in pairs_of(book.list(entry(shell, lessons_of).id)):
        both, _ = answered(template, pair.prompt, (pair.chosen, pair.rejected), 65)
        rows = [(np.array(one.tokens, np.int32), np.array(one.trained)) for one in both]
        with torch.inference_mode():
            sums.append(sums_of(model, rows, roles.pad)[0])
    return np.array(sums)


@pytest.fixture(scope="module")
def corrected(shell: Shell) -> str:
    """Two answers of the version (its id) were corrected."""
    book, talker = LessonBook(Home(shell.home)), entry(shell, "Talker").id
    for question, better in BETTER.items():
        asked = [{"role": "user", "content": question}]
        book.correct(talker, asked, TALKS[question], better)
    return talker


def test_lessons_alone_become_the_next_edition(shell: Shell, corrected: str) -> None:
    words = ["--from", "Talker", "--lessons", "--steps", "60", "--set", "batch=4"]
    done = shell.json("train", *words, "--name", "Next")
    assert done["heldout_bits_per_byte"] is None and done["train_bits_per_byte"] > 0
    for question in BETTER:
        assert ask(shell, "Next", question) == BETTER[question]
    lessons = LessonBook(Home(shell.home)).list(corrected)
    assert [lesson.used_by for lesson in lessons] == [[done["id"]]] * len(BETTER)


def test_preferring_the_corrected_answers_makes_them_likelier(shell: Shell, corrected: str) -> None:
    before = log_probabilities(shell, "Talker", "Talker")
    assert (before[:, 0] < before[:, 1]).all()  # It knew the other answers by heart.
    done = shell.json(
        "train", "--from", "Talker", "--lessons", "--objective", "preference", "--steps", "60",
        "--set", "batch=4", "--name", "Preferred",
    )  # fmt: skip
    after = log_probabilities(shell, "Preferred", "Talker")
    # Nothing was held out, and pairs have no bits per byte: none of it is claimed.
    figures = ("heldout_loss", "heldout_bits_per_byte", "train_bits_per_byte")
    assert [done[name] for name in (*figures, "preference_accuracy")] == [None] * 4
    assert (after[:, 0] > before[:, 0] + 1).all()
    assert (after[:, 1] < before[:, 1]).all()
    # Read again for the second training, they are still one corpus.
    corpora = [c["corpus"] for c in shell.json("corpus", "list")["corpora"]]
    assert corpora.count("Lessons of Talker") == 1 and "Lessons of Talker 2" not in corpora


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--lessons"], "Lessons are a version's: say which one goes on (--from VERSION)."),
        (["--lessons", "--from", "Talker", "--objective", "causal"],
         "Lessons are answers: give --objective chat or --objective preference, or leave --lessons out."),
        (["--lessons", "--from", "Silent"],
         "There are no lessons from chats with “Silent” yet: correct one of its answers or praise one, "
         "in the chat tab or with /fix and /good."),
    ],
)  # fmt: skip
def test_lessons_that_cannot_be_learnt_are_one_sentence(
    shell: Shell, words: list[str], said: str
) -> None:
    if "Silent" in words and not (shell.home / "versions" / "Silent").exists():
        shell.json(
            "train", "--from", "Kiku", "--corpus", "Stories", "--name", "Silent", "--steps", "1"
        )
    error = shell.json("train", *words, "--name", "never", "--steps", "2", code=2)["error"]
    assert error["message"] == said

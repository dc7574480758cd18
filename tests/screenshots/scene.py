"""A home to be pictured: a corpus that was really read, versions that were really trained."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.screenshots.scraps import write_evaluation_sets
from tests.screenshots.texts import write_conversations, write_texts

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Words:
    """What the pictured user called things, and wrote."""

    code: str
    corpus: str
    first: str
    second: str
    small: str
    running: str
    following: str
    opening: str
    other_opening: str
    note: str
    answers: str
    blanks: str
    lessons: str
    gaps: tuple[str, ...]
    searched: str


WORDS = (
    Words(
        "en", "Evening stories", "Kodama", "Kodama 2", "Pocket", "Kodama 3", "Kodama 4", "One day", "In a deep wood",
        "Tells whole little stories. Names sometimes change half-way: more stories for the next "
        "edition.", "Kodama answers", "Riddle", "Questions",
        ("Yuki went to the ___ and saw a small bird.", "“Thank you,” said the ___."), "moon",
    ),
    Words(
        "ja", "夜のおはなし", "こだま", "こだま 二", "豆本", "こだま 三", "こだま 四", "夏のある日、", "遠い国に、",
        "短いお話なら最後まで書ける。ときどき途中で名前が変わるので、次の版ではお話を足すこと。",
        "こだま 答える", "なぞなぞ", "ききたいこと",
        ("遠い___に、小さなきつねがいました。", "つぎの___、リリはタロに一本の花をくれました。"), "月",
    ),
)  # fmt: skip


def make_home(home: Path, minutes: float) -> None:
    """Fill `home` (English names) through the command line: corpus, three versions, marks.

    Args:
        minutes: Length of the longest training; the others take parts of it.
    """
    words = WORDS[0]
    sources = [str(path) for path in write_texts(home.parent / "texts")]
    _run(home, "corpus", "add", words.corpus, *sources)
    sets = write_evaluation_sets(home.parent / "sets")
    _run(home, "corpus", "check", words.corpus, "--against", str(sets))
    corpus = ["--corpus", words.corpus]
    _run(home, "train", *corpus, "--name", words.first, "--minutes", f"{minutes / 2:.2f}")
    _run(home, "train", *corpus, "--name", words.small, "--minutes", f"{max(0.3, minutes / 4):.2f}",
         "--set", "parameters=600000")  # fmt: skip
    _run(home, "train", *corpus, "--name", words.second, "--from", words.first,
         "--minutes", f"{minutes:.2f}")  # fmt: skip
    note = home / "versions" / words.second / "version.json"
    data = json.loads(note.read_text(encoding="utf-8"))
    note.write_text(json.dumps(data | {"note": words.note}, ensure_ascii=False), encoding="utf-8")
    conversations = write_conversations(home.parent / "texts")
    _run(home, "corpus", "add", words.lessons, str(conversations))
    _run(home, "train", "--corpus", words.lessons, "--name", words.answers, "--from", words.second, "--objective", "chat",
         "--method", "lora", "--minutes", f"{max(0.5, minutes / 3):.2f}")  # fmt: skip
    _run(home, "versions", "worth", words.answers)
    _run(home, "train", *corpus, "--name", words.blanks, "--preset", "bert-school",
         "--minutes", f"{2 * minutes:.2f}")  # fmt: skip
    _run(home, "evaluate", words.first, words.second, words.small)


def translated(home: Path, target: Path, words: Words) -> None:
    """A copy of `home` whose user speaks the other language: the same files, other names."""
    shutil.copytree(home, target)
    english = WORDS[0]
    if words == english:
        return
    pairs = (
        (english.second, words.second), (english.first, words.first), (english.small, words.small),
        (english.corpus, words.corpus), (english.note, words.note),
        (english.answers, words.answers),
        (f"{english.answers} from scratch", f"{words.answers} ゼロから"), (english.blanks, words.blanks),
        (english.lessons, words.lessons),
    )  # fmt: skip
    for path in [*target.rglob("*.json"), *target.rglob("*.jsonl")]:
        if path.name in ("tokenizer.json", "config.json"):
            continue
        text = path.read_text(encoding="utf-8")
        for old, new in pairs:
            text = text.replace(f'"{old}"', f'"{new}"')
        path.write_text(text, encoding="utf-8")
    for folder in (target / "versions", target / "corpora"):
        for path in list(folder.iterdir()):
            for old, new in pairs:
                if path.name == old:
                    path.rename(folder / new)


def _run(home: Path, *arguments: str) -> None:
    print("  terakoya", *arguments, flush=True)
    command = [sys.executable, str(ROOT / "main.py"), *arguments, "--home", str(home)]
    subprocess.run(command, check=True, env=dict(os.environ), stderr=subprocess.DEVNULL)

"""`python -m resources.sample.generate`: write the sample corpus anew; the same bytes every time."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from resources.sample.composing import Language, Schema, Slots, Story, read_schema, stories

HERE = Path(__file__).resolve().parent
TEXTS = HERE / "stories"
ENGLISH = Language("en", " ", "Question: ", "Answer: ")
JAPANESE = Language("ja", "", "問い：", "答え：")
LANGUAGES = (JAPANESE, ENGLISH)
ROUNDS = 45
"""Stories of each kind."""
ASKED_ROUNDS = 8
"""Of these, the stories that questions are asked about."""
SEED = 1872  # The year in which the terakoya gave way to schools.


def schemas(language: Language) -> list[Schema]:
    """All schemas of a language, by name; they share the slots of its vocabulary."""
    folder = HERE / "schemas" / language.code
    vocabulary = folder / "vocabulary.txt"
    common: Slots = read_schema(vocabulary, {}).slots
    return [
        read_schema(path, common) for path in sorted(folder.glob("*.txt")) if path != vocabulary
    ]


def tell(language: Language) -> tuple[list[Story], list[Story]]:
    """The stories that stand alone, and those that are asked about: no story is both."""
    kinds = schemas(language)
    told = stories(kinds, language, ROUNDS, SEED)
    cut = ASKED_ROUNDS * len(kinds)
    return told[cut:], told[:cut]


def write(folder: Path) -> None:
    """Write stories and questions of both languages as JSON Lines into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        alone, asked = tell(language)
        plain = [{"title": story.title, "text": story.text} for story in alone]
        _write(folder / f"stories-{language.code}.jsonl", plain)
        questions = [_with_questions(language, story) for story in asked]
        _write(folder / f"questions-{language.code}.jsonl", questions)


def _with_questions(language: Language, story: Story) -> dict[str, object]:
    pairs = [
        f"{language.question}{q.question}\n{language.answer}{q.answer}" for q in story.questions
    ]
    return {
        "title": story.title,
        "text": "\n\n".join([story.text, *pairs]),
        "questions": [{"question": q.question, "answer": q.answer} for q in story.questions],
    }


def _write(path: Path, records: Sequence[Mapping[str, object]]) -> None:
    lines = [json.dumps(record, ensure_ascii=False) + "\n" for record in records]
    path.write_text("".join(lines), encoding="utf-8", newline="\n")
    print(f"{path.name}: {len(records)} documents, {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else TEXTS)

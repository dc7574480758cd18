"""`python -m resources.sample.generate`: write the sample corpus anew; the same bytes every time."""

from __future__ import annotations

import json
from pathlib import Path

from resources.sample.composing import Language, Story, stories
from resources.sample.english import ENGLISH
from resources.sample.japanese import JAPANESE

TEXTS = Path(__file__).resolve().parent / "texts"
STORIES_BYTES = 430_000
QUESTIONS_ABOUT = 150
SEED = 1872  # The year in which the terakoya gave way to schools.


def main() -> None:
    TEXTS.mkdir(exist_ok=True)
    for language in (JAPANESE, ENGLISH):
        told = stories(language, STORIES_BYTES, SEED)
        _write(TEXTS / f"stories-{language.code}.jsonl", [{"text": story.text} for story in told])
        # Stories of their own, so that no question is about a story that also stands alone.
        asked = stories(language, STORIES_BYTES, SEED + 1)
        fresh = [story for story in asked if story.text not in {other.text for other in told}]
        _write(
            TEXTS / f"questions-{language.code}.jsonl",
            [_with_questions(language, story) for story in fresh[:QUESTIONS_ABOUT]],
        )


def _with_questions(language: Language, story: Story) -> dict[str, object]:
    pairs = [f"{language.question}{q}\n{language.answer}{a}" for q, a in story.questions]
    return {
        "text": "\n\n".join([story.text, *pairs]),
        "questions": [{"question": q, "answer": a} for q, a in story.questions],
    }


def _write(path: Path, records: list[dict[str, object]]) -> None:
    lines = [json.dumps(record, ensure_ascii=False) + "\n" for record in records]
    path.write_text("".join(lines), encoding="utf-8", newline="\n")
    print(f"{path.name}: {len(records)} documents, {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()

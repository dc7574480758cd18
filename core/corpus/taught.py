"""A version's lessons as a corpus of their own, for a training that has no other text."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from core.corpus.conversations import merged
from core.corpus.library import CorpusLibrary
from core.corpus.manifest import CorpusManifest
from core.corpus.reading import read_corpus_now
from core.errors import NoLessons
from core.files import write_text
from core.home import Home
from core.jobs.kinds import CleaningOptions, ReadJob
from core.lessons import LessonBook, conversations_file, conversations_of, pairs_of

_AS_THEY_ARE = CleaningOptions(
    gutenberg=False, aozora_ruby=False, aozora_notes=False, duplicates=False,
    near_duplicates=False, paragraphs=False,
)  # fmt: skip


def read_lessons(home: Home, version: str, title: str, name: str) -> CorpusManifest:
    """Read the lessons of a version into a corpus; nothing of them is held out, since who corrects
    an answer wants it learnt.

    Args:
        version: Its id. title: What users call it.
        name: Of the corpus, where there is none of these lessons yet.

    Raises:
        NoLessons: No answer was corrected or praised.
        BadName, NoSpace, NoPermission
    """
    rows = _rows(home, version)
    if not rows:
        raise NoLessons("lessons", name=title)
    file = conversations_file(home, version)
    write_text(file, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    library = CorpusLibrary(home)
    known = (m.name for m in library.list() if [s.path for s in m.sources] == [str(file)])
    corpus = next(known, None) or library.create_name(name)
    job = ReadJob(corpus=corpus, paths=[str(file)], cleaning=_AS_THEY_ARE, heldout_share=0.0)
    with tempfile.TemporaryDirectory() as scratch:
        return read_corpus_now(home, job, Path(scratch))


def _rows(home: Home, version: str) -> list[dict[str, Any]]:
    """Pairs, and the answers that stand in none of them."""
    lessons = LessonBook(home).list(version)
    pairs = [
        {"prompt": merged(p.prompt), "chosen": p.chosen.strip(), "rejected": p.rejected.strip()}
        for p in pairs_of(lessons)
    ]
    taught = {json.dumps([p["prompt"], p["chosen"]]) for p in pairs}
    rows: list[dict[str, Any]] = [*pairs]
    for talk in conversations_of(lessons):
        *prompt, answer = talk
        prompt = merged(prompt)
        if json.dumps([prompt, answer["content"].strip()]) not in taught:
            rows.append({"messages": merged([*prompt, answer])})
    return rows

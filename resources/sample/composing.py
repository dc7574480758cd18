"""Composes stories from schemas: beats with variants, filled from a small vocabulary."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Schema:
    """A kind of story. `beats` are told in order, each in one of its variants; `slots` are drawn
    once for a story, so that the thing that was lost is the thing that is found. `questions` pair
    a question with an answer that stands in the story word for word."""

    name: str
    slots: dict[str, list[Any]]
    beats: list[list[str]]
    questions: list[tuple[str, str]]


@dataclass(frozen=True)
class Language:
    """What the schemas of a language share. `people` are drawn without repetition."""

    code: str
    people: list[dict[str, str]]
    common: dict[str, list[Any]]
    schemas: list[Schema]
    between: str
    question: str
    answer: str
    roles: tuple[str, ...] = ("a", "b")


@dataclass(frozen=True)
class Story:
    text: str
    questions: list[tuple[str, str]]


def compose(language: Language, chance: random.Random) -> Story:
    """One story with its questions."""
    schema = chance.choice(language.schemas)
    people = chance.sample(language.people, len(language.roles))
    slots: dict[str, Any] = dict(zip(language.roles, people, strict=True))
    for name, choices in {**language.common, **schema.slots}.items():
        slots[name] = chance.choice(choices)
    sentences: list[str] = []
    for beat in schema.beats:
        sentence = chance.choice(beat).format(**slots)
        if sentence:
            sentences.append(sentence)
    questions = [
        (question.format(**slots), answer.format(**slots)) for question, answer in schema.questions
    ]
    text = language.between.join(sentences)
    return Story(text, [pair for pair in questions if pair[1].rstrip("。.") in text])


def stories(language: Language, size: int, seed: int) -> list[Story]:
    """Different stories until their texts have `size` bytes of UTF-8."""
    chance = random.Random(seed)
    found: dict[str, Story] = {}
    total = 0
    while total < size:
        story = compose(language, chance)
        if story.text not in found:
            found[story.text] = story
            total += len(story.text.encode("utf-8"))
    return list(found.values())

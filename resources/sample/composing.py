"""Composes stories from schemas: beats with branches and variants, filled from a small vocabulary.

A schema is a text file:

    # a comment
    @thing bare where          a slot: its fields; each line below is one choice, fields by " / "
    red ball / under a bench   (ends at a blank line; {thing} is the first field, {thing.where} another)
    cast Mina Ken Leo          the children {a}, {b} and {c} of this kind of story
    title {a} and the {thing}
    {a} [lost|could not find] {a.his} {thing}.       a beat: variants in brackets, which may nest
    <                          one of these branches is told:
    It was {thing.where}.
    Q Where was the {thing}?
    A It was *{thing.where}*.  the fact between the stars stands in the story word for word
    |
    ...
    >

A slot is drawn once for a story, so that what was lost is what is found; variants and slots inside
it are drawn where it is used. Each kind of story has
children of its own, as a series of picture books has, and what came before is called "it": a model
of two minutes has not yet learned to look up who and what a story is about.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

Record = dict[str, str]
Slots = dict[str, list[Record]]
Filled = dict[str, Record]
ROLES = ("a", "b", "c")
MOST_SHARED = 0.65
"""Share of its sentences that a story may have in common with another one of its kind."""
_SLOT = re.compile(r"\{(\w+)(?:\.(\w+))?\}")
_VARIANTS = re.compile(r"\[([^\[\]]*)\]")
_SENTENCE = re.compile(r"[^.!?。！？]+[.!?。！？]+[\"」]?")
# After a question in quotation marks a sentence may go on: there nothing is raised.
_BEGINNING = re.compile(r"((?:^|[.!?:] )\"?|\.\" )([a-z])")


@dataclass(frozen=True)
class Question:
    """`fact` is the part of the answer that the story states."""

    question: str
    answer: str
    fact: str


@dataclass(frozen=True)
class Story:
    kind: str
    title: str
    text: str
    questions: tuple[Question, ...]

    def sentences(self) -> set[str]:
        return {sentence.strip() for sentence in _SENTENCE.findall(self.text)}


@dataclass
class Beats:
    """What is told in order: a template, a question (two templates), or branches."""

    parts: list[str | tuple[str, str] | list[Beats]] = field(default_factory=list)


@dataclass
class Schema:
    kind: str
    slots: Slots
    title: str
    beats: Beats
    cast: list[str] = field(default_factory=list[str])


@dataclass(frozen=True)
class Language:
    """What the schemas of a language share. `between` stands between sentences."""

    code: str
    between: str
    question: str
    answer: str


class BadSchema(ValueError):
    """A schema that cannot be read: which file, which line, what is wrong."""


def read_schema(path: Path, common: Slots) -> Schema:
    """Parse a schema file; its own slots stand beside the `common` ones."""
    schema = Schema(path.stem, dict(common), "", Beats())
    # The open blocks: each is told to its end before the one below it goes on.
    open_beats = [schema.beats]
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    for number, raw in lines:
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("@"):
            name, *fields = line[1:].split()
            schema.slots[name] = list(_records(lines, fields, path))
        elif line.startswith("cast "):
            schema.cast = line.split()[1:]
        elif line.startswith("title "):
            schema.title = line.removeprefix("title ")
        elif line == "<":
            first = Beats()
            open_beats[-1].parts.append([first])
            open_beats.append(first)
        elif line in ("|", ">") and len(open_beats) > 1:
            open_beats.pop()
            branches = open_beats[-1].parts[-1]
            if line == "|" and isinstance(branches, list):
                branches.append(Beats())
                open_beats.append(branches[-1])
        elif line.startswith("Q "):
            _, answer = next(lines)
            if not answer.startswith("A "):
                raise BadSchema(f"{path.name}:{number + 1}: an answer (A ...) must follow")
            open_beats[-1].parts.append((line[2:], answer[2:].strip()))
        elif line[0] in "|<>":
            raise BadSchema(f"{path.name}:{number}: “{line}” closes nothing")
        else:
            open_beats[-1].parts.append(line)
    if len(open_beats) > 1:
        raise BadSchema(f"{path.name}: a branch is not closed")
    return schema


def _records(lines: Iterator[tuple[int, str]], fields: list[str], path: Path) -> Iterator[Record]:
    for number, raw in lines:
        line = raw.strip()
        if not line:
            return
        values = [value.strip() for value in line.split(" / ")]
        if len(values) != len(fields):
            raise BadSchema(f"{path.name}:{number}: {len(values)} fields for {len(fields)}")
        yield {"": values[0], **dict(zip(fields, values, strict=True))}


def compose(schema: Schema, language: Language, chance: random.Random) -> Story:
    """One story with its questions."""
    filled = {name: chance.choice(records) for name, records in schema.slots.items()}
    people = {person["name"]: person for person in schema.slots["person"]}
    filled |= {role: people[name] for role, name in zip(ROLES, schema.cast, strict=False)}
    told: list[str] = []
    asked: list[Question] = []
    _tell(schema.beats, filled, chance, told, asked)
    text = _sentence_case(language.between.join(told))
    title = _sentence_case(fill(schema.title, filled, chance))
    return Story(schema.kind, title, text, tuple(asked))


def _tell(
    beats: Beats, filled: Filled, chance: random.Random, told: list[str], asked: list[Question]
) -> None:
    for part in beats.parts:
        if isinstance(part, list):
            _tell(chance.choice(part), filled, chance, told, asked)
        elif isinstance(part, tuple):
            question, answer = (fill(template, filled, chance) for template in part)
            fact = answer.split("*")[1]
            asked.append(
                Question(_sentence_case(question), _sentence_case(answer.replace("*", "")), fact)
            )
        elif sentence := fill(part, filled, chance).strip():
            told.append(sentence)


def fill(template: str, filled: Filled, chance: random.Random) -> str:
    """Choose the variants from the inside out, then put the slots in (their texts may have slots)."""
    while match := _VARIANTS.search(template):
        chosen = chance.choice(match[1].split("|"))
        template = template[: match.start()] + chosen + template[match.end() :]
    while _SLOT.search(template):
        template = _SLOT.sub(lambda match: filled[match[1]][match[2] or ""], template)
        if _VARIANTS.search(template):
            return fill(template, filled, chance)
    return template


def _sentence_case(text: str) -> str:
    return _BEGINNING.sub(lambda match: match[1] + match[2].upper(), text)


def stories(schemas: list[Schema], language: Language, rounds: int, seed: int) -> list[Story]:
    """Different stories: in each round one of each kind.

    A story that shares too many sentences with an earlier one of its kind is told anew.
    """
    chance = random.Random(seed)
    found: list[Story] = []
    known: dict[str, list[set[str]]] = {schema.kind: [] for schema in schemas}
    for _ in range(rounds):
        for schema in schemas:
            story = _fresh(schema, language, chance, known[schema.kind])
            known[schema.kind].append(story.sentences())
            found.append(story)
    return found


def _fresh(
    schema: Schema, language: Language, chance: random.Random, known: list[set[str]]
) -> Story:
    for _ in range(2000):
        story = compose(schema, language, chance)
        own = story.sentences()
        if all(len(own & other) <= MOST_SHARED * len(own) for other in known):
            return story
    raise BadSchema(f"{schema.kind}: too few variants for so many stories")

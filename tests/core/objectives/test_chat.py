"""Learning answers: which tokens count, rows without cross-talk, and what is held out."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.corpus.tokens import TokenSplit
from core.errors import NoConversations
from core.generation.stream import Outcome, write
from core.home import Home
from core.lessons import LessonBook
from core.objectives.base import Ingredients
from core.objectives.chat import Chat, ChatSource, packed
from core.objectives.dialogues import (
    LESSONS,
    Counted,
    Talks,
    conversations,
    mark_learnt,
    rendered,
    template_of,
)
from core.objectives.replay import with_replay
from core.sampling import SamplingSettings
from core.tokenizer.template import Rendered
from core.training.optimiser import Rates
from core.training.stepper import Stepper

from .talks import gsm8k, ingredients, tiny_model, with_recipe

ROWS = [
    {"question": f"What is {i} and {i}?", "answer": f"It is {2 * i}, friend."} for i in range(60)
]
TEXTS = [{"text": f"A text number {i} that nobody answers, for reading only."} for i in range(5)]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Ingredients:
    return ingredients(Home(tmp_path_factory.mktemp("chat")), ROWS + TEXTS)


def size(tokens: int, side: Any) -> TokenSplit:
    """A split of so many tokens of a side, as a training gives it."""
    return TokenSplit(np.zeros(tokens, np.uint16), np.array([0, tokens]), np.array([1]), side)


def test_only_answers_and_the_ends_of_their_turns_count(made: Ingredients) -> None:
    batch = Chat(made).source(64, 4, seed=1).make(0)
    assert batch.weights is not None and batch.documents is not None
    end = made.tokenizer.token_to_id("<|im_end|>")
    counted = b""
    for row in range(4):
        marked = batch.targets[row][batch.weights[row]].tolist()
        counted += b"|".join(made.pieces[t] if t != end else b"<end>" for t in marked)
    answers = counted.replace(b"|", b"").decode().split("<end>")
    known = {row["answer"] for row in ROWS}
    assert answers.pop() == ""
    assert len(answers) >= 4 and set(answers) <= known
    # A place's target is the token after it, within its own conversation.
    inside = batch.documents[:, 1:] == batch.documents[:, :-1]
    real = batch.inputs[:, 1:] != made.roles.pad
    assert bool((batch.targets[:, :-1] == batch.inputs[:, 1:])[inside & real].all())


def test_no_conversation_reads_another_in_its_row(made: Ingredients) -> None:
    """Gradients of a packed row are those of its conversations one by one, in float64."""
    objective = Chat(made)
    talks = objective._talks["train"]
    source = ChatSource(talks, 64, 1, 3, made.roles.pad)
    members = source._row(0)
    assert len(members) > 1
    model = tiny_model(len(made.pieces)).double()
    batch = source.make(0)
    loss = objective.loss(model, batch)
    loss.backward()
    packed_gradient = model.embedding.weight.grad
    assert packed_gradient is not None
    model.zero_grad()
    count, total = 0, torch.zeros((), dtype=torch.float64)
    for member in members:
        tokens, trained = talks.row(member)
        whole = torch.from_numpy(tokens.astype(np.int64))[None]
        log_p = torch.log_softmax(model(whole[:, :-1]), -1)
        wanted = log_p[0].gather(-1, whole[0, 1:, None])[:, 0]
        total = total - wanted[torch.from_numpy(trained[1:])].sum()
        count += int(trained[1:].sum())
    (total / count).backward()
    torch.testing.assert_close(loss.detach().double(), (total / count).detach(), rtol=1e-6, atol=0)
    alone = model.embedding.weight.grad
    assert alone is not None
    torch.testing.assert_close(packed_gradient, alone, atol=1e-7, rtol=1e-5)


def test_micro_batches_add_up_to_the_whole(made: Ingredients) -> None:
    objective = Chat(made)
    batch = objective.source(64, 4, seed=1).make(0)
    gradients = []
    for micro in (4, 1, 3):
        model = tiny_model(len(made.pieces))
        stepper = Stepper(model, torch.float32, Rates(0.0, 0.0, 0.0), "adamw", 0.9, 0.0, 0.0,
                          objective=objective)  # fmt: skip
        gradients.append(stepper.step(batch, micro, 1.0))
    for result in gradients[1:]:
        torch.testing.assert_close(result.loss, gradients[0].loss, rtol=1e-5, atol=1e-6)
        torch.testing.assert_close(
            result.gradient_norm, gradients[0].gradient_norm, rtol=1e-4, atol=1e-6
        )


def test_batches_are_a_function_of_seed_and_step_alone(made: Ingredients) -> None:
    objective = Chat(made)
    steps = [objective.source(64, 3, 5).make(step) for step in range(30)]
    again = objective.source(64, 3, 5)
    for step in (29, 4, 17, 0):
        made_now = again.make(step)
        assert torch.equal(made_now.inputs, steps[step].inputs)
        assert made_now.weights is not None
        assert torch.equal(made_now.weights, steps[step].weights)  # type: ignore[arg-type]
    other = objective.source(64, 3, 6).make(0)
    assert not torch.equal(other.inputs, steps[0].inputs)


@settings(max_examples=40)
@given(
    st.lists(st.integers(1, 40), min_size=1, max_size=60), st.integers(20, 50), st.integers(0, 99)
)
def test_every_conversation_stands_in_one_row_of_a_pass(
    lengths: list[int], room: int, seed: int
) -> None:
    sizes = np.array(lengths)
    order = np.random.default_rng(seed).permutation(len(sizes))
    rows = packed(sizes, order, room)
    assert sorted(n for row in rows for n in row) == list(range(len(sizes)))
    assert all(sum(min(int(sizes[n]), room) for n in row) <= room for row in rows)
    # No two rows in a row could have been one.
    fills = [sum(min(int(sizes[n]), room) for n in row) for row in rows]
    assert all(a + b > room for a, b in itertools.pairwise(fills)) or len(rows) > 32


def test_each_pass_reads_everything_once_in_another_order() -> None:
    one = [Rendered([7, n + 10, 8], [False, True, True], 1) for n in range(20)]
    source = ChatSource(Talks(one), 8, 1, 0, 0)
    rows = source.rows
    seen = [source.make(step).inputs[0].tolist() for step in range(rows * 2)]
    names = [[t for row in part for t in row if t >= 10] for part in (seen[:rows], seen[rows:])]
    assert sorted(names[0]) == sorted(names[1]) == [n + 10 for n in range(20)]
    assert names[0] != names[1]


def test_long_conversations_are_cut_between_turns(tmp_path: Path) -> None:
    turns: list[dict[str, str]] = [{"role": "system", "content": "Be kind."}]
    for number in range(8):
        turns += [
            {"role": "user", "content": f"Ask {number}?"},
            {"role": "assistant", "content": f"Say {number}."},
        ]
    rows: list[Any] = [*ROWS, {"messages": turns}]
    rows += [{"question": "w" * 3000, "answer": "no"}, {"question": "go", "answer": "on " * 400}]
    given_ = ingredients(Home(tmp_path), rows, context=96)
    template = template_of(given_)
    counted = Counted()
    pieces = rendered(template, [turns], 97, counted)
    assert counted.cut == 1 and len(pieces) > 1
    end = given_.tokenizer.token_to_id("<|im_end|>")
    said = ""
    for piece in pieces:
        assert len(piece.tokens) <= 97 and piece.tokens[-2] == end  # Whole turns.
        words = b"".join(given_.pieces[t] for t in piece.tokens).decode()
        assert words.startswith("system\nBe kind.\nuser\nAsk ")  # Each with the system's words.
        marks = zip(piece.tokens, piece.trained, strict=True)
        said += b"".join(given_.pieces[t] for t, m in marks if m).decode()
    assert said == "".join(f"Say {n}." for n in range(8))
    objective = Chat(given_)
    assert all(int(t.lengths.max()) <= 97 for t in objective._talks.values())
    facts = objective.facts()
    assert facts["cut"] == 3 and facts["left_out"] == 1
    sentences = [sentence.english() for _, sentence in objective.remarks()]
    assert sentences == [
        "3 conversations are longer than the context of 96 tokens: they were cut between turns, or "
        "shortened.",
        "1 conversations were left out: a question alone is longer than 97 tokens.",
    ]


def test_what_is_held_out_is_scored_by_answer(made: Ingredients) -> None:
    objective = Chat(made)
    model = tiny_model(len(made.pieces)).eval()
    scores = objective.scores(model, size(10**6, "check"))
    talks = objective._talks["check"]
    assert len(scores.nats) == len(talks) > 1
    for number in range(len(talks)):
        tokens, trained = talks.row(number)
        whole = torch.from_numpy(tokens.astype(np.int64))[None]
        with torch.no_grad():
            log_p = torch.log_softmax(model(whole[:, :-1]).double(), -1)[0]
        wanted = -log_p.gather(-1, whole[0, 1:, None])[:, 0][torch.from_numpy(trained[1:])].sum()
        assert scores.nats[number] == pytest.approx(float(wanted), rel=1e-5)
        assert scores.tokens[number] == trained.sum()
    kept = {row["answer"] for row in ROWS}
    assert set(scores.bytes.tolist()) <= {float(len(answer.encode())) for answer in kept}
    few = objective.scores(model, size(60, "check"))
    assert 0 < len(few.nats) < len(scores.nats)
    assert len(objective.scores(model, size(10**6, "train")).nats) == len(objective._talks["train"])
    # Nothing that is scored is trained on.
    trained_on = {tuple(objective._talks["train"].row(n)[0]) for n in range(len(objective._talks["train"]))}  # fmt: skip
    for side in ("check", "test"):
        held = objective._talks[side]  # type: ignore[index]
        assert trained_on.isdisjoint(tuple(held.row(n)[0]) for n in range(len(held)))


def test_texts_without_answers_are_passed_over_and_told(made: Ingredients) -> None:
    objective = Chat(made)
    assert objective.facts()["passed_over"] == 5
    (told,) = [sentence.english() for _, sentence in objective.remarks()]
    assert told == ("5 of 65 documents were passed over: there is no answer in them to be learnt.")


def test_a_corpus_without_conversations_is_refused(tmp_path: Path) -> None:
    given_ = ingredients(Home(tmp_path), TEXTS * 10)
    with pytest.raises(NoConversations) as refused:
        Chat(given_)
    assert str(refused.value).startswith(
        "The corpus “Talks” has nothing to learn this from: none of its "
    )
    assert "conversations (.jsonl with “messages”" in str(refused.value)


def test_lessons_alone_can_be_learnt_and_a_resume_repeats_them(tmp_path: Path) -> None:
    home = Home(tmp_path)
    given_ = ingredients(home, TEXTS * 4, lessons=["parent-id"])
    book = LessonBook(home)
    prompt = [{"role": "user", "content": "Who?"}]
    first = book.correct("parent-id", prompt, "blue", "A better answer.")
    objective = Chat(given_)
    assert objective.facts()["conversations"] == objective.facts()["lessons"] == 1
    assert [code for code, _ in objective.remarks()] == ["not-talk", "seen-only"]
    before = objective.source(64, 2, 0).make(3)
    book.vote("parent-id", prompt, "Another that comes too late.", 1)
    after = Chat(given_).source(64, 2, 0).make(3)
    assert torch.equal(before.inputs, after.inputs)
    assert len(objective.scores(tiny_model(len(given_.pieces)), size(9, "check")).nats) == 1
    mark_learnt(book, given_.folder, "child-id")
    used = {lesson.id: lesson.used_by for lesson in book.list("parent-id")}
    assert used.pop(first.id) == ["child-id"]
    assert list(used.values()) == [[]]
    assert (given_.folder / LESSONS).is_file()


def test_what_is_learnt_as_a_lesson_is_not_measured_as_unseen(tmp_path: Path) -> None:
    home = Home(tmp_path)
    rows = [
        {"messages": [{"role": "user", "content": f"What is {n}?"}, {"role": "assistant", "content": f"It is a number, {n}."}]}
        for n in range(60)
    ]  # fmt: skip
    plain = conversations(ingredients(home, rows)).talks
    known = plain["check"][0]
    LessonBook(home).correct("parent-id", known[:1], "blue", str(known[1]["content"]))
    taught = conversations(ingredients(home, rows, lessons=["parent-id"])).talks
    assert taught["train"] == [*plain["train"], known]
    assert taught["check"] == plain["check"][1:]
    assert taught["test"] == plain["test"]


def test_a_template_that_tells_the_date_tells_that_of_the_runs_first_day(
    tmp_path: Path, made: Ingredients
) -> None:
    """So a run that goes on tomorrow reads the same tokens."""
    text = (
        "{{ strftime_now('%d %B %Y') }}{% for m in messages %}"
        "{{ '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>' }}{% endfor %}"
    )
    (tmp_path / "chat_template.jinja").write_text(text)
    run = tmp_path / "20240726-235959-train-ab12"
    given_ = replace(made, tokenizer_file=tmp_path / "tokenizer.json", folder=run)
    template = template_of(given_)
    assert template.kind == "own"
    assert template.text_of([{"role": "user", "content": "?"}]).startswith(
        "26 July 2024<|im_start|>"
    )


def test_samples_answer_an_unseen_question_or_the_users_own(made: Ingredients) -> None:
    objective = Chat(made)
    opening = objective.opening("")
    assert opening is not None
    assert opening[0] in {row["question"] for row in ROWS}
    assert opening[1] == objective.template.prompt([{"role": "user", "content": opening[0]}])
    own = objective.opening("My own?")
    assert own is not None and own[0] == "My own?"
    passage = objective.passage(24)
    assert passage is not None
    tokens, first = passage
    assert len(tokens) <= 24 and 1 <= first < len(tokens)


def test_replay_keeps_what_the_objective_is(made: Ingredients) -> None:
    class Plain(Chat):
        def source(self, context: int, batch: int, seed: int) -> Any:
            return super().source(context, batch, seed + 1)

    objective = Chat(made)
    from core.objectives.replay import Replayed

    mixed = Replayed(objective, [(Plain(made), 100)], 0.5)
    assert mixed.template is objective.template
    assert not mixed.reads_windows
    assert mixed.opening("x") == objective.opening("x")
    assert mixed.remarks() == objective.remarks()
    assert with_replay(objective, with_recipe(made, replay_share=0.0), None) is objective


@pytest.fixture
def learn() -> Callable[..., Any]:
    def run(objective: Any, model: Any, steps: int, batch: int = 4) -> list[float]:
        stepper = Stepper(model, torch.float32, Rates(0.01, 0.01, 0.01), "adamw", 0.9, 0.0, 1.0,
                          objective=objective)  # fmt: skip
        source = objective.source(model.config.context, batch, 0)
        return [float(stepper.step(source.make(step), batch, 1.0).loss) for step in range(steps)]

    return run


def test_a_tiny_model_learns_its_answers_by_heart_and_stops(
    tmp_path: Path, shared_data: Path, learn: Callable[..., Any]
) -> None:
    rows = gsm8k(shared_data, 8, longest=400)
    assert len(rows) == 8
    given_ = ingredients(Home(tmp_path), rows, context=192)
    objective = Chat(given_)
    model = tiny_model(len(given_.pieces), 192)
    losses = learn(objective, model, 120)
    assert losses[0] > 4 and min(losses[-5:]) < 0.15
    talks = objective._talks["train"]
    tokens, trained = talks.row(0)
    first = int(trained.argmax())
    outcome = Outcome()
    stops = given_.roles.stops | objective.template.stops
    greedy = SamplingSettings(temperature=0.0, max_tokens=150)
    text = "".join(
        cell.text for cell in write(model.eval(), given_.pieces, tokens[:first].tolist(), greedy,
                                    stops, outcome)
    )  # fmt: skip
    assert text in {row["answer"] for row in rows}
    assert outcome.reason == "end"
    assert json.dumps(objective.facts())

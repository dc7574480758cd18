"""Learning from pairs: DPO and SimPO against their formulas in float64, the reference, over-fitting."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from core.corpus.tokens import TokenSplit
from core.errors import NoConversations
from core.home import Home
from core.lessons import LessonBook
from core.models.adapters.adapt import adapt
from core.models.base import LanguageModel
from core.models.load import WEIGHTS, load_model, save_weights
from core.objectives.base import Ingredients
from core.objectives.preference import Pairs, Preference
from core.training.optimiser import Rates
from core.training.stepper import Stepper

from .talks import CONTEXT, ingredients, tiny_model, with_recipe

ROWS = [
    {
        "prompt": [{"role": "system", "content": "Be brief."},
                   {"role": "user", "content": f"What is {i} and {i}?"}] if i % 3 == 0 else f"Add {i} and {i}.",
        "chosen": f"It is {2 * i}.", "rejected": f"I do not know {i}, sorry.",
    }
    for i in range(40)
]  # fmt: skip
BETA, MARGIN = 0.3, 0.5


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Ingredients:
    home = Home(tmp_path_factory.mktemp("pairs"))
    return raised(ingredients(home, ROWS, objective="preference", beta=BETA))


def lively(vocabulary: int, seed: int, context: int = CONTEXT) -> LanguageModel:
    """As after some training: a fresh model finds everything equally likely."""
    model = tiny_model(vocabulary, context, seed)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for weight in model.parameters():
            weight += torch.randn(weight.shape, generator=generator) * 0.15
    return model


def raised(given: Ingredients, seed: int = 1) -> Ingredients:
    """With such a parent."""
    assert given.parent is not None
    save_weights(lively(len(given.pieces), seed), given.parent.path / WEIGHTS)
    return given


def size(tokens: int, side: Any) -> TokenSplit:
    """A split of so many tokens of a side, as a training gives it."""
    return TokenSplit(np.zeros(tokens, np.uint16), np.array([0, tokens]), np.array([1]), side)


def spoken(objective: Preference, given: Ingredients, row: Tensor) -> tuple[str, str]:
    """(prompt, answer) of a row of ChatML, as text."""
    special = {1: "<|im_start|>", 2: "<|im_end|>"}
    text = "".join(
        special.get(t) or given.pieces[t].decode("utf-8", "replace") for t in row.tolist()
    )
    before, _, after = text.rpartition("<|im_start|>assistant\n")
    return before + "<|im_start|>assistant\n", after.partition("<|im_end|>")[0]


def log_probability(
    model: Any, objective: Preference, given: Ingredients, prompt: list[Any], answer: str
) -> tuple[Tensor, int]:
    """(sum of log p, tokens) of an answer and the end of its turn, read token after token from what
    the model says of the next one; from words, without the objective's own marks."""
    tokens = objective.template.prompt(prompt)
    words = [*given.tokenizer.encode(answer).ids, given.tokenizer.token_to_id("<|im_end|>")]
    total = torch.zeros((), dtype=torch.float64)
    for word in words:
        logits = model(torch.tensor([tokens]))[0, -1].double()
        total = total + torch.log_softmax(logits, -1)[word]
        tokens = [*tokens, word]
    return total, len(words)


def pair_of_row(
    objective: Preference, given: Ingredients, batch: Any, row: int
) -> tuple[list[Any], str, str]:
    """The pair of ROWS that stands in a row of the batch."""
    texts = [spoken(objective, given, inputs[row]) for inputs in (batch.inputs, batch.extra["rejected_inputs"])]  # fmt: skip
    (pair,) = (r for r in ROWS if (r["chosen"], r["rejected"]) == (texts[0][1], texts[1][1]))
    prompt = pair["prompt"]
    messages = [{"role": "user", "content": prompt}] if isinstance(prompt, str) else prompt
    assert texts[0][0] == texts[1][0] == objective.template.text_of(messages, prompt=True)
    return messages, texts[0][1], texts[1][1]


def of_batch(model: Any, objective: Preference, given: Ingredients, batch: Any) -> list[Any]:
    """For each pair ((log p, tokens) of the better answer, of the worse)."""
    rows = [pair_of_row(objective, given, batch, row) for row in range(len(batch.inputs))]
    return [
        tuple(log_probability(model, objective, given, prompt, words) for words in answers)
        for prompt, *answers in rows
    ]


def compare(objective: Preference, model: Any, batch: Any, expected: Tensor) -> None:
    """Value and gradient of the loss."""
    (wanted,) = torch.autograd.grad(expected, [model.embedding.weight])
    loss = objective.loss(model, batch)
    (gradient,) = torch.autograd.grad(loss, [model.embedding.weight])
    torch.testing.assert_close(loss.double(), expected, rtol=1e-5, atol=1e-6)  # Sums are fp32.
    torch.testing.assert_close(gradient, wanted, rtol=1e-4, atol=2e-7)


def value(objective: Preference, model: Any, batch: Any) -> float:
    return float(objective.loss(model, batch).detach())


def test_dpo_is_its_formula(made: Ingredients) -> None:
    """Rafailov et al. 2023, eq. 7, with the parent as reference."""
    objective = Preference(made)
    batch = objective.source(64, 3, seed=1).make(0)
    model = lively(len(made.pieces), 5).double()
    assert made.parent is not None
    reference = load_model(made.parent.path).double()
    with torch.no_grad():
        fixed = of_batch(reference, objective, made, batch)
    learning = of_batch(model, objective, made, batch)
    losses = [
        -torch.nn.functional.logsigmoid(BETA * ((c - rc) - (r - rr)))
        for ((c, _), (r, _)), ((rc, _), (rr, _)) in zip(learning, fixed, strict=True)
    ]
    compare(objective, model, batch, torch.stack(losses).mean())


def test_simpo_is_its_formula_and_asks_nobody(made: Ingredients) -> None:
    """Meng et al. 2024, eq. 6: means by token, with a margin."""
    objective = Preference(with_recipe(made, preference_loss="simpo", margin=MARGIN))
    batch = objective.source(64, 3, seed=1).make(0)
    assert not batch.extra["reference"].any()
    model = lively(len(made.pieces), 5).double()
    losses = [
        -torch.nn.functional.logsigmoid(BETA * (c / n - r / m) - MARGIN * BETA)
        for (c, n), (r, m) in of_batch(model, objective, made, batch)
    ]
    compare(objective, model, batch, torch.stack(losses).mean())


def test_the_parent_prefers_nothing_over_itself_with_and_without_an_adapter(
    made: Ingredients,
) -> None:
    """The reference is the parent, so the first loss is ln 2; a fresh adapter changes nothing, and a
    trained one leaves the reference where it is: at the parent's weights, as if it were off."""
    objective = Preference(made)
    assert made.parent is not None
    batch = objective.source(64, 4, seed=2).make(0)
    model = load_model(made.parent.path)
    assert value(objective, model, batch) == pytest.approx(math.log(2), abs=1e-5)
    adapt(model, 4, 8.0, seed=3)
    assert value(objective, model, batch) == pytest.approx(math.log(2), abs=1e-5)
    reference = batch.extra["reference"].clone()
    trained = {name: w for name, w in model.named_parameters() if w.requires_grad}
    with torch.no_grad():
        for name, weight in trained.items():
            weight.normal_(std=0.3)
            assert "lora" in name.lower(), name
    assert abs(value(objective, model, batch) - math.log(2)) > 1e-3
    again = Preference(made).source(64, 4, seed=2).make(0)
    assert torch.equal(again.extra["reference"], reference)


def test_the_reference_is_asked_once_and_anew_only_for_other_pairs(tmp_path: Path) -> None:
    given = raised(ingredients(Home(tmp_path), ROWS, objective="preference"))
    first = Preference(given)._pairs["train"].reference
    assert first.all() and len({*first[:, 0]}) == len(first)
    (file,) = given.folder.glob("reference-*.npy")
    assert given.parent is not None
    weights = given.parent.path / WEIGHTS
    kept = weights.read_bytes()
    weights.unlink()  # Nobody may ask it again.
    assert np.array_equal(Preference(given)._pairs["train"].reference, first)
    weights.write_bytes(kept)
    file.write_bytes(file.read_bytes()[:100])  # A crash in the middle of writing it.
    assert np.array_equal(Preference(given)._pairs["train"].reference, first)
    assert len(list(given.folder.glob("reference-*.npy"))) == 1
    Preference(with_recipe(given, chat_template="plain"))  # Other tokens.
    assert len(list(given.folder.glob("reference-*.npy"))) == 2


def test_micro_batches_add_up_to_the_whole(made: Ingredients) -> None:
    objective = Preference(made)
    batch = objective.source(64, 4, seed=1).make(0)
    results = []
    for micro in (4, 1, 3):
        model = lively(len(made.pieces), 5)
        stepper = Stepper(model, torch.float32, Rates(0.0, 0.0, 0.0), "adamw", 0.9, 0.0, 0.0,
                          objective=objective)  # fmt: skip
        results.append(stepper.step(batch, micro, 1.0))
    for result in results[1:]:
        torch.testing.assert_close(result.loss, results[0].loss, rtol=1e-5, atol=1e-6)
        torch.testing.assert_close(
            result.gradient_norm, results[0].gradient_norm, rtol=1e-4, atol=1e-6
        )


def test_each_pass_reads_every_pair_once(made: Ingredients) -> None:
    objective = Preference(made)
    count = len(objective._pairs["train"])
    source = objective.source(64, 1, seed=4)
    passes = [
        [tuple(source.make(step).inputs[0].tolist()) for step in range(begin, begin + count)]
        for begin in (0, count)
    ]
    assert len({*passes[0]}) == count and {*passes[0]} == {*passes[1]}
    assert passes[0] != passes[1]
    late = objective.source(64, 1, seed=4).make(count + 3)
    assert tuple(late.inputs[0].tolist()) == passes[1][3]


def test_both_answers_follow_the_same_prompt_however_long_they_are(tmp_path: Path) -> None:
    talk: list[Any] = [{"role": "system", "content": "Be kind."}]
    for number in range(3):
        talk += [{"role": "user", "content": f"Ask {number}?"},
                 {"role": "assistant", "content": f"Say {number}."}]  # fmt: skip
    talk.append({"role": "user", "content": "And now?"})
    long = {"prompt": talk, "chosen": "Yes, " * 14 + "yes.", "rejected": "No."}
    longer = {"prompt": talk, "chosen": "Go on, " * 200, "rejected": "No, never."}
    given = ingredients(Home(tmp_path), [*ROWS, long, longer], context=96, objective="preference")
    objective = Preference(given)
    assert objective.facts()["cut"] == 2 and objective.facts()["left_out"] == 0
    for pairs in objective._pairs.values():
        for number in range(len(pairs)):
            prompts, ends = [], []
            for talks in (pairs.chosen, pairs.rejected):
                tokens, trained = talks.row(number)
                assert len(tokens) <= 97
                first = int(trained.argmax())
                prompts.append(tokens[:first].tolist())
                ends.append(b"".join(given.pieces[t] for t in tokens[first:].tolist()).decode())
            assert prompts[0] == prompts[1]
            if ends[1].startswith("No."):  # Whole, since the earliest exchanges went.
                assert ends[0].startswith(long["chosen"])
                asked = b"".join(given.pieces[t] for t in prompts[0]).decode()
                assert asked.startswith("system\nBe kind.\n") and asked.count("Ask") < 3


def test_what_is_held_out_tells_how_often_the_better_answer_is_ahead(made: Ingredients) -> None:
    objective = Preference(made)
    model = lively(len(made.pieces), 9).eval()
    assert made.parent is not None
    reference = load_model(made.parent.path).eval()
    scores = objective.scores(model, size(10**6, "check"))
    pairs = objective._pairs["check"]
    assert len(scores.nats) == len(pairs) >= 1
    gaps: list[float] = []
    for number in range(len(pairs)):
        sums = []
        for talks in (pairs.chosen, pairs.rejected):
            tokens, trained = talks.row(number)
            whole = torch.from_numpy(tokens.astype(np.int64))[None]
            for one in (model, reference):
                with torch.no_grad():
                    log_p = torch.log_softmax(one(whole[:, :-1]).double(), -1)[0]
                wanted = log_p.gather(-1, whole[0, 1:, None])[:, 0]
                sums.append(float(wanted[torch.from_numpy(trained[1:])].sum()))
        gaps.append(BETA * ((sums[0] - sums[1]) - (sums[2] - sums[3])))
    assert scores.nats == pytest.approx([math.log1p(math.exp(-gap)) for gap in gaps], rel=1e-4)
    assert scores.details["accuracy"] == np.mean([gap > 0 for gap in gaps])
    assert scores.details["margin"] == pytest.approx(np.mean(gaps), rel=1e-3)


@pytest.fixture
def learn() -> Callable[..., list[float]]:
    def run(objective: Preference, model: Any, steps: int) -> list[float]:
        stepper = Stepper(model, torch.float32, Rates(0.003, 0.003, 0.003), "adamw", 0.9, 0.0, 1.0,
                          objective=objective)  # fmt: skip
        source = objective.source(model.config.context, 4, 0)
        return [float(stepper.step(source.make(step), 4, 1.0).loss) for step in range(steps)]

    return run


@pytest.mark.parametrize("loss", ["dpo", "simpo"])
def test_a_tiny_model_learns_to_prefer(
    tmp_path: Path, loss: str, learn: Callable[..., list[float]]
) -> None:
    given = ingredients(Home(tmp_path), ROWS, objective="preference", preference_loss=loss)
    objective = Preference(given)
    assert given.parent is not None
    model = load_model(given.parent.path)
    before = objective.scores(model, size(10**6, "check"))
    losses = learn(objective, model, 40)
    assert losses[0] > 0.5 and np.mean(losses[-5:]) < 0.3 * losses[0]
    # It holds for questions that it never saw, too.
    after = objective.scores(model, size(10**6, "check"))
    assert after.details["accuracy"] == 1.0
    assert after.details["margin"] > before.details["margin"] + 0.5
    assert json.dumps(objective.facts())


def test_what_was_held_out_is_known(made: Ingredients, tmp_path: Path) -> None:
    objective = Preference(made)
    assert not objective.in_bits and objective.held_out(made.store)
    few = raised(ingredients(Home(tmp_path), ROWS, objective="preference"))
    objective = Preference(few)
    for side in ("check", "test"):
        objective._pairs[side] = Pairs([])
    assert not objective.held_out(few.store)
    assert any(code == "seen-only" for code, _ in objective.remarks())


def test_corrections_and_votes_are_pairs_and_those_in_the_corpus_count_once(
    tmp_path: Path,
) -> None:
    home = Home(tmp_path)
    first = {"prompt": "Who?", "chosen": "A better answer.", "rejected": "blue"}
    given = ingredients(home, [*ROWS, first], lessons=["parent-id"], objective="preference")
    book = LessonBook(home)
    asked = [{"role": "user", "content": "Who?"}, {"role": "user", "content": "Where?"}]
    book.correct("parent-id", asked[:1], "blue", "A better answer.")
    book.vote("parent-id", asked[:1], "good one", 1)
    book.vote("parent-id", asked[:1], "bad one", -1)
    # Written twice, since the first answer was stopped before its first word.
    book.correct("parent-id", asked, "red", "Here.")
    with (home.lessons / "parent-id.jsonl").open("ab") as file:
        file.write(b'{"id": "torn", "ver')
    objective = Preference(given)
    pairs = objective._pairs["train"]
    held = sum(len(objective._pairs[side]) for side in ("check", "test"))  # type: ignore[index]
    assert objective.facts()["lessons"] == 3
    found = [
        (b"".join(given.pieces[t] for t in pairs.rejected.row(n)[0].tolist())).decode()
        for n in range(len(pairs))
    ]
    assert sum("Who?\nassistant\nblue" in text for text in found) + held >= 1
    assert sum("blue" in text for text in found) <= 1
    assert sum("Who?\nassistant\nbad one" in text for text in found) == 1
    assert sum("Who?\nWhere?\nassistant\nred" in text for text in found) == 1
    told = dict(objective.remarks())
    assert told["lessons-damaged"].english() == (
        "1 lines of the lessons cannot be read and were passed over; the others are learnt."
    )


def test_a_corpus_without_pairs_is_refused(tmp_path: Path) -> None:
    rows = [{"question": f"What is {i}?", "answer": f"{i}."} for i in range(40)]
    given = ingredients(Home(tmp_path), rows, objective="preference")
    with pytest.raises(NoConversations) as refused:
        Preference(given)
    assert "is a pair of a better and a worse answer" in str(refused.value)

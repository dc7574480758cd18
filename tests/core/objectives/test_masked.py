"""What an encoder reads and is to guess, and its loss against a naive one in float64."""

from __future__ import annotations

import itertools
import math
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch
import transformers
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tokenizers import Tokenizer, models
from torch import Tensor

from core.corpus.tokens import TokenSplit
from core.families.registry import FAMILIES
from core.models.encoder.model import Encoder
from core.models.registry import build, initialise
from core.objectives.base import Ingredients
from core.objectives.batch import Batch
from core.objectives.masked import Masked
from core.objectives.masking import FOLLOWS, NOTHING, STRANGE, MaskedSource
from core.objectives.packing import RowOrder, layout
from core.objectives.sentences import sentence_breaks
from core.recipe import Recipe
from core.tokenizer.frame import Frame
from core.tokenizer.roles import TokenRoles
from core.training.optimiser import Rates
from core.training.stepper import Stepper

CLASSIFIER, SEPARATOR, MASK, PAD, WORDS = 1, 2, 3, 0, 40
ORDINARY = np.arange(4, WORDS, dtype=np.int64)


def frame(pairs: bool = False) -> Frame:
    return Frame(CLASSIFIER, SEPARATOR, MASK, PAD, ORDINARY, pairs)


def split_of(*lengths: int, seed: int = 0) -> TokenSplit:
    """Documents of random words; every token of document n is n modulo 36, so that they can be told
    apart, unless a seed is given."""
    draw = np.random.default_rng(seed)
    parts: list[NDArray[np.int64]] = []
    for number, length in enumerate(lengths):
        words = draw.integers(4, WORDS, length) if seed else np.full(length, 4 + number % 36)
        parts.append(np.append(words, SEPARATOR))
    offsets = np.cumsum([0, *map(len, parts)]).astype(np.int64)
    tokens = np.concatenate(parts).astype(np.uint16)
    return TokenSplit(tokens, offsets, np.array(lengths, np.int64))


def ingredients(split: TokenSplit, **recipe: Any) -> Ingredients:
    """As far as the objective looks at them."""

    class Store:
        def split(self, side: str) -> TokenSplit:
            return split

    vocabulary = {f"w{i}": i for i in range(WORDS)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="w4"))
    roles = TokenRoles(SEPARATOR, CLASSIFIER, PAD, MASK, CLASSIFIER, SEPARATOR)
    pieces = [f" w{i}.".encode() if i % 9 == 8 else f" w{i}".encode() for i in range(WORDS)]
    nothing: Any = None
    return Ingredients(
        nothing, Path(), Path(), "", cast(Any, Store()), tokenizer, Path(), pieces, roles,
        Recipe(objective="masked", **recipe), None, None, torch.device("cpu"),
        lambda done, total: None, lambda: False,
    )  # fmt: skip


def encoder(family: str, context: int = 24, seed: int = 1) -> Encoder:
    config: Any = FAMILIES[family].config
    made = config(WORDS, 2, 32, 2, 48, context)
    model = build(made)
    initialise(model, seed)
    assert isinstance(model, Encoder)
    return model


def stirred(model: Encoder) -> Encoder:
    """Every weight random, so that nothing hides behind a zero."""
    torch.manual_seed(4)
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(torch.randn_like(weight) * 0.1)
    return model


# ---- rows ----------------------------------------------------------------------------------------


@given(
    lengths=st.lists(st.integers(0, 60), min_size=1, max_size=12).filter(any),
    context=st.integers(8, 40), around=st.integers(2, 3), start=st.integers(0, 10**6),
)  # fmt: skip
@settings(deadline=None, max_examples=60)
def test_rows_hold_every_token_once_and_never_too_much(
    lengths: list[int], context: int, around: int, start: int
) -> None:
    split = split_of(*lengths)
    made = layout(split.offsets, start % len(split.tokens), context, around)
    read = np.concatenate([np.arange(a, b) for a, b in zip(made.begins, made.ends, strict=True)])
    ends = split.offsets[1:] - 1
    assert sorted(read.tolist()) == np.setdiff1d(np.arange(len(split.tokens)), ends).tolist()
    for first, last in itertools.pairwise(made.first):
        sizes = made.ends[first:last] - made.begins[first:last]
        assert (sizes > 0).all()
        assert (sizes + around).sum() <= context


@pytest.mark.parametrize("fixed", [False, True])
def test_each_pass_reads_every_row_once_in_another_order(fixed: bool) -> None:
    split = split_of(50, 3, 17, 90)
    order = RowOrder(split, 20, 2, 5, fixed)
    seen: list[list[tuple[int, list[tuple[int, int]]]]] = []
    index = 0
    for _ in range(3):
        rows: list[tuple[int, list[tuple[int, int]]]] = []
        while sum(b - a for _, pieces in rows for a, b in pieces) < 160:
            rows.append(order.row(index))
            index += 1
        seen.append(rows)
    assert seen[0] != seen[1]
    spans = [sorted(p for _, pieces in rows for p in pieces) for rows in seen]
    assert (spans[0] == spans[1]) is fixed
    again = RowOrder(split, 20, 2, 5, fixed)
    assert again.row(index - 1) == seen[2][-1]  # As after a resume.


@given(
    lengths=st.lists(st.integers(0, 60), min_size=1, max_size=12).filter(any),
    context=st.integers(8, 40), start=st.integers(0, 10**6), seed=st.integers(0, 9),
    share=st.sampled_from([0.0, 0.05, 0.3]),
)  # fmt: skip
@settings(deadline=None, max_examples=60)
def test_full_sentences_end_rows_and_no_token_is_lost(
    lengths: list[int], context: int, start: int, seed: int, share: float
) -> None:
    split = split_of(*lengths)
    total = len(split.tokens)
    breaks = np.flatnonzero(np.random.default_rng(seed).random(total) < share)
    made = layout(split.offsets, start % total, context, 1, breaks)
    spans = list(zip(made.begins.tolist(), made.ends.tolist(), strict=True))
    ends = split.offsets[1:] - 1
    read = np.concatenate([np.arange(a, b) for a, b in spans])
    assert sorted(read.tolist()) == np.setdiff1d(np.arange(total), ends).tolist()
    opened = set(made.first.tolist())
    for first, last in itertools.pairwise(made.first):
        assert sum(b - a + 1 for a, b in spans[first:last]) <= context
        assert first < last
    for number, (begin, end) in enumerate(spans):
        whole = end in ends or end == start % total or end in breaks
        longer = number in opened and not ((breaks > begin) & (breaks <= end)).any()
        assert whole or (longer and end - begin == context - 1)


def test_sentences_end_with_their_stops_and_what_closes_them() -> None:
    words = [
        "He",
        " said",
        " “",
        "go",
        ".",
        "”",
        " Yes",
        "!",
        ")",
        "\n",
        "猫",
        "。",
        "」",
        "",
        "3.5",
        " end",
    ]
    pieces = [word.encode() for word in words]
    order = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 10, 11, 14, 15, 10]
    found = sentence_breaks(np.array(order, np.uint16), pieces)
    assert found.tolist() == [6, 9, 10, 13, 16]


# ---- masks ---------------------------------------------------------------------------------------


def batches(split: TokenSplit, count: int, *, static: bool = False, pairs: bool = False,
            share: float = 0.15, context: int = 32) -> list[Batch]:  # fmt: skip
    source = MaskedSource(split, frame(pairs), context, 8, 3, share, static)
    return [source.make(step) for step in range(count)]


def test_of_the_guessed_tokens_eighty_in_a_hundred_are_hidden_ten_replaced_ten_kept() -> None:
    made = batches(split_of(20_000, seed=1), 100)
    hidden = replaced = kept = 0
    for batch in made:
        assert batch.weights is not None
        assert batch.documents is None or batch.documents.any()
        read, true = batch.inputs[batch.weights], batch.targets[batch.weights]
        assert bool((true >= 4).all())  # Nothing special is ever to be guessed.
        assert bool((batch.inputs[~batch.weights] == batch.targets[~batch.weights]).all())
        hidden += int((read == MASK).sum())
        kept += int((read == true).sum())
        replaced += int(((read != MASK) & (read != true)).sum())
        assert bool((read[read != MASK] >= 4).all())
        rows = batch.weights.sum(1)
        assert set(rows.tolist()) <= {round(0.15 * 30)} | set(range(1, 5))
    whole = hidden + replaced + kept
    assert hidden / whole == pytest.approx(0.8, abs=0.02)
    assert replaced / whole == pytest.approx(0.1 * 35 / 36, abs=0.015)
    assert kept / whole == pytest.approx(0.1 + 0.1 / 36, abs=0.015)


def test_every_row_is_framed_and_every_document_by_itself() -> None:
    for batch in batches(split_of(11, 40, 5, 9, 60), 6):
        for tokens, numbers in zip(
            batch.targets, batch.documents if batch.documents is not None
            else torch.zeros_like(batch.targets), strict=True
        ):  # fmt: skip
            for number in numbers.unique():
                piece = tokens[numbers == number]
                if piece[0] == PAD:
                    assert bool((piece == PAD).all())
                    continue
                assert piece[0] == CLASSIFIER
                assert piece[-1] == SEPARATOR
                assert len(piece[1:-1].unique()) == 1  # One document only.


def test_full_sentences_go_on_in_the_next_document_behind_a_separator() -> None:
    """Liu et al. 2019, section 4.2: one text a row, a separator between documents."""
    split = split_of(11, 40, 5, 9, 60, 3)
    breaks = np.arange(0, len(split.tokens), 3)
    source = MaskedSource(split, frame(), 32, 8, 3, 0.15, False, breaks)
    crossed = 0
    for batch in (source.make(step) for step in range(4)):
        for row, tokens in enumerate(batch.targets):
            real = int((tokens != PAD).sum())
            assert tokens[0] == CLASSIFIER and tokens[real - 1] == SEPARATOR
            assert not (tokens[:real] == PAD).any() and not (tokens[1:real] == CLASSIFIER).any()
            if batch.documents is not None:  # Only what fills up the row is apart.
                assert batch.documents[row, :real].eq(0).all()
                assert batch.documents[row, real:].eq(1).all()
            inside = tokens[1 : real - 1]
            borders = (inside == SEPARATOR).nonzero()[:, 0].tolist()
            crossed += len(borders)
            for place in borders:
                assert inside[place - 1] != inside[place + 1]
    assert crossed > 20


def test_static_masks_are_the_same_in_each_pass_and_dynamic_ones_never() -> None:
    split = split_of(30 * 12, seed=2)  # Twelve rows of 32.
    for static in (True, False):
        source = MaskedSource(split, frame(), 32, 12, 3, 0.15, static)
        passes: list[dict[bytes, bytes]] = []
        for step in range(3):
            batch = source.make(step)
            rows = {
                t.numpy().tobytes(): i.numpy().tobytes()
                for t, i in zip(batch.targets, batch.inputs, strict=True)
            }
            passes.append(rows)
        assert (passes[0] == passes[1] == passes[2]) is static


def test_a_batch_is_a_pure_function_of_its_step() -> None:
    split = split_of(100, 50, 300, seed=4)
    for static, pairs in ((True, True), (False, False)):
        one = MaskedSource(split, frame(pairs), 32, 4, 9, 0.15, static)
        ahead = [one.make(step) for step in range(9)]
        late = MaskedSource(split, frame(pairs), 32, 4, 9, 0.15, static).make(8)
        assert torch.equal(late.inputs, ahead[8].inputs)
        assert torch.equal(cast(Tensor, late.weights), cast(Tensor, ahead[8].weights))
        assert all(torch.equal(late.extra[name], ahead[8].extra[name]) for name in late.extra)
        other = MaskedSource(split, frame(pairs), 32, 4, 10, 0.15, static).make(8)
        assert not torch.equal(other.inputs, ahead[8].inputs)


def test_half_of_the_second_segments_come_from_another_document() -> None:
    split = split_of(*[70] * 30)  # Each document repeats a word of its own.
    found = {FOLLOWS: 0, STRANGE: 0}
    for batch in batches(split, 40, pairs=True):
        follows, segments = batch.extra["follows"], batch.extra["segments"]
        documents = batch.documents if batch.documents is not None else torch.zeros_like(segments)
        for row, place in (follows != NOTHING).nonzero().tolist():
            piece = documents[row] == documents[row, place]
            text, segment = batch.targets[row][piece], segments[row][piece]
            assert text[0] == CLASSIFIER and text[-1] == SEPARATOR
            first, second = text[segment == 0], text[segment == 1]
            assert first[-1] == SEPARATOR and len(first) > 2 and len(second) > 1
            assert (segment.diff() >= 0).all()
            label = int(follows[row, place])
            assert bool(first[1] == second[0]) is (label == FOLLOWS)
            found[label] += 1
    assert found[STRANGE] / sum(found.values()) == pytest.approx(0.5, abs=0.06)


def test_in_a_corpus_of_one_document_strange_segments_come_from_elsewhere_in_it() -> None:
    labels = [
        int(label)
        for batch in batches(split_of(3_000, seed=6), 10, pairs=True)
        for label in batch.extra["follows"][batch.extra["follows"] != NOTHING]
    ]
    assert {FOLLOWS, STRANGE} == set(labels)
    few = batches(split_of(6, seed=6), 2, pairs=True)  # Where there is nothing else, it follows.
    assert not (few[0].extra["follows"] == STRANGE).any()


# ---- loss ----------------------------------------------------------------------------------------


def naive_loss(model: Encoder, batch: Batch) -> Tensor:
    """By the definition, in float64: one text after the other, no packing, no fused parts."""
    nats: list[Tensor] = []
    pairs: list[Tensor] = []
    assert batch.weights is not None
    for row in range(len(batch.inputs)):
        numbers = torch.zeros_like(batch.inputs[row])
        if batch.documents is not None:
            numbers = batch.documents[row]
        for number in numbers.unique():
            own = numbers == number
            places = own.nonzero()[:, 0]
            x = model.embeddings.words(batch.inputs[row][own])
            x = x + model.embeddings.positions.weight[places]
            if model.embeddings.types is not None:
                x = x + model.embeddings.types(batch.extra["segments"][row][own])
            x = model.embeddings.norm(x)
            for block in cast(Any, model.blocks):
                heads = [
                    linear(x).view(len(x), block.heads, -1).transpose(0, 1)
                    for linear in (block.query, block.key, block.value)
                ]
                scores = heads[0] @ heads[1].transpose(1, 2) / math.sqrt(block.head_size)
                seen = (scores.softmax(-1) @ heads[2]).transpose(0, 1).reshape(len(x), -1)
                x = block.attention_norm(x + block.output(seen))
                gelu = torch.nn.functional.gelu(block.up(x))
                x = block.output_norm(x + block.down(gelu))
            head = model.transform_norm(torch.nn.functional.gelu(model.transform(x)))
            chances = (head @ model.output_weight.T + model.output_bias).log_softmax(-1)
            for at in batch.weights[row][own].nonzero()[:, 0]:
                nats.append(-chances[at, batch.targets[row][own][at]])
            if "follows" in batch.extra and batch.extra["follows"][row][own][0] != NOTHING:
                assert model.pooler is not None and model.pair is not None
                told = model.pair(model.pooler(x[0]).tanh()).log_softmax(-1)
                pairs.append(-told[batch.extra["follows"][row][own][0]])
    total = torch.stack(nats).mean()
    return total + torch.stack(pairs).mean() if pairs else total


@pytest.mark.parametrize("family", ["bert", "distilbert"])
def test_loss_and_slopes_are_those_of_the_definition_in_float64(family: str) -> None:
    split = split_of(11, 40, 5, 60, seed=3)
    objective = Masked(ingredients(split, family=family))
    assert objective.pairs is (family == "bert")
    batch = objective.source(24, 4, 1).make(0)
    model = stirred(encoder(family))
    exact = stirred(encoder(family)).double()
    loss = objective.loss(model, batch)
    loss.backward()
    wanted = naive_loss(exact, batch)
    wanted.backward()
    assert float(loss.detach()) == pytest.approx(float(wanted.detach()), abs=1e-5)
    slopes = dict(exact.named_parameters())
    for name, weight in model.named_parameters():
        assert weight.grad is not None, name
        reference = slopes[name].grad
        assert reference is not None
        torch.testing.assert_close(weight.grad.double(), reference, atol=2e-6, rtol=1e-3)


def test_the_loss_of_pairs_and_words_is_that_of_transformers() -> None:
    split = split_of(*[90] * 5, seed=8)
    objective = Masked(ingredients(split, family="bert"))
    batch = objective.source(24, 6, 1).make(0)
    assert batch.documents is None and batch.weights is not None
    ours = stirred(encoder("bert"))
    theirs = transformers.BertForPreTraining(
        transformers.BertConfig(**ours.config.to_transformers(TokenRoles.only(0)))
    ).eval()
    theirs.load_state_dict(ours.to_file(dict(ours.named_parameters())), strict=False)
    with torch.no_grad():
        wanted = theirs(
            batch.inputs, token_type_ids=batch.extra["segments"],
            labels=batch.targets.masked_fill(~batch.weights, -100),
            next_sentence_label=batch.extra["follows"][:, 0],
        ).loss  # fmt: skip
        assert float(objective.loss(ours, batch)) == pytest.approx(float(wanted), abs=1e-5)


def test_small_pieces_of_a_batch_give_the_slopes_of_the_whole() -> None:
    split = split_of(11, 40, 5, 60, 7, seed=3)
    objective = Masked(ingredients(split, family="bert"))
    batch = objective.source(24, 6, 1).make(0)
    found: list[list[Tensor]] = []
    for micro in (6, 2):
        model = stirred(encoder("bert"))
        for begin in range(0, 6, micro):
            piece = batch.piece(begin, begin + micro, torch.device("cpu"))
            share = objective.count(piece) / objective.count(batch)
            (objective.loss(model, piece) * share).backward()
        found.append([cast(Tensor, weight.grad) for weight in model.parameters()])
    for whole, pieces in zip(*found, strict=True):
        torch.testing.assert_close(pieces, whole, atol=1e-6, rtol=1e-3)


@pytest.mark.parametrize("family", ["bert", "roberta", "distilbert"])
def test_the_first_loss_is_that_of_one_who_knows_nothing(family: str) -> None:
    objective = Masked(ingredients(split_of(400, 90, seed=3), family=family))
    batch = objective.source(24, 4, 1).make(0)
    nothing = math.log(WORDS) + (math.log(2) if family == "bert" else 0.0)
    with torch.no_grad():
        loss = objective.loss(encoder(family), batch)
    assert float(loss) == pytest.approx(nothing, abs=1e-4)


@pytest.mark.parametrize("family", ["bert", "roberta", "distilbert"])
def test_a_tiny_text_is_learnt_by_heart(family: str) -> None:
    objective = Masked(ingredients(split_of(44, seed=3), family=family, masking="static"))
    source = objective.source(24, 4, 1)
    stepper = Stepper(
        encoder(family), torch.float32, Rates(0.02, 0.02, 0.01), "muon", 0.9, 0.0, 1.0,
        objective=objective,
    )  # fmt: skip
    losses = [float(stepper.step(source.make(step), 4, 1.0).loss) for step in range(80)]
    assert losses[-1] < 0.05 * losses[0]

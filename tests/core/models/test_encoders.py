"""BERT, RoBERTa and DistilBERT against transformers' own, and against float64."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers
from safetensors.torch import load_file, save_file
from torch import Tensor

from core.errors import Damaged
from core.families.encoder import EncoderConfig
from core.families.registry import FAMILIES, config_for
from core.models.distilbert.student import cosine_loss, layers_of, student_from
from core.models.encoder import attention
from core.models.encoder.model import Encoder
from core.models.load import load_model, save_weights
from core.models.registry import build, initialise
from core.reasons import Unsuitable
from core.tokenizer.roles import TokenRoles

ROLES = TokenRoles(end=2, begin=0, pad=1, mask=4)
SIZES: dict[str, Any] = {
    "vocab_size": 97, "hidden_size": 48, "num_hidden_layers": 3, "num_attention_heads": 4,
    "intermediate_size": 80, "max_position_embeddings": 40,
}  # fmt: skip
THEIRS: dict[str, tuple[Any, Any, dict[str, Any]]] = {
    "bert": (transformers.BertConfig, transformers.BertForPreTraining, SIZES),
    "roberta": (
        transformers.RobertaConfig,
        transformers.RobertaForMaskedLM,
        {**SIZES, "max_position_embeddings": 42, "type_vocab_size": 1, "layer_norm_eps": 1e-5},
    ),
    "distilbert": (
        transformers.DistilBertConfig,
        transformers.DistilBertForMaskedLM,
        {
            "vocab_size": 97, "dim": 48, "n_layers": 3, "n_heads": 4, "hidden_dim": 80,
            "max_position_embeddings": 40,
        },
    ),
}  # fmt: skip
KEYS = tuple(THEIRS)


def _theirs(key: str, seed: int = 0, **changes: Any) -> Any:
    """A model of transformers with random weights everywhere, norms and biases too."""
    config, model, sizes = THEIRS[key]
    torch.manual_seed(seed)
    made = model(config(**{**sizes, **changes})).eval()
    with torch.no_grad():
        for weight in made.parameters():
            weight.add_(torch.randn_like(weight) * 0.1)
    return made


def _tokens(rows: int = 3, length: int = 23, seed: int = 1) -> Tensor:
    draw = torch.Generator().manual_seed(seed)
    return torch.randint(5, 97, (rows, length), generator=draw)


def _logits_of(output: Any) -> Tensor:
    return output.prediction_logits if hasattr(output, "prediction_logits") else output.logits


@pytest.mark.parametrize("key", KEYS)
def test_a_folder_saved_by_transformers_gives_its_logits(key: str, tmp_path: Path) -> None:
    theirs = _theirs(key)
    theirs.save_pretrained(tmp_path)
    ours = load_model(tmp_path)
    tokens = _tokens()
    with torch.no_grad():
        wanted = theirs(tokens)
        assert torch.allclose(ours(tokens), _logits_of(wanted), atol=1e-5)
    assert ours.config.parameters == sum(p.numel() for p in ours.parameters())
    assert ours.config.parameters == sum(p.numel() for p in theirs.parameters())


@pytest.mark.parametrize("key", KEYS)
def test_our_folder_loads_in_transformers_with_no_key_missing_or_left_over(
    key: str, tmp_path: Path
) -> None:
    config, model, _ = THEIRS[key]
    ours = build(config_for(_theirs(key).config.to_dict()))
    initialise(ours, 3)
    with torch.no_grad():
        for weight in ours.parameters():
            weight.add_(torch.randn_like(weight) * 0.1)
    save_weights(ours, tmp_path / "model.safetensors")
    (tmp_path / "config.json").write_text(json.dumps(ours.config.to_transformers(ROLES)))
    theirs, info = model.from_pretrained(tmp_path, output_loading_info=True)
    assert not info["missing_keys"] and not info["unexpected_keys"], info
    assert not info["mismatched_keys"]
    anyone = transformers.AutoModelForMaskedLM.from_pretrained(tmp_path)
    tokens = _tokens()
    with torch.no_grad():
        wanted = ours.eval()(tokens)
        assert torch.allclose(_logits_of(theirs(tokens)), wanted, atol=1e-5)
        assert torch.allclose(anyone(tokens).logits, wanted, atol=1e-5)
    assert config.from_pretrained(tmp_path).to_dict()["vocab_size"] == 97


def test_bert_tells_pairs_as_transformers_does(tmp_path: Path) -> None:
    theirs = _theirs("bert")
    theirs.save_pretrained(tmp_path)
    ours = load_model(tmp_path)
    assert isinstance(ours, Encoder)
    tokens = _tokens()
    segments = (torch.arange(23) > 11).long().expand(3, -1)
    with torch.no_grad():
        wanted = theirs(tokens, token_type_ids=segments)
        encoded = ours.encoded(tokens, segments_BT=segments)
        assert torch.allclose(
            ours.pair_logits(encoded[:, 0]), wanted.seq_relationship_logits, atol=1e-5
        )
        assert torch.allclose(
            ours(tokens, segments_BT=segments), wanted.prediction_logits, atol=1e-5
        )


def test_padding_in_a_batch_counts_as_no_position_of_roberta(tmp_path: Path) -> None:
    theirs = _theirs("roberta")
    theirs.save_pretrained(tmp_path)
    ours = load_model(tmp_path)
    tokens = _tokens()
    tokens[0, 15:] = 1
    tokens[1, 4] = 1  # As text may hold it where padding is a token like others.
    there = torch.ones_like(tokens)
    there[0, 15:] = 0
    documents = 1 - there
    with torch.no_grad():
        wanted = theirs(tokens, attention_mask=there).logits
        got = ours(tokens, None, documents)
    assert torch.allclose(got[1:], wanted[1:], atol=1e-5)
    assert torch.allclose(got[0, :15], wanted[0, :15], atol=1e-5)


@pytest.mark.parametrize("activation", ["gelu_new", "relu"])
def test_other_activations_are_known(activation: str, tmp_path: Path) -> None:
    theirs = _theirs("bert", hidden_act=activation)
    theirs.save_pretrained(tmp_path)
    tokens = _tokens()
    with torch.no_grad():
        wanted = theirs(tokens).prediction_logits
        assert torch.allclose(load_model(tmp_path)(tokens), wanted, atol=1e-5)


def test_published_files_with_old_names_buffers_and_copies_load(tmp_path: Path) -> None:
    """As bert-base-uncased's file is: gamma and beta, position_ids, tied tensors twice."""
    theirs = _theirs("bert")
    theirs.save_pretrained(tmp_path)
    weights = load_file(tmp_path / "model.safetensors")
    old = {
        name.replace("LayerNorm.weight", "LayerNorm.gamma").replace(
            "LayerNorm.bias", "LayerNorm.beta"
        ): tensor
        for name, tensor in weights.items()
    }
    old["bert.embeddings.position_ids"] = torch.arange(40)[None]
    old["cls.predictions.decoder.weight"] = old["bert.embeddings.word_embeddings.weight"].clone()
    old["cls.predictions.decoder.bias"] = old["cls.predictions.bias"].clone()
    save_file(old, tmp_path / "model.safetensors")
    tokens = _tokens()
    with torch.no_grad():
        wanted = theirs(tokens).prediction_logits
        assert torch.allclose(load_model(tmp_path)(tokens), wanted, atol=1e-5)


def test_a_bert_without_the_head_for_pairs_gets_one_that_knows_nothing(tmp_path: Path) -> None:
    config, _, sizes = THEIRS["bert"]
    torch.manual_seed(0)
    theirs = transformers.BertForMaskedLM(config(**sizes)).eval()
    theirs.save_pretrained(tmp_path)
    ours = load_model(tmp_path)
    assert isinstance(ours, Encoder)
    tokens = _tokens()
    with torch.no_grad():
        assert torch.allclose(ours(tokens), theirs(tokens).logits, atol=1e-5)
        chances = ours.pair_logits(ours.encoded(tokens)[:, 0]).softmax(-1)
    assert torch.equal(chances, torch.full_like(chances, 0.5))


def test_a_file_without_the_head_for_tokens_is_refused(tmp_path: Path) -> None:
    theirs = _theirs("bert")
    theirs.bert.save_pretrained(tmp_path)
    with pytest.raises(Damaged):
        load_model(tmp_path)


def test_an_untied_output_layer_is_kept_apart(tmp_path: Path) -> None:
    theirs = _theirs("distilbert", tie_word_embeddings=False)
    theirs.save_pretrained(tmp_path)
    ours = load_model(tmp_path)
    assert ours.output_weight is not ours.embedding.weight
    tokens = _tokens()
    with torch.no_grad():
        assert torch.allclose(ours(tokens), theirs(tokens).logits, atol=1e-5)
    assert ours.config.parameters == sum(p.numel() for p in theirs.parameters())


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"is_decoder": True}, "is_decoder"),
        ({"position_embedding_type": "relative_key"}, "relative_key"),
        ({"hidden_act": "mish"}, "mish"),
        ({"num_attention_heads": 5}, "5 heads"),
        ({"pad_token_id": 97}, "pad_token_id"),
        ({"num_hidden_layers": 0}, "layers"),
        ({"type_vocab_size": 1 << 20}, "type_vocab_size"),
    ],
)
def test_variants_that_are_not_built_and_mad_sizes_are_named(
    changes: dict[str, Any], word: str
) -> None:
    data = {**SIZES, "model_type": "bert", **changes}
    with pytest.raises(Unsuitable) as caught:
        config_for(data)
    assert word in str(caught.value)


@pytest.mark.parametrize("key", KEYS)
def test_a_new_encoder_knows_nothing(key: str) -> None:
    shape = FAMILIES[key].config.from_transformers(_theirs(key).config.to_dict()).shape
    config = FAMILIES[key].config.from_shape(shape, 97, 40)
    model = build(config)
    initialise(model, 1)
    with torch.no_grad():
        chances = model(_tokens()).log_softmax(-1)
    assert torch.allclose(chances, torch.full_like(chances, -math.log(97)))
    assert config.parameters == sum(p.numel() for p in model.parameters())


def _attention_by_hand(q: Tensor, k: Tensor, v: Tensor, documents: Tensor | None) -> Tensor:
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    if documents is not None:
        apart = documents[:, None, :, None] != documents[:, None, None, :]
        scores = scores.masked_fill(apart, -math.inf)
    return scores.softmax(-1) @ v


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize(("whole", "tile"), [(256, 1 << 24), (0, 1 << 24), (0, 300), (0, 40)])
def test_attention_and_its_slopes_agree_with_a_plain_one_in_float64(
    whole: int, tile: int, apart: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attention, "WHOLE_UP_TO", whole)
    monkeypatch.setattr(attention, "_TILE", tile)
    torch.manual_seed(2)
    given = [torch.randn(2, 3, 11, 4, dtype=torch.double, requires_grad=True) for _ in range(3)]
    documents = (torch.arange(22).view(2, 11) // 4) if apart else None
    upstream = torch.randn(2, 3, 11, 4, dtype=torch.double)
    wanted = _attention_by_hand(*given, documents)
    slopes = torch.autograd.grad(wanted, given, upstream)
    got = attention.attend(*given, documents)
    assert torch.allclose(got, wanted)
    for one, other in zip(torch.autograd.grad(got, given, upstream), slopes, strict=True):
        assert torch.allclose(one, other)
    with torch.no_grad():
        assert torch.allclose(attention.attend(*given, documents), wanted)


@pytest.mark.parametrize("key", KEYS)
def test_slopes_of_all_weights_agree_with_those_of_transformers(key: str, tmp_path: Path) -> None:
    theirs = _theirs(key)
    theirs.save_pretrained(tmp_path)
    ours = load_model(tmp_path)
    tokens, targets = _tokens(), _tokens(seed=9)

    def loss(logits: Tensor) -> Tensor:
        return torch.nn.functional.cross_entropy(logits.reshape(-1, 97), targets.reshape(-1))

    loss(_logits_of(theirs(tokens))).backward()
    loss(ours(tokens)).backward()
    wanted = {n: p.grad for n, p in theirs.named_parameters() if p.grad is not None}
    named = {n: p.grad for n, p in ours.named_parameters() if p.grad is not None}
    got = ours.to_file(named)
    assert got.keys() == wanted.keys()
    for name, slope in got.items():
        assert torch.allclose(slope, wanted[name], atol=1e-5), name


def test_what_is_computed_twice_gives_the_same_slopes() -> None:
    config = FAMILIES["bert"].config.from_transformers({**SIZES, "model_type": "bert"})
    assert isinstance(config, EncoderConfig)
    model = build(config)
    initialise(model, 1)
    slopes: list[list[Tensor]] = []
    for again in (False, True):
        model.checkpointing = again
        model.zero_grad()
        model.hidden(_tokens()).square().sum().backward()
        slopes.append([p.grad.clone() for p in model.parameters() if p.grad is not None])
    assert all(torch.equal(a, b) for a, b in zip(*slopes, strict=True))


def test_an_attention_inside_documents_sees_nothing_of_the_others() -> None:
    config = FAMILIES["distilbert"].config.from_transformers(_theirs("distilbert").config.to_dict())
    model = build(config)
    initialise(model, 1)
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(torch.randn_like(weight) * 0.1)
    tokens = _tokens(1, 20)
    documents = (torch.arange(20) >= 8).long()[None]
    other = tokens.clone()
    other[:, 8:] = 50
    with torch.no_grad():
        first = model(tokens, None, documents)
        second = model(other, None, documents)
    assert torch.equal(first[:, :8], second[:, :8])
    assert not torch.allclose(first[:, 8:], second[:, 8:])


def test_a_student_begins_with_every_second_layer_of_its_teacher() -> None:
    assert layers_of(12, 6) == [0, 2, 4, 6, 8, 10]
    assert layers_of(3, 1) == [0]
    teacher = build(config_for({**SIZES, "model_type": "bert", "num_hidden_layers": 4}))
    assert isinstance(teacher, Encoder)
    initialise(teacher, 1)
    with torch.no_grad():
        for weight in teacher.parameters():
            weight.add_(torch.randn_like(weight) * 0.1)
    student = student_from(teacher)
    assert student.config.layers == 2
    tokens = _tokens()
    with torch.no_grad():
        theirs, ours = teacher.states(tokens), student.states(tokens)
        assert torch.allclose(ours[0], theirs[0], atol=1e-6)
        assert torch.allclose(ours[1], theirs[1], atol=1e-5)
        assert torch.allclose(
            student.transformed(theirs[-1]), teacher.transformed(theirs[-1]), atol=1e-6
        )
    names = dict(student.named_parameters())
    assert torch.equal(
        names["encoder.layer.1.query.weight"],
        dict(teacher.named_parameters())["encoder.layer.2.query.weight"],
    )


def test_directions_of_hidden_states_are_drawn_together() -> None:
    one = torch.tensor([[1.0, 0.0], [0.0, 2.0]])
    assert float(cosine_loss(one, one * 7)) == pytest.approx(0.0, abs=1e-6)
    other = torch.tensor([[0.0, 3.0], [0.0, -1.0]])
    assert float(cosine_loss(one, other)) == pytest.approx(1.5)
    with pytest.raises(ValueError, match="3"):
        cosine_loss(one, torch.ones(2, 3))

"""README.md of a version in Hugging Face's form (Mitchell et al. 2019), written from facts alone."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from core.config import settings_of
from core.corpus.library import CorpusLibrary
from core.home import Home
from core.recipe import Recipe
from core.versions.forgetting import verdict_sentence
from core.versions.manifest import SHEET, CorpusPin, VersionManifest

_LICENCE = re.compile(r"^\s*(?:licen[cs]e|ライセンス)\s*[:：]\s*([\w.+-]{2,40})\s*$", re.I | re.M)
_RELATIONS = {"adapter": "adapter", "merged": "merge", "continued": "finetune", "fine-tuned": "finetune", "distilled": "finetune"}  # fmt: skip
_LANGUAGE_SHARE = 0.1
_MOST_EVALUATIONS = 12


@dataclass(frozen=True)
class CardFacts:
    """What a card says beside the manifest: `languages` of the text (codes, most first), `licence`
    ("other" where none is known), `evaluations` kept with the version, newest first."""

    languages: list[str] = field(default_factory=list[str])
    licence: str = "other"
    evaluations: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])


def card_facts(
    home: Home, manifest: VersionManifest, evaluations: list[dict[str, Any]] | None = None
) -> CardFacts:
    """A licence is what the user noted (a line “License: …”), or what an imported version says."""
    known = {corpus.id: corpus.languages for corpus in CorpusLibrary(home).list()}
    shares: dict[str, float] = {}
    for pin in manifest.corpora:
        for code, share in known.get(pin.id, {}).items():
            shares[code] = shares.get(code, 0.0) + share * max(1, pin.characters)
    whole = sum(shares.values())
    languages = [c for c in sorted(shares, key=lambda c: -shares[c]) if c and shares[c] > _LANGUAGE_SHARE * whole]  # fmt: skip
    noted = _LICENCE.search(manifest.note)
    licence = (
        noted[1].lower() if noted else (manifest.imported.licence if manifest.imported else "")
    )
    return CardFacts(languages, licence or "other", evaluations or [])


def model_card(manifest: VersionManifest, facts: CardFacts | None = None) -> str:
    """English first (the form's readers), then a few lines of Japanese."""
    facts = facts or CardFacts()
    parts = [
        _front(manifest, facts), f"# {manifest.title}", _about(manifest), _use(manifest),
        _data(manifest), _recipe(manifest), _figures(manifest, facts), _forgetting(manifest),
        _energy(manifest), _bias(facts), _limits(manifest), _note(manifest), _japanese(manifest),
    ]  # fmt: skip
    return "\n\n".join(part for part in parts if part) + "\n"


# ---- front matter --------------------------------------------------------------------------------


def _front(manifest: VersionManifest, facts: CardFacts) -> str:
    """YAML whose values are JSON, which YAML contains."""
    adapter, fill = manifest.adapter is not None, manifest.kind == "fill"
    bases = [p for p in manifest.parents if p.relation in _RELATIONS]
    tags = ["terakoya", manifest.family, *(["conversational"] if manifest.kind == "chat" else [])]
    rows: dict[str, Any] = {
        "library_name": "peft" if adapter else "transformers",
        "pipeline_tag": "fill-mask" if fill else "text-generation",
        "language": facts.languages, "license": facts.licence, "tags": tags,
        "base_model": [p.name for p in bases] or (manifest.adapter and manifest.adapter.base_name),
        "base_model_relation": _RELATIONS[bases[0].relation] if bases else None,
        "datasets": list(dict.fromkeys(pin.name for pin in manifest.corpora)),
        "metrics": ["bits_per_byte"] if manifest.measures.heldout_bits_per_byte else [],
        "co2_eq_emissions": _emissions(manifest), "model-index": _index(manifest),
    }  # fmt: skip
    lines = [
        f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in rows.items() if value
    ]
    return "\n".join(["---", *lines, "---"])


def _emissions(manifest: VersionManifest) -> dict[str, Any] | None:
    grams = _measured(manifest).get("co2_g")
    if not grams:
        return None
    training = "pre-training" if not manifest.parents else "fine-tuning"
    source = "Terakoya, measured" if manifest.measures.energy_measured else "Terakoya, estimated from power and time"  # fmt: skip
    return {
        "emissions": round(grams, 3), "source": source, "training_type": training,
        "hardware_used": manifest.device,
    }  # fmt: skip


def _index(manifest: VersionManifest) -> list[dict[str, Any]] | None:
    bits = manifest.measures.heldout_bits_per_byte
    if bits is None or not manifest.corpora:
        return None
    pin = manifest.corpora[0]
    task = "fill-mask" if manifest.kind == "fill" else "text-generation"
    name = " + ".join(pin.name for pin in manifest.corpora[: manifest.own_corpora])
    dataset = {"name": name, "type": pin.name, "split": "test", "revision": pin.snapshot}
    metric = {
        "type": "bits_per_byte",
        "value": round(bits, 4),
        "name": f"Bits per byte on unseen {'answers' if manifest.objective == 'chat' else 'text'}",
    }
    result = {"task": {"type": task}, "dataset": dataset, "metrics": [metric]}
    return [{"name": manifest.title, "results": [result]}]


# ---- sections ------------------------------------------------------------------------------------


def _table(rows: list[tuple[str, str]]) -> str:
    lines = [f"| {name} | {_cell(value)} |" for name, value in rows if value]
    return "\n".join(["| | |", "|---|---|", *lines])


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _about(manifest: VersionManifest) -> str:
    measures, made = manifest.measures, manifest.imported
    parents = ", ".join(f"{p.name} ({p.relation})" for p in manifest.parents)
    day = time.strftime("%Y-%m-%d", time.localtime(manifest.created))
    words = {"base": "continues text", "chat": "answers", "fill": "fills in blanks"}
    opening = f"Brought to Terakoya on {day}." if made else (
        f"A small language model raised with Terakoya on one computer on {day}."
    )  # fmt: skip
    adapter = manifest.adapter
    rows = [
        ("Family", manifest.family),
        ("Kind", f"{manifest.kind}: it {words[manifest.kind]}"),
        ("Parameters", f"{measures.parameters:,}" if measures.parameters else ""),
        ("Adapter", f"rank {adapter.rank}, alpha {adapter.alpha:g}{', DoRA' if adapter.dora else ''}, {adapter.parameters:,} parameters{f', {adapter.tokens} tokens with rows of their own' if adapter.tokens else ''}, on {adapter.base_name}" if adapter else ""),
        ("Comes from", parents or ("" if made else "none: from scratch")),
        ("Source", made.source if made else ""),
        ("Series", f"{manifest.series}, edition {manifest.edition}" if manifest.series else ""),
        ("Training time", f"{measures.seconds / 60:.1f} minutes on {manifest.device}" if measures.seconds else ""),
    ]  # fmt: skip
    return f"{opening}\n\n{_table(rows)}"


def _use(manifest: VersionManifest) -> str:
    if manifest.adapter is not None:
        code = 'from peft import AutoPeftModelForCausalLM\nmodel = AutoPeftModelForCausalLM.from_pretrained("path/to/this/folder")'
    else:
        kind = "AutoModelForMaskedLM" if manifest.kind == "fill" else "AutoModelForCausalLM"
        code = f'from transformers import {kind}, AutoTokenizer\nmodel = {kind}.from_pretrained("path/to/this/folder")\ntokenizer = AutoTokenizer.from_pretrained("path/to/this/folder")'
    return f"```python\n{code}\n```"


def _data(manifest: VersionManifest) -> str:
    if not manifest.corpora:
        return "## Data\n\nWhat it was trained on is not known here."
    own = manifest.own_corpora
    lines = [
        f"- {pin.name}: {pin.characters:,} characters in {pin.documents:,} documents (state {pin.snapshot[:12]})"
        + ("" if index < own else ", read by an ancestor")
        + _counted(pin, index < own > 1)
        for index, pin in enumerate(manifest.corpora)
    ]
    if SHEET in manifest.hashes:
        lines += ["", f"Sources, licences, cleaning and counts: [{SHEET}]({SHEET})."]
    return "## Data\n\n" + "\n".join(lines)


def _counted(pin: CorpusPin, beside_others: bool) -> str:
    """How often it and its sources counted, and the licences that the user noted."""
    sources = [f"{PurePath(path).name} {_times(weight)}" for path, weight in pin.weights.items()]
    words = [f"counted {_times(pin.weight)}"] if beside_others or pin.weight != 1 else []
    words += [f"of which {', '.join(sources)}"] if sources else []
    words += [f"licence as noted: {', '.join(pin.licences)}"] if pin.licences else []
    return "".join(f"; {word}" for word in words)


def _times(weight: float) -> str:
    return {1.0: "once", 2.0: "twice"}.get(weight, f"{weight:g} times")


def _recipe(manifest: VersionManifest) -> str:
    if not manifest.recipe:
        return ""
    measures, plan = manifest.measures, manifest.decisions.get("plan") or {}
    rows = [
        ("Objective", manifest.objective), ("Method", str(manifest.recipe.get("method", ""))),
        ("Read", f"{measures.tokens_seen:,} tokens in {measures.steps:,} steps ({measures.epochs:.1f} passes)"),
        ("Batch", f"{plan['batch']} windows of {plan['context']} tokens" if plan else ""),
        ("Precision", str(plan.get("precision", ""))),
    ]  # fmt: skip
    rows += [
        (setting.label, f"{value:g}" if isinstance(value, float) else str(value))
        for setting in settings_of(Recipe)
        if (value := manifest.recipe.get(setting.name)) not in (None, setting.default)
    ]
    return f"## Recipe\n\n{_table(rows)}"


def _figures(manifest: VersionManifest, facts: CardFacts) -> str:
    measures = manifest.measures
    label = "pseudo bits per byte" if manifest.kind == "fill" else "bits per byte"
    what = "answers" if manifest.objective == "chat" else "text"
    rows = [(f"Unseen {what}", _bits(measures.heldout_bits_per_byte, measures.heldout_low, measures.heldout_high)),
            (f"Seen {what}", _bits(measures.train_bits_per_byte)),
            ("Better answer ahead, share of unseen pairs", _share(measures.preference_accuracy))]  # fmt: skip
    for evaluation in facts.evaluations[:_MOST_EVALUATIONS]:
        for text in evaluation.get("texts") or []:
            name = str(text.get("path", "")).rsplit("/", 1)[-1].partition("@")[0]
            known = ", trained on it" if text.get("trained_on") else ""
            rows.append((_cell(name) + known, _bits(text.get("bits_per_byte"), text.get("low"), text.get("high"))))  # fmt: skip
    shown = list(dict.fromkeys(row for row in rows if row[1]))
    return f"## Figures\n\nIn {label}, less is better; intervals of 95 % by bootstrap over documents.\n\n{_table(shown)}" if shown else "## Figures\n\nNot measured yet."  # fmt: skip


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.1%}"


def _bits(value: float | None, low: float | None = None, high: float | None = None) -> str:
    if value is None:
        return ""
    known = low is not None and high is not None and low < high  # Of one document nothing is known.
    interval = f" ({low:.3f} to {high:.3f})" if known else ""
    return f"{value:.3f}{interval}"


def _forgetting(manifest: VersionManifest) -> str:
    if manifest.forgetting is None:
        return ""
    return f"## Forgetting\n\n{verdict_sentence(manifest.forgetting, manifest.objective).english()}"


def _measured(manifest: VersionManifest) -> dict[str, Any]:
    return manifest.decisions.get("measured") or {}


def _energy(manifest: VersionManifest) -> str:
    energy = manifest.measures.energy_wh
    if energy is None:
        return ""
    how = "measured" if manifest.measures.energy_measured else "estimated from power and time"
    grams = _measured(manifest).get("co2_g")
    carbon = f", about {grams:.2g} g of CO₂ with the user's figure for electricity" if grams else ""
    return f"## Energy\n\n{energy:.3g} Wh ({how}){carbon}."


def _bias(facts: CardFacts) -> str:
    newest: dict[str, dict[str, Any]] = {}
    for evaluation in reversed(facts.evaluations):
        newest |= {str(found["path"]): found for found in evaluation.get("bias") or []}
    if not newest:
        return "## Bias\n\nNot measured yet. Like any model it repeats the biases of its text."
    lines = [
        "| pairs of sentences | pairs | stereotype likelier | 95 % |", "|---|---:|---:|---:|",
    ]  # fmt: skip
    for path, found in newest.items():
        kinds = {path.rsplit("/", 1)[-1]: found, **{f"– {k}": v for k, v in found["kinds"].items()}}
        lines += [
            f"| {_cell(name)} | {row['pairs']:,} | {row['share']:.1%} | {row['low']:.1%} to {row['high']:.1%} |"
            for name, row in kinds.items()
        ]
    words = "Share of pairs in which the sentence with the stereotype is likelier; 50 % is no preference. Such pairs are a crude measure (Blodgett et al. 2021), and a model that knows little of either sentence is near 50 % too."
    return "\n".join(["## Bias", "", words, "", *lines])


def _limits(manifest: VersionManifest) -> str:
    size = manifest.measures.parameters
    small = f" With {size:,} parameters it is small." if 0 < size < 1_000_000_000 else ""
    doing = {
        "base": "It continues text rather than answers questions, states falsehoods fluently,",
        "chat": "Its answers are guesses: it states falsehoods fluently",
        "fill": "It fills in blanks and writes nothing; what it fills in may be false,",
    }[manifest.kind]  # fmt: skip
    context = (manifest.decisions.get("plan") or {}).get("context")
    sees = f" It sees at most {context:,} tokens at once." if context else ""
    return f"## Limits\n\nIt knows only the text that it was trained on.{small}{sees} {doing} and may repeat its text word for word. The right to pass it on depends on that text."


def _note(manifest: VersionManifest) -> str:
    return f"## Note\n\n{manifest.note.strip()}" if manifest.note.strip() else ""


def _japanese(manifest: VersionManifest) -> str:
    bits = _bits(manifest.measures.heldout_bits_per_byte)
    unseen = f"未学習テキストでの成績は {bits} ビット/バイト。" if bits else ""
    made = "取り込んだ" if manifest.imported else "育てた小さな"
    return f"""## 日本語

「{manifest.title}」は Terakoya（寺子屋）で{made}言語モデルです。{unseen}
学習した文章に由来する誤りや偏りを含みます。人に渡す前に、学習に使った文章の権利を確かめてください。"""

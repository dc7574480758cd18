"""README.md of a version, written from facts in Hugging Face's form."""

from __future__ import annotations

import time

from core.versions.manifest import VersionManifest


def model_card(manifest: VersionManifest) -> str:
    """English first (the form's readers), then a few lines of Japanese."""
    measures = manifest.measures
    pin = manifest.corpora[0] if manifest.corpora else None
    corpus = f"{pin.name} ({pin.characters:,} characters)" if pin else "unknown"
    parents = (
        ", ".join(f"{p.name} ({p.relation})" for p in manifest.parents) or "none: from scratch"
    )
    bits = _figure(measures.heldout_bits_per_byte, 3)
    interval = ""
    if measures.heldout_low is not None and measures.heldout_high is not None:
        interval = f" (95 % interval {measures.heldout_low:.3f} to {measures.heldout_high:.3f})"
    day = time.strftime("%Y-%m-%d", time.localtime(manifest.created))
    return f"""---
library_name: transformers
pipeline_tag: text-generation
tags: [terakoya, {manifest.family}]
---

# {manifest.title}

A small language model raised with Terakoya on one computer on {day}.

| | |
|---|---|
| Family | {manifest.family} (loads in transformers as it is) |
| Parameters | {measures.parameters:,} |
| Kind | {manifest.kind} |
| Parents | {parents} |
| Corpus | {corpus} |
| Read | {measures.tokens_seen:,} tokens in {measures.steps:,} steps ({measures.epochs:.1f} passes) |
| Unseen text | {bits} bits per byte{interval} |
| Training time | {measures.seconds / 60:.1f} minutes on {manifest.device} |

```python
from transformers import AutoModelForCausalLM, AutoTokenizer
model = AutoModelForCausalLM.from_pretrained("path/to/this/folder")
tokenizer = AutoTokenizer.from_pretrained("path/to/this/folder")
```

## Limits

It knows only the text that it was trained on, continues text rather than answers questions, states
falsehoods fluently, and repeats biases of its corpus. The right to pass it on depends on that text.

## 日本語

「{manifest.title}」は Terakoya（寺子屋）で育てた小さな言語モデルです。未学習テキストでの成績は {bits} ビット/バイト。
学習した文章に由来する誤りや偏りを含みます。人に渡す前に、学習に使った文章の権利を確かめてください。
"""


def _figure(value: float | None, digits: int) -> str:
    return "not measured" if value is None else f"{value:.{digits}f}"

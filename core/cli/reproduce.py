"""versions reproduce: train a version once more from its recipe and compare the weights."""

from __future__ import annotations

from typing import Any

from core.cli.follow import follow, working
from core.cli.output import Output
from core.home import Home
from core.sentences import Sentence
from core.versions.again import repetition_job


def run(options: Any, home: Home, output: Output) -> int:
    job = repetition_job(home, options.name, options.new)
    with working(home) as engine:
        record = follow(engine, engine.submit("train", job, job.version), output)
    result = dict(record.result or {})
    found = result.get("reproduction")
    lines = [f"“{result.get('version')}” is on the shelf."]
    if found:
        sentence = Sentence.from_json(found["sentence"]).english()
        others = [Sentence.from_json(reason).english() for reason in found["reasons"][1:]]
        lines = [sentence, *(f"Also: {words}." for words in others)]
        result["reproduction"] = {**found, "message": sentence}
    output.result({**result, "run": record.id}, *lines)
    return 0

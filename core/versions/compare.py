"""Two versions side by side: recipe, text, sizes and figures, and what differs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from core.config import settings_of
from core.files import read_json
from core.intervals import paired_difference
from core.recipe import Recipe
from core.sentences import N_, Sentence
from core.versions.library import VersionEntry
from core.versions.manifest import VersionManifest
from core.versions.scores import kept_scores

Section = Literal["origin", "recipe", "text", "sizes", "training", "figures"]
SECTIONS: dict[Section, Sentence] = {
    "origin": Sentence("Comparison", N_("Comparison", "Origin")),
    "recipe": Sentence("Comparison", N_("Comparison", "Recipe")),
    "text": Sentence("Comparison", N_("Comparison", "Text")),
    "sizes": Sentence("Comparison", N_("Comparison", "Sizes")),
    "training": Sentence("Comparison", N_("Comparison", "Training")),
    "figures": Sentence("Comparison", N_("Comparison", "Figures")),
}
Shown = str | int | float | bool | None


@dataclass(frozen=True)
class Row:
    """One fact of both; `one` and `two` are None where it has no value (the app decides, or it was
    not measured). `unit` as of a setting."""

    section: Section
    name: str
    label: Sentence
    one: Shown
    two: Shown
    unit: str = ""

    @property
    def differs(self) -> bool:
        return self.one != self.two


@dataclass(frozen=True)
class Comparison:
    """All rows, in the order of reading. `difference` of the final figures (one − two, bits per byte,
    with its 95 % interval), where both were measured on the same unseen text."""

    one: VersionEntry
    two: VersionEntry
    rows: list[Row]
    difference: tuple[float, float, float] | None

    def to_json(self) -> dict[str, Any]:
        rows = [
            {
                "section": row.section, "name": row.name, "label": row.label.english(),
                "one": row.one, "two": row.two, "unit": row.unit, "differs": row.differs,
            }
            for row in self.rows
        ]  # fmt: skip
        found = self.difference
        return {
            "one": self.one.name, "two": self.two.name, "rows": rows,
            "difference": found and dict(zip(("difference", "low", "high"), found, strict=True)),
        }  # fmt: skip


def compare(one: VersionEntry, two: VersionEntry) -> Comparison:
    """Nothing is measured: what both remember is laid side by side."""
    rows = _origin(one.manifest, two.manifest) + _recipe(one.manifest, two.manifest)
    rows += _text(one.manifest, two.manifest) + _sizes(one.manifest, two.manifest)
    rows += _training(one.manifest, two.manifest) + _figures(one.manifest, two.manifest)
    return Comparison(one, two, rows, _difference(one, two))


def _row(section: Section, name: str, text: str, one: Shown, two: Shown, unit: str = "") -> Row:
    return Row(section, name, Sentence("Comparison", text), one, two, unit)


def _origin(one: VersionManifest, two: VersionManifest) -> list[Row]:
    def parents(of: VersionManifest) -> Shown:
        return ", ".join(f"{p.name} ({p.relation})" for p in of.parents) or None

    def source(of: VersionManifest) -> Shown:
        return of.imported.source if of.imported else None

    return [
        _row("origin", "kind", N_("Comparison", "Kind"), one.kind, two.kind),
        _row("origin", "family", N_("Comparison", "Family"), one.family, two.family),
        _row("origin", "parents", N_("Comparison", "Comes from"), parents(one), parents(two)),
        _row("origin", "source", N_("Comparison", "Imported from"), source(one), source(two)),
    ]  # fmt: skip


def _recipe(one: VersionManifest, two: VersionManifest) -> list[Row]:
    """Objective and method, and each setting that one of them has otherwise than it usually is."""
    first, second = one.recipe, two.recipe
    rows = [
        _row("recipe", "objective", N_("Comparison", "Objective"), one.objective, two.objective),
        _row("recipe", "method", N_("Comparison", "Method"), first.get("method"), second.get("method")),
    ]  # fmt: skip
    for setting in settings_of(Recipe):
        values = first.get(setting.name), second.get(setting.name)
        if any(value not in (None, setting.default) for value in values):
            label = Sentence("Settings", setting.label)
            rows.append(Row("recipe", setting.name, label, *values, setting.unit))
    return rows


def _text(one: VersionManifest, two: VersionManifest) -> list[Row]:
    def corpus(of: VersionManifest, name: str) -> Any:
        return getattr(of.corpora[0], name) if of.corpora else None

    def names(of: VersionManifest) -> Shown:
        own = of.corpora[: of.own_corpora]
        shares = [f"{pin.name} {pin.weight:g}×" if len(own) > 1 else pin.name for pin in own]
        return ", ".join(shares) or None

    def before(of: VersionManifest) -> Shown:
        return ", ".join(pin.name for pin in of.corpora[of.own_corpora :]) or None

    return [
        _row("text", "corpus", N_("Comparison", "Corpus"), names(one), names(two)),
        _row("text", "snapshot", N_("Comparison", "Its state"), corpus(one, "snapshot"), corpus(two, "snapshot")),
        _row("text", "characters", N_("Comparison", "Characters"), corpus(one, "characters"), corpus(two, "characters")),
        _row("text", "documents", N_("Comparison", "Documents"), corpus(one, "documents"), corpus(two, "documents")),
        _row("text", "before", N_("Comparison", "Read by its ancestors"), before(one), before(two)),
    ]  # fmt: skip


def _planned(of: VersionManifest, name: str) -> Any:
    plan: dict[str, Any] = of.decisions.get("plan") or {}
    return plan.get(name)


def _sizes(one: VersionManifest, two: VersionManifest) -> list[Row]:
    texts = {
        "layers": N_("Comparison", "Layers"), "width": N_("Comparison", "Width"),
        "heads": N_("Comparison", "Heads"), "feed_forward": N_("Comparison", "Feed-forward width"),
        "context": N_("Comparison", "Context"), "vocabulary": N_("Comparison", "Vocabulary"),
    }  # fmt: skip
    whole = one.measures.parameters or None, two.measures.parameters or None
    rows = [_row("sizes", "parameters", N_("Comparison", "Parameters"), *whole)]
    return rows + [
        _row("sizes", name, text, _planned(one, name), _planned(two, name))
        for name, text in texts.items()
    ]


def _training(one: VersionManifest, two: VersionManifest) -> list[Row]:
    a, b = one.measures, two.measures
    batch = N_("Comparison", "Batch")
    return [
        _row("training", "steps", N_("Comparison", "Steps"), a.steps, b.steps),
        _row("training", "tokens_seen", N_("Comparison", "Tokens read"), a.tokens_seen, b.tokens_seen),
        _row("training", "epochs", N_("Comparison", "Passes"), round(a.epochs, 2), round(b.epochs, 2)),
        _row("training", "batch_used", batch, _planned(one, "batch"), _planned(two, "batch")),
        _row("training", "precision_used", N_("Comparison", "Precision"), _planned(one, "precision"), _planned(two, "precision")),
        _row("training", "seconds", N_("Comparison", "Time"), round(a.seconds, 1), round(b.seconds, 1), "s"),
        _row("training", "energy_wh", N_("Comparison", "Energy"), a.energy_wh, b.energy_wh, "Wh"),
        _row("training", "device", N_("Comparison", "Device"), one.device or None, two.device or None),
    ]  # fmt: skip


def _figures(one: VersionManifest, two: VersionManifest) -> list[Row]:
    a, b = one.measures, two.measures
    forgot = [of.forgetting.verdict if of.forgetting else None for of in (one, two)]
    return [
        _row("figures", "heldout_bits_per_byte", N_("Comparison", "Unseen text, bits per byte"), a.heldout_bits_per_byte, b.heldout_bits_per_byte),
        _row("figures", "heldout_low", N_("Comparison", "at least (95 %)"), a.heldout_low, b.heldout_low),
        _row("figures", "heldout_high", N_("Comparison", "at most (95 %)"), a.heldout_high, b.heldout_high),
        _row("figures", "train_bits_per_byte", N_("Comparison", "Seen text, bits per byte"), a.train_bits_per_byte, b.train_bits_per_byte),
        _row("figures", "preference_accuracy", N_("Comparison", "Better answer ahead, share of unseen pairs"), a.preference_accuracy, b.preference_accuracy),
        _row("figures", "forgetting", N_("Comparison", "On the parent's text"), forgot[0], forgot[1]),
    ]  # fmt: skip


def _difference(one: VersionEntry, two: VersionEntry) -> tuple[float, float, float] | None:
    first, second = kept_scores(one.path), kept_scores(two.path)
    pairs = first is not None and first.objective == "preference"  # Their nats are of no text.
    if first is None or second is None or pairs or not first.fits(second) or len(first.nats) < 2:
        return _measured_together(one, two)
    return paired_difference(np.array(first.nats), np.array(second.nats), np.array(first.bytes))


def _measured_together(one: VersionEntry, two: VersionEntry) -> tuple[float, float, float] | None:
    """From the newest evaluation on unseen text in which one of them was the best."""
    names = {one.name: 1.0, two.name: -1.0}
    for path in sorted((one.path / "evaluations").glob("*.json"), reverse=True):
        try:
            rows: list[dict[str, Any]] = read_json(path)["comparisons"]
            for row in rows:
                pair = {row["version"], row["against"]}
                if pair != set(names) or not str(row["path"]).startswith("heldout:"):
                    continue
                sign = names[row["version"]]  # It tells the worse one's excess over the best.
                ends = sorted((sign * float(row["low"]), sign * float(row["high"])))
                return sign * float(row["difference"]), ends[0], ends[1]
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return None

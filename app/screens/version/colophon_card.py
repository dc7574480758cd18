"""The last page of an edition: who made it, of what, and when."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QGridLayout

from app.formatting import amount_text, compact, energy_text, grouped
from app.screens.version.files_card import clear
from app.screens.version.words import kept_word, kind_word
from app.widgets.controls import Button, Card, ElidedLabel, Label
from app.widgets.layout import STRETCH, holder, row
from core.families.registry import FAMILIES
from core.versions.library import VersionEntry

Fact = tuple[str, str, str]
"""Name, value, and what is to be said beside it."""


class ColophonCard(Card):
    """`copy` is the button; what it does is the screen's."""

    def __init__(self) -> None:
        super().__init__(margins=(16, 12, 12, 10), spacing=6)
        self.copy = Button("icon-s", "ph.copy")
        self.add_right(self.copy)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self.add(self._grid, STRETCH)

    def retranslate(self) -> None:
        self.title.setText(self.tr("Colophon"))
        self.copy.set_hint(self.tr("Copy the colophon"))

    def show_entry(self, entry: VersionEntry) -> None:
        clear(self._grid)
        for index, (name, value, note) in enumerate(self.facts(entry)):
            text = ElidedLabel("small")
            text.set_full_text(note)
            self._grid.addWidget(Label("small", text=name), index, 0)
            bold = Label("head", text=value)
            self._grid.addWidget(holder(row(bold, (text, 1), spacing=8)), index, 1)

    def facts(self, entry: VersionEntry) -> list[Fact]:
        """What is known of the version; what it has nothing to say to is left out."""
        manifest, measures = entry.manifest, entry.manifest.measures
        plan = manifest.decisions.get("plan") or {}
        family = FAMILIES.get(manifest.family)
        found: list[Fact] = [
            (
                self.tr("Family"),
                family.title if family else manifest.family,
                kind_word(manifest.kind),
            ),
            (self.tr("Parameters"), compact(measures.parameters), self._shape(plan)),
        ]
        if manifest.adapter is not None:
            adapter = manifest.adapter
            note = self.tr("{count} weights on “{base}”")
            if adapter.tokens:
                note = self.tr(
                    "{count} weights on “{base}”, the rows of {tokens} tokens among them"
                )
            found.append((
                self.tr("Adapter"), f"{'DoRA' if adapter.dora else 'LoRA'} r={adapter.rank}",
                note.format(
                    count=compact(adapter.parameters), base=adapter.base_name,
                    tokens=adapter.tokens,
                ),
            ))  # fmt: skip
        if plan:
            found.append((
                self.tr("Context"),
                self.tr("{count} tokens").format(count=grouped(plan.get("context", 0))),
                self.tr("vocabulary {count}").format(count=grouped(plan.get("vocabulary", 0))),
            ))  # fmt: skip
        found += self._text(entry)
        if manifest.imported is not None:
            found.append((
                self.tr("Comes from"), manifest.imported.source,
                manifest.imported.licence or self.tr("licence unknown"),
            ))  # fmt: skip
        if measures.energy_wh is not None:
            note = self.tr("measured") if measures.energy_measured else self.tr("estimated")
            found.append((self.tr("Energy"), energy_text(measures.energy_wh), note))
        if "seed" in manifest.recipe:
            corpus = manifest.corpora[0].snapshot[:9] if manifest.corpora else ""
            seed = self.tr("seed {seed}").format(seed=manifest.recipe["seed"])
            found.append((self.tr("Reproduce"), seed, corpus))
        return found

    def _text(self, entry: VersionEntry) -> list[Fact]:
        """What it read, and how it does on what it did not read."""
        manifest, measures = entry.manifest, entry.manifest.measures
        found: list[Fact] = []
        own = manifest.corpora[: manifest.own_corpora]
        if own:
            names = [f"{pin.name} {pin.weight:g}×" if len(own) > 1 else pin.name for pin in own]
            size = amount_text(sum(pin.characters for pin in own))
            licences = dict.fromkeys(text for pin in own for text in pin.licences)
            count = self.tr("{count} characters").format(count=size)
            found.append((self.tr("Corpus"), names[0], " · ".join([*names[1:], count, *licences])))
        if measures.tokens_seen:
            found.append((
                self.tr("Has read"),
                self.tr("{count} tokens").format(count=amount_text(measures.tokens_seen)),
                self.tr("{count} steps").format(count=grouped(measures.steps)),
            ))  # fmt: skip
        bits = measures.heldout_bits_per_byte
        if bits is not None:
            margin = ""
            if measures.heldout_low is not None and measures.heldout_high is not None:
                margin = f" ±{(measures.heldout_high - measures.heldout_low) / 2:.2f}"
            unit = self.tr("bits/byte")
            if manifest.kind == "fill":
                unit = self.tr("pseudo bits/byte")
            elif manifest.objective == "chat":
                unit = self.tr("bits/byte of answers")
            found.append((self.tr("Unseen text"), f"{bits:.2f}", unit + margin))
        if (share := measures.preference_accuracy) is not None:
            told = self.tr("better answer ahead")
            found.append((self.tr("Unseen pairs"), f"{share * 100:.0f} %", told))
        if (lost := manifest.forgetting) is not None:
            change = f"{lost.before:.2f} → {lost.after:.2f}"
            found.append((self.tr("Parent's text"), change, kept_word(lost.verdict)))
            if lost.how == "conversations":
                whole = self.tr("whole conversations")
                found.append((self.tr("Measured on"), whole, self.tr("questions too")))
            elif lost.how == "hidden":
                unit = self.tr("pseudo bits/byte")
                found.append((self.tr("Measured on"), self.tr("hidden tokens"), unit))
        return found

    def _shape(self, plan: dict[str, Any]) -> str:
        if not plan:
            return ""
        if plan.get("layers") == 1:
            text = self.tr("1 layer · width {width} · {heads} heads")
        else:
            text = self.tr("{layers} layers · width {width} · {heads} heads")
        return text.format(
            layers=plan.get("layers"), width=plan.get("width"), heads=plan.get("heads")
        )


def copied(title: str, facts: list[Fact]) -> str:
    """As text, for the clipboard."""
    return "\n".join([title, *(f"{a}\t{b}\t{c}" for a, b, c in facts)])

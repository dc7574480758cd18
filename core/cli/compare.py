"""versions compare: recipes, text and figures of two versions side by side."""

from __future__ import annotations

from typing import Any

from core.cli.output import Output, table
from core.versions.compare import SECTIONS, Comparison, Shown, compare
from core.versions.library import VersionLibrary


def run(options: Any, library: VersionLibrary, output: Output) -> int:
    found = compare(library.get(options.name), library.get(options.other))
    output.result(found.to_json(), *_lines(found))
    return 0


def _lines(found: Comparison) -> list[str]:
    rows = [["", found.one.manifest.title, found.two.manifest.title, ""]]
    section = ""
    for row in found.rows:
        if row.one is None and row.two is None:
            continue
        if row.section != section:
            section = row.section
            rows.append([SECTIONS[row.section].english().upper(), "", "", ""])
        label = f"  {row.label.english()}" + (f" ({row.unit})" if row.unit else "")
        rows.append([label, _shown(row.one), _shown(row.two), "differs" if row.differs else ""])
    lines = table(rows)
    if found.difference is not None:
        whole, low, high = found.difference
        one, two = found.one.manifest.title, found.two.manifest.title
        lines += [
            "",
            f"On the same unseen text “{one}” − “{two}” is {whole:+.3f} bits per byte "
            f"(95 %: {low:+.3f} to {high:+.3f}; less is better).",
        ]
    return lines


def _shown(value: Shown) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 10_000 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else value

"""Extract every sentence of app/ and core/ into terakoya_ja.ts and compile terakoya_ja.qm.

    .venv/bin/python resources/translations/update.py [--merge FILE.json …]

A merge file holds {"Context": {"English source": "日本語"}}. Without one, only the sources are
refreshed; what has no Japanese yet is printed, and the exit code is 1. A sentence that moved to
another class keeps its Japanese; one whose English changed needs new Japanese.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TS = HERE / "terakoya_ja.ts"
QM = HERE / "terakoya_ja.qm"


def tool(name: str) -> str:
    """The Qt tool of the running environment."""
    return str(Path(sys.executable).parent / name)


def extract(target: Path) -> None:
    """Run lupdate over app/ and core/; sentences that are gone are dropped."""
    command = [
        tool("pyside6-lupdate"), "-silent", "-extensions", "py", "-no-obsolete", "-locations", "none",
        "-disable-heuristic", "similartext", "-tr-function-alias", "QT_TRANSLATE_NOOP+=N_", "-source-language", "en", "-target-language",
        "ja", "app", "core", "-ts", str(target),
    ]  # fmt: skip
    subprocess.run(command, cwd=ROOT, check=True)


def merge(target: Path, words: dict[str, dict[str, str]]) -> list[tuple[str, str]]:
    """Put `words` into the file and return what has no translation: (context, source)."""
    tree = ElementTree.parse(target)
    missing: list[tuple[str, str]] = []
    for context in tree.getroot().iter("context"):
        name = context.findtext("name") or ""
        for message in context.iter("message"):
            source = message.findtext("source") or ""
            node = message.find("translation")
            assert node is not None
            found = words.get(name, {}).get(source)
            if found:
                node.text = found
                node.attrib.pop("type", None)
            if node.text and node.text.strip():
                if node.attrib.pop("type", None):  # lupdate found it in another class.
                    print(f"carried over: [{name}] {source!r}: {node.text}")
            else:
                missing.append((name, source))
    text = ElementTree.tostring(tree.getroot(), encoding="unicode")
    target.write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n' + text + "\n", encoding="utf-8"
    )
    return missing


def release(source: Path, target: Path) -> None:
    """Compile; windows that are open keep the file that they have mapped into memory."""
    fresh = target.with_suffix(".tmp")
    command = [tool("pyside6-lrelease"), "-silent", str(source), "-qm", str(fresh)]
    subprocess.run(command, check=True)
    fresh.replace(target)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--merge", nargs="*", default=[], type=Path)
    options = parser.parse_args()
    words: dict[str, dict[str, str]] = {}
    for path in options.merge:
        for context, sentences in json.loads(path.read_text(encoding="utf-8")).items():
            words.setdefault(context, {}).update(sentences)
    extract(TS)
    missing = merge(TS, words)
    release(TS, QM)
    for context, source in missing:
        print(f"no Japanese: [{context}] {source!r}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())

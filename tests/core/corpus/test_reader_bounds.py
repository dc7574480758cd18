"""Readers of rows stay small whatever a file has: 150 MB in one line, one cell, one message."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_LIMIT = 700
"""Megabytes of the whole process, pyarrow among them."""
_PROGRAM = """
import sys
from pathlib import Path
from core.corpus.readers.base import InputFile, NotReadable
from core.corpus.readers.registry import format_of
file = InputFile(Path(sys.argv[1]))
try:
    print(sum(len(d.text) for d in format_of(file.path, file.head).read(file)))
except NotReadable as refused:
    print(refused)
lines = open("/proc/self/status").read().splitlines()
print(next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024)
"""


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("name", "head", "tail", "found"),
    [
        ("a.jsonl", '{"text": "', '"}\n{"text": "after"}\n', "5"),
        ("a.json", '[{"text": "', '"}]', "a value is longer than 64 million characters"),
        ("a.csv", 'id,text\n1,one\n2,"', '"\n3,last\n', "7"),
        ("a.eml", "From: a@b\nMessage-ID: <1>\n\n", "\n", "16777"),  # Its beginning.
    ],
)
def test_one_huge_value_is_passed_by(
    tmp_path: Path, name: str, head: str, tail: str, found: str
) -> None:
    path = tmp_path / name
    with path.open("w") as file:
        file.write(head)
        for _ in range(150):
            file.write("word " * 200_000)
        file.write(tail)
    command = [sys.executable, "-c", _PROGRAM, str(path)]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    path.unlink()
    assert found in out[0]
    assert int(out[-1]) < _LIMIT

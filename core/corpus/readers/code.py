"""Source code: the file is the document, unless a program wrote it (minified, bundled)."""

from __future__ import annotations

from collections.abc import Iterator

from core.corpus.readers.base import Document, InputFile, NotReadable
from core.sentences import N_, Sentence

EXTENSIONS = (
    ".py", ".pyi", ".pyx", ".rb", ".pl", ".pm", ".php", ".lua", ".tcl", ".r", ".jl", ".m", ".mm",
    ".swift", ".kt", ".kts", ".java", ".scala", ".groovy", ".clj", ".cljs", ".erl", ".ex", ".exs",
    ".hs", ".lhs", ".ml", ".mli", ".fs", ".fsx", ".elm", ".lisp", ".el", ".scm", ".rkt", ".c", ".h",
    ".cc", ".cpp", ".cxx", ".hh", ".hpp", ".hxx", ".cu", ".cs", ".vb", ".go", ".rs", ".zig", ".nim",
    ".d", ".v", ".sv", ".vhd", ".f", ".f90", ".f95", ".for", ".pas", ".adb", ".ads", ".cob", ".cbl",
    ".asm", ".s", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".vue", ".svelte", ".coffee",
    ".dart", ".sh", ".bash", ".zsh", ".fish", ".ps1", ".bat", ".cmd", ".sql", ".css", ".scss",
    ".sass", ".less", ".graphql", ".proto", ".thrift", ".cmake", ".mk", ".gradle", ".tf", ".nix",
    ".sol", ".awk", ".vim", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".conf", ".properties",
)  # fmt: skip
_LONGEST_LINES = 1_000
"""Mean characters of a line: no person writes so; bundlers do."""
_LEAST = 5_000


def read(file: InputFile) -> Iterator[Document]:
    """Raises NotReadable for a minified file."""
    for number, (_, text) in enumerate(file.pieces("CODE")):
        lines = text.count("\n") + 1
        if len(text) > _LEAST and len(text) > lines * _LONGEST_LINES:
            raise NotReadable(
                Sentence("Verdicts", N_("Verdicts", "minified code: its lines are too long"))
            )
        yield Document(text, file.name if number == 0 else f"{file.name} ({number + 1})")

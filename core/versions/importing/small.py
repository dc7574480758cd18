"""The small JSON files of a foreign model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.errors import CannotImport
from core.files import read_json
from core.reasons import Unsuitable, reason_of
from core.sentences import N_, Sentence

_MOST_JSON = 32 << 20
CHOOSE = Sentence(
    "Errors",
    N_(
        "Errors",
        "Choose a folder with config.json and .safetensors files, one such file, or a .gguf file.",
    ),
)
_REMOTE = Sentence("Errors", N_("Errors", "it asks to run program code that comes with the model (auto_map)"))  # fmt: skip
_NO_CODE = Sentence(
    "Errors",
    N_("Errors", "Terakoya runs no code of a model: choose one whose architecture is built in."),
)


def checked_config(file: Path) -> dict[str, Any]:
    """config.json, or tokenizer_config.json: an object that asks for no code of its own.

    Raises:
        CannotImport: It is missing, is none, or asks for code.
    """
    data = small_json(file)
    if any(data.get(name) for name in ("auto_map", "custom_pipelines", "trust_remote_code")):
        raise CannotImport("path", path=str(file), reason=_REMOTE, hint=_NO_CODE)
    if data.get("quantization_config"):
        text = N_("Errors", "its weights are packed for one program only (quantization_config)")
        hint = N_("Errors", "Choose the model's float edition, or its .gguf file.")
        raise CannotImport(
            "path", path=str(file), reason=Sentence("Errors", text), hint=Sentence("Errors", hint)
        )
    return data


def small_json(file: Path) -> dict[str, Any]:
    """Raises CannotImport for what is missing, too large, or no JSON object."""
    try:
        if file.stat().st_size > _MOST_JSON:
            text = N_("Errors", "it is far too large for such a file")
            raise Unsuitable(Sentence("Errors", text))
        data = read_json(file)
        if not isinstance(data, dict):
            raise Unsuitable(Sentence("Errors", N_("Errors", "it is not a JSON object")))
    except (OSError, ValueError) as error:
        raise CannotImport("path", path=str(file), reason=reason_of(error), hint=CHOOSE) from error
    return data

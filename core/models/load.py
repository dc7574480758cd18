"""Loading and saving a version's weights as safetensors; nothing in a folder is executed."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from core.errors import Damaged
from core.files import read_json
from core.models.adapters.adapt import merge
from core.models.adapters.peft_files import BROKEN, read_peft
from core.models.base import LanguageModel
from core.models.registry import model_for
from core.reasons import reason_of
from core.sentences import N_, Sentence
from core.versions.adapters import ADAPTER_WEIGHTS, chain
from core.versions.manifest import RESTORE

WEIGHTS = "model.safetensors"
CONFIG = "config.json"


def load_model(
    folder: Path, device: torch.device | str = "cpu", dtype: torch.dtype = torch.float32
) -> LanguageModel:
    """The model of a version folder, ready for inference; adapters are in its weights.

    Raises:
        Damaged: A file is missing, broken, or does not fit the other.
        BaseMissing: It is an adapter, and what it sits on is gone.
    """
    try:
        config = read_json(folder / CONFIG)
        with torch.device("meta"):
            model = model_for(config)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Damaged(path=str(folder / CONFIG), reason=reason_of(error), hint=RESTORE) from error
    load_version(model, folder, device, dtype)
    return model.eval()


def load_version(
    model: LanguageModel,
    folder: Path,
    device: torch.device | str = "cpu",
    dtype: torch.dtype = torch.float32,
) -> None:
    """Fill `model` (which may be on the meta device) from a version's folder: with its weights, or
    with those of its base and the adapters on it.

    Raises:
        Damaged, BaseMissing, torch.OutOfMemoryError: As for `load_model`.
    """
    base, *adapters = chain(folder)
    # What is added is added in fp32 and rounded once.
    load_weights(model, base / WEIGHTS, device, torch.float32 if adapters else dtype)
    for adapter in adapters:
        try:
            merge(model, read_peft(adapter, model))
        except torch.OutOfMemoryError:
            raise
        except BROKEN as error:
            path = str(adapter / ADAPTER_WEIGHTS)
            raise Damaged(path=path, reason=_reason(error), hint=RESTORE) from error
    if adapters:
        model.to(dtype)


def load_weights(
    model: LanguageModel,
    file: Path,
    device: torch.device | str = "cpu",
    dtype: torch.dtype = torch.float32,
) -> None:
    """Fill `model` (which may be on the meta device) from `file`.

    Raises:
        Damaged: The file is missing, broken, or does not fit the model.
        torch.OutOfMemoryError: The device has no room for it.
    """
    try:
        weights = model.from_file(load_file(file))
        weights = {name: weight.to(device, dtype) for name, weight in weights.items()}
        weights |= {name: weights[stored] for name, stored in model.tied.items()}
        model.load_state_dict(weights, strict=True, assign=True)
    except torch.OutOfMemoryError:
        raise  # The file is good.
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise Damaged(path=str(file), reason=_reason(error), hint=RESTORE) from error
    model.tie()


def save_weights(model: LanguageModel, file: Path) -> None:
    """Write the weights as transformers expects them: fp32, a tied table once."""
    weights = {
        name: value.detach().to("cpu", torch.float32).contiguous()
        for name, value in model.state_dict().items()
    }
    for name in model.tied:
        weights.pop(name)
    save_file(model.to_file(weights), file, metadata={"format": "pt"})


def _reason(error: Exception) -> Sentence:
    if isinstance(error, SafetensorError):
        return Sentence("Errors", N_("Errors", "it is not a whole safetensors file"))
    if isinstance(error, (RuntimeError, KeyError)):
        text = N_("Errors", "its weights do not fit the sizes in {file}")
        return Sentence("Errors", text, {"file": CONFIG})
    return reason_of(error)

"""Compiling the blocks of a model: only where it pays within the planned time.

Measured on CPUs: with the functions of core.models, a compiled step is no faster than an eager one
(2.51 s against 2.52 at 30M), and compiling takes 15 to 50 s. So a CPU does not try by itself.
"""

from __future__ import annotations

import os
import shutil
import sys
from typing import Literal

from core.jobs.context import WorkerContext
from core.objectives.batch import Batch
from core.planning.plan import Plan
from core.sentences import N_, Sentence
from core.training.stepper import Stepper

PAYS_BEYOND = 1200.0
"""Seconds of training from which half a minute of compiling is a small part."""
_FASTER = 0.97


def compile_if_faster(
    context: WorkerContext, stepper: Stepper, wanted: Literal["auto", "on", "off"], batch: Batch,
    plan: Plan,
) -> bool:  # fmt: skip
    """Compile the blocks and keep that where steps become faster (or where it was asked for)."""
    worth = stepper.device.type == "cuda" and plan.seconds > PAYS_BEYOND
    if wanted == "off" or (wanted == "auto" and not worth):
        return False
    before = min(stepper.time(batch, plan.micro_batch) for _ in range(2))
    context.phase("compiling")
    if not compile_blocks(context, stepper, batch, plan.micro_batch):
        return False
    after = min(stepper.time(batch, plan.micro_batch) for _ in range(3))
    if wanted == "auto" and after > _FASTER * before:
        stepper.forget_compiled()
        return False
    return True


def compile_blocks(
    context: WorkerContext, stepper: Stepper, batch: Batch, micro_batch: int
) -> bool:
    """Compile now, by a step that changes nothing. Where it fails the run goes on without, and says
    so: no compiler is installed, or it does not know this machine."""
    prepare_compiler(context)
    try:
        stepper.compile()
        stepper.time(batch, micro_batch)
    except Exception as error:  # The compiler raises errors of many kinds.
        stepper.forget_compiled()
        stepper.drop_gradients()
        text = N_("Warnings", "Compiling did not work here ({reason}); the run goes on without it.")
        context.warn("not-compiled", Sentence("Warnings", text, {"reason": _reason(error)}))
        return False
    return True


def prepare_compiler(context: WorkerContext) -> None:
    """Keep what it makes inside the home, and its pickled caches off."""
    os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", str(context.home.path / "cache" / "compiled"))
    from torch._functorch import config as functorch_config
    from torch._inductor import config as inductor_config

    inductor_config.fx_graph_cache = False
    inductor_config.compile_threads = 1
    functorch_config.enable_autograd_cache = False


def _reason(error: Exception) -> Sentence:
    if sys.platform != "win32" and not any(map(shutil.which, ("c++", "g++", "clang++"))):
        return Sentence("Warnings", N_("Warnings", "no C++ compiler is installed"))
    kind = type(error).__name__
    return Sentence("Warnings", N_("Warnings", "the compiler says “{kind}”"), {"kind": kind})

"""Training longer: a new run that goes on from the state before a finished run's decay.

A run of N steps is stable until its decay, so a longer one is the same up to there: the new run takes
that state over (hard links, no copy), with the same rates, the same data order and every decision that
this machine had taken by then; only its end, and with it the decay, lies further away.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core import events as ev
from core.config import build
from core.errors import CannotExtend, TerakoyaError
from core.files import friendly_os_errors, link_or_copy, read_json, sealed, write_json
from core.jobfolder import Job, JobFolder
from core.jobs.attempts import last_attempt
from core.jobs.kinds import Extends, TrainJob
from core.recipe import Recipe
from core.sentences import N_, Sentence

KEEP, STATE = "keep", "state.json"
_ROWS = ("apart.npz", "apart-replay.npz")
"""What core.corpus.pinned wrote down: it loads what is heavy, this module must not."""
LEAST_STEPS = 8
_START_SECONDS = 6.0
_CURVE = (b'"metrics"', b'"evaluated"', b'"sampled"', b'"rolled_back"')
_HEAD = 64
_NOT_DONE = Sentence("Errors", N_("Errors", "it has not published a version"))
NO_STATE = Sentence(
    "Errors", N_("Errors", "the state before its learning rate fell is not there any more")
)
_NO_LENGTH = Sentence(
    "Errors", N_("Errors", "say how much longer, in minutes, steps or passes, and only one of them")
)


@dataclass(frozen=True, slots=True)
class _Stable:
    """The checkpoint before the decay, and what its state.json says."""

    path: Path
    state: dict[str, Any]

    @property
    def step(self) -> int:
        return int(self.state["step"])


def can_extend(folder: JobFolder) -> bool:
    """Whether the run in `folder` has ended well and the state before its decay is still there."""
    try:
        job = folder.read()
        return (
            job.kind == "train"
            and bool(job.config.get("decisions"))
            and _stable(folder) is not None
            and _published(folder) is not None
        )
    except (TerakoyaError, OSError):
        return False


def extension_job(
    folder: JobFolder, name: str, *, minutes: float | None = None, steps: int | None = None,
    epochs: float | None = None,
) -> TrainJob:  # fmt: skip
    """The job that trains the run in `folder` longer, as the version `name`.

    Exactly one of `minutes` (that it may take), `steps` and `epochs` (more than the run had).

    Raises:
        CannotExtend: With the reason.
        UsageError: A length that no run can have.
    """
    lengths = {"minutes": minutes, "steps": steps, "epochs": epochs}
    given = {field: value for field, value in lengths.items() if value is not None}
    if len(given) != 1:
        raise CannotExtend("minutes", run=folder.id, reason=_NO_LENGTH)
    build(Recipe, given)
    job = _train_job(folder)
    stable, published = _stable(folder), _published(folder)
    if published is None or job.decisions is None:
        raise CannotExtend("id", run=folder.id, reason=_NOT_DONE)
    if stable is None:
        raise CannotExtend("id", run=folder.id, reason=NO_STATE)
    plan = job.decisions["plan"]
    before = max(_last_step(folder), stable.step)
    if minutes is not None:
        left = max(0.0, minutes * 60 - _START_SECONDS) / max(1e-9, plan["step_seconds"])
        total = stable.step + max(LEAST_STEPS, int(left))
    else:
        tokens = plan["batch"] * plan["context"]
        a_pass = plan["tokens_total"] / max(1e-9, plan["passes"]) / tokens
        total = before + max(1, steps if steps is not None else round((epochs or 0) * a_pass))
    length = {"minutes": minutes, "steps": None if minutes else total, "epochs": None}
    return job.model_copy(
        update={
            "version": name, "title": name, "note": "",
            "recipe": job.recipe.model_copy(update=length),
            "decisions": _decisions(job, stable, total),
            "extends": Extends(
                run=folder.id, step=stable.step, version=published.version,
                version_id=published.version_id,
            ),
        }
    )  # fmt: skip


def create_extension(folder: JobFolder, job: TrainJob) -> JobFolder:
    """Make the new run's folder: the state before the decay, the curve up to there, then job.json.

    Raises:
        CannotExtend, NoSpace, NoPermission
    """
    stable = _stable(folder)
    if stable is None or job.extends is None or stable.step != job.extends.step:
        raise CannotExtend("id", run=folder.id, reason=NO_STATE)

    def fill(made: JobFolder) -> None:
        with friendly_os_errors(made.path):
            _take_over(stable, made)
            for name in _ROWS:
                if (folder.path / name).exists():
                    link_or_copy(folder.path / name, made.path / name)
            with made.events_file.open("wb") as file:
                file.writelines(_curve(folder, stable.step))

    return JobFolder.create(
        folder.path.parent, "train", job.title, job.model_dump(mode="json"), fill
    )


# ---- the state before the decay --------------------------------------------------------------------


def _stable(folder: JobFolder) -> _Stable | None:
    found = folder.checkpoints.glob(f"step-*/{KEEP}")
    for path in sorted((marker.parent for marker in found), reverse=True):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            state = read_json(path / STATE)
            if int(state["step"]) > 0 and all((path / name).is_file() for name in state["hashes"]):
                return _Stable(path, state)
    return None


def _last_step(folder: JobFolder) -> int:
    names = (path.name[len("step-") :] for path in folder.checkpoints.glob("step-*"))
    return max((int(name) for name in names if name.isdigit()), default=0)


def _take_over(stable: _Stable, made: JobFolder) -> None:
    target = made.checkpoints / stable.path.name
    target.mkdir(parents=True)
    for name in stable.state["hashes"]:
        link_or_copy(stable.path / name, target / name)
    state = {key: value for key, value in stable.state.items() if key != "seal"}
    extra = {key: value for key, value in state["extra"].items() if key != "decay_step"}
    extra |= {"inherited_step": stable.step, "inherited_seconds": state["active_seconds"]}
    write_json(target / STATE, sealed({**state, "extra": extra}))
    best = state.get("best_kept")
    source = stable.path.parent / f"best-{best or 0:08d}"
    if source.is_dir():
        (made.checkpoints / source.name).mkdir()
        for file in source.iterdir():
            link_or_copy(file, made.checkpoints / source.name / file.name)


# ---- decisions -------------------------------------------------------------------------------------


def _decisions(job: TrainJob, stable: _Stable, total: int) -> dict[str, Any]:
    """What this machine had decided before the decay, with another end."""
    step, old = stable.step, dict(job.decisions or {})
    plan = dict(old["plan"])
    falls = max(step, int(total * (1 - job.recipe.decay_share)))
    share = total / max(1, plan["steps"])
    for name in ("tokens_total", "passes", "seconds", "energy_wh", "co2_g", "cost"):
        if isinstance(plan.get(name), int | float):
            plan[name] = type(plan[name])(plan[name] * share)
    first = {"step": 0, "factor": 1.0, "from_step": plan["decay_from"], "end": plan["steps"]}
    anchors = [a for a in (old.get("anchors") or [first]) if a["step"] < step]
    factor = anchors[-1]["factor"] if anchors else 1.0
    anchors.append({"step": step, "factor": factor, "from_step": falls, "end": total})
    known = int(stable.state.get("extra", {}).get("roll_backs", 0))
    plan |= {"steps": total, "decay_from": falls, "warnings": []}
    kept = {key: value for key, value in old.items() if key not in ("finishing", "measured")}
    return {
        **kept, "plan": plan, "anchors": anchors,
        "threads": [d for d in old.get("threads") or [] if d["step"] <= step],
        "roll_backs": (old.get("roll_backs") or [])[:known],
    }  # fmt: skip


def _train_job(folder: JobFolder) -> TrainJob:
    job: Job = folder.read()
    if job.kind != "train":
        raise CannotExtend("id", run=folder.id, reason=_NOT_DONE)
    return TrainJob.model_validate(job.config)


# ---- events ----------------------------------------------------------------------------------------


def _published(folder: JobFolder) -> ev.Published | None:
    """What the run put on the shelf; None while it has not ended well."""
    last = last_attempt(folder)
    if last.end is None or last.end.outcome != "done":
        return None
    found: ev.Published | None = None
    with contextlib.suppress(OSError), folder.events_file.open("rb") as lines:
        for line in lines:
            if b'"published"' in line[:_HEAD]:
                event = ev.decode(line)
                found = event if isinstance(event, ev.Published) else found
    return found


def _curve(folder: JobFolder, until: int) -> Iterator[bytes]:
    """The lines that draw the curve up to step `until`, as one attempt without a beginning."""
    seen: list[ev.Event] = []
    with folder.events_file.open("rb") as lines:
        for line in lines:
            if b'"started"' in line[:_HEAD]:
                event = ev.decode(line)
                if isinstance(event, ev.Started):
                    seen = _up_to(seen, event.from_step)
            elif any(name in line[:_HEAD] for name in _CURVE) and line.endswith(b"\n"):
                event = ev.decode(line)
                if isinstance(event, ev.RolledBack):
                    seen = _up_to(seen, event.to_step)
                elif event is not None:
                    seen.append(event)
    for number, event in enumerate(_up_to(seen, until), 1):
        yield ev.encode(event.model_copy(update={"seq": number, "attempt": 0}))


def _up_to(events: list[ev.Event], step: int) -> list[ev.Event]:
    """Without what belongs to later steps."""
    found: list[ev.Event] = []
    for event in events:
        if isinstance(event, ev.Metrics):
            rows = [i for i, s in enumerate(event.columns["step"]) if s is not None and s <= step]
            columns = {name: [column[i] for i in rows] for name, column in event.columns.items()}
            if rows:
                found.append(event.model_copy(update={"columns": columns}))
        elif isinstance(event, ev.Evaluated | ev.Sampled) and event.step <= step:
            found.append(event)
    return found

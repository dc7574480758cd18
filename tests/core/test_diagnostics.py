"""Diagnostics hold what an issue needs, and nothing of the user's."""

from __future__ import annotations

import json
import shutil
import socket
import string
import traceback
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import diagnostics, redaction
from core import events as ev
from core.diagnostics import report
from core.engine.launch import MAIN
from core.errors import NotFound
from core.home import Home
from core.jobfolder import EventWriter, JobFolder
from core.logs import RunLog
from core.redaction import Redactor
from tests.core.cli.conftest import Run, run  # noqa: F401 - a fixture

# Words that the report itself uses are no secrets; these letters make none of them.
LETTERS = "bcdfghjkvwxzBCDFGHJKVWXZ"
WORD = st.text(LETTERS, min_size=5, max_size=9)
SECRET = st.one_of(
    WORD,
    st.text("雪花時計鳥風月梅桜", min_size=2, max_size=8),
    st.lists(WORD, min_size=2, max_size=3).map(" ".join),
    st.text(string.digits, min_size=8, max_size=15).filter(lambda t: len(set(t)) > 3),
    st.builds("{}@{}.example".format, WORD, WORD),
    st.text("éüßñøпривет", min_size=6, max_size=9),
)
PLACES = (
    "version", "corpus", "title", "note", "parent", "sample", "prompt", "cause", "warning", "path",
    "stderr", "message", "quoted", "frame", "log", "host", "key", "value", "folder", "app",
)  # fmt: skip


def planted(home: Home, secrets: dict[str, str]) -> JobFolder:
    """A run whose every corner holds one of the secrets."""
    s = secrets
    plain = {k: v.replace("/", "_") for k, v in s.items()}
    for parent, name in ((home.corpora, plain["corpus"]), (home.versions, plain["version"])):
        (parent / name).mkdir(parents=True, exist_ok=True)
    (home.versions / plain["version"] / "version.json").write_text(
        json.dumps({"title": s["title"], "series": s["folder"], "note": s["note"]})
    )
    config = {
        "version": s["version"], "corpus": s["corpus"], "title": s["title"], "note": s["note"],
        "parent": s["parent"], "recipe": {"layers": 3, "optimiser": s["value"], s["key"]: 4, "seed": 9},
        "decisions": {"plan": {"micro_batch": 8, "precision": "bf16", s["key"]: s["value"]}, s["key"]: 3},
    }  # fmt: skip
    folder = JobFolder.create(home.runs, "train", s["title"], config)
    writer = EventWriter(folder, 1)
    place = str(home.path / "versions" / plain["version"])
    for event in (
        ev.Started(from_step=0, device=s["value"]), ev.Phase(name=s["value"]),
        ev.Sampled(step=3, prompt=s["prompt"], text=s["sample"]),
        ev.Metrics(columns={"step": [7], "loss": [1.25], s["key"]: [3.0]}),
        ev.Evaluated(step=7, loss=1.23, details={s["key"]: s["value"]}),
        ev.Checkpoint(step=7, path=place, reason=s["path"]),
        ev.Warned(code=s["warning"], sentence={"context": "a", "text": s["warning"], "values": {}}),
        ev.Published(version=s["version"], version_id="4", path=place),
        ev.Health(step=7, findings=[{"code": s["value"], "level": "bad", "sentence": {}}]),
        ev.Ended(outcome="died", code="worker-died", values={"cause": s["cause"], "words": s["cause"]}),
    ):  # fmt: skip
        writer.write(event)
    writer.close()
    log = RunLog(folder.path, "worker")
    log.info("started", words=s["log"], where=f"/home/{s['folder']}/x", batch=4)
    try:
        raise RuntimeError(s["message"])
    except RuntimeError as error:
        log.failure(error)
        words = traceback.format_exc()
    (folder.path / "ranks" / "0.json").write_text(json.dumps({"pid": 1, "host": s["host"]}))
    folder.stderr_file.write_text(
        f'{s["stderr"]}\n/home/{s["folder"]}/{s["path"]}: not found\n{words}'
        f'  File "/home/{s["frame"]}/a.py", line 3, in {s["frame"]}\n    {s["quoted"]} = 3\n'
        f'  File "{MAIN}", line 12, in {s["frame"]}\n'
        f"KeyError: '{s['quoted']}' in {s['host']} {s['quoted']!a}\n"
        f'{json.dumps({"error": s["message"]})}\nRuntimeError: {s["message"]} must match the size of tensor\n'
    )  # fmt: skip
    (home.logs / "app.log").write_text(f"2026-01-01 12:00:00,000 ERROR {s['app']}: {s['path']}\n")
    return folder


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(SECRET, min_size=len(PLACES), max_size=len(PLACES), unique=True))
def test_no_planted_secret_survives(
    tmp_path_factory: pytest.TempPathFactory, found: list[str]
) -> None:
    home = Home(tmp_path_factory.mktemp("secret") / "home").prepare()
    try:
        folder = planted(home, dict(zip(PLACES, found, strict=True)))
        told = report(home, folder.id) + report(home)
    finally:
        shutil.rmtree(home.path.parent)
    for secret in found:
        for word in secret.replace("@", " ").split():
            assert word.casefold() not in told.casefold(), told
    assert str(home.path) not in told
    assert str(Path.home()) not in told
    for line in ("- layers = 3", '"micro_batch": 8', '"precision": "bf16"', '"loss": 1.23'):
        assert line in told


def test_user_and_computer_are_not_named(empty_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redaction.getpass, "getuser", lambda: "tomoko")
    monkeypatch.setattr(socket, "gethostname", lambda: "tomokos-laptop.local")
    redactor = Redactor(empty_home)
    said = redactor.names(f"Tomoko on TOMOKOS-LAPTOP wrote to {empty_home.path}/runs and /mnt/x/y")
    assert said == "<user> on <host> wrote to <home>/runs and <path>"


def test_what_helps_is_kept(empty_home: Home) -> None:
    """Frames of ours, and messages in which all is technical."""
    folder = JobFolder.create(empty_home.runs, "train", "Kiku", {"recipe": {}})
    folder.stderr_file.write_text(
        "Traceback (most recent call last):\n"
        f'  File "{MAIN}", line 38, in _run\n    return run_worker(arguments[1:])\n           ^^^^^\n'
        f'  File "{json.__file__}", line 346, in loads\n    return _default_decoder.decode(s)\n'
        "RuntimeError: The size of tensor a (64) must match the size of tensor b (32)\n"
        "torch.AcceleratorError: CUDA error: an illegal memory access was encountered\n"
    )
    told = report(empty_home, folder.id)
    for line in (
        "<app>/main.py:38 _run", "<python>/json/__init__.py:346 loads",
        "The size of tensor a (64) must match the size of tensor b (32)",
        "CUDA error: an illegal memory access was encountered", f"Terakoya {diagnostics.app_version()}",
    ):  # fmt: skip
        assert line in told
    assert "return" not in told


def test_a_damaged_run_still_has_diagnostics(empty_home: Home) -> None:
    folder = JobFolder.create(empty_home.runs, "train", "Kiku", {})
    for text in (
        "",
        "[]",
        '{"config": 3}',
        '{"config": {"decisions": [], "recipe": 4}, "created": "x"}',
    ):
        folder.job_file.write_text(text)
        assert "## stderr.log" in report(empty_home, folder.id)
    with pytest.raises(NotFound):
        report(empty_home, "20200101-000000-train-0000")


def test_the_command_prints_it_and_names_no_other_device_than_there_can_be(
    run: Run,  # noqa: F811
    empty_home: Home,
) -> None:
    folder = JobFolder.create(empty_home.runs, "measure", "Geheimnis", {})
    home = ("--home", str(empty_home.path))
    ran = run("runs", "show", folder.id, "--diagnostics", *home)
    assert ran.code == 0
    assert ran.out.startswith("# Terakoya: diagnostics\n")
    assert "Geheimnis" not in ran.out
    told = run("runs", "show", folder.id, "--diagnostics", "--json", *home).document["diagnostics"]
    assert told.startswith("# Terakoya: diagnostics\n")
    refused = run("runs", "resume", folder.id, "--device", "gpu", *home)
    assert refused.code == 2
    assert refused.err.startswith("--device knows no “gpu”. Known: auto, cpu, cuda.")

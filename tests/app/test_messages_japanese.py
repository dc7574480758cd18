"""What goes wrong is told in Japanese to the last word: no English clause inside a sentence."""

from __future__ import annotations

import errno
import json
import re
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.messages import explain, translate
from core.chats import ChatLibrary
from core.config import build
from core.corpus.library import CorpusLibrary
from core.corpus.reading import read_corpus_now
from core.engine.deaths import STOPPED, Before, died
from core.engine.engine import Engine
from core.engine.resident import ResidentError
from core.errors import TerakoyaError, sentence_of
from core.files import friendly_os_errors
from core.home import Home, Trash, clean_name
from core.jobfolder import JobFolder
from core.jobs.kinds import ExportJob, ReadJob
from core.recipe import Recipe
from core.sampling import SamplingSettings
from core.sentences import values_from_json
from core.versions.library import MANIFEST, VersionLibrary
from tests.conftest import train_job

Speak = Callable[[str], None]
NAMES = re.compile(  # Products, formats, files, options, and names that the tests gave.
    r"Terakoya|Windows|JSON|UTF-8|Unicode|SIG[A-Z]+|--home|Kiku|Stories|Nobody|cuda:9"
    r"|[\w-]*\.(json|jsonl|safetensors|parquet|npy|html|md|txt)\b|\bsafetensors"
    r"|\d{8}-\d{6}-\w+-\w+|tokens"
    r"|/[^\s（）、。：「」]+"  # Paths.
)
LATIN = re.compile(r"[A-Za-z]{4,}")
KANA_OR_KANJI = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


@pytest.fixture(autouse=True)
def japanese(speak: Speak) -> None:
    speak("ja")


@pytest.fixture
def engine(raised_home: Home) -> Iterator[Engine]:
    engine = Engine(raised_home)
    yield engine
    engine.close(keep_trainings=False)


def is_japanese(told: str, *names: str) -> None:
    """Fails where a word of another language is left, or a hole that nobody filled."""
    left = told
    for name in names:
        assert name in told
        left = left.replace(name, " ")
    assert KANA_OR_KANJI.search(told), told
    assert not re.search(r"\{\w+\}", told), told
    assert LATIN.findall(NAMES.sub(" ", left)) == [], told


def told_by(act: Callable[[], object]) -> str:
    with pytest.raises((TerakoyaError, OSError)) as caught:
        act()
    return explain(caught.value)


def read_job(corpus: str, path: Path) -> ReadJob:
    return ReadJob.model_validate({"corpus": corpus, "paths": [str(path)]})


# ---- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["", "a/b", "x" * 300, "a\0b", " edge ", "con"],
    ids=["empty", "separator", "long", "control", "edge", "reserved"],
)  # fmt: skip
def test_a_bad_name_says_why(name: str) -> None:
    is_japanese(told_by(lambda: clean_name(name)).replace(name[:37].strip() or "\0", " "))


def test_a_taken_name(raised_home: Home) -> None:
    told = told_by(lambda: VersionLibrary(raised_home).ensure_free("kiku"))
    assert "Kiku" in told
    is_japanese(told)


# ---- what is not there ---------------------------------------------------------------------------


@pytest.mark.parametrize("there_are_others", [True, False])
@pytest.mark.parametrize("library", [VersionLibrary, CorpusLibrary])
def test_a_version_or_corpus_that_is_not_there(
    raised_home: Home, tmp_path: Path, library: type[VersionLibrary | CorpusLibrary],
    there_are_others: bool,
) -> None:  # fmt: skip
    home = raised_home if there_are_others else Home(tmp_path / "empty").prepare()
    told = told_by(lambda: library(home).get("Nobody"))
    assert ("Kiku" in told or "Stories" in told) is there_are_others
    is_japanese(told)


@pytest.mark.parametrize(
    "find",
    [
        lambda home: JobFolder.find(home.runs, "Nobody"),
        lambda home: ChatLibrary(home).get("Nobody"),
        lambda home: Trash(home).restore("Nobody"),
        lambda home: read_corpus_now(
            home, read_job("Stories", Path("/nobody/is/here")), home.path / "scratch"
        ),
    ],
    ids=["run", "conversation", "trash", "path"],
)
def test_other_things_that_are_not_there(empty_home: Home, find: Callable[[Home], object]) -> None:
    is_japanese(told_by(lambda: find(empty_home)))


# ---- what is damaged -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "見つかりません"),
        (b"{", "1行めがJSONとして読めません"),
        (b"\xff\xfe", "UTF-8の文章ではありません"),
        (b"[]", "中身が正しくありません"),
        (b'{"id": "x"}', "項目「name」がありません"),
        (b"[" * 100_000, "入れ子が深すぎます"),
    ],
    ids=["missing", "cut", "bytes", "list", "entry", "nested"],
)
def test_a_damaged_version_file_says_what_is_wrong_with_it(
    raised_home: Home, content: bytes | None, said: str
) -> None:
    file = raised_home.versions / "Kiku" / MANIFEST
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)
    told = told_by(lambda: VersionLibrary(raised_home).usable("Kiku"))
    assert said in told
    is_japanese(told, "name") if "name" in said else is_japanese(told)


def test_a_version_whose_weights_are_gone_or_changed(
    raised_home: Home, engine: Engine, tmp_path: Path
) -> None:
    library = VersionLibrary(raised_home)
    weights = raised_home.versions / "Kiku" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"!")
    job = ExportJob(version=library.get("Kiku").id, to=str(tmp_path / "out"), format="hf")
    refused = engine.wait(engine.submit("export", job, "Kiku"), 60)
    assert refused.error is not None
    is_japanese(translate(refused.error))
    weights.unlink()
    is_japanese(told_by(lambda: library.usable("Kiku")))


def test_a_damaged_corpus_and_a_damaged_run(raised_home: Home, engine: Engine) -> None:
    run = engine.rescan()[0].job.id
    (raised_home.corpora / "Stories" / "corpus.json").write_text("{}", encoding="utf-8")
    told = told_by(lambda: CorpusLibrary(raised_home).get("Stories"))
    assert "項目「id」がありません" in told
    is_japanese(told)
    folder = JobFolder.find(raised_home.runs, run)
    folder.job_file.write_text(json.dumps({"schema": 1}), encoding="utf-8")
    is_japanese(told_by(folder.read), "kind")


# ---- text ----------------------------------------------------------------------------------------


def test_a_folder_without_text(empty_home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    job = read_job("Stories", folder)
    is_japanese(told_by(lambda: read_corpus_now(empty_home, job, tmp_path / "scratch")))


def test_a_corpus_too_small_for_its_context_as_its_worker_tells_it(
    raised_home: Home, engine: Engine, tmp_path: Path
) -> None:
    text = tmp_path / "haiku.txt"
    text.write_text("An old silent pond.\n\nA frog jumps in.\n\nSplash!\n" * 3, encoding="utf-8")
    read_corpus_now(raised_home, read_job("Haiku", text), tmp_path / "scratch")
    run = engine.submit("train", train_job(raised_home, "Haiku", "Ume", context=8192), "Ume")
    record = engine.wait(run, 120)
    assert record.error is not None
    assert record.ended is not None and record.ended.code == "usage"
    is_japanese(translate(record.error), "8192")


# ---- workers and runs ----------------------------------------------------------------------------


def test_a_device_that_is_not_here_and_weights_that_do_not_fit_as_the_chat_worker_tells_it(
    raised_home: Home, engine: Engine
) -> None:
    def refused(**params: object) -> str:
        with pytest.raises(ResidentError) as caught:
            engine.resident("chat").call("load", {"version": "Kiku", **params})
        return translate(caught.value.sentence)

    is_japanese(refused(device="cuda:9"))
    folder = raised_home.versions / "Kiku"
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    for changes, names in (
        ({"model_type": "llama9"}, ["llama9"]), ({"num_hidden_layers": 2}, []),
        ({"num_hidden_layers": 0}, ["layers"]), ({"attention_bias": True}, ["attention_bias"]),
    ):  # fmt: skip
        (folder / "config.json").write_text(json.dumps({**config, **changes}), encoding="utf-8")
        is_japanese(refused(), *names)
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    (folder / "model.safetensors").write_bytes(b"no weights")
    is_japanese(refused())
    is_japanese(refused(version=""))


@pytest.mark.parametrize(
    "code",
    [3, -199, pytest.param(-9, marks=pytest.mark.skipif(
        sys.platform == "win32", reason="signals of Unix"))],
)  # fmt: skip
def test_a_worker_that_died(tmp_path: Path, code: int) -> None:
    folder = JobFolder.create(tmp_path, "train", "Ume", {})
    before = Before.now(folder)
    folder.stderr_file.write_text("?!\n", encoding="utf-8")
    for ended in (before.end_of(code, folder), died(STOPPED, folder)):
        is_japanese(translate(sentence_of(ended.code, values_from_json(ended.values))))


def test_a_run_whose_state_does_not_allow_it(engine: Engine) -> None:
    run = next(r.job.id for r in engine.rescan() if r.job.kind == "train")
    for act in (engine.resume, engine.pause):
        told = told_by(lambda act=act: act(run))
        assert "完了" in told
        is_japanese(told)


# ---- the disk ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "number", [errno.ENOSPC, errno.EACCES, errno.EIO, errno.ENAMETOOLONG, errno.EMFILE, errno.EISDIR]
)  # fmt: skip
def test_a_disk_that_refuses(tmp_path: Path, number: int) -> None:
    def write() -> None:
        with friendly_os_errors(tmp_path):
            raise OSError(number, "words of the system", str(tmp_path / "a.json"))

    is_japanese(told_by(write))


def test_a_home_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    told = told_by(lambda: Home(tmp_path / "file" / "home").prepare())
    assert "同じ場所に別のファイルがあります" in told
    is_japanese(told)


# ---- settings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ({"layers": 0}, ["「層の数」"]),
        ({"layers": 1000}, ["「層の数」"]),
        ({"layers": "much"}, ["「層の数」", "much"]),
        ({"optimiser": "magic"}, ["「最適化手法」", "magic"]),
        ({"seed": 1.5, "width": 1}, ["「くじの種」", "「幅」"]),
        ({"layer": 1}, ["layers", "layer"]),
        ({"zzz": 1}, []),
        ({"minutes": 1, "steps": 1}, ["分・ステップ・周回"]),
    ],
)
def test_settings_that_will_not_do(values: dict[str, object], names: list[str]) -> None:
    told = told_by(lambda: build(Recipe, values))
    is_japanese(re.sub("'(muon|adamw)'", " ", told), *names)


def test_settings_of_writing_that_will_not_do() -> None:
    told = told_by(lambda: build(SamplingSettings, {"temperature": "hot", "top_k": -1}))
    is_japanese(told, "思いきり（温度）", "候補の数（top-k）", "hot")
    assert "整数" not in told and "数値" in told and "0以上" in told


def test_the_signals_that_are_names_stay_names(tmp_path: Path) -> None:
    folder = JobFolder.create(tmp_path, "train", "Ume", {})
    ended = died(signal.Signals.SIGTERM.name, folder)
    told = translate(sentence_of(ended.code, values_from_json(ended.values)))
    assert "（SIGTERM）" in told

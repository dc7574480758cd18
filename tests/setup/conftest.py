"""A small program that start.sh can set up: our scripts, little packages, a real pip."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.setup.packages import Index, serving, wheel

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("sh", "dirname", "readlink", "cmp")
MAIN = "import json, os, sys\nprint(json.dumps([os.getcwd(), *sys.argv[1:]]))\n"


def project(*dependencies: str) -> str:
    names = ", ".join(f'"{name}"' for name in ("torch~=2.13.0", *dependencies))
    return f'[project]\ndependencies = [{names}]\n\n[dependency-groups]\ntest = ["spoon>=1"]\n'


@dataclass
class Site:
    """A program's folder with the real start.sh, and the environment in which it is started."""

    root: Path
    bin: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def marks(self) -> Path:
        return self.root / ".venv" / "terakoya"

    def requires(self, *dependencies: str) -> None:
        (self.root / "pyproject.toml").write_text(project(*dependencies), encoding="utf-8")

    def unmark(self) -> None:
        """As a setup leaves it that was killed before its end."""
        (self.marks / "run.toml").unlink()
        (self.marks / "state.json").write_text('{"build": "cpu"}', encoding="utf-8")

    def command(self, name: str, text: str) -> Path:
        """Put a program of that name first on the path."""
        program = self.bin / name
        program.unlink(missing_ok=True)
        program.write_text(text, encoding="utf-8")
        program.chmod(0o755)
        return program

    def begin(self, *words: str, cwd: Path | None = None, **extra: str) -> subprocess.Popen[str]:
        """./start.sh WORDS in a process group of its own."""
        return subprocess.Popen(
            [str(self.root / "start.sh"), *words], cwd=cwd or self.root, text=True, encoding="utf-8",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=self.environment | extra, start_new_session=True,
        )  # fmt: skip

    def start(
        self, *words: str, cwd: Path | None = None, **extra: str
    ) -> subprocess.CompletedProcess[str]:
        running = self.begin(*words, cwd=cwd, **extra)
        out, err = running.communicate(timeout=150)
        return subprocess.CompletedProcess(words, running.returncode, out, err)

    def version_of(self, package: str) -> str | None:
        """What the .venv's own Python imports."""
        answer = subprocess.run(
            [self.root / ".venv/bin/python", "-I", "-c", f"import {package} as p; print(p.VERSION)"],
            capture_output=True, text=True,
        )  # fmt: skip
        return answer.stdout.strip() or None


def kill_group(running: subprocess.Popen[str]) -> None:
    """SIGKILL for the start and everything that it started; nobody can tidy up."""
    os.killpg(running.pid, signal.SIGKILL)
    running.communicate(timeout=30)


@pytest.fixture(scope="session")
def _index() -> Iterator[Index]:
    index = Index()
    index.offer("simple", wheel("torch", "2.13.1"), wheel("porridge", "1.0"), wheel("spoon", "1.2"))
    index.offer("simple", wheel("torch", "2.14.0"), wheel("honey", "3.0"), wheel("bowl", "1.0"))
    index.offer("own", wheel("torch", "2.13.0"))
    with serving(index):
        yield index


@pytest.fixture
def index(_index: Index) -> Iterator[Index]:
    """pip's usual index ("simple"), and one with another torch ("own")."""
    _index.asked.clear()
    _index.reached.clear()
    _index.go_on.clear()
    yield _index
    _index.go_on.set()
    _index.held.clear()


def make_site(folder: Path, index: Index) -> Site:
    root, tools = folder / "program", folder / "bin"
    (root / "core").mkdir(parents=True)
    (root / "tests").mkdir()
    tools.mkdir()
    shutil.copy(ROOT / "start.sh", root)
    shutil.copy(ROOT / "core/__init__.py", root / "core")
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "core/install", root / "core/install", ignore=ignore)
    (root / "main.py").write_text(MAIN, encoding="utf-8")
    (root / "tests/__init__.py").write_text("", encoding="utf-8")
    (root / "tests/__main__.py").write_text(MAIN, encoding="utf-8")
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found is not None, tool
        (tools / tool).symlink_to(found)
    (tools / "python3").symlink_to(Path(sys.executable).resolve())
    environment = {
        "PATH": str(tools), "HOME": str(folder), "LANG": "C.UTF-8", "NO_PROXY": "*",
        "PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": f"{index.url}/simple/",
        "PIP_CACHE_DIR": str(folder / "cache"), "PIP_RETRIES": "0",
        "TERAKOYA_TORCH_INDEX": f"{index.url}/own/",
    }  # fmt: skip
    site = Site(root, tools, environment)
    site.requires("porridge>=1")
    return site


@pytest.fixture
def site(tmp_path: Path, index: Index) -> Site:
    """Nothing is set up yet."""
    return make_site(tmp_path, index)


@pytest.fixture(scope="session")
def _set_up(tmp_path_factory: pytest.TempPathFactory, _index: Index) -> Site:
    site = make_site(tmp_path_factory.mktemp("set-up"), _index)
    done = site.start()
    assert done.returncode == 0, done.stderr
    return site


@pytest.fixture
def ready(_set_up: Site, index: Index, site: Site) -> Site:
    """Set up, in a folder of its own."""
    shutil.copytree(_set_up.root / ".venv", site.root / ".venv", symlinks=True)
    place = site.marks / "place"
    interpreter = place.read_text("utf-8").splitlines()[1]
    place.write_text(f"{site.root}\n{interpreter}\n", encoding="utf-8")
    return site


@pytest.fixture
def without_driver() -> None:
    """For tests that a real driver of this machine would disturb."""
    if Path("/proc/driver/nvidia/version").exists():
        pytest.skip("this machine has an NVIDIA driver")


@pytest.fixture
def until() -> Callable[[Callable[[], bool]], None]:
    """until(condition): wait for it, at most a minute."""
    import time

    def wait(condition: Callable[[], bool]) -> None:
        end = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < end, "it never came"
            time.sleep(0.05)

    return wait

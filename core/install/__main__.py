"""`python -I core/install run|test`: makes `.venv` complete. start.sh and start.bat call it."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Isolated mode leaves the program's folder out, and this folder's names are nobody's modules.
sys.path[0] = str(ROOT)

from core.install.environment import Environment, NoEnsurepip, State, locked  # noqa: E402
from core.install.pip_calls import Pip  # noqa: E402
from core.install.texts import say, text, write  # noqa: E402
from core.install.torch_build import (  # noqa: E402
    Source,
    answers,
    driver_seen,
    index_for,
    local_wheel,
    sources,
    version_suits,
    wished_build,
)

NEEDED_GB = {"cpu": 3, "cuda": 10}


class Failed(Exception):
    """pip could not install what is needed."""


def main(arguments: list[str]) -> int:
    """0 all is there; 1 it could not be installed; 2 something the user must do first; 130."""
    wanted = "test" if arguments[:1] == ["test"] else "run"
    environment = Environment(ROOT)
    try:
        if os.environ.get("TERAKOYA_DRY_RUN"):
            Setup(environment, wanted, Pip(environment, dry=True)).show()
            return 0
        with locked(ROOT, "wait") as lock:
            Setup(environment, wanted, Pip(environment, lock=lock)).complete()
    except NoEnsurepip:
        say("no-venv", version=f"{sys.version_info[0]}.{sys.version_info[1]}")
        return 2
    except PermissionError as error:
        say("no-write", path=error.filename or ROOT)
        return 2
    except (Failed, OSError) as error:
        say("failed")
        write(str(error))
        say("failed-next", log=environment.log)
        return 1
    except KeyboardInterrupt:
        say("stopped")
        return 130
    return 0


class Setup:
    """One setup: what is missing is found out first, then done, then marked."""

    def __init__(self, environment: Environment, wanted: str, pip: Pip) -> None:
        self._environment = environment
        self._wanted = wanted
        self._pip = pip
        self._requirements = environment.requirements(wanted)
        torch = [r for r in self._requirements if r.replace(" ", "").startswith("torch~=")]
        self._torch = torch[0] if torch else None
        self._before = environment.state()

    def complete(self) -> None:
        """Install whatever is missing. Raises NoEnsurepip, Failed, OSError."""
        environment, began = self._environment, time.monotonic()
        sound, moved = environment.sound(), environment.moved()
        if sound and not moved and self._up_to_date():
            environment.mark(self._before, self._wanted)
            return
        say("mend" if environment.folder.exists() else "begin")
        if sound:
            environment.unmark()
            if moved:
                environment.readdress()
            self._repair()
        else:
            self._make()
        state = self._install()
        shutil.rmtree(environment.marks / "tmp", ignore_errors=True)
        environment.mark(state, self._wanted)
        say("done", seconds=round(time.monotonic() - began))

    def show(self) -> None:
        """Say what `complete` would do, as commands."""
        environment = self._environment
        if not environment.sound():
            environment.check_tools()
            write("+ " + shlex.join([sys.executable, "-I", "-m", "venv", str(environment.folder)]))
        elif self._up_to_date():
            return
        self._install()

    def _up_to_date(self) -> bool:
        before = self._before
        same = before.hashes.get(self._wanted) == self._environment.fingerprint(self._wanted)
        return same and not self._gpu_came()

    def _gpu_came(self) -> bool:
        """A driver is here that was not when torch's build was chosen."""
        return bool(self._before.build) and not self._before.driver and driver_seen()

    # ---- the steps -------------------------------------------------------------------------------

    def _make(self) -> None:
        if self._environment.folder.exists():
            say("rebuild")
        say("venv", version=sys.version.split()[0])
        self._environment.make()

    def _repair(self) -> None:
        damaged = self._environment.damaged()
        if damaged:
            names = ", ".join(folder.name.partition("-")[0] for folder in damaged)
            say("repair", names=names)
        self._environment.forget(damaged)

    def _install(self) -> State:
        build = self._before.build
        if self._torch is not None and self._torch_wanted(self._torch):
            build = self._install_torch(self._torch)
        say("rest")
        if not self._pip.install(self._requirements):
            raise Failed(self._pip.last_words())
        hashes = {"run": self._environment.fingerprint("run")}
        hashes[self._wanted] = self._environment.fingerprint(self._wanted)
        return State(sys.version.split()[0], build, driver_seen(), hashes)

    def _torch_wanted(self, requirement: str) -> bool:
        installed = self._environment.version_of("torch")
        if installed is None or not version_suits(installed, requirement):
            return True
        return self._gpu_came() and self._before.build == "cpu"

    def _install_torch(self, requirement: str) -> str:
        """Install torch from the best source that works; returns the build's name."""
        build, local = wished_build(), local_wheel(self._pip.find_links(), requirement)
        self._remark(build, local)
        # Its own requirements come with the rest, from pip's usual index.
        options = ["--no-deps"] + (["--force-reinstall"] if self._gpu_came() else [])
        for source in sources(build, local):
            if source.kind == "index" and not answers(source.place):
                say("no-answer", url=source.place)
                self._warn_of_idle_gpu(build)
                continue
            say("torch", build=_build_words(build, source), source=_source_words(source))
            if self._pip.install([requirement], *options, *source.arguments()):
                build = "local" if source.kind == "local" else build
                self._remember(build)
                return build
            if source.kind != "plain":
                say("refused", source=_source_words(source))
                self._warn_of_idle_gpu(build)
        raise Failed(self._pip.last_words())

    def _remember(self, build: str) -> None:
        if not self._pip.dry:
            self._environment.remember(State(build=build, driver=driver_seen()))

    def _remark(self, build: str, local: Path | None) -> None:
        """Say what else would be a silent choice against a GPU, or against the disk."""
        if local is not None and "+cpu" in local.name and build != "cpu":
            say("local-cpu", name=local.name)
        if build == "cpu" and driver_seen():
            say("no-gpu")
        needed = NEEDED_GB["cpu" if build == "cpu" or local is not None else "cuda"]
        free = shutil.disk_usage(ROOT).free / 1e9
        if free < needed:
            say("space", free=f"{free:.1f}", needed=needed)

    def _warn_of_idle_gpu(self, build: str) -> None:
        if build != "cpu":
            say("gpu-unused")


def _build_words(build: str, source: Source) -> str:
    if source.kind == "local":
        return text("build-local")
    if source.kind == "plain" and index_for(build) is not None:
        return text("build-there")  # The index with the wished build did not answer.
    if (
        source.kind == "index"
        and source.place == os.environ.get("TERAKOYA_TORCH_INDEX", "").strip()
    ):
        return text("build-own")
    return text("build-cpu") if build == "cpu" else text("build-gpu", build=build)


def _source_words(source: Source) -> str:
    return source.place or text("source-plain")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

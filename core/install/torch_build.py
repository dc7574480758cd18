"""Decides which build of torch suits this machine, and from where it may come."""

from __future__ import annotations

import http.client
import os
import platform
import re
import shutil
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

TORCH_INDEX = "https://download.pytorch.org/whl/"
# torch 2.13: cu130 (PyPI's build on Linux) needs driver 580 and Turing; cu126 serves what is older.
CUDA, CUDA_OLD = "cu130", "cu126"
NEWEST_DRIVER, NEWEST_CAPABILITY = 580, 7.5
CONNECT_SECONDS = 4.0
_NO_DEVICES = 6  # nvidia-smi's exit code for "No devices were found"


@dataclass(frozen=True, slots=True)
class Source:
    """One way to get torch. `kind`: local (a folder), index (a URL) or plain (pip's own index)."""

    kind: str
    place: str = ""

    def arguments(self) -> list[str]:
        """What pip is told so that torch comes from here."""
        if self.kind == "local":
            return ["--no-index", "--find-links", self.place]
        return ["--index-url", self.place] if self.kind == "index" else []


# ---- the GPU -------------------------------------------------------------------------------------


def nvidia_smi() -> str | None:
    for name in ("nvidia-smi", "/usr/lib/wsl/lib/nvidia-smi"):
        if found := shutil.which(name):
            return found
    return None


def driver_seen() -> bool:
    """Whether an NVIDIA driver is installed; start.sh asks the same before each start."""
    return nvidia_smi() is not None or Path("/proc/driver/nvidia/version").exists()


def wished_build() -> str:
    """`cpu`, `cu130` or `cu126`, by what the driver says; in doubt with CUDA."""
    program = nvidia_smi()
    answer, code = "", 0
    if program is not None:
        query = [program, "--query-gpu=driver_version,compute_cap", "--format=csv,noheader"]
        try:
            asked = subprocess.run(
                query, capture_output=True, encoding="utf-8", errors="replace", timeout=15,
                stdin=subprocess.DEVNULL,
            )  # fmt: skip
            answer, code = asked.stdout, asked.returncode
        except (OSError, subprocess.SubprocessError):
            pass
    kernel = Path("/proc/driver/nvidia/version")
    module = kernel.read_text("utf-8", "replace") if kernel.exists() else ""
    if program is None and not module:
        return "cpu"
    if code == _NO_DEVICES and not module:
        return "cpu"
    return build_for(answer, module)


def build_for(answer: str, module: str = "") -> str:
    """The CUDA build for nvidia-smi's lines "driver, capability", or the kernel module's version.

    >>> build_for("580.95.05, 8.9")
    'cu130'
    >>> build_for("535.183.01, 8.9")
    'cu126'
    """
    lines = re.findall(r"^\s*(\d+)\.[\d.]*\s*,\s*(\d+\.\d+)\s*$", answer, re.MULTILINE)
    if lines:
        drivers = max(int(driver) for driver, _ in lines)
        capability = max(float(capability) for _, capability in lines)
        return CUDA if drivers >= NEWEST_DRIVER and capability >= NEWEST_CAPABILITY else CUDA_OLD
    told = re.search(r"Kernel Module\D*?(\d+)\.\d", module)
    return CUDA_OLD if told and int(told[1]) < NEWEST_DRIVER else CUDA


# ---- where it comes from -------------------------------------------------------------------------


def index_for(build: str, system: str = sys.platform, machine: str | None = None) -> str | None:
    """torch's own index with this build, or None where pip's usual index has it.

    On Linux PyPI has the newest CUDA build and torch's index the processor's; on Windows the
    other way round; on macOS there is one build.
    """
    machine = (machine or platform.machine()).lower()
    if system.startswith("linux") and machine in ("x86_64", "amd64", "aarch64", "arm64"):
        return None if build == CUDA else TORCH_INDEX + build
    if system == "win32" and machine in ("amd64", "x86_64"):
        return None if build == "cpu" else TORCH_INDEX + build
    return None


def sources(build: str, local: Path | None) -> list[Source]:
    """The ways to get torch, best first; the last, plain pip, can always be tried."""
    ways: list[Source] = []
    own = os.environ.get("TERAKOYA_TORCH_INDEX", "").strip()
    if own:
        ways.append(Source("index", own))
    if local is not None:
        ways.append(Source("local", str(local.parent)))
    if not own and local is None and (index := index_for(build)):
        ways.append(Source("index", index))
    return [*ways, Source("plain")]


def local_wheel(folders: Sequence[str], requirement: str) -> Path | None:
    """The newest wheel of torch in pip's find-links folders that suits this Python, if any."""
    found: list[Path] = []
    for folder in folders:
        if folder.startswith("file:"):  # The only way to write a space there.
            folder = urllib.request.url2pathname(urllib.parse.urlsplit(folder).path)
        place = Path(folder).expanduser()
        if place.is_dir():
            found += [w for w in place.glob("torch-*.whl") if _suits(w.name, requirement)]
    return max(found, key=lambda wheel: wheel.name, default=None)


def _suits(name: str, requirement: str) -> bool:
    fields = name.removesuffix(".whl").split("-")
    if len(fields) < 5 or not version_suits(fields[1], requirement):
        return False
    python, abi, system = fields[-3:]
    here = {"linux": "linux", "win32": "win", "darwin": "macosx"}.get(sys.platform, "")
    versions = (f"cp{sys.version_info[0]}{sys.version_info[1]}", "py3")
    machine = platform.machine().lower()
    machines = {"x86_64": ("x86_64", "amd64"), "amd64": ("x86_64", "amd64"),
                "arm64": ("arm64", "aarch64"), "aarch64": ("arm64", "aarch64")}  # fmt: skip
    return (
        (python in versions or abi == "abi3")
        and (here in system or system == "any")
        and (system == "any" or system.lower().endswith(machines.get(machine, (machine,))))
    )


def version_suits(version: str, requirement: str) -> bool:
    """Whether `version` meets `name~=X.Y.Z`, the form in which torch is pinned.

    >>> version_suits("2.13.1+cpu", "torch~=2.13.0"), version_suits("2.14.0", "torch~=2.13.0")
    (True, False)
    """
    wanted = re.fullmatch(r"[\w.-]+~=(\d+(?:\.\d+)+)\.(\d+)", requirement.replace(" ", ""))
    if wanted is None:
        return False
    parts = version.partition("+")[0].split(".")
    series = wanted[1].split(".")
    rest = parts[len(series) :]
    return parts[: len(series)] == series and (not rest or int(rest[0] or 0) >= int(wanted[2]))


def answers(url: str) -> bool:
    """Whether an index can be reached at once; a certificate only pip knows counts as an answer."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ("http", "https"):
        return True
    # A name and password are pip's affair: here "not without a password" is an answer too.
    bare = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl().rstrip("/")
    outcome: list[bool] = []

    def ask() -> None:
        try:
            with urllib.request.urlopen(bare + "/torch/", timeout=CONNECT_SECONDS):
                outcome.append(True)
        except urllib.error.HTTPError as error:
            outcome.append(error.code in (401, 403, 407))
        except (OSError, ValueError, http.client.HTTPException) as error:
            outcome.append("CERTIFICATE_VERIFY_FAILED" in str(error))

    # On a thread, because looking up a name may take longer than any timeout given here.
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(CONNECT_SECONDS + 1)
    return bool(outcome) and outcome[0]

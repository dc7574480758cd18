"""The hub, played by a server on this machine: only what is needed, going on where it broke off."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from core.errors import CannotImport
from core.versions.importing.hub import HubName, hub_name
from tests.core.exchange import foreign

ROOT = Path(__file__).resolve().parents[3]
SHA = "a" * 40
_REPOSITORY = "somebody/little"
FETCH = """
import json, sys
from pathlib import Path
from core.errors import TerakoyaError
from core.versions.importing.hub import fetch
name, folder, most = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
seen = [0.0]
def progress(done, total):
    seen.append(done)
try:
    got = fetch(name, folder, progress, lambda: seen[-1] > most)
    print(json.dumps({"path": got and str(got), "seen": seen}))
except TerakoyaError as error:
    print(json.dumps({"error": str(error)}))
"""


@dataclass
class Hub:
    """`files` of the one model; `asked`: (method, file, Range) in turn; `breaks`: files of which the
    first answer breaks off in the middle; `spoils`: of which a bit is flipped on the way."""

    files: dict[str, bytes]
    asked: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])
    breaks: set[str] = field(default_factory=set[str])
    spoils: set[str] = field(default_factory=set[str])
    endpoint: str = ""

    def environment(self, **more: str) -> dict[str, str]:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("HF_")}
        return {**inherited, "HF_ENDPOINT": self.endpoint, "NO_PROXY": "*", "PYTHONPATH": str(ROOT), **more}  # fmt: skip

    def fetch(self, name: str, folder: Path, most: int = 1 << 40, **more: str) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-c", FETCH, name, str(folder), str(most)], capture_output=True,
            text=True, env=self.environment(HF_HOME=str(folder / "hf"), **more), timeout=120, cwd=ROOT,
        )  # fmt: skip
        assert done.stdout, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def got(self) -> list[str]:
        return [file for method, file, _ in self.asked if method == "GET" and file]


def _listed(name: str, body: bytes) -> dict[str, Any]:
    listed: dict[str, Any] = {"rfilename": name, "size": len(body)}
    if name.endswith(".safetensors"):
        digest = hashlib.sha256(body).hexdigest()
        listed["lfs"] = {"sha256": digest, "size": len(body), "pointerSize": 1}
    return listed


def _handler(hub: Hub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None: ...

        def do_HEAD(self) -> None:
            self._answer(False)

        def do_GET(self) -> None:
            self._answer(True)

        def _answer(self, with_body: bool) -> None:
            path = self.path.partition("?")[0]
            file = re.fullmatch(rf"/{_REPOSITORY}/resolve/{SHA}/(.+)", path)
            if path == f"/api/models/{_REPOSITORY}":
                names = [_listed(n, b) for n, b in hub.files.items()]
                body = json.dumps({"id": _REPOSITORY, "sha": SHA, "siblings": names}).encode()
                self._send(200, body, {"Content-Type": "application/json"}, with_body)
            elif file and file[1] in hub.files:
                self._file(file[1], with_body)
            else:
                self._send(404, b"", {"X-Error-Code": "RepoNotFound"}, with_body)

        def _file(self, name: str, with_body: bool) -> None:
            wanted = self.headers.get("Range", "")
            hub.asked.append((self.command, name, wanted))
            body, status = hub.files[name], 200
            if with_body and name in hub.spoils:
                body = body[:-1] + bytes([body[-1] ^ 1])
            headers = {"ETag": f'"{hashlib.md5(body).hexdigest()}"', "X-Repo-Commit": SHA}
            if match := re.match(r"bytes=(\d+)-", wanted):
                begin = int(match[1])
                headers["Content-Range"] = f"bytes {begin}-{len(body) - 1}/{len(body)}"
                body, status = body[begin:], 206
            if with_body and name in hub.breaks:
                hub.breaks.discard(name)
                self._send(status, body, headers, with_body, len(body) // 2)
                self.close_connection = True
                return
            self._send(status, body, headers, with_body)

        def _send(
            self,
            status: int,
            body: bytes,
            headers: dict[str, str],
            with_body: bool,
            most: int = 1 << 40,
        ) -> None:
            self.send_response(status)
            for key, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(key, value)
            self.end_headers()
            if with_body:
                try:
                    self.wfile.write(body[:most])
                except OSError:  # Whoever asked has gone.
                    self.close_connection = True

    return Handler


@pytest.fixture
def serve() -> Iterator[Callable[[dict[str, bytes]], Hub]]:
    servers: list[ThreadingHTTPServer] = []

    def start(files: dict[str, bytes]) -> Hub:
        hub = Hub(files)
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(hub))
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        hub.endpoint = f"http://127.0.0.1:{server.server_address[1]}"
        return hub

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def large() -> dict[str, bytes]:
    """Larger than what the hub's client keeps back before it writes."""
    return {
        "config.json": b'{"model_type": "qwen3"}', "tokenizer.json": b"{}",
        "model.safetensors": os.urandom(36 << 20), "pytorch_model.bin": b"x" * 999,
        "onnx/model.onnx": b"x" * 999, "README.md": b"# Little\n",
    }  # fmt: skip


def test_only_what_is_needed_is_fetched_and_a_stop_goes_on_where_it_was(
    serve: Callable[..., Hub], tmp_path: Path
) -> None:
    hub = serve(large())
    stopped = hub.fetch(_REPOSITORY, tmp_path, most=15 << 20)
    assert stopped["path"] is None
    hub.asked.clear()
    again = hub.fetch(_REPOSITORY, tmp_path)
    assert again["seen"][-1] > 36 << 20
    got = Path(again["path"]) / "model.safetensors"
    assert got.is_relative_to(tmp_path) and got.read_bytes() == hub.files[got.name]
    ranges = [r for method, file, r in hub.asked if file == "model.safetensors" and method == "GET"]
    assert len(ranges) == 1 and int(ranges[0].removeprefix("bytes=").rstrip("-")) >= 10 << 20
    assert not {"pytorch_model.bin", "onnx/model.onnx"} & set(hub.got())
    hub.asked.clear()
    assert hub.fetch(_REPOSITORY, tmp_path)["path"] and hub.got() == []


def test_a_connection_that_breaks_off_is_taken_up_again(
    serve: Callable[..., Hub], tmp_path: Path
) -> None:
    hub = serve(large())
    hub.breaks.add("model.safetensors")
    assert hub.fetch(f"{_REPOSITORY}@{SHA}", tmp_path).get(
        "error"
    )  # Asked for by revision: unknown.
    got = Path(hub.fetch(_REPOSITORY, tmp_path)["path"]) / "model.safetensors"
    assert got.read_bytes() == hub.files[got.name]
    ranges = [r for _, file, r in hub.asked if file == "model.safetensors" and r]
    assert ranges and ranges[0].startswith("bytes=")


def test_what_came_broken_is_told_and_fetched_anew(
    serve: Callable[..., Hub], tmp_path: Path
) -> None:
    hub = serve(large())
    hub.spoils.add("model.safetensors")
    assert "model.safetensors came broken" in hub.fetch(_REPOSITORY, tmp_path)["error"]
    hub.spoils.clear()
    got = Path(hub.fetch(_REPOSITORY, tmp_path)["path"]) / "model.safetensors"
    assert got.read_bytes() == hub.files[got.name]


def test_a_model_that_cannot_be_used_is_refused_before_its_weights_are_fetched(
    serve: Callable[..., Hub], tmp_path: Path
) -> None:
    martian = serve({**large(), "config.json": b'{"model_type": "martian"}'})
    said = martian.fetch(_REPOSITORY, tmp_path / "a")["error"]
    assert "the model family “martian” is not known" in said and martian.got() == ["config.json"]
    pickled = serve({"config.json": b'{"model_type": "qwen3"}', "pytorch_model.bin": b"x"})
    assert "pickle" in pickled.fetch(_REPOSITORY, tmp_path / "b")["error"]
    assert pickled.got() == ["config.json"]
    several = serve({"a.gguf": b"x", "b.gguf": b"y"})
    assert "hub:OWNER/NAME/FILE.gguf. There are: a.gguf, b.gguf" in several.fetch(_REPOSITORY, tmp_path / "c")["error"]  # fmt: skip
    got = several.fetch(f"{_REPOSITORY}/b.gguf", tmp_path / "c")["path"]
    assert Path(got).read_bytes() == b"y"
    names = [f"m-0000{n}-of-00003.gguf" for n in (1, 2, 3)]
    cut = serve({name: name.encode() for name in names})
    for wanted in (_REPOSITORY, f"{_REPOSITORY}/{names[1]}"):
        first = Path(cut.fetch(wanted, tmp_path / wanted)["path"])
        assert first.name == names[0]
        assert all(first.with_name(name).read_bytes() == name.encode() for name in names)


def test_offline_is_respected_and_a_name_that_nobody_has_is_told(
    serve: Callable[..., Hub], tmp_path: Path
) -> None:
    hub = serve(large())
    said = hub.fetch(_REPOSITORY, tmp_path, HF_HUB_OFFLINE="1")["error"]
    assert "set to stay offline (HF_HUB_OFFLINE)" in said and hub.asked == []
    assert "the hub knows no such model" in hub.fetch("nobody/nothing", tmp_path)["error"]
    hub.endpoint = "http://127.0.0.1:9"
    assert "cannot be reached" in hub.fetch(_REPOSITORY, tmp_path)["error"]


@pytest.mark.parametrize(
    "name", ["little", "a/b/c", "../b", "a/../b", "a/b/x.bin", "a b/c", "a/b@../x"]
)
def test_a_name_that_is_none_asks_nobody(name: str) -> None:
    with pytest.raises(CannotImport, match="OWNER/NAME"):
        hub_name(name)
    assert hub_name("hub:o/n.gguf/x-q8.gguf@v1.0") == HubName("o/n.gguf", "x-q8.gguf", "v1.0")


def test_the_command_asks_first_and_then_brings_the_model_in(
    serve: Callable[..., Hub], tmp_path: Path
) -> None:
    foreign.save(tmp_path / "from", "qwen3", shards="120KB")
    hub = serve({p.name: p.read_bytes() for p in (tmp_path / "from").iterdir()})
    home, name = str(tmp_path / "home"), f"hub:{_REPOSITORY}"

    def command(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "main.py", "versions", "import", name, "--home", home, *words],
            capture_output=True, text=True, timeout=120, cwd=ROOT,
            env=hub.environment(HF_HOME=str(tmp_path / "hf")),
        )  # fmt: skip

    asked = command()
    assert asked.returncode == 2 and "--yes" in asked.stderr and hub.asked == []
    done = command("--yes", "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert (result["version"], result["form"], result["source"]) == ("little", "hub", _REPOSITORY)
    assert not list((tmp_path / "home" / "runs").glob("*/download"))

"""Little wheels and an index on this machine, so that pip itself can be watched at work."""

from __future__ import annotations

import base64
import hashlib
import io
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def wheel(name: str, version: str, requires: tuple[str, ...] = ()) -> tuple[str, bytes]:
    """File name and content of a pure wheel with one module `name` that knows its version."""
    folder = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    metadata += "".join(f"Requires-Dist: {r}\n" for r in requires)
    files = {
        f"{name}/__init__.py": f'VERSION = "{version}"\n',
        f"{name}/words.txt": "porridge\n" * 50,
        f"{folder}/METADATA": metadata,
        f"{folder}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{folder}/entry_points.txt": f"[console_scripts]\n{name}-tool = {name}:str\n",
    }
    record = ""
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=")
        record += f"{path},sha256={digest.decode()},{len(text)}\n"
    files[f"{folder}/RECORD"] = record + f"{folder}/RECORD,,\n"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return f"{name}-{version}-py3-none-any.whl", packed.getvalue()


@dataclass
class Index:
    """What the server offers: `shelves[shelf]` are the wheels below http://…/<shelf>/."""

    url: str = ""
    shelves: dict[str, dict[str, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    held: set[str] = field(default_factory=set)  # Beginnings of files sent by half, then no more.
    reached: threading.Event = field(default_factory=threading.Event)  # A held file was begun.
    go_on: threading.Event = field(default_factory=threading.Event)  # Held files may be ended.
    status: int = 200

    def offer(self, shelf: str, *wheels: tuple[str, bytes]) -> None:
        self.shelves.setdefault(shelf, {}).update(dict(wheels))

    def page(self, shelf: str, package: str) -> str | None:
        """The links of one package, or None where this shelf has none of it."""
        names = [n for n in self.shelves.get(shelf, {}) if n.startswith(f"{package}-")]
        links = "".join(f'<a href="/{shelf}/files/{n}">{n}</a>' for n in names)
        return f"<!DOCTYPE html><html><body>{links}</body></html>" if names else None


@contextmanager
def serving(index: Index) -> Iterator[Index]:
    """Serve `index` on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            index.asked.append(self.path)
            shelf, *rest = self.path.strip("/").split("/")
            if index.status != 200:
                return self.send_error(index.status)
            if rest[:1] == ["files"]:
                return self.send_file(rest[1], index.shelves.get(shelf, {}).get(rest[1]))
            page = index.page(shelf, rest[0] if rest else "")
            if page is None:
                return self.send_error(404)
            return self.send_body(page.encode(), "text/html")

        def send_file(self, name: str, content: bytes | None) -> None:
            if content is None:
                return self.send_error(404)
            held = any(name.startswith(beginning) for beginning in index.held)
            return self.send_body(content, "application/zip", held)

        def send_body(self, body: bytes, kind: str, held: bool = False) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            half = len(body) // 2 if held else len(body)
            self.wfile.write(body[:half])
            self.wfile.flush()
            if held:
                index.reached.set()
                index.go_on.wait(60)
                try:
                    self.wfile.write(body[half:])
                except OSError:
                    pass  # Whoever asked was killed meanwhile.

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    index.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield index
    finally:
        index.go_on.set()
        server.shutdown()
        thread.join()
        server.server_close()

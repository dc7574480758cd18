"""One window for each home: a second one hands its paths to the first."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from core.home import Home

_WAIT_MS = 3000
_MOST_BYTES = 4 << 20


def server_name(home: Home) -> str:
    return "terakoya-" + hashlib.sha256(str(home.path).encode()).hexdigest()[:16]


class WindowServer(QObject):
    """Listens for a second window of the same home; `received` gets its paths."""

    def __init__(self, home: Home, received: Callable[[list[str]], None], parent: QObject) -> None:
        super().__init__(parent)
        self._received = received
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._accept)
        name = server_name(home)
        if not self._server.listen(name):
            QLocalServer.removeServer(name)  # Left behind by a window that was killed.
            self._server.listen(name)

    def close(self) -> None:
        self._server.close()

    def _accept(self) -> None:
        socket = self._server.nextPendingConnection()
        data = bytearray()

        def read() -> None:
            data.extend(socket.readAll().data())
            if len(data) > _MOST_BYTES:
                socket.abort()
            elif data.endswith(b"\n"):
                paths = _paths_in(data)
                data.clear()
                if paths is None:
                    socket.disconnectFromServer()
                    return
                socket.write(b"ok\n")  # The sender hangs up when it has read this.
                socket.flush()
                self._received(paths)

        socket.readyRead.connect(read)
        socket.disconnected.connect(socket.deleteLater)


def _paths_in(data: bytes | bytearray) -> list[str] | None:
    """The paths of a message, or None when it is not one of ours."""
    try:
        paths = json.loads(data.decode("utf-8"))
    except ValueError:
        return None
    good = isinstance(paths, list) and all(isinstance(path, str) for path in paths)
    return paths if good else None


def send(home: Home, paths: list[str]) -> bool:
    """Give `paths` to the window that has `home`; False when it does not answer."""
    socket = QLocalSocket()
    socket.connectToServer(server_name(home))
    if not socket.waitForConnected(_WAIT_MS):
        return False
    socket.write(json.dumps(paths).encode("utf-8") + b"\n")
    socket.flush()
    socket.waitForReadyRead(_WAIT_MS)
    answered = socket.readAll().data().startswith(b"ok")
    socket.disconnectFromServer()
    return answered

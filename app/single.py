"""One window for each home: a second one hands its paths to the first."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from core.home import Home

_WAIT_MS = 3000


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
            if data.endswith(b"\n"):
                socket.write(b"ok\n")
                socket.flush()
                socket.disconnectFromServer()
                self._received(json.loads(data.decode("utf-8")))

        socket.readyRead.connect(read)
        socket.disconnected.connect(socket.deleteLater)


def send(home: Home, paths: list[str]) -> bool:
    """Give `paths` to the window that has `home`; False when it does not answer."""
    socket = QLocalSocket()
    socket.connectToServer(server_name(home))
    if not socket.waitForConnected(_WAIT_MS):
        return False
    socket.write(json.dumps(paths).encode("utf-8") + b"\n")
    socket.flush()
    return socket.waitForReadyRead(_WAIT_MS) and socket.readAll().data().startswith(b"ok")

"""Sleep is kept off where the system knows such a wish, and nothing depends on it elsewhere."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from core import awake
from core.awake import kept_awake
from core.logs import RunLog, read_log

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux's ways")


def told(folder: Path) -> list[dict[str, Any]]:
    end = time.monotonic() + 30
    while not (lines := read_log(folder)) and time.monotonic() < end:
        time.sleep(0.01)
    return lines


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "awake"]


def test_the_wish_is_held_as_long_as_the_work_lasts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WAKEPY_FAKE_SUCCESS", "1")  # wakepy's own stand-in for a desktop.
    with kept_awake(RunLog(tmp_path, "worker")):
        [line] = told(tmp_path)
        assert (line["event"], line["active"]) == ("awake", True)
        assert len(threads()) == 1
    assert threads() == []


@linux
@pytest.mark.parametrize("address", ["", "unix:path=/no/such/bus", "nonsense"])
def test_without_a_desktop_it_is_said_once_and_the_work_goes_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    with kept_awake(RunLog(tmp_path, "worker")):
        [line] = told(tmp_path)
    assert line.get("active") is False or line["event"] == "error"
    assert threads() == []


@linux
def test_a_desktop_that_does_not_answer_keeps_nobody_waiting(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(awake, "_LEAVE_SECONDS", 0.05)
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "bus"))
        silent.listen()
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path / 'bus'}")
        with kept_awake(RunLog(tmp_path, "worker")):
            connection, _ = silent.accept()
            assert read_log(tmp_path) == []
        connection.close()
        for thread in threads():
            thread.join(30)
    assert threads() == []


@linux
@pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="there is no dbus-daemon here")
def test_a_real_desktop_bus_gets_the_wish_and_its_end(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A bus of our own, with a power manager that notes what it is asked."""
    command = ["dbus-daemon", "--session", "--nofork", "--print-address"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as bus:
        try:
            assert bus.stdout is not None
            address = bus.stdout.readline().strip()
            asked: list[str] = []
            ready = threading.Event()
            thread = threading.Thread(target=serve, args=(address, asked, ready))
            thread.start()
            assert ready.wait(30)
            monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
            with kept_awake(RunLog(tmp_path, "worker")):
                [line] = told(tmp_path)
                assert (line["active"], line["method"]) == (True, "org.freedesktop.PowerManagement")
                assert asked == ["Inhibit"]
            assert asked == ["Inhibit", "UnInhibit"]
            thread.join(30)
        finally:
            bus.kill()


def serve(address: str, asked: list[str], ready: threading.Event) -> None:
    from jeepney import DBusAddress, HeaderFields, MessageType, new_method_call, new_method_return
    from jeepney.io.blocking import open_dbus_connection

    with open_dbus_connection(bus=address) as connection:
        name = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
        wish = ("org.freedesktop.PowerManagement.Inhibit", 0)
        for wanted in ("org.freedesktop.PowerManagement", wish[0]):
            connection.send_and_get_reply(new_method_call(name, "RequestName", "su", (wanted, 0)))
        ready.set()
        while "UnInhibit" not in asked:
            message = connection.receive(timeout=30)
            if message.header.message_type is MessageType.method_call:
                asked.append(message.header.fields[HeaderFields.member])
                first = asked[-1] == "Inhibit"
                connection.send(new_method_return(message, *(("u", (7,)) if first else ())))

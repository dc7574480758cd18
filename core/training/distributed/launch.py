"""Starting the processes of one training on this machine: torch.distributed.run, in this process."""

from __future__ import annotations

import datetime
import logging
import os
import signal
import socket
import sys
import uuid
from pathlib import Path

from torch.distributed import PrefixStore, Store, TCPStore
from torch.distributed.elastic.multiprocessing.api import SignalException
from torch.distributed.elastic.multiprocessing.errors import ChildFailedError
from torch.distributed.elastic.rendezvous import (
    RendezvousHandler,
    RendezvousInfo,
    RendezvousParameters,
    RendezvousStoreInfo,
    rendezvous_handler_registry,
)
from torch.distributed.run import parse_args, run

from core.hardware import cores
from core.jobfolder import JobFolder
from core.jobs.attempts import last_attempt
from core.training.distributed.together import SUPERVISED

MAIN = Path(__file__).resolve().parents[3] / "main.py"
SHUTDOWN_SECONDS = 60
"""For the step and the checkpoint of a pause, when the launcher is told to stop."""


def launch(folder: JobFolder, count: int) -> int:
    """`main.py job FOLDER` as `count` processes; returns the exit code.

    A process that is killed is the end of all; this one then dies of the same signal, so that
    whoever started it learns of it as if there were one process only.
    """
    _prepare_environment(count)
    arguments = [
        f"--rdzv-backend={Loopback.NAME}", f"--rdzv-endpoint={Loopback.ADDRESS}:0",
        f"--rdzv-id={uuid.uuid4()}", f"--nproc-per-node={count}",
        f"--shutdown-timeout={SHUTDOWN_SECONDS}", str(MAIN), "job", str(folder.path),
    ]  # fmt: skip
    rendezvous_handler_registry.register(Loopback.NAME, Loopback)
    before = last_attempt(folder).number
    try:
        run(parse_args(arguments))
    except ChildFailedError as error:
        code = error.get_first_failure()[1].exitcode
        if code < 0 and not _has_ended(folder, before):
            _die_of(-code)
        return code if code > 0 else 1
    except SignalException as error:
        return 0 if _has_ended(folder, before) else 128 + int(error.sigval)
    return 0


class Loopback(RendezvousHandler):
    """Where the processes of this machine meet: a store that listens on the loopback address only.

    Those that torch brings listen on every address, without a password.
    """

    NAME, ADDRESS = "loopback", "127.0.0.1"

    def __init__(self, parameters: RendezvousParameters) -> None:
        self._run_id = parameters.run_id
        listener = socket.create_server((self.ADDRESS, 0))
        self._port: int = listener.getsockname()[1]
        self._store: Store = TCPStore(  # Which owns the listening socket from here on.
            self.ADDRESS, self._port, None, True, datetime.timedelta(minutes=10), False,
            master_listen_fd=listener.detach(), use_libuv=False,
        )  # fmt: skip

    def next_rendezvous(self) -> RendezvousInfo:
        store = PrefixStore(self._run_id, self._store)
        return RendezvousInfo(store, 0, 1, RendezvousStoreInfo(self.ADDRESS, self._port))

    @property
    def use_agent_store(self) -> bool:
        return True

    def get_backend(self) -> str:
        return self.NAME

    def get_run_id(self) -> str:
        return self._run_id

    def is_closed(self) -> bool:
        return False

    def set_closed(self) -> None:
        """One machine has nobody to tell."""

    def num_nodes_waiting(self) -> int:
        return 0

    def shutdown(self) -> bool:
        return True


def _prepare_environment(count: int) -> None:
    os.environ[SUPERVISED] = "1"
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, cores() // count)))
    os.environ.setdefault("TORCHELASTIC_SIGNALS_TO_HANDLE", "SIGTERM,SIGINT,SIGHUP,SIGQUIT")
    if sys.platform == "linux":  # One machine: nothing need leave it.
        os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
        os.environ.setdefault("NCCL_SOCKET_IFNAME", "lo")
    for name in list(logging.root.manager.loggerDict):  # What it says is told better by us.
        if name.startswith("torch.distributed.elastic"):
            logging.getLogger(name).setLevel(logging.CRITICAL)


def _has_ended(folder: JobFolder, before: int) -> bool:
    last = last_attempt(folder)
    return last.number > before and last.end is not None


def _die_of(number: int) -> None:
    if sys.platform != "win32":
        signal.signal(number, signal.SIG_DFL) if number != signal.SIGKILL else None
        os.kill(os.getpid(), number)

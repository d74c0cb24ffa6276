"""Python programs as processes forked from one that has imported what they need (`tests.servers.warm`)."""

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from functools import cache
from math import inf
from pathlib import Path
from typing import IO, Any, Protocol

ROOT = Path(__file__).resolve().parents[2]


class Running(Protocol):
    """What `subprocess.Popen` and `ForkedProcess` have in common."""

    @property
    def pid(self) -> int:
        """Return the process id."""

    def poll(self) -> int | None:
        """Return the exit status, negative for a signal, or None while the process runs."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end and return the exit status; subprocess.TimeoutExpired when it takes longer."""

    def send_signal(self, sig: int) -> None:
        """Send a signal, unless the process has ended."""


class ForkedProcess:
    """`python -m module arguments` in a process group of its own; `death_signal` ends it with us.

    `warnings` are what Python's option -W says of all of them.
    """

    def __init__(
        self,
        module: str,
        arguments: Sequence[str],
        *,
        cwd: Path,
        environment: Mapping[str, str],
        streams: tuple[IO[Any], IO[Any], IO[Any]],
        death_signal: int = signal.SIGKILL,
        warnings: str = "",
    ) -> None:
        self.arguments = [module, *arguments]
        self._status: int | None = None
        self._lock = threading.Lock()
        own = {"cwd": str(cwd), "environment": dict(environment), "death_signal": death_signal}
        own |= {"module": module, "arguments": list(arguments), "warnings": warnings}
        packet = json.dumps(own).encode()
        told, tell = os.pipe()
        try:
            socket.send_fds(_warm(), [packet], [*(stream.fileno() for stream in streams), tell])
        finally:
            os.close(tell)
        self._told = open(told, "rb", buffering=0)  # noqa: SIM115 - closed when the status has come
        self.pid = self._number()

    def poll(self) -> int | None:
        """Return the exit status, negative for a signal, or None while the process runs."""
        return self._status_within(0)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end and return the exit status."""
        deadline = time.monotonic() + (timeout or inf)
        while (status := self._status_within(0.05)) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(self.arguments, timeout or 0)
        return status

    def _status_within(self, seconds: float) -> int | None:
        with self._lock:
            if self._status is None and select.select([self._told], [], [], seconds)[0]:
                self._status = self._number()
                self._told.close()
            return self._status

    def _number(self) -> int:
        line = self._told.readline()
        if not line:
            raise ChildProcessError("the process that forks has ended")
        return int(line)

    def send_signal(self, sig: int) -> None:
        """Send a signal, unless the process has ended."""
        if self.poll() is None:
            os.kill(self.pid, sig)


_starting = threading.Lock()


def _warm() -> socket.socket:
    """Return the socket over which the process that forks is asked; it is started when there is none."""
    with _starting:
        return _start_warm()


@cache
def _start_warm() -> socket.socket:
    control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.servers.warm"],
            cwd=ROOT,
            stdin=theirs.fileno(),
            start_new_session=True,  # Ctrl-C is for the test run
        )
    atexit.register(_end, control, process)
    return control


def _end(control: socket.socket, process: subprocess.Popen[bytes]) -> None:
    control.close()
    process.wait()

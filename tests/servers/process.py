"""A server under test as a process of this one: started on a free port, never left behind."""

import os
import random
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import psutil

from .forked import Running

HOST = "127.0.0.1"
START_SECONDS = 60
STOP_SECONDS = 40  # longer than pastebin.stop_seconds: somebody may hold a connection on which nothing comes
SYSTEM_FOLDERS = ":/usr/sbin:/sbin"  # where Debian keeps servers, outside an ordinary user's PATH


class ServerError(Exception):
    """A server did not start, did not end, or is not installed."""


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on now; another process may take it next."""
    # Below the ephemeral ports: an outgoing connection must not take the port while its server restarts.
    for _ in range(200):
        port = random.randrange(10_000, 32_000)
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind((HOST, port))
            except OSError:
                continue
            return port
    raise ServerError("no free port found on 127.0.0.1")


def is_taken(port: int) -> bool:
    """Tell whether somebody listens on a port of 127.0.0.1."""
    with socket.socket() as client:
        return client.connect_ex((HOST, port)) == 0


def find_program(name: str) -> str:
    """Return the path of an installed program; ServerError when it is missing."""
    found = shutil.which(name, path=os.environ.get("PATH", os.defpath) + SYSTEM_FOLDERS)
    if not found:
        raise ServerError(f"{name} is not installed; bin/test installs what the tests need")
    return found


class ServerProcess:
    """One server: `with` starts it in `folder` and ends it; subclasses say what to run and when it is ready.

    Start it from the main thread: the kernel ends it with the thread that started it, so that nothing
    outlives a test run that was killed.
    """

    name = "server"
    death_signal = "KILL"
    port_clash = "in use"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0
        self.process: Running | None = None

    def command(self) -> list[str]:
        """Return the command that serves on `self.port` in the foreground."""
        raise NotImplementedError

    def environment(self) -> Mapping[str, str]:
        """Return the process's whole environment."""
        return os.environ

    def is_answering(self) -> bool:
        """Tell whether the server, which listens, answers as it should."""
        return True

    def prepare(self) -> None:
        """Make what the server needs before its first start."""

    def spawn(self, log: IO[bytes]) -> Running:
        """Start the process, which prints to `log`."""
        return subprocess.Popen(
            [find_program("setpriv"), "--pdeathsig", self.death_signal, "--", *self.command()],
            cwd=self.folder,
            env=dict(self.environment()),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            process_group=0,  # Ctrl-C is for the test run, which then ends its servers in order
        )

    @property
    def log(self) -> Path:
        """Return the file of everything that the server printed."""
        return self.folder / f"{self.name}.log"

    @property
    def pid(self) -> int:
        """Return the process id of the running server."""
        return self._running().pid

    def log_text(self) -> str:
        """Return everything that the server printed, in all its starts."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def start(self) -> Self:
        """Start on a free port, on another one when somebody was quicker; ServerError says why not."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.prepare()
        for _ in range(5):
            self.port = free_port()
            already_printed = len(self.log_text())
            try:
                self._launch()
            except ServerError:
                if self.port_clash not in self.log_text()[already_printed:].lower():
                    raise
            else:
                return self
        raise ServerError(f"{self.name} found no free port:\n{self.log_text()}")

    def stop(self) -> int:
        """End the server as an operator would (SIGTERM) and return its exit status."""
        process = self._running()
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            return self._ended(process)
        except subprocess.TimeoutExpired:
            self.kill()
            raise ServerError(f"{self.name} did not end by SIGTERM:\n{self.log_text()}") from None

    def kill(self) -> None:
        """End the server and its workers at once (SIGKILL)."""
        process = self._running()
        os.killpg(process.pid, signal.SIGKILL)
        self._ended(process)

    def pause(self) -> None:
        """Stop the server from answering (SIGSTOP) without ending it; it has stopped when this returns."""
        process = self._running()
        process.send_signal(signal.SIGSTOP)
        deadline = time.monotonic() + STOP_SECONDS
        while not _has_stopped(process.pid):
            if time.monotonic() > deadline:
                raise ServerError(f"{self.name} did not stop by SIGSTOP")
            time.sleep(0.001)

    def resume(self) -> None:
        """Let a paused server go on."""
        self._running().send_signal(signal.SIGCONT)

    def restart(self) -> None:
        """Start again on the same port, ending the server first if it still runs."""
        if self.process is not None:
            self.stop()
        self._launch()

    def processes(self) -> list[psutil.Process]:
        """Return the server's process and its workers."""
        process = psutil.Process(self.pid)
        return [process, *process.children(recursive=True)]

    def memory(self) -> int:
        """Return the resident memory of all processes now, in bytes."""
        return sum(process.memory_info().rss for process in self.processes())

    def peak_memory(self) -> int:
        """Return the largest resident memory of each process since its start, together, in bytes."""
        return sum(_peak(process.pid) for process in self.processes())

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process is not None:
            self.stop()

    def _running(self) -> Running:
        if self.process is None:
            raise ServerError(f"{self.name} is not running")
        return self.process

    def _ended(self, process: Running) -> int:
        status = process.wait(STOP_SECONDS)
        self.process = None
        return status

    def _launch(self) -> None:
        with self.log.open("ab") as log:
            self.process = self.spawn(log)
        try:
            self._wait_until_ready(self.process)
        except BaseException:
            if self.process is not None:
                self.kill()
            raise

    def _wait_until_ready(self, process: Running) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not (self._is_listening() and self.is_answering()):
            if process.poll() is not None:
                self.process = None
                raise ServerError(f"{self.name} ended with status {process.poll()}:\n{self.log_text()}")
            if time.monotonic() > deadline:
                raise ServerError(f"{self.name} was not ready in {START_SECONDS} s:\n{self.log_text()}")
            time.sleep(0.05)

    def _is_listening(self) -> bool:
        """Tell whether this server or a worker of it listens on the port, not another that was quicker."""
        if not is_taken(self.port):  # quicker than to look at what every process of the machine listens on
            return False
        try:
            connections = [one for process in self.processes() for one in process.net_connections("tcp")]
        except psutil.Error:
            return False
        return any(one.status == psutil.CONN_LISTEN and one.laddr.port == self.port for one in connections)


def _peak(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def _has_stopped(pid: int) -> bool:
    """Tell whether every thread of a process is stopped (`T` in proc_pid_stat(5)): each stops by itself."""
    threads = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/stat")]
    return all(text.rpartition(")")[2].split()[0] == "T" for text in threads)

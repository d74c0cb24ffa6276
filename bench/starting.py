"""How long the service takes to start, and what it weighs when idle."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import ours
import psutil
from effort import Effort
from load import HOST, LoadError
from results import OURS, Limit, Measurement

from tests.servers import AppServer, free_port

ROOT = Path(__file__).resolve().parents[1]
IDLE_SECONDS = 1.0


def starting(effort: Effort) -> Iterator[Measurement]:
    """Start `bin/serve` again and again, and the server alone in both shapes."""
    folder = effort.subfolder("start-serve")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PASTEBIN_", "PYTHONPATH"))}
    environment["PASTEBIN_DATA"] = str(folder)
    command = [str(ROOT / "bin" / "serve")]
    _started(command, environment)  # after the first build, and with the database made
    yield _measured("serve", "bin/serve, after the first build (SQLite)", command, environment, effort)
    shutil.rmtree(folder)
    for shape in ours.SHAPES:
        folder = effort.subfolder(f"start-{shape}")
        with ours.service(shape, folder) as app:
            text = f"the server alone, {app.ini.name} ({ours.SHAPE_TEXTS[shape]})"
            yield _measured(shape, text, _command(app), dict(app.environment()), effort)
        shutil.rmtree(folder)


def _command(app: AppServer) -> list[str]:
    """Return the command line with the port left open."""
    return [word.format(ini=app.ini, port="{port}") for word in app.serve]


def _measured(
    name: str, title: str, command: list[str], environment: dict[str, str], effort: Effort
) -> Measurement:
    seconds, memory = zip(*(_started(command, environment) for _ in range(effort.rounds)), strict=True)
    limits = [
        Limit("start ≤ 1 s", median(seconds), 1.0, "s"),
        Limit("idle ≤ 90 MiB", median(memory), 90.0, "MiB"),
    ]
    return Measurement(f"start-{name}", f"start: {title}", "s", {OURS: list(seconds)}, [], limits)


def _started(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Start the service; return the seconds until it answered, and the MiB it has a moment later."""
    port = free_port()
    start = time.perf_counter()
    with subprocess.Popen(
        [word.format(port=port) for word in command],
        cwd=ROOT,
        env={**environment, "PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        process_group=0,
    ) as process:
        try:
            _wait(port, process)
            seconds = time.perf_counter() - start
            time.sleep(IDLE_SECONDS)
            memory = _resident(process.pid) / 2**20
        finally:
            os.killpg(process.pid, signal.SIGTERM)
    return seconds, memory


def _resident(pid: int) -> int:
    """Return the resident bytes of a process and of those it started, which may be all that serve."""
    whole = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    return sum(process.memory_info().rss for process in whole)


def _wait(port: int, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with socket.create_connection((HOST, port), timeout=5) as connection:
                connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                if connection.recv(100).startswith(b"HTTP/1.1 200"):
                    return
        except OSError:
            time.sleep(0.005)
    raise LoadError("the service did not start")

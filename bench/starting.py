"""How long the service takes to start, in all and of the processor, and what it weighs when idle."""

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
from effort import Effort
from load import HOST, LoadError, memory_of_all, processor_seconds
from results import OURS, Limit, Measurement

from tests.servers import free_port

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
            yield _measured(shape, text, app.command(), dict(app.environment()), effort)
        shutil.rmtree(folder)


def _measured(
    name: str, title: str, command: list[str], environment: dict[str, str], effort: Effort
) -> Measurement:
    starts = (_started(command, environment) for _ in range(effort.rounds))
    seconds, work, memory = zip(*starts, strict=True)
    notes = [f"{median(work):.2f} s of the processor; idle: {median(memory):.0f} MiB in all processes."]
    limits = [
        Limit("start ≤ 1.2 s", median(seconds), 1.2, "s"),
        Limit("idle ≤ 140 MiB, all processes", median(memory), 140.0, "MiB"),
    ]
    return Measurement(f"start-{name}", f"start: {title}", "s", {OURS: list(seconds)}, [], limits, notes)


def _started(command: list[str], environment: dict[str, str]) -> tuple[float, float, float]:
    """Start the service; return the seconds until it answered, those of the processor, and its MiB then."""
    port = free_port()
    start = time.perf_counter()
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**environment, "PORT": str(port), "GRANIAN_PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        process_group=0,
    ) as process:
        try:
            _wait(port, process)
            seconds = time.perf_counter() - start
            work = processor_seconds([process.pid])
            time.sleep(IDLE_SECONDS)
            memory = memory_of_all(process.pid) / 2**20
        finally:
            os.killpg(process.pid, signal.SIGTERM)
    return seconds, work, memory


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

"""Clients that cost little, so that the server is what is measured: both share the machine's cores.

`wrk` asks for one address again and again; small uploads by wrk are in `uploads`. `exchange` sends
prepared requests, each once, from one thread that waits for all connections at a time. `download` has
the kernel throw the bytes away, and `upload` has it send a file from its cache.
"""

from __future__ import annotations

import json
import os
import selectors
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

import psutil

HOST = "127.0.0.1"
DISCARD = 2**22
_REPORT = """
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('\\n{"requests": %d, "bytes": %d, "seconds": %f, "errors": %d}\\n',
    summary.requests, summary.bytes, summary.duration / 1e6,
    e.connect + e.read + e.write + e.status + e.timeout))
end
"""


class LoadError(Exception):
    """A server answered wrongly under load."""


@dataclass
class Load:
    """What a server was asked and how it did: seconds of wall clock, seconds of each request."""

    requests: int = 0
    seconds: float = 0.0
    errors: int = 0
    size: int = 0
    latencies: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Return requests a second."""
        return self.requests / self.seconds

    def slow(self) -> str:
        """Return the median and the 99th percentile of the latencies in words."""
        return f"{median(self.latencies) * 1e3:.1f} / {quantiles(self.latencies, n=100)[98] * 1e3:.1f} ms"


def wrk(url: str, folder: Path, *, clients: int, seconds: float, path: str = "") -> Load:
    """Ask for one address from `clients` connections with wrk; LoadError if any answer is an error."""
    script = folder / "report.lua"
    script.write_text(_REPORT)
    command = ["wrk", "-t1", f"-c{clients}", f"-d{max(1, round(seconds))}s", "-s", str(script), url + path]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(ran.stdout.strip().splitlines()[-1])
    if found["errors"] or not found["requests"]:
        raise LoadError(f"{url}{path}: {found}")
    return Load(found["requests"], found["seconds"], size=found["bytes"])


def request(method: str, path: str, *headers: str, body: bytes = b"") -> bytes:
    """Return an HTTP/1.1 request."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", *headers]
    if body or method in ("POST", "PUT"):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


BOUNDARY = "1f0c8e6a5b7d4e2f"
FORM = f"Content-Type: multipart/form-data; boundary={BOUNDARY}"


def form_around(
    filename: str, media_type: str = "application/octet-stream", *, field: str = "file", action: str = ""
) -> tuple[bytes, bytes]:
    """Return what comes before and after a file's bytes in a form; a field `act` comes first, if any."""
    begin = f"--{BOUNDARY}\r\nContent-Disposition: form-data; name="
    before = f'{begin}"act"\r\n\r\n{action}\r\n' if action else ""
    head = f'{before}{begin}"{field}"; filename="{filename}"\r\nContent-Type: {media_type}\r\n\r\n'
    return head.encode(), f"\r\n--{BOUNDARY}--\r\n".encode()


class _Connection:
    """One connection: sends a request, reads its answer, and tells when it is whole."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connect()

    def _connect(self) -> None:
        self.socket = socket.create_connection((HOST, self._port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, data: bytes) -> None:
        self._answer = bytearray()
        self._length = -1
        self._started = time.perf_counter()
        try:
            self.socket.sendall(data)
        except OSError:  # a server may close an idle connection
            self.reconnect()
            self.socket.sendall(data)

    def reconnect(self) -> None:
        self.socket.close()
        self._connect()

    def receive(self) -> tuple[int, float, bytes] | None:
        """Read what is there: status, seconds and the answer, or None while there is more to come."""
        piece = self.socket.recv(2**18)
        self._answer += piece
        if self._length < 0:
            self._measure()
        if self._length < 0 or len(self._answer) < self._length:
            if not piece:
                raise LoadError(f"the server closed the connection after {bytes(self._answer)[:200]!r}")
            return None
        return int(self._answer[9:12]), time.perf_counter() - self._started, bytes(self._answer)

    def _measure(self) -> None:
        """Find the length of the whole answer once it can be known."""
        end = self._answer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self._answer[:end].lower()
        if b"transfer-encoding: chunked" in head:
            if self._answer.endswith(b"\r\n0\r\n\r\n"):
                self._length = len(self._answer)
            return
        at = head.find(b"\r\ncontent-length:")
        if at < 0:
            raise LoadError(f"an answer of unknown length: {bytes(head)!r}")
        self._length = end + 4 + int(head[at + 17 :].split(b"\r\n", 1)[0])

    @property
    def must_close(self) -> bool:
        head = self._answer[: self._answer.find(b"\r\n\r\n")].lower()
        return b"connection: close" in head or head.startswith(b"http/1.0")


def exchange(
    ports: Sequence[int],
    requests: Sequence[bytes],
    *,
    clients: int,
    expect: Sequence[int],
    answers: list | None = None,
) -> Load:
    """Send every request once, on `clients` connections; LoadError unless each gets a status of `expect`.

    With several ports each has as many connections as the others.
    """
    left: Iterator[bytes] = iter(requests)
    load = Load()
    selector = selectors.DefaultSelector()
    connections = [_Connection(ports[at % len(ports)]) for at in range(clients)]
    start = time.perf_counter()
    for connection, data in zip(connections, left, strict=False):
        connection.send(data)
        selector.register(connection.socket, selectors.EVENT_READ, connection)
    while load.requests < len(requests):
        for key, _ in selector.select(60):
            connection = key.data
            got = connection.receive()
            if got is None:
                continue
            status, seconds, answer = got
            if status not in expect:
                raise LoadError(f"{status}: {answer[:500]!r}")
            load.requests += 1
            load.size += len(answer)
            load.latencies.append(seconds)
            if answers is not None:
                answers.append(answer)
            data = next(left, b"")
            selector.unregister(connection.socket)
            if data:
                if connection.must_close:
                    connection.reconnect()
                connection.send(data)
                selector.register(connection.socket, selectors.EVENT_READ, connection)
    load.seconds = time.perf_counter() - start
    for connection in connections:
        connection.socket.close()
    return load


def one(port: int, data: bytes, *, expect: Sequence[int]) -> bytes:
    """Send one request and return its answer, headers and all."""
    answers: list[bytes] = []
    exchange([port], [data], clients=1, expect=expect, answers=answers)
    return answers[0]


def upload(port: int, head: bytes, file: Path, tail: bytes = b"", *, expect: Sequence[int]) -> float:
    """Send `head`, a file's bytes and `tail`; return the seconds until the answer was whole."""
    connection = _Connection(port)
    with file.open("rb") as source:
        connection.socket.settimeout(600)
        start = time.perf_counter()
        connection.send(head)
        connection.socket.sendfile(source)
        connection.socket.sendall(tail)
        while (got := connection.receive()) is None:
            pass
        seconds = time.perf_counter() - start
    connection.socket.close()
    if got[0] not in expect:
        raise LoadError(f"{got[0]}: {got[2][:500]!r}")
    return seconds


def download(port: int, path: str, *, clients: int, seconds: float) -> Load:
    """Fetch one address on `clients` connections for about `seconds`; count what arrives.

    Each client asks again when an answer is whole, and breaks off at the end; a single client
    always fetches at least one answer whole.
    """
    load, lock = Load(), threading.Lock()
    stop = threading.Event()
    workers = [
        threading.Thread(target=_download_one, args=(port, path, stop, load, lock, clients == 1))
        for _ in range(clients)
    ]
    start = time.perf_counter()
    for worker in workers:
        worker.start()
    stop.wait(seconds)
    stop.set()
    for worker in workers:
        worker.join()
    load.seconds = time.perf_counter() - start
    if load.errors:
        raise LoadError(f"{load.errors} of {clients} downloads failed")
    return load


def _download_one(
    port: int, path: str, stop: threading.Event, load: Load, lock: threading.Lock, whole: bool
) -> None:
    got = 0
    try:
        with socket.create_connection((HOST, port), timeout=60) as connection:
            while not stop.is_set():
                connection.sendall(request("GET", path))
                left, got = _head(connection, got)
                while left and (whole or not stop.is_set()):
                    # MSG_TRUNC: the kernel counts the bytes and drops them.
                    count = connection.recv_into(_SINK, min(left, DISCARD), socket.MSG_TRUNC)
                    if not count:
                        raise LoadError("the answer ended early")
                    left, got = left - count, got + count
    except (OSError, LoadError):
        with lock:
            load.errors += 1
    with lock:
        load.size += got
        load.requests += 1


_SINK = bytearray(DISCARD)


def _head(connection: socket.socket, got: int) -> tuple[int, int]:
    """Read an answer's header; return how much of its body is left, and `got` grown by what came."""
    answer = bytearray()
    while b"\r\n\r\n" not in answer:
        piece = connection.recv(4096)
        if not piece:
            raise LoadError("no answer")
        answer += piece
    end = answer.find(b"\r\n\r\n") + 4
    head = answer[:end].lower()
    if int(head[9:12]) != 200:
        raise LoadError(f"status {head[9:12]!r}")
    length = int(head[head.find(b"\r\ncontent-length:") + 17 :].split(b"\r\n", 1)[0])
    body = len(answer) - end
    return length - body, got + body


def processor_seconds(pids: Sequence[int]) -> float:
    """Return the processor time of processes and their children, ended ones too, so far, in seconds."""
    total = 0.0
    for process in map(psutil.Process, pids):
        for one_of in (process, *process.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):  # it ended just now, and its parent's times have it
                times = one_of.cpu_times()
                total += times.user + times.system + times.children_user + times.children_system
    return total


def memory_of_all(pid: int) -> int:
    """Return how many bytes a process and its children have now, what they share counted once (PSS)."""
    total = 0
    for one_of in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            total += one_of.memory_full_info().pss
    return total


@contextmanager
def peaks_of(pids: Mapping[str, int]) -> Iterator[dict[str, int]]:
    """Give the most bytes that each had with its children meanwhile, looked at ten times a second."""
    peaks = dict.fromkeys(pids, 0)
    done = threading.Event()

    def look() -> None:
        while not done.wait(0.1):
            for name, pid in pids.items():
                peaks[name] = max(peaks[name], memory_of_all(pid))

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield peaks
    finally:
        done.set()
        looking.join()


def settle() -> None:
    """Let the disk finish what earlier rounds left to it."""
    os.sync()

"""Resumable uploads beside those by form: one large file in chunks, and many small ones."""

import http.client
import itertools
import os
import re
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import inputs
import ours
from effort import Effort
from load import FORM, HOST, LoadError, form_around, peaks_of, request, settle, upload
from results import OURS, Goal, Limit, Measurement, alternate

MIB = 2**20
CHUNK = 64 * MIB
SMALL = 1000
CLIENTS = 8
BY_FORM = f"{OURS}, by form"
BY_TUS = OURS

_TUS = "Tus-Resumable: 1.0.0"
_OCTETS = "Content-Type: application/offset+octet-stream"


def resumable(effort: Effort) -> Iterator[Measurement]:
    """Compare both ways on each of our shapes."""
    for shape in ours.SHAPES:
        yield from _compared(effort, shape)


def _compared(effort: Effort, shape: str) -> Iterator[Measurement]:
    folder = effort.subfolder(f"resumable-{shape}")
    source = inputs.large_file(folder / "source", effort.large_size)
    numbers = itertools.count(1)
    text = ours.SHAPE_TEXTS[shape]
    with ExitStack() as stack:
        app = stack.enter_context(ours.service(shape, folder))
        large: dict[str, Callable[[], float]] = {
            BY_TUS: lambda: _in_chunks(app.port, inputs.renew(source, next(numbers))),
            BY_FORM: lambda: _by_form(app.port, inputs.renew(source, next(numbers)), next(numbers)),
        }
        for side in large.values():
            side()
        with peaks_of({OURS: app.pid}) as peaks:
            figures = alternate(large, effort.large_rounds)
        yield Measurement(
            f"resumable-large-{shape}",
            f"{effort.large_text} by tus in chunks of {CHUNK // MIB} MiB ({text})",
            "s",
            figures,
            [Goal("within 1.3 × of the form", BY_FORM, 1 / 1.3)],
            [Limit("all processes ≤ 250 MiB", peaks[OURS] / MIB, 250, "MiB")],
            [ours.check(app)],
            baseline=BY_FORM,
        )
        small: dict[str, Callable[[], float]] = {
            BY_TUS: lambda: _rate(app.port, _small_by_tus),
            BY_FORM: lambda: _rate(app.port, _small_by_form),
        }
        for side in small.values():
            side()
        yield Measurement(
            f"resumable-small-{shape}",
            f"{SMALL} uploads of 1 KB by tus, created and then sent, {CLIENTS} clients ({text})",
            "uploads/s",
            alternate(small, effort.rounds),
            [Goal("less than 4 × slower than by form", BY_FORM, 1 / 4)],
            notes=[ours.check(app), "The client is Python, the same for both, on the same cores."],
            baseline=BY_FORM,
        )
    shutil.rmtree(folder)


def _by_form(port: int, source: Path, number: int) -> float:
    settle()
    head, tail = form_around(f"large-{number}.bin")
    length = len(head) + source.stat().st_size + len(tail)
    begin = request("POST", "/", FORM).replace(b"Content-Length: 0", b"Content-Length: %d" % length)
    return upload(port, begin + head, source, tail, expect=(201,))


def _in_chunks(port: int, source: Path) -> float:
    settle()
    size = source.stat().st_size
    start = time.perf_counter()
    with socket.create_connection((HOST, port), timeout=600) as connection, source.open("rb") as file:
        connection.sendall(request("POST", "/tus", _TUS, f"Upload-Length: {size}"))
        answer = _answer(connection, b"201")
        match = re.search(rb"(?i)location: (\S+)", answer)
        path = match[1].decode() if match else ""
        for offset in range(0, size, CHUNK):
            count = min(CHUNK, size - offset)
            where = (f"Upload-Offset: {offset}", f"Content-Length: {count}")
            connection.sendall(request("PATCH", path, _TUS, _OCTETS, *where))
            connection.sendfile(file, offset, count)
            _answer(connection, b"204")
    return time.perf_counter() - start


def _answer(connection: socket.socket, status: bytes) -> bytes:
    """Return the head of an answer without a body."""
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65536)
        if not piece:
            raise LoadError(f"the connection ended: {received!r}")
        received += piece
    if received.split(b" ", 2)[1] != status:
        raise LoadError(f"not {status!r}: {received!r}")
    return received


def _rate(port: int, send: Callable[[http.client.HTTPConnection, bytes], None]) -> float:
    """Return how many small uploads a second some clients get done."""
    settle()

    def some(_client: int) -> None:
        connection = http.client.HTTPConnection(HOST, port, timeout=60)
        for _ in range(SMALL // CLIENTS):
            send(connection, os.urandom(1024))
        connection.close()

    start = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(some, range(CLIENTS)))
    return SMALL / (time.perf_counter() - start)


def _small_by_form(connection: http.client.HTTPConnection, data: bytes) -> None:
    head, tail = form_around("small.bin")
    name, _, value = FORM.partition(": ")
    connection.request("POST", "/", head + data + tail, {name: value})
    _expect(connection, 201)


def _small_by_tus(connection: http.client.HTTPConnection, data: bytes) -> None:
    version = {"Tus-Resumable": "1.0.0"}
    metadata = {"Upload-Metadata": "filename c21hbGwuYmlu"}
    connection.request("POST", "/tus", None, {**version, **metadata, "Upload-Length": str(len(data))})
    path = _expect(connection, 201)
    kind = {"Content-Type": "application/offset+octet-stream"}
    connection.request("PATCH", path, data, {**version, **kind, "Upload-Offset": "0"})
    _expect(connection, 204)


def _expect(connection: http.client.HTTPConnection, status: int) -> str:
    answer = connection.getresponse()
    said = answer.read()
    if answer.status != status:
        raise LoadError(f"{answer.status} instead of {status}: {said[:200]!r}")
    return answer.getheader("Location") or ""

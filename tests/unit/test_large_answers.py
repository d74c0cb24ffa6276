"""Large answers on a real server: whole, to clients that are slow, stand still or leave."""

import http.client
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pastebin.server.sendfile import SLICE
from tests.servers.inside import SECONDS, InsideServer

# More than the kernel keeps for a client that reads nothing.
SIZE = 8 * SLICE

THREADS = 2


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Make a large file whose every MiB begins with its number."""
    path = tmp_path / "content"
    with path.open("wb") as file:
        for number in range(SIZE >> 20):
            file.seek(number << 20)
            file.write(number.to_bytes(8, "big"))
        file.truncate(SIZE)
    return path


@pytest.fixture
def server(content: Path) -> Iterator[InsideServer]:
    """Serve that file at `/large`, and a word anywhere else."""

    def answer(environ: dict[str, Any], start_response: Callable[..., object]) -> Any:
        if environ["PATH_INFO"] != "/large":
            start_response("200 OK", [("Content-Length", "4")])
            return [b"word"]
        start_response("200 OK", [("Content-Length", str(SIZE))])
        return environ["wsgi.file_wrapper"](content.open("rb"))

    with InsideServer(answer, THREADS) as server:
        yield server


def await_idle(server: InsideServer) -> None:
    """Return when no thread answers anything: one polls, the others wait to follow it."""
    deadline = time.monotonic() + SECONDS
    while server.crew._followers < THREADS and time.monotonic() < deadline:
        time.sleep(0.01)
    assert server.crew._followers == THREADS


def test_a_large_file_arrives_whole(server: InsideServer, content: Path) -> None:
    assert server.get("/large").read() == content.read_bytes()


def test_a_client_that_stops_for_a_while_gets_everything(server: InsideServer, content: Path) -> None:
    answer = server.get("/large")
    begin = answer.read(SLICE)
    await_idle(server)
    assert begin + answer.read() == content.read_bytes()


def test_clients_that_read_nothing_leave_the_threads_to_others(server: InsideServer) -> None:
    answers = [server.get("/large") for _ in range(3 * THREADS)]
    await_idle(server)
    assert server.get("/").read() == b"word"
    for answer in answers:
        answer.close()


def test_a_client_that_leaves_occupies_no_thread(server: InsideServer) -> None:
    for _ in range(2 * THREADS):
        answer = server.get("/large")
        answer.read(SLICE)
        answer.close()
    for connection in server._connections:
        connection.close()
    await_idle(server)
    assert server.get("/").read() == b"word"


def test_a_file_that_became_shorter_ends_the_answer(server: InsideServer, content: Path) -> None:
    answer = server.get("/large")
    os.truncate(content, SLICE)
    with pytest.raises((ConnectionResetError, http.client.IncompleteRead)):
        answer.read()
    await_idle(server)

"""Many clients that say nothing, or little: the others are answered all the same."""

import os
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest
import requests

from pastebin.services.slots import DOWNLOADS_FOR_ONE
from tests.servers import AppServer
from tests.servers.app import GRANIAN, PSERVE
from tests.services.client import (
    MEBIBYTE,
    assert_still_serving,
    eventually,
    request_head,
    start_of_form,
    upload,
)
from tests.services.conftest import StartApp

pytestmark = pytest.mark.alone

PATIENCE = 3.0  # seconds that anybody waits at most; half of it where nothing else runs
QUESTION = b"GET /robots.txt HTTP/1.1\r\nHost: a\r\n\r\n"


@contextmanager
def connected(server: AppServer, count: int, said: bytes = b"") -> Iterator[list[socket.socket]]:
    """Hold so many connections over which as much has been said."""
    with ExitStack() as stack:
        connections = []
        for _ in range(count):
            connection = socket.create_connection(("127.0.0.1", server.port), timeout=30)
            stack.enter_context(connection)
            connection.sendall(said)
            connections.append(connection)
        yield connections


def longest_wait(server: AppServer, seconds: float = 0) -> float:
    """Ask for the page and the state, once or for a while; return the longest that an answer took."""
    longest, end = 0.0, time.monotonic() + seconds
    while True:
        for path in ("/", "/health"):
            started = time.monotonic()
            assert requests.get(server.url + path, timeout=30).status_code == 200
            longest = max(longest, time.monotonic() - started)
        if time.monotonic() >= end:
            return longest


@pytest.mark.parametrize(("command", "count"), [(None, 900), (PSERVE, 300)], ids=["granian", "waitress"])
@pytest.mark.parametrize("said", [b"", QUESTION], ids=["silent", "idle"])
def test_idle_connections(
    start_app: StartApp, command: tuple[str, ...] | None, count: int, said: bytes
) -> None:
    server = start_app(**({"serve": command} if command else {}))
    with connected(server, count, said):
        assert longest_wait(server) < PATIENCE


@pytest.mark.parametrize("command", [None, PSERVE], ids=["granian", "waitress"])
def test_slow_bodies(start_app: StartApp, command: tuple[str, ...] | None) -> None:
    server = start_app(**({"serve": command} if command else {}))
    said = request_head("Content-Length: 1000000") + start_of_form()
    with connected(server, 150, said) as connections:
        assert longest_wait(server) < PATIENCE
        for connection in connections:
            connection.sendall(b"x")
        assert longest_wait(server) < PATIENCE
        assert_still_serving(server)
        assert server.memory() < 400 * MEBIBYTE


def test_slow_readers(start_app: StartApp) -> None:
    """More than there are threads want a large file, and read nothing of it."""
    server = start_app()
    path = upload(server.url, os.urandom(20 * MEBIBYTE)).json()["url_d"].removeprefix(server.url)
    with connected(server, 540, f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode()) as connections:
        statuses = Counter(connection.recv(12)[9:] for connection in connections)
        assert statuses == {b"200": DOWNLOADS_FOR_ONE, b"503": 540 - DOWNLOADS_FOR_ONE}
        assert longest_wait(server) < PATIENCE
        assert_still_serving(server)
        assert server.memory() < 400 * MEBIBYTE
    assert eventually(lambda: requests.get(server.url + path, timeout=30).status_code == 200)


def test_bodies_of_tiny_chunks(start_app: StartApp) -> None:
    server = start_app()
    body = b"1\r\nx\r\n" * (MEBIBYTE // 6)
    with connected(server, 8, request_head("Transfer-Encoding: chunked") + start_of_chunk()) as connections:
        senders = [threading.Thread(target=send_all, args=(connection, body)) for connection in connections]
        for sender in senders:
            sender.start()
        assert longest_wait(server, seconds=3) < PATIENCE
        for sender in senders:
            sender.join()
    assert_still_serving(server)
    server.kill()  # in order it would read all of the chunks to their end


def start_of_chunk() -> bytes:
    """Return the start of a form as a chunk."""
    start = start_of_form()
    return f"{len(start):x}\r\n".encode() + start + b"\r\n"


def send_all(connection: socket.socket, body: bytes) -> None:
    """Send until it is sent, or until the connection is ended."""
    with suppress(OSError):
        connection.sendall(body)


def test_large_cookies(start_app: StartApp) -> None:
    server = start_app()
    with connected(server, 32, b"GET / HTTP/1.1\r\nHost: a\r\nCookie: " + b"a" * 7900 + b"\r\n\r\n"):
        assert longest_wait(server) < PATIENCE
    answer = requests.get(server.url, headers={"Cookie": "a" * 40_000}, timeout=30)
    assert answer.status_code == 431


def test_more_connections_than_files_may_be_open(start_app: StartApp) -> None:
    limited = ("sh", "-c", 'ulimit -n 80; exec "$0" "$@"', *GRANIAN)
    server = start_app(serve=limited)
    with connected(server, 150):
        time.sleep(1)
    assert upload(server.url, b"after", "after.txt").status_code == 201
    assert len(server.log_text()) < 20_000

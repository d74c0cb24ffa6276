"""How waitress receives bodies: its real channel on a socket pair, driven step by step without threads."""

import errno
import io
import os
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from waitress.server import create_server

from pastebin.server import receiving
from pastebin.server.channel import make_channel
from pastebin.server.receiving import MEMORY_LIMIT, Spool

LIMIT = 1000
DISCARD = 5000  # the real one is too large for quick tests

# What a body may hold that must never be taken for a request.
SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"


def failing(number: int) -> Callable[..., None]:
    """Return what fails as the operating system does."""

    def fail(**_options: object) -> None:
        raise OSError(number, "the disk")

    return fail


# The spool


def test_a_small_body_waits_in_memory(tmp_path: Path) -> None:
    spool = Spool(LIMIT, tmp_path / "missing")
    spool.append(b"one ")
    spool.append(b"two")
    assert (len(spool), spool.getfile().read()) == (7, b"one two")


def test_a_larger_body_moves_to_a_file_without_a_name(tmp_path: Path) -> None:
    spool = Spool(2 * MEMORY_LIMIT, tmp_path)
    for piece in (b"a" * MEMORY_LIMIT, b"b", b"c" * 100):
        spool.append(piece)
    assert not isinstance(spool.getfile(), io.BytesIO)
    assert spool.getfile().read() == b"a" * MEMORY_LIMIT + b"b" + b"c" * 100
    assert list(tmp_path.iterdir()) == []
    spool.close()


@given(st.lists(st.binary(max_size=30), max_size=12), st.integers(0, 60), st.integers(0, 200))
def test_what_went_in_comes_out_or_is_counted(pieces: list[bytes], memory: int, limit: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(receiving, "MEMORY_LIMIT", memory)
        spool = Spool(limit, None)
        for piece in pieces:
            spool.append(piece)
    body = b"".join(pieces)
    assert len(spool) == len(body)
    assert spool.getfile().read() == (body if len(body) <= limit else b"")
    assert spool.error is None
    spool.close()


def test_the_file_of_a_body_over_the_limit_is_let_go_at_once(tmp_path: Path) -> None:
    spool = Spool(MEMORY_LIMIT + 10, tmp_path)
    spool.append(bytes(MEMORY_LIMIT + 10))
    file = spool.getfile()
    spool.append(b"x")
    assert file.closed
    assert spool.getfile().read() == b""


def test_closing_lets_the_file_go(tmp_path: Path) -> None:
    spool = Spool(2 * MEMORY_LIMIT, tmp_path)
    spool.append(bytes(MEMORY_LIMIT + 1))
    file = spool.getfile()
    spool.getbuf().close()
    spool.close()
    assert file.closed


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
def test_what_the_disk_said_is_said_again_by_whoever_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr("tempfile.TemporaryFile", failing(number))
    spool = Spool(4 * MEMORY_LIMIT, tmp_path)
    for _ in range(3):
        spool.append(bytes(MEMORY_LIMIT))
    assert len(spool) == 3 * MEMORY_LIMIT
    with pytest.raises(OSError, match=re.escape(os.strerror(number))):
        spool.getfile().read(10)


# The channel


class Tasks:
    """In the place of the crew: notes who has something to do."""

    def __init__(self) -> None:
        self.waiting: list[Any] = []

    def add_task(self, task: Any) -> None:
        self.waiting.append(task)

    def step_down(self) -> None:
        """Do nothing: there is one thread."""

    def has_followers(self) -> bool:
        return False


class Connection:
    """A client's end of a connection to an application that notes the bodies it gets."""

    def __init__(self, folder: Path) -> None:
        self.requests: list[tuple[str, int, bytes | None]] = []
        self._tasks, self._sockets = Tasks(), {}
        server = create_server(
            self._application,
            map=self._sockets,
            _start=False,
            _dispatcher=self._tasks,
            listen="127.0.0.1:0",
            max_request_body_size=2**62,
        )
        ours, self._client = socket.socketpair()
        self.channel = make_channel(LIMIT, folder)(server, ours, ("client", 0), server.adj, self._sockets)
        self._client.setblocking(False)

    def _application(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        try:
            body = environ["wsgi.input"].read()
        except OSError:
            body = None
        self.requests.append((environ["PATH_INFO"], length, body))
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]

    def send(self, *pieces: bytes) -> None:
        """Have the server receive these pieces, answering whatever is complete."""
        for piece in pieces:
            self.channel.received(piece)
            while self._tasks.waiting:
                self._tasks.waiting.pop(0).service()

    def answer(self) -> bytes:
        """Return what the server has sent so far."""
        try:
            return self._client.recv(65536)
        except BlockingIOError:
            return b""

    @property
    def is_ending(self) -> bool:
        """Tell whether the server reads no more from this connection."""
        return self.channel.close_when_flushed or self.channel.will_close

    def close(self) -> None:
        """Let go of everything."""
        self._client.close()
        for dispatcher in list(self._sockets.values()):
            dispatcher.close()


@pytest.fixture
def connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection]:
    """Give a connection to a server that takes LIMIT bytes."""
    monkeypatch.setattr(receiving, "DISCARD_LIMIT", DISCARD)
    connection = Connection(tmp_path)
    yield connection
    connection.close()


def head(*headers: str, path: str = "/") -> bytes:
    """Return the head of a POST."""
    return "\r\n".join([f"POST {path} HTTP/1.1", "Host: x", *headers, "", ""]).encode()


def with_length(body: bytes, *headers: str) -> bytes:
    """Return a POST that tells its length."""
    return head(f"Content-Length: {len(body)}", *headers) + body


def chunked(body: bytes, size: int = 400) -> bytes:
    """Return a POST in chunks."""
    pieces = [body[i : i + size] for i in range(0, len(body), size)]
    chunks = b"".join(f"{len(piece):x}\r\n".encode() + piece + b"\r\n" for piece in pieces)
    return head("Transfer-Encoding: chunked") + chunks + b"0\r\n\r\n"


def in_pieces(data: bytes, size: int) -> list[bytes]:
    return [data[i : i + size] for i in range(0, len(data), size)]


@pytest.mark.parametrize("encode", [with_length, chunked])
@pytest.mark.parametrize("size", [1, LIMIT - 1, LIMIT])
@pytest.mark.parametrize("step", [1, 333, 10**6])
def test_a_body_within_the_limit_arrives_whole(
    connection: Connection, encode: Callable[[bytes], bytes], size: int, step: int
) -> None:
    body = bytes(range(256)) * 4
    connection.send(*in_pieces(encode(body[:size]), step))
    assert connection.requests == [("/", size, body[:size])]
    connection.send(with_length(b"again"))
    assert connection.requests[1:] == [("/", 5, b"again")]


@pytest.mark.parametrize("encode", [with_length, chunked])
@pytest.mark.parametrize("size", [LIMIT + 1, LIMIT + DISCARD // 2])
@pytest.mark.parametrize("step", [100, 10**6])
def test_a_body_over_the_limit_is_read_to_its_end_and_only_its_length_is_kept(
    connection: Connection, encode: Callable[[bytes], bytes], size: int, step: int
) -> None:
    body = (SMUGGLED * size)[:size]
    connection.send(*in_pieces(encode(body), step))
    assert connection.requests == [("/", size, b"")]
    connection.send(with_length(b"again"))
    assert connection.requests[1:] == [("/", 5, b"again")]


def test_a_hopeless_length_is_answered_before_the_body(connection: Connection) -> None:
    length = LIMIT + DISCARD + 1
    connection.send(head(f"Content-Length: {length}"))
    assert connection.requests == [("/", length, b"")]
    assert connection.is_ending


@pytest.mark.parametrize("step", [100, 10**6])
def test_a_hopeless_number_of_chunks_is_answered_before_their_end(connection: Connection, step: int) -> None:
    body = SMUGGLED * 1000
    connection.send(*in_pieces(chunked(body), step))
    [(path, length, kept)] = connection.requests
    assert (path, kept) == ("/", b"")
    assert length > LIMIT
    assert connection.is_ending


@pytest.mark.parametrize("together", [True, False], ids=["in one piece", "one after the other"])
@pytest.mark.parametrize(
    "headers",
    [
        (f"Content-Length: {LIMIT + DISCARD + 1}",),
        (f"Content-Length: {LIMIT + 1}", "Expect: 100-continue"),
    ],
    ids=["hopeless", "expecting"],
)
def test_nothing_of_a_body_that_is_not_read_becomes_a_request(
    connection: Connection, headers: tuple[str, ...], together: bool
) -> None:
    start, rest = head(*headers), SMUGGLED * 10
    connection.send(*([start + rest] if together else [start, rest]))
    connection.send(SMUGGLED)
    assert [path for path, _, _ in connection.requests] == ["/"]
    assert connection.answer().count(b"HTTP/1.1") == 1
    assert connection.is_ending


def test_a_request_before_the_refused_one_is_answered_as_ever(connection: Connection) -> None:
    connection.send(with_length(b"first") + head(f"Content-Length: {LIMIT + DISCARD + 1}") + SMUGGLED)
    assert [body for _, _, body in connection.requests] == [b"first", b""]
    assert connection.is_ending


# Expect: 100-continue

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


@pytest.mark.parametrize("size", [1, LIMIT])
def test_who_asks_before_sending_is_told_to_go_on(connection: Connection, size: int) -> None:
    connection.send(head(f"Content-Length: {size}", "Expect: 100-continue"))
    assert (connection.answer(), connection.requests) == (CONTINUE, [])
    connection.send(bytes(size))
    assert connection.requests == [("/", size, bytes(size))]
    assert connection.answer().startswith(b"HTTP/1.1 200")


def test_who_asks_before_sending_too_much_is_answered_at_once(connection: Connection) -> None:
    connection.send(head(f"Content-Length: {LIMIT + 1}", "Expect: 100-continue"))
    assert connection.requests == [("/", LIMIT + 1, b"")]
    answer = connection.answer()
    assert CONTINUE not in answer
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"Connection: close" in answer


def test_who_asks_before_sending_chunks_is_told_to_go_on(connection: Connection) -> None:
    start, _, chunks = chunked(b"text").partition(b"\r\n\r\n")
    connection.send(start + b"\r\nExpect: 100-continue\r\n\r\n")
    assert connection.answer() == CONTINUE
    connection.send(chunks)
    assert connection.requests == [("/", 4, b"text")]


# Malformed


@pytest.mark.parametrize(
    "request_bytes",
    [
        head("Content-Length: -1"),
        head("Content-Length: 1e3"),
        head("Content-Length: 5, 5") + b"12345",
        head("Transfer-Encoding: gzip"),
        head("Transfer-Encoding: chunked") + b"xyz\r\n",
        head("Transfer-Encoding: chunked") + b"-5\r\n",
        b"\x16\x03\x01\x02\x00\r\n\r\n",
    ],
)
def test_what_is_no_request_does_not_reach_the_application(
    connection: Connection, request_bytes: bytes
) -> None:
    connection.send(request_bytes)
    assert connection.requests == []
    assert connection.answer()[:10] in (b"HTTP/1.1 4", b"HTTP/1.0 4", b"HTTP/1.1 5")
    assert connection.is_ending


def test_a_body_for_which_there_is_no_room_reaches_the_application_as_an_error(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "MEMORY_LIMIT", 10)
    monkeypatch.setattr("tempfile.TemporaryFile", failing(errno.ENOSPC))
    connection.send(with_length(bytes(LIMIT)))
    assert connection.requests == [("/", LIMIT, None)]
    connection.send(with_length(b"again"))
    assert connection.requests[1:] == [("/", 5, b"again")]

"""Large bodies that the application reads from the socket itself."""

import os
import socket
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from waitress.receiver import ChunkedReceiver, FixedStreamReceiver

from pastebin.server import live
from pastebin.server.live import LIVE_FROM, LiveBody
from pastebin.server.receiving import Spool

PATIENCE = 0.05


class Ends:
    """Both ends of a connection; the server's does not block."""

    def __init__(self) -> None:
        self.server, self.client = socket.socketpair()
        self.server.setblocking(False)

    def body(self, left: int, first: bytes = b"") -> LiveBody:
        """Return a body of which `first` is here and `left` bytes are to come."""
        assert live.SLOTS.acquire(blocking=False)
        return LiveBody(self.server, first, left, PATIENCE)

    def send(self, data: bytes) -> None:
        """Send from the client's end, in the background."""
        threading.Thread(target=self.client.sendall, args=(data,), daemon=True).start()

    def close(self) -> None:
        self.server.close()
        self.client.close()


@pytest.fixture
def ends() -> Iterator[Ends]:
    """Give a connection."""
    ends = Ends()
    yield ends
    ends.close()


@pytest.fixture(autouse=True)
def slots(monkeypatch: pytest.MonkeyPatch) -> threading.BoundedSemaphore:
    """Give the slots of this test alone."""
    slots = threading.BoundedSemaphore(2)
    monkeypatch.setattr(live, "SLOTS", slots)
    return slots


def read_in_pieces(body: LiveBody, size: int) -> bytes:
    return b"".join(iter(lambda: body.read(size), b""))


@pytest.mark.parametrize("size", [1000, 2**16, 2**22])
def test_what_is_here_comes_first_then_what_the_socket_brings(ends: Ends, size: int) -> None:
    data = os.urandom(3 * 2**20 + 17)
    with ends.body(len(data) - 100, data[:100]) as body:
        ends.send(data[100:])
        assert read_in_pieces(body, size) == data
        assert body.read(10) == b""


def test_nothing_behind_the_body_is_read(ends: Ends) -> None:
    with ends.body(5) as body:
        ends.client.sendall(b"12345GET / HTTP/1.1")
        assert body.read() == b"12345"
    assert ends.server.recv(100) == b"GET / HTTP/1.1"


def test_it_is_a_stream_like_any_other(ends: Ends) -> None:
    with ends.body(12, b"one\nt") as body:
        ends.client.sendall(b"wo\nthree\nfour")
        buffer = bytearray(4)
        assert (body.readable(), body.readinto(buffer), bytes(buffer)) == (True, 4, b"one\n")
        assert body.readline() == b"two\n"
        assert list(body) == [b"three\n", b"fou"]


@pytest.mark.parametrize("sent", [b"", b"half"])
def test_a_client_that_goes_away_is_an_error(ends: Ends, sent: bytes) -> None:
    with ends.body(10) as body:
        ends.client.sendall(sent)
        ends.client.close()
        with pytest.raises(ConnectionResetError):
            body.read(10)


def test_a_client_that_says_nothing_is_an_error(ends: Ends) -> None:
    with ends.body(10) as body, pytest.raises(TimeoutError):
        body.read(10)


def test_what_nobody_read_is_thrown_away(ends: Ends) -> None:
    with ends.body(2**21, b"first") as body:
        ends.send(bytes(2**21) + b"next")
        assert body.drain()
        assert body.read(1) == b""
    assert ends.server.recv(10) == b"next"


def test_what_never_comes_cannot_be_thrown_away(ends: Ends) -> None:
    with ends.body(10, b"first") as body:
        assert not body.drain()


# Which bodies


def incoming(length: int, seen: bytes = b"", receiver: type[Any] = FixedStreamReceiver) -> Any:
    """Return a request whose body has begun to come in."""
    spool = Spool(2**30, None)
    made = receiver(length, spool) if receiver is FixedStreamReceiver else receiver(spool)
    if seen:
        made.received(seen)
    return SimpleNamespace(body_rcv=made, completed=False)


def test_a_large_body_begins_with_what_was_received(ends: Ends) -> None:
    request = incoming(LIVE_FROM + 100, b"seen ")
    assert live.begin(request, b"rest ", ends.server, PATIENCE)
    assert request.completed
    body = request.body_rcv.getfile()
    ends.send(bytes(LIVE_FROM + 90))
    assert read_in_pieces(body, 2**20) == b"seen rest " + bytes(LIVE_FROM + 90)
    request.body_rcv.getbuf().close()


@pytest.mark.parametrize(
    "request_", [incoming(LIVE_FROM - 1), incoming(0, receiver=ChunkedReceiver)], ids=["small", "chunked"]
)
def test_other_bodies_are_received_as_ever(ends: Ends, request_: Any) -> None:
    before = request_.body_rcv
    assert not live.begin(request_, b"", ends.server, PATIENCE)
    assert (request_.body_rcv, request_.completed) == (before, False)


def test_no_more_than_there_are_slots(ends: Ends, slots: threading.BoundedSemaphore) -> None:
    requests = [incoming(LIVE_FROM) for _ in range(3)]
    assert [live.begin(request, b"", ends.server, PATIENCE) for request in requests] == [True, True, False]
    requests[0].body_rcv.close()
    requests[0].body_rcv.close()  # twice is once
    assert live.begin(requests[2], b"", ends.server, PATIENCE)
    for request in requests[1:]:
        request.body_rcv.close()
    assert slots.acquire(blocking=False)
    assert slots.acquire(blocking=False)

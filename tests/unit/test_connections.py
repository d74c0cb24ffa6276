"""Finding the connection of a request among the sockets of the process, and what became of it."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from pastebin.web.connections import connection_of, is_open
from tests.services.client import eventually

RESET = b"\1\0\0\0\0\0\0\0"


class Listener:
    """A server in this process, which accepts and answers nothing."""

    def __init__(self, stack: ExitStack, family: socket.AddressFamily, host: str) -> None:
        self._stack = stack
        self._listener = stack.enter_context(socket.create_server((host, 0), family=family))
        self.host, self.port = self._listener.getsockname()[:2]

    def connect(self) -> tuple[socket.socket, socket.socket]:
        """Return the client's end and the server's of a new connection."""
        client = self._stack.enter_context(socket.create_connection((self.host, self.port)))
        return client, self._stack.enter_context(self._listener.accept()[0])

    def environ(self, address: str = "") -> dict[str, str]:
        """Return what is told of a request."""
        return {"REMOTE_ADDR": address or self.host, "SERVER_PORT": str(self.port)}


@pytest.fixture(params=[(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")], ids=["IPv4", "IPv6"])
def listener(request: pytest.FixtureRequest) -> Iterator[Listener]:
    """Give a server."""
    with ExitStack() as stack:
        yield Listener(stack, *request.param)


@pytest.mark.parametrize("end", ["half", "closed", "reset", "closed here"])
def test_a_connection_is_open_until_either_side_closes_it(listener: Listener, end: str) -> None:
    client, server = listener.connect()
    connection = connection_of(listener.environ())
    assert connection is not None
    assert is_open(connection)
    if end == "half":
        client.shutdown(socket.SHUT_WR)
    elif end == "reset":
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    if end != "half":
        (server if end == "closed here" else client).close()
    assert eventually(lambda: not is_open(connection))


def test_of_several_nobody_knows_which_it_is(listener: Listener) -> None:
    ends = listener.connect()
    connection = connection_of(listener.environ())
    listener.connect()
    assert connection_of(listener.environ()) is None
    assert connection is not None
    assert is_open(connection)
    for end in ends:
        end.close()
    assert not is_open(connection)
    assert connection_of(listener.environ()) is not None


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1", "unix", " "])
def test_another_address_has_none(listener: Listener, address: str) -> None:
    listener.connect()
    assert connection_of(listener.environ(address)) is None


def test_looking_leaves_sockets_as_they_are(listener: Listener) -> None:
    client, server = listener.connect()
    server.setblocking(False)
    assert connection_of(listener.environ()) is not None
    with pytest.raises(BlockingIOError):
        server.recv(1)
    client.sendall(b"x")
    assert eventually(lambda: server.recv(1) == b"x")

"""A connection to an address that was checked, every wait of which ends."""

import io
import socket
import ssl
from collections.abc import Sequence
from functools import cache
from http.client import HTTPConnection
from typing import Any

from .addresses import Address
from .deadline import Deadline
from .target import Target

CONNECT_SECONDS = 10.0
SILENCE_SECONDS = 30.0

# Of a host with more addresses the others are checked, but not tried.
ADDRESSES_TRIED = 4

BUFFER = 64 * 2**10


class PinnedConnection(HTTPConnection):
    """A connection to one of some addresses, whatever the name in the URL means by now.

    The name is what the certificate is compared with. `end` closes it, as `http.client` may have lost it.
    """

    def __init__(self, target: Target, addresses: Sequence[Address], deadline: Deadline) -> None:
        super().__init__(target.host, target.port)
        self._target = target
        self._addresses = addresses[:ADDRESSES_TRIED]
        self._deadline = deadline
        self._socket: socket.socket | None = None

    def connect(self) -> None:
        """Connect, and shake hands if the URL says https."""
        self._socket = self._connected()
        if self._target.scheme == "https":
            self._socket.settimeout(self._deadline.wait(CONNECT_SECONDS))
            self._socket = tls().wrap_socket(self._socket, server_hostname=self._target.host)
        self._deadline.guard(self._socket)
        self.sock = BoundedSocket(self._socket, self._deadline)

    def _connected(self) -> socket.socket:
        failure = OSError("there is no address")
        within = Deadline(self._deadline.wait(CONNECT_SECONDS))
        for address in self._addresses:
            try:
                seconds = within.wait(CONNECT_SECONDS)
                return socket.create_connection((str(address), self._target.port), seconds)
            except OSError as error:
                failure = error
        raise failure

    def end(self) -> None:
        """Close the connection for good."""
        self.close()
        if self._socket is not None:
            self._socket.close()


class BoundedSocket:
    """A connected socket as `http.client` uses it, each wait of which ends."""

    def __init__(self, connected: socket.socket, deadline: Deadline) -> None:
        self._socket = connected
        self._deadline = deadline

    def sendall(self, data: Any) -> None:
        """Send all of `data`."""
        self._socket.settimeout(self._deadline.wait(SILENCE_SECONDS))
        self._socket.sendall(data)

    def makefile(self, *_arguments: Any) -> io.BufferedReader:
        """Return a reader of what comes."""
        return io.BufferedReader(_Incoming(self._socket, self._deadline), BUFFER)

    def close(self) -> None:
        """Leave the socket open: `http.client` closes it as soon as it has the head of an answer."""


class _Incoming(io.RawIOBase):
    """What comes in."""

    def __init__(self, connected: socket.socket, deadline: Deadline) -> None:
        self._socket = connected
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._socket.settimeout(self._deadline.wait(SILENCE_SECONDS))
        received = self._socket.recv_into(buffer)
        self._deadline.wait(0)  # what is ended early looks like an end
        return received


@cache
def tls() -> ssl.SSLContext:
    """Return what certificates are checked with: those of the system."""
    return ssl.create_default_context()

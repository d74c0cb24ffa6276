"""Which connection a request has come over, and whether it still stands; Granian tells neither.

A request's environment names the address of the client, but not its port. So the sockets of this process are
looked at, as Linux lists them, and only where a single one can be meant anything is said of it.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from struct import Struct
from typing import Any, NamedTuple

_DESCRIPTORS = "/proc/self/fd"

# Of `struct tcp_info` (linux/tcp.h): the state, and the milliseconds since the last bytes came in.
_INFO = Struct("=B51xI")
_ESTABLISHED = 1

# The head of a request has come in at most so long before the request is looked at, in milliseconds.
_RECENT = 5000


class _Connection(NamedTuple):
    """A connection of this process. No later one has the same `name`; `silence` is in milliseconds."""

    name: str
    client: IPv4Address | IPv6Address
    port: int
    is_open: bool
    silence: int


def connection_of(environ: dict[str, Any]) -> str | None:
    """Return the connection of a request that has just begun; None unless only one can be meant."""
    try:
        asked = ip_address(environ.get("REMOTE_ADDR", "")), int(environ["SERVER_PORT"])
    except ValueError:  # a socket of this machine has no address
        return None
    found = [one for one in _connections() if (one.client, one.port) == asked and one.silence < _RECENT]
    return found[0].name if len(found) == 1 else None


def is_open(connection: str) -> bool:
    """Tell whether neither side of a connection has closed it."""
    return any(one.is_open for one in _connections() if one.name == connection)


def _connections() -> Iterator[_Connection]:
    for number in os.listdir(_DESCRIPTORS) if os.path.isdir(_DESCRIPTORS) else ():
        with suppress(OSError, ValueError):  # it is none, or closed by now
            name = os.readlink(f"{_DESCRIPTORS}/{number}")
            if name.startswith("socket:"):
                yield _looked_at(name, int(number))


def _looked_at(name: str, descriptor: int) -> _Connection:
    """Return the connection of a descriptor; OSError or ValueError if it is none of TCP that stands."""
    with socket.socket(fileno=os.dup(descriptor)) as one:
        if one.family not in (socket.AF_INET, socket.AF_INET6):
            raise ValueError(one.family)
        client = ip_address(one.getpeername()[0])
        info = one.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _INFO.size)
        state, silence = _INFO.unpack(info)
        return _Connection(name, client, one.getsockname()[1], state == _ESTABLISHED, silence)

"""From the name of a host to its addresses, once."""

import socket
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from threading import Thread

from ..errors import RemoteFailed, RemoteTimeout
from .addresses import Address
from .deadline import Deadline

# The system's own look-up may wait for several servers in turn, and cannot be told for how long.
RESOLVE_SECONDS = 10.0

_Found = list[Address] | Exception


def resolve(host: str, port: int, deadline: Deadline) -> list[Address]:
    """Return all addresses of a host; RemoteFailed if there is none, RemoteTimeout if that takes too long."""
    answers: SimpleQueue[_Found] = SimpleQueue()
    Thread(target=_look_up, args=(host, port, answers), name="resolver", daemon=True).start()
    try:
        found = answers.get(timeout=deadline.wait(RESOLVE_SECONDS))
    except Empty as error:
        raise RemoteTimeout("The other server's name is not found in time.") from error
    if isinstance(found, Exception):
        raise RemoteFailed() from found
    if not found:
        raise RemoteFailed()
    return found


def _look_up(host: str, port: int, answers: "SimpleQueue[_Found]") -> None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        answers.put(list(dict.fromkeys(ip_address(address[0]) for *_, address in found)))
    except (OSError, ValueError) as error:  # ValueError: a name that cannot be written as one
        answers.put(error)

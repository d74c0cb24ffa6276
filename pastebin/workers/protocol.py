"""Messages between the pool and its workers: a JSON header, bytes and descriptors.

A message is a prefix (four magic bytes, the length of the header as 32 bits, that of the body
as 64, big-endian), the header, the body. Descriptors travel with its first byte (SCM_RIGHTS).
JSON rather than pickle: a worker that a hostile file has taken over must not get code run here.
"""

import json
import socket
import struct
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

_PREFIX = struct.Struct("!4sIQ")
_MAGIC = b"pbw1"

# Bytes of a request's header. It fits into the socket's buffer, so that sending never blocks.
MAX_REQUEST = 64 * 1024

# Bytes of an answer's header and body, unless a pool says otherwise. Parsed JSON takes up to
# twenty times its length.
MAX_HEADER = 16 * 2**20
MAX_BODY = 64 * 2**20

# Source and target.
MAX_DESCRIPTORS = 2


def _refuse(constant: str) -> None:
    """Refuse NaN and Infinity, which are not JSON."""
    raise ValueError(constant)


# Made once: json.dumps and json.loads make one for each call that has options.
_encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode
_decode = json.JSONDecoder(parse_constant=_refuse).decode

Read = Callable[[int], bytes | bytearray]


class Answer(NamedTuple):
    """What a task returned."""

    header: dict[str, Any]
    body: bytes


class Garbled(Exception):
    """What arrived is no message, or longer than it may be."""


class Ended(Exception):
    """The other side ended."""


def encode(header: dict[str, Any], body: bytes = b"") -> bytes:
    """Return prefix and header of a message. Raises TypeError or ValueError if JSON cannot hold it."""
    text = _encode(header).encode("ascii")
    return _PREFIX.pack(_MAGIC, len(text), len(body)) + text


def send_request(connection: socket.socket, message: bytes, descriptors: Sequence[int]) -> None:
    """Send an encoded request without ever blocking. Raises Ended if it cannot be taken at once."""
    try:
        sent = socket.send_fds(connection, [message], descriptors, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
    except (BlockingIOError, ConnectionError) as error:
        raise Ended from error
    if sent != len(message):
        raise Ended


def receive_request(connection: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """Wait for a request; return its header and descriptors. Raises Ended at end-of-file."""
    start, descriptors, _, _ = socket.recv_fds(connection, _PREFIX.size, MAX_DESCRIPTORS)
    start += read_blocking(connection, _PREFIX.size - len(start)) if start else b""
    if not start:
        raise Ended
    lengths = _lengths(start, MAX_REQUEST, 0)
    return _parse(read_blocking(connection, lengths[0])), descriptors


def read_answer(read: Read, max_header: int, max_body: int) -> tuple[dict[str, Any], bytes]:
    """Read an answer, whose lengths are capped, with a function that returns just so many bytes.

    Raises Garbled, and what `read` raises.
    """
    header, body = _lengths(read(_PREFIX.size), max_header, max_body)
    return _parse(read(header)), bytes(read(body)) if body else b""


def read_blocking(connection: socket.socket, length: int) -> bytes:
    """Read just so many bytes. Raises Ended if there are not so many."""
    parts = b""
    while len(parts) < length:
        part = connection.recv(length - len(parts))
        if not part:
            raise Ended
        parts += part
    return parts


def _lengths(prefix: bytes | bytearray, max_header: int, max_body: int) -> tuple[int, int]:
    magic, header, body = _PREFIX.unpack(prefix)
    if magic != _MAGIC or header > max_header or body > max_body:
        raise Garbled
    return header, body


def _parse(text: bytes | bytearray) -> dict[str, Any]:
    try:
        header = _decode(text.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Garbled from error
    if not isinstance(header, dict):
        raise Garbled
    return header

"""Large bodies, read from the socket by the application itself while they come in.

waitress receives a whole body before the application hears of it. For a large one that means
writing it to a disk twice, and hashing that begins when receiving ends. Here the application
starts at once, in a thread of its own, so that a slow client keeps nobody else waiting.
"""

import errno
import io
import os
import select
import threading
from typing import Any

from waitress.parser import HTTPRequestParser
from waitress.receiver import FixedStreamReceiver

# Bodies of this size and more, in bytes; for smaller ones a thread costs more than it gains.
LIVE_FROM = 4 * 2**20

# So many at a time, each with a thread and up to ten pieces in memory. More are received by waitress.
SLOTS = threading.BoundedSemaphore(16)

# The most that is asked of the socket at a time.
PIECE = 2**20


class LiveBody(io.RawIOBase):
    """What is left of a body: `first` is here already, and `left` bytes more come from the socket.

    A client that goes away, or is silent for `patience` seconds, is an OSError. waitress calls
    `getfile` and `getbuf`, and `close` after the answer.
    """

    def __init__(self, connection: Any, first: bytes, left: int, patience: float) -> None:
        super().__init__()
        self._connection = connection
        self._first = first
        self._left = left
        self._patience = patience * 1000
        self._buffer = bytearray(min(left, PIECE))
        self._arrival = select.poll()
        self._arrival.register(connection.fileno(), select.POLLIN)

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read some bytes into a buffer and return how many; 0 at the end."""
        piece = self._next(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def read(self, size: int | None = -1) -> bytes:
        """Return the next bytes, up to `size` of them and at least one before the end."""
        return self.readall() if size is None or size < 0 else self._next(size)

    def _next(self, size: int) -> bytes:
        if self._first:
            piece, self._first = self._first[:size], self._first[size:]
            return piece
        piece = self._receive(min(size, self._left, PIECE)) if self._left and size else b""
        self._left -= len(piece)
        return piece

    def _receive(self, size: int) -> bytes:
        """Wait for `size` bytes: pieces of an even size are cheaper to write than what comes at a time."""
        piece = memoryview(self._buffer)[:size]
        room = piece
        while room:
            try:
                received = self._connection.recv_into(room)
            except BlockingIOError:
                if not self._arrival.poll(self._patience):
                    raise TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT)) from None
                continue
            if not received:
                raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))
            room = room[received:]
        return bytes(piece)

    def drain(self) -> bool:
        """Throw away what nobody read, so that a client hears the answer; tell whether all of it came."""
        self._first = b""
        try:
            while self._next(PIECE):
                pass
        except OSError:
            return False
        return True

    def getfile(self) -> "LiveBody":
        """Return the stream for the application."""
        return self

    def getbuf(self) -> "LiveBody":
        """Return what waitress is to close after the request."""
        return self

    def close(self) -> None:
        """Make room for another one."""
        if not self.closed:
            SLOTS.release()
        super().close()


def begin(request: HTTPRequestParser, rest: bytes, connection: Any, patience: float) -> bool:
    """Have a request whose body has begun to come in go to the application now; tell whether it can.

    `rest` is what came in after what the request has seen.
    """
    receiver = request.body_rcv
    if not isinstance(receiver, FixedStreamReceiver) or receiver.remain < LIVE_FROM:
        return False
    if not SLOTS.acquire(blocking=False):
        return False
    first = receiver.getfile().read() + rest
    receiver.getbuf().close()
    request.body_rcv = LiveBody(connection, first, receiver.remain - len(rest), patience)
    request.completed = True
    return True

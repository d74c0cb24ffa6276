"""How waitress receives a body: within the limit, onto the right disk, and never with a broken pipe.

What cannot be received is still handed to the application, which knows how to say so: a body
that is too large by its Content-Length, a full disk by a stream whose reading fails.
"""

import io
import os
import tempfile
from pathlib import Path
from typing import Any

from waitress.parser import HTTPRequestParser
from waitress.receiver import ChunkedReceiver
from waitress.utilities import BadRequest

# Bodies up to this size wait in memory, larger ones in a file.
MEMORY_LIMIT = 512 * 2**10

# How much of a body that is too large is read and thrown away, so that a client that sends
# all before it listens gets to hear the answer. A client further over the limit is cut off.
DISCARD_LIMIT = 64 * 2**20


# How much waitress's parsers get at a time, except of a body's own bytes. They copy what is
# left of a piece at every line in it, so that large pieces of short lines would take them seconds.
PIECE = 8 * 2**10

# The longest line between two chunks of a body, and the longest trailer after the last one.
CHUNK_LINE_LIMIT = 16 * 2**10


class Spool:
    """A body on its way in: memory at first, then an unnamed file that no crash leaves behind.

    waitress's receivers call `append`, `__len__` and `getfile`.
    """

    def __init__(self, limit: int, folder: Path | None) -> None:
        self._limit = limit
        self._folder = folder
        self._memory: io.BytesIO | None = io.BytesIO()
        self._file: Any = None
        self._length = 0
        self.error: OSError | None = None

    def __len__(self) -> int:
        return self._length

    def append(self, data: bytes) -> None:
        """Take a piece of the body; beyond the limit or without room it is only counted."""
        self._length += len(data)
        if self._length > self._limit or self.error is not None:
            self._drop()
            return
        try:
            self._write(data)
        except OSError as error:
            self.error = error
            self._drop()

    def _write(self, data: bytes) -> None:
        if self._memory is not None:
            self._memory.write(data)
            if self._length <= MEMORY_LIMIT:
                return
            self._file = tempfile.TemporaryFile(dir=self._folder, buffering=0)  # noqa: SIM115
            data, self._memory = self._memory.getvalue(), None
        view = memoryview(data)
        while view:
            view = view[self._file.write(view) :]

    def _drop(self) -> None:
        self._memory = None
        if self._file is not None:
            self._file.close()
            self._file = None

    def getfile(self) -> Any:
        """Return the body as a stream at its beginning; one that fails if it could not be kept."""
        if self.error is not None:
            return _Unreadable(self.error)
        stream = self._memory or self._file or io.BytesIO()
        stream.seek(0)
        return stream

    def getbuf(self) -> "Spool":
        """Return the buffer itself; waitress closes it after the request."""
        return self

    def close(self) -> None:
        """Forget the body."""
        self._drop()


class _Unreadable(io.RawIOBase):
    """A body the server had no room for."""

    def __init__(self, error: OSError) -> None:
        super().__init__()
        self._error = error

    def read(self, _size: int = -1) -> bytes:
        raise OSError(self._error.errno, os.strerror(self._error.errno or 0))


class Parser(HTTPRequestParser):  # type: ignore[misc]
    """Receives a request; one that is too large ends early, with its length telling so."""

    limit: int
    folder: Path | None = None
    body_rcv: Any
    completed: bool
    error: Any
    expect_continue: bool

    def parse_header(self, header: bytes) -> None:
        """Read the request line and the headers, and prepare for the body."""
        super().parse_header(header)
        if self.body_rcv is not None:
            self.body_rcv.buf = Spool(self.limit, self.folder)

    @property
    def is_acceptable(self) -> bool:
        """Tell whether a body is coming in that keeps within the limit, as far as its headers say."""
        return self.body_rcv is not None and self.content_length <= self.limit

    def received(self, data: bytes) -> int:
        """Take some bytes of the request and return how many of them are its own."""
        in_body = self.body_rcv is not None
        consumed: int = super().received(data)
        if self.completed or self.error or self.body_rcv is None:
            return consumed
        if _unended_line(self.body_rcv) > CHUNK_LINE_LIMIT:
            self.error = BadRequest("A line between two chunks is too long")
            self.completed = True
            return consumed
        declared = self.content_length
        hopeless = max(declared, self.body_bytes_received) > self.limit + DISCARD_LIMIT
        refused = declared > self.limit and self.expect_continue and not in_body
        if hopeless or refused:
            self._end_early(max(declared, self.body_bytes_received))
        return consumed

    def _end_early(self, length: int) -> None:
        self.body_rcv.buf.close()
        self.body_rcv = None
        self.headers["CONTENT_LENGTH"] = str(length)
        self.headers["CONNECTION"] = "close"  # what else comes in is no request
        self.expect_continue = False
        self.completed = True


def _unended_line(receiver: Any) -> int:
    """Return how many bytes of a line (or trailer) without end a receiver has gathered."""
    if not isinstance(receiver, ChunkedReceiver):
        return 0
    return len(receiver.control_line) + len(receiver.trailer)

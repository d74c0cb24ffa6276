"""Files from the disk to the socket inside the kernel, sendfile(2), within waitress.

waitress sends a file in pieces that it reads, seeking before and after each. Here a piece is
only described, as a FileSlice, and the socket knows how to send one.
"""

import errno
import os
import socket
from typing import Any, BinaryIO, NamedTuple

from waitress.buffers import ReadOnlyFileBasedBuffer

# How much the kernel is asked to send at a time; it takes what the socket has room for.
SLICE = 8 * 2**20


class FileSlice(NamedTuple):
    """A piece of an open file: descriptor, offset and length in bytes."""

    descriptor: int
    offset: int
    length: int


class FileBuffer(ReadOnlyFileBasedBuffer):  # type: ignore[misc]
    """The server's `wsgi.file_wrapper`: a file from where it stands, handed out as slices."""

    def __init__(self, file: BinaryIO, block_size: int = 32768) -> None:
        super().__init__(file, block_size)
        self._offset = file.tell()

    def prepare(self, size: int | None = None) -> int:
        """Set how much is to be sent, `size` bytes or what there is, and return it."""
        there = os.fstat(self.file.fileno()).st_size - self._offset
        self.remain = there if size is None else min(size, there)
        return self.remain

    def get(self, numbytes: int = -1, skip: bool = False) -> Any:
        """Return the next slice; waitress says with `skip` how much of it was sent."""
        return FileSlice(self.file.fileno(), self._offset, min(SLICE, self.remain))

    def skip(self, numbytes: int, allow_prune: int = 0) -> None:
        """Go on behind what was sent."""
        self._offset += numbytes
        self.remain -= numbytes


class SliceSocket:
    """A socket that also sends FileSlices; everything else is the socket's own."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._descriptor = connection.fileno()

    def send(self, data: bytes | FileSlice) -> int:
        """Send what there is room for and return how many bytes that was; OSError as a socket's."""
        if not isinstance(data, FileSlice):
            return self._connection.send(data)
        sent = os.sendfile(self._descriptor, *data)
        if sent == 0:  # the file became shorter: the answer cannot be completed
            raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))
        return sent

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

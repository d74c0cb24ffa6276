"""Writing a large file past the operating system's cache (O_DIRECT).

What goes through the cache needs a page of memory for every 4 KiB, which on a virtual machine
can cost more than the disk does, and pushes out of the cache what others are looking at.
"""

import errno
import fcntl
import mmap
import os
import queue
from contextlib import suppress

from .background import Background

# Offsets, lengths and addresses in memory have to be multiples of this: the largest block in use.
ALIGNMENT = 4096

# How much is written at a time, from one of two buffers; the other one is filled meanwhile.
BUFFER_BYTES = 2 * 2**20

_O_DIRECT = getattr(os, "O_DIRECT", 0)


class DirectFile:
    """The rest of a file whose descriptor stands at a multiple of ALIGNMENT.

    Errors of the disk are raised by a later `write`, or by `close`. Where the file system
    cannot do it, the file is written through the cache like any other.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._free: queue.SimpleQueue[mmap.mmap] = queue.SimpleQueue()
        self._free.put(mmap.mmap(-1, BUFFER_BYTES))
        self._buffer = mmap.mmap(-1, BUFFER_BYTES)
        self._filled = 0
        _set_direct(descriptor, on=True)
        self._writing = Background(self._write, ahead=1, name="blob-direct")

    def write(self, data: bytes) -> None:
        """Append `data`; waits while both buffers are full."""
        view = memoryview(data)
        while view:
            piece = view[: BUFFER_BYTES - self._filled]
            self._buffer[self._filled : self._filled + len(piece)] = piece
            self._filled += len(piece)
            view = view[len(piece) :]
            if self._filled == BUFFER_BYTES:
                self._writing.put(self._buffer)
                self._buffer, self._filled = self._free.get(), 0

    def close(self) -> None:
        """Return when everything is written; the descriptor stays open."""
        self._writing.close()
        _set_direct(self._descriptor, on=False)  # the end of a file is no multiple of anything
        with memoryview(self._buffer) as view:
            write_whole(self._descriptor, view[: self._filled])

    def stop(self) -> None:
        """End the thread and let the memory go; safe to call again."""
        self._writing.stop()
        with suppress(BufferError):  # in an error's traceback somebody still holds it; it goes with that
            self._buffer.close()
            while not self._free.empty():
                self._free.get().close()

    def _write(self, buffer: mmap.mmap) -> None:
        try:
            with memoryview(buffer) as view:
                self._write_past(view)
        finally:
            self._free.put(buffer)

    def _write_past(self, view: memoryview) -> None:
        before = os.lseek(self._descriptor, 0, os.SEEK_CUR)
        try:
            write_whole(self._descriptor, view)
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
            _set_direct(self._descriptor, on=False)
            written = os.lseek(self._descriptor, 0, os.SEEK_CUR) - before
            write_whole(self._descriptor, view[written:])


def write_whole(descriptor: int, data: bytes | memoryview) -> None:
    """Write all of `data`."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _set_direct(descriptor: int, *, on: bool) -> None:
    flags = fcntl.fcntl(descriptor, fcntl.F_GETFL)
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETFL, flags | _O_DIRECT if on else flags & ~_O_DIRECT)
    except OSError as error:
        if error.errno != errno.EINVAL:  # this file system has no such thing
            raise

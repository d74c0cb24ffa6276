"""How a content comes into a LocalBlobStore: beside its place, hashed while written, then renamed."""

import os
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import BinaryIO, Self

from .._speedups.hashing import ContentHash
from .._speedups.placing import Move, place, sync_folder
from .background import Background
from .direct import ALIGNMENT, DirectFile
from .disk import own_errors, start_writeback
from .interface import HEAD_SIZE, Blob

# Start writing to the disk after each piece of this size, so that little is left to the final fsync.
WRITEBACK_BYTES = 16 * 2**20

# A content that is larger than this is hashed in a thread of its own, so many pieces later at most.
BACKGROUND_BYTES = 4 * 2**20
HASH_AHEAD = 4

# What is larger than this goes past the cache: nobody looks at all of it at once.
DIRECT_BYTES = 64 * 2**20


class LocalBlobWriter:
    """A content on its way in. `place_of` tells where a content with some SHA-256 belongs."""

    def __init__(self, place_of: Callable[[str], str], path: str, *, durable: bool) -> None:
        self._place_of = place_of
        self._path = path
        self._durable = durable
        self._hash = ContentHash()
        self._blob: Blob | None = None
        self._hashing: Background[bytes] | None = None
        self._direct: DirectFile | None = None
        self._written = 0
        self._started = 0
        self._is_settled = False  # kept, or somebody else's to keep
        self.head = b""
        self.size = 0
        with own_errors():
            self._file = open(path, "xb", buffering=0)  # noqa: SIM115 (closed with the writer)

    def write(self, data: bytes) -> None:
        """Append `data`."""
        if self.size < HEAD_SIZE:
            self.head += data[: HEAD_SIZE - self.size]
        self.size += len(data)
        self._digest(data)
        with own_errors():
            if self._direct is None and self._durable and self._written >= DIRECT_BYTES:
                data = self._go_direct(data)
            if self._direct is not None:
                self._direct.write(data)
            else:
                self._append(data)

    def _digest(self, data: bytes) -> None:
        if self._hashing is None and self.size > BACKGROUND_BYTES:
            self._hashing = Background(self._hash.update, ahead=HASH_AHEAD, name="blob-hash")
        if self._hashing is not None:
            self._hashing.put(data)
        else:
            self._hash.update(data)

    def _go_direct(self, data: bytes) -> bytes:
        """Write past the cache from the next multiple of ALIGNMENT on; return what comes there."""
        before = -self._written % ALIGNMENT
        self._append(data[:before])
        if self._written % ALIGNMENT == 0:
            self._direct = DirectFile(self._file.fileno())
        return data[before:]

    def _append(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[self._file.write(view) :]
        self._written += len(data)
        if self._durable and self._written - self._started >= WRITEBACK_BYTES:
            start_writeback(self._file.fileno(), self._started, self._written - self._started)
            self._started = self._written

    def finish(self) -> Blob:
        """End the writing and return what was written; nobody else can see it yet."""
        if self._blob is None:
            with own_errors():
                if self._direct is not None:
                    self._direct.close()
                self._file.close()
            if self._hashing is not None:
                self._hashing.close()
            self._blob = Blob(self._hash.sha256, self._hash.md5, self.size)
        return self._blob

    def reader(self) -> BinaryIO:
        """Return a new seekable reader of what was written."""
        with own_errors():
            return open(self._path, "rb")

    def keep(self) -> Blob:
        """Put the content in its place, durably, and return it.

        A content that is there already is kept as it is, and its time refreshed so that no
        sweep takes it for forgotten before its row is committed.
        """
        with own_errors():
            place(*self.move(), sync_folder if self._durable else None)
        self._is_settled = True
        return self.finish()

    def hand_over(self) -> Self:
        """End the writing, and leave what was written to whoever keeps or discards it."""
        self.finish()
        self._is_settled = True
        return self

    def discard(self) -> None:
        """Forget what was written, unless it is in its place."""
        with suppress(FileNotFoundError):
            os.unlink(self._path)

    def move(self) -> Move:
        """End the writing and return what brings the content to its place, for `place_all`."""
        return self._path, self._place_of(self.finish().sha256), self.size

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._hashing is not None:
            self._hashing.stop()
        if self._direct is not None:
            self._direct.stop()
        self._file.close()
        if not self._is_settled:
            self.discard()

"""A small content on its way in, kept in memory until it is staged."""

import io
from types import TracebackType
from typing import BinaryIO, Self

from .._speedups.hashing import ContentHash
from .interface import HEAD_SIZE, Blob, StagedBlob

# Pieces that are gathered before they are put together: small ones take many times their length.
_PIECES = 32


class MemoryBlobWriter:
    """Gathers the bytes of a content that a transaction will write."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._data: bytes | None = None
        self._blob: Blob | None = None
        self.size = 0

    def write(self, data: bytes) -> None:
        """Append `data`."""
        self._pieces.append(data)
        self.size += len(data)
        if len(self._pieces) > _PIECES:
            self._pieces = [self.data]

    @property
    def data(self) -> bytes:
        """Return what was written so far."""
        if len(self._pieces) != 1:
            self._pieces = [b"".join(self._pieces)]
        return self._pieces[0]

    @property
    def head(self) -> bytes:
        """Return the first HEAD_SIZE bytes that were written, or all if they are fewer."""
        return self.data if self.size <= HEAD_SIZE else self.data[:HEAD_SIZE]

    def finish(self) -> Blob:
        """End the writing and return what was written."""
        if self._blob is None:
            content = ContentHash()
            content.update(self.data)
            self._blob = Blob(content.sha256, content.md5, self.size)
        return self._blob

    def reader(self) -> BinaryIO:
        """Return a new reader of what was written."""
        return io.BytesIO(self.data)

    def stage(self) -> StagedBlob:
        """Return the content with the bytes that the transaction writes."""
        return StagedBlob(self.finish(), self.data)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._pieces = []

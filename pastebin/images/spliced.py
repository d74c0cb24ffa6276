"""A file made of pieces of another one and of bytes between them, so that nothing large is copied."""

import io
from collections.abc import Sequence
from itertools import accumulate
from typing import BinaryIO, TypeAlias

# Bytes, or the beginning and the end of a piece of the file.
Piece: TypeAlias = bytes | tuple[int, int]


class SplicedFile(io.RawIOBase):
    """Reads pieces one after the other, as one seekable file; the file is not closed with this one."""

    def __init__(self, file: BinaryIO, pieces: Sequence[Piece]) -> None:
        self._file = file
        self._pieces = pieces
        self._ends = list(accumulate(map(_length, pieces)))
        self._position = 0

    def read(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes, all there are without it."""
        stop = self._length if size < 0 else min(self._position + size, self._length)
        found = []
        start = 0
        for piece, end in zip(self._pieces, self._ends, strict=True):
            if self._position < end and start < stop:
                found.append(self._part(piece, max(self._position, start) - start, min(stop, end) - start))
            start = end
        data = b"".join(found)
        self._position += len(data)
        return data

    @property
    def _length(self) -> int:
        return self._ends[-1] if self._ends else 0

    def _part(self, piece: Piece, start: int, stop: int) -> bytes:
        if isinstance(piece, bytes):
            return piece[start:stop]
        self._file.seek(piece[0] + start)
        return self._file.read(stop - start)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Move to a position."""
        base = (0, self._position, self._length)[whence]
        self._position = max(base + offset, 0)
        return self._position

    def tell(self) -> int:
        """Return the position."""
        return self._position

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True


def _length(piece: Piece) -> int:
    return len(piece) if isinstance(piece, bytes) else piece[1] - piece[0]

"""Reading the beginning of a compressed file, whatever its author meant it to become."""

import bz2
import io
import lzma
import sys
import zlib
from collections.abc import Callable
from typing import BinaryIO, Protocol

from .budget import Deadline, OutOfBudget

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

# Bytes that are decompressed for one preview, and seconds of processor time that may take.
OUTPUT_LIMIT = 64 * 2**20
TIME_LIMIT = 1.0

# Memory a decoder may take: xz files name their own need, up to gigabytes.
_MEMORY_LIMIT = 64 * 2**20

_PIECE = 64 * 2**10

ERRORS = (OSError, EOFError, ValueError, OverflowError, zlib.error, lzma.LZMAError, zstd.ZstdError)


class Plain:
    """The bytes of a file that is not compressed; passing over some costs nothing."""

    def __init__(self, file: BinaryIO, seconds: float | None = None) -> None:
        self._file = file
        self._deadline = Deadline(seconds or TIME_LIMIT)

    def read(self, size: int) -> bytes:
        """Return `size` bytes, fewer at the end. Raises OutOfBudget."""
        self._deadline.check()
        return self._file.read(size)

    def skip(self, size: int) -> None:
        """Pass over `size` bytes."""
        self._file.seek(size, io.SEEK_CUR)


class Decoder(Protocol):
    """What the standard library's decompressors have in common."""

    @property
    def eof(self) -> bool:
        """Tell whether the stream has ended."""

    @property
    def needs_input(self) -> bool:
        """Tell whether all input was taken."""

    @property
    def unused_data(self) -> bytes:
        """Return what was behind the end of the stream."""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Return up to `max_length` bytes, keeping the input that they do not need."""


class GzipDecoder:
    """zlib's decompressor of gzip, with the manners of the other two."""

    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        """Tell whether the stream has ended."""
        return self._zlib.eof

    @property
    def needs_input(self) -> bool:
        """Tell whether all input was taken."""
        return not self._zlib.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        """Return what was behind the end of the stream."""
        return self._zlib.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Return up to `max_length` bytes, keeping the input that they do not need."""
        return self._zlib.decompress(self._zlib.unconsumed_tail + data, max_length)


def _xz() -> Decoder:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY_LIMIT)


def _zstd() -> Decoder:
    window: dict[int, int] = {zstd.DecompressionParameter.window_log_max: _MEMORY_LIMIT.bit_length() - 1}
    return zstd.ZstdDecompressor(options=window)


# The beginning of a compressed file → the suffix of a tar that is compressed so, its decoder.
_FORMATS: dict[bytes, tuple[str, Callable[[], Decoder]]] = {
    b"\x1f\x8b": ("gz", GzipDecoder),
    b"BZh": ("bz2", bz2.BZ2Decompressor),
    b"\xfd7zXZ\0": ("xz", _xz),
    b"\x28\xb5\x2f\xfd": ("zst", _zstd),
}


def compression(head: bytes) -> tuple[str, Callable[[], Decoder]] | None:
    """Return the name and the decoder of a compressed file by its first bytes; None for any other."""
    return next((known for magic, known in _FORMATS.items() if head.startswith(magic)), None)


class Decompressed:
    """The bytes a compressed file stands for, within its limits; ERRORS where it is damaged."""

    def __init__(
        self,
        file: BinaryIO,
        decoder: Callable[[], Decoder],
        *,
        most_bytes: int | None = None,
        seconds: float | None = None,
    ) -> None:
        self._file = file
        self._new = decoder
        self._decoder = decoder()
        self._left = most_bytes or OUTPUT_LIMIT
        self._deadline = Deadline(seconds or TIME_LIMIT)

    def read(self, size: int) -> bytes:
        """Return `size` bytes, fewer at the end. Raises OutOfBudget."""
        data = bytearray()
        while len(data) < size and (piece := self._piece(size - len(data))) is not None:
            data += piece
        return bytes(data)

    def skip(self, size: int) -> None:
        """Pass over `size` bytes. Raises OutOfBudget."""
        while size > 0 and (piece := self._piece(min(size, _PIECE))) is not None:
            size -= len(piece)

    def _piece(self, limit: int) -> bytes | None:
        """Return some bytes, perhaps none yet; None at the end of the file."""
        self._deadline.check()
        if self._left <= 0:
            raise OutOfBudget
        data = b""
        if self._decoder.eof:  # another stream may follow, as parallel compressors write them
            data, self._decoder = self._decoder.unused_data, self._new()
        if self._decoder.needs_input:
            data = data or self._file.read(_PIECE)
            if not data:
                return None
        piece = self._decoder.decompress(data, min(limit, self._left))
        self._left -= len(piece)
        return piece

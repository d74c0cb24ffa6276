"""One entry of the folder of derived images: how it is written, and how damage shows.

The bytes, then a trailer of 64 bytes: eight that name format and version, the length and the
CRC-32 of the bytes, and the media type. The trailer comes last because a worker process writes the bytes
themselves into the open file; whatever is cut, emptied or zeroed does not end in one.
"""

import os
import shutil
import struct
import tempfile
import zlib
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import BinaryIO, Self

_TRAILER = struct.Struct(">8sQI44s")
_MAGIC = b"derived1"

_PIECE = 2**18

# Room that the system's folder for temporary files must have to be used, in bytes.
_LEAST_FREE = 256 * 2**20


@dataclass(frozen=True, slots=True)
class DerivedFile:
    """An unbuffered reader of `size` bytes, at their beginning, and their media type."""

    reader: BinaryIO
    size: int
    mimetype: str


class DerivedWriter:
    """A file on its way into the folder; without a path it stays nameless. Leaving the block forgets it.

    `file` is open for reading and writing.
    """

    def __init__(self, file: BinaryIO, partial: str = "", path: str = "") -> None:
        self.file = file
        self._partial = partial
        self._path = path

    def keep(self, mimetype: str) -> int:
        """Write the trailer and give the file its name; return how many bytes that took on the disk.

        Raises OSError; what was written can be read nevertheless.
        """
        if not self._path:
            return 0
        descriptor = self.file.fileno()
        size = os.fstat(descriptor).st_size
        trailer = _TRAILER.pack(_MAGIC, size, _checksum(descriptor, size), mimetype.encode())
        if os.pwrite(descriptor, trailer, size) != len(trailer):
            raise OSError("the trailer was not written whole")
        os.rename(self._partial, self._path)
        self._partial = ""
        return size + len(trailer)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._partial:
            with suppress(OSError):
                os.unlink(self._partial)
        if kind is not None:
            self.file.close()


def open_anonymous() -> BinaryIO:
    """Return a file without a name: in the system's temporary folder if there is room, else in memory."""
    with suppress(OSError):
        if shutil.disk_usage(tempfile.gettempdir()).free >= _LEAST_FREE:
            return tempfile.TemporaryFile(buffering=0)
    return open(os.memfd_create("derived"), "w+b", buffering=0)


def read_trailer(reader: BinaryIO) -> tuple[DerivedFile, int] | None:
    """Return what a trailer tells of an open file, and the checksum it states; None without a trailer."""
    descriptor = reader.fileno()
    size = os.fstat(descriptor).st_size - _TRAILER.size
    if size < 0:
        return None
    magic, stated, checksum, mimetype = _TRAILER.unpack(os.pread(descriptor, _TRAILER.size, size))
    if magic != _MAGIC or stated != size:
        return None
    return DerivedFile(reader, size, mimetype.rstrip(b"\0").decode("ascii", "replace")), checksum


def is_whole(file: DerivedFile, checksum: int) -> bool:
    """Whether the bytes are those the checksum was computed from."""
    return _checksum(file.reader.fileno(), file.size) == checksum


def _checksum(descriptor: int, size: int) -> int:
    checksum, position = 0, 0
    while position < size and (piece := os.pread(descriptor, min(_PIECE, size - position), position)):
        checksum = zlib.crc32(piece, checksum)
        position += len(piece)
    return checksum

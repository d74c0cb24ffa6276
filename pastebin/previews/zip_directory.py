"""What is in a zip file, by the directory at its end (PKWARE APPNOTE 6.3.10, section 4.3).

The standard library reads a directory whole, however large; here only its beginning is read.
"""

import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

from .archive_entries import ArchiveEntry

# The part of the directory that is read: some thousand entries.
_DIRECTORY_LIMIT = 2**20

_END = struct.Struct("<4s4H2LH")
_END64_LOCATOR = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LONGEST_COMMENT = 2**16

# Bytes of names that their encoding is guessed from.
_NAMES_SAMPLE = 4096

_UTF8_FLAG = 0x800
_FOLDER_BIT = 0x10
_ZIP64, _TIMESTAMP, _UNICODE_PATH = 0x0001, 0x5455, 0x7075


class NotAZip(ValueError):
    """There is no zip directory, or it is damaged."""


@dataclass(frozen=True, slots=True)
class ZipDirectory:
    """The beginning of a zip file's directory, and how many entries it says it has."""

    data: bytes
    total: int

    @property
    def is_cut(self) -> bool:
        """Whether the directory may be longer than what was read."""
        return len(self.data) >= _DIRECTORY_LIMIT

    def __iter__(self) -> Iterator[ArchiveEntry]:
        records = list(self._records())
        codec = _names_codec(name for fields, name, _ in records if not fields[3] & _UTF8_FLAG)
        return (_entry(fields, name, extra, codec) for fields, name, extra in records)

    def _records(self) -> Iterator[tuple[tuple, bytes, bytes]]:
        """Yield the fixed fields, the name and the extra fields of each entry."""
        position = 0
        while position + _ENTRY.size <= len(self.data):
            fields = _ENTRY.unpack_from(self.data, position)
            if fields[0] != b"PK\1\2":
                return
            lengths = fields[10:13]
            position += _ENTRY.size
            if position + sum(lengths) > len(self.data):
                return
            name = self.data[position : position + lengths[0]]
            extra = self.data[position + lengths[0] : position + lengths[0] + lengths[1]]
            position += sum(lengths)
            yield fields, name, extra


def read_directory(file: BinaryIO, size: int) -> ZipDirectory:
    """Return the directory of a zip file of `size` bytes. Raises NotAZip."""
    tail_start = max(0, size - _END.size - _LONGEST_COMMENT - _END64_LOCATOR.size - _END64.size)
    file.seek(tail_start)
    tail = file.read(size - tail_start)
    position = tail.rfind(b"PK\5\6")
    if position < 0 or position + _END.size > len(tail):
        raise NotAZip("no end of a directory")
    total, length, end = _span(tail, position)
    start = tail_start + end - length  # its stated offset is wrong where something was put before
    if start < 0:
        raise NotAZip("the directory begins before the file")
    file.seek(start)
    return ZipDirectory(file.read(min(length, _DIRECTORY_LIMIT)), total)


def _span(tail: bytes, position: int) -> tuple[int, int, int]:
    """Return the number of entries, the directory's length, and where in `tail` it ends."""
    total, length = _END.unpack_from(tail, position)[4:6]
    locator = position - _END64_LOCATOR.size
    end64 = locator - _END64.size
    if end64 >= 0 and tail[locator : locator + 4] == b"PK\6\7" and tail[end64 : end64 + 4] == b"PK\6\6":
        total, length = _END64.unpack_from(tail, end64)[7:9]
        return total, length, end64
    return total, length, position


def _entry(fields: tuple, name: bytes, extra: bytes, codec: str) -> ArchiveEntry:
    flags, time, date, size, attributes = fields[3], fields[5], fields[6], fields[9], fields[15]
    extras = dict(_extras(extra))
    text = _name(name, "utf-8" if flags & _UTF8_FLAG else codec, extras.get(_UNICODE_PATH, b""))
    if size == 0xFFFFFFFF and len(extras.get(_ZIP64, b"")) >= 8:
        size = int.from_bytes(extras[_ZIP64][:8], "little")
    is_folder = text.endswith("/") or bool(attributes & _FOLDER_BIT)
    return ArchiveEntry(text, 0 if is_folder else size, is_folder, _modified(extras, date, time))


def _name(name: bytes, codec: str, unicode_path: bytes) -> str:
    """Return a name as text: in UTF-8 where its bytes are, else by a codec.

    macOS writes UTF-8 without the flag. Info-ZIP adds the name in UTF-8 after a version and a checksum of
    the name that it belongs to (4.6.9).
    """
    if len(unicode_path) > 5 and int.from_bytes(unicode_path[1:5], "little") == zlib.crc32(name):
        name, codec = unicode_path[5:], "utf-8"
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        return name.decode(codec, "replace")


def _names_codec(names: Iterable[bytes]) -> str:
    """Return the codec of names that nothing says the encoding of: MS-DOS's, unless another one shows."""
    sample = b"\n".join(name for name in names if not name.isascii())[:_NAMES_SAMPLE]
    if not sample:
        return "cp437"
    from .encodings import guess_code_page  # noqa: PLC0415 - for workers only

    return guess_code_page(sample)


def _extras(data: bytes) -> Iterator[tuple[int, bytes]]:
    position = 0
    while position + 4 <= len(data):
        kind, length = struct.unpack_from("<2H", data, position)
        position += 4 + length
        yield kind, data[position - length : position]


def _modified(extras: dict[int, bytes], date: int, time: int) -> datetime | None:
    """Return the time of an entry: the exact one, or else MS-DOS's, which names no time zone."""
    stamp = extras.get(_TIMESTAMP, b"")
    if len(stamp) >= 5 and stamp[0] & 1:
        return datetime.fromtimestamp(int.from_bytes(stamp[1:5], "little", signed=True), UTC)
    try:
        return datetime(
            1980 + (date >> 9),
            date >> 5 & 15,
            date & 31,
            time >> 11,
            time >> 5 & 63,
            min(59, (time & 31) * 2),
            tzinfo=UTC,
        )
    except ValueError:
        return None

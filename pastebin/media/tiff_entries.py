"""What directories of a TIFF, which EXIF is one of, say in bytes that are at hand (TIFF 6.0, section 2).

Whatever lies behind the end of the bytes is a struct.error.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

_MOST_ENTRIES = 1000


class Entry(NamedTuple):
    """A tag, the type and the number of its values; these, or where they begin; and where that is said."""

    tag: int
    kind: int
    length: int
    value: int
    place: int


def byte_order(tiff: bytes) -> str:
    """Return the order of bytes, as `struct` has it."""
    return "<" if tiff.startswith(b"II") else ">"


def entries(tiff: bytes, directory: int | None = None) -> Iterator[Entry]:
    """Yield the entries of the directory at an offset, or of the first one."""
    order = byte_order(tiff)
    start = struct.unpack_from(f"{order}L", tiff, 4)[0] if directory is None else directory
    (count,) = struct.unpack_from(f"{order}H", tiff, start)
    for place in range(start + 2, start + 2 + 12 * min(count, _MOST_ENTRIES), 12):
        tag, kind, length, value = struct.unpack_from(f"{order}HHLL", tiff, place)
        yield Entry(tag, kind, length, value, place + 8)


def short(tiff: bytes, entry: Entry) -> int:
    """Return the first of an entry's values of 16 bits."""
    return int(struct.unpack_from(f"{byte_order(tiff)}H", tiff, entry.place)[0])

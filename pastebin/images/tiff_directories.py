"""The directories of a TIFF file: what raw photographs and metadata are found by (TIFF 6.0, section 2)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

# Bytes of one value of each type.
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_NUMBERS = {1: "B", 3: "H", 4: "L", 13: "L"}

_SUBDIRECTORIES = 0x014A
_MOST_DIRECTORIES = 32
_MOST_ENTRIES = 1000
_MOST_VALUES = 16


class BrokenTiff(ValueError):
    """A directory is not where it should be, or is none."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a directory says under a tag: a type, `count` values, and where in the file these begin."""

    tag: int
    kind: int
    count: int
    place: int

    @property
    def size(self) -> int:
        """Return how many bytes the values take."""
        return _SIZES.get(self.kind, 1) * self.count


@dataclass(frozen=True, slots=True)
class Directory:
    """Entries, where in the file the directory begins, and where the next one does, 0 if nowhere."""

    place: int
    entries: list[Entry]
    following: int

    def get(self, tag: int) -> Entry | None:
        """Return the entry of a tag."""
        return next((entry for entry in self.entries if entry.tag == tag), None)


class TiffReader:
    """Reads directories of an open TIFF file; no BigTIFF."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        file.seek(0)
        head = file.read(8)
        if head[:4] not in (b"II*\0", b"MM\0*") or len(head) < 8:
            raise BrokenTiff("this is no TIFF")
        self.order = "<" if head.startswith(b"II") else ">"
        (self.first,) = struct.unpack(f"{self.order}L", head[4:])

    def directory(self, place: int) -> Directory:
        """Return the directory that begins at a place. Raises BrokenTiff."""
        (count,) = struct.unpack(f"{self.order}H", self._read(place, 2))
        if count > _MOST_ENTRIES:
            raise BrokenTiff("a directory has too many entries")
        data = self._read(place + 2, 12 * count + 4)
        entries = [self._entry(data, place + 2, 12 * number) for number in range(count)]
        return Directory(place, entries, struct.unpack(f"{self.order}L", data[-4:])[0])

    def directories(self) -> Iterator[Directory]:
        """Yield all directories of pictures, each once. Raises BrokenTiff."""
        waiting, seen = [self.first], set[int]()
        while waiting and len(seen) < _MOST_DIRECTORIES:
            place = waiting.pop(0)
            if not place or place in seen:
                continue
            seen.add(place)
            found = self.directory(place)
            yield found
            below = found.get(_SUBDIRECTORIES)
            waiting += [*(self.numbers(below) if below else ()), found.following]

    def numbers(self, entry: Entry) -> list[int]:
        """Return the first values of an entry, none if they are no whole numbers. Raises BrokenTiff."""
        code = _NUMBERS.get(entry.kind)
        if code is None:
            return []
        count = min(entry.count, _MOST_VALUES)
        size = _SIZES[entry.kind] * count
        return list(struct.unpack(f"{self.order}{count}{code}", self._read(entry.place, size)))

    def _entry(self, data: bytes, start: int, offset: int) -> Entry:
        tag, kind, count, value = struct.unpack_from(f"{self.order}HHLL", data, offset)
        is_inside = _SIZES.get(kind, 1) * count <= 4
        return Entry(tag, kind, count, start + offset + 8 if is_inside else value)

    def _read(self, place: int, size: int) -> bytes:
        self._file.seek(place)
        data = self._file.read(size)
        if len(data) < size:
            raise BrokenTiff("the file ends before its directory")
        return data

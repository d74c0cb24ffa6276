"""The directories of a TIFF file: what sizes, raw photographs and metadata are found by.

Layouts: TIFF 6.0, section 2, and BigTIFF.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

# Bytes of one value of each type.
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_SIZES |= {16: 8, 17: 8, 18: 8}  # of BigTIFF
_NUMBERS = {1: "B", 3: "H", 4: "L", 13: "L", 16: "Q", 18: "Q"}

# Of TIFF and BigTIFF; of Panasonic's and Olympus's raw photographs.
_BEGINNINGS = frozenset({b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"IIU\0", b"IIRO", b"IIRS", b"MMOR"})

_SUBDIRECTORIES = 0x014A
_MOST_DIRECTORIES = 32
_MOST_ENTRIES = 1000
_MOST_VALUES = 16
_LONGEST_FILE = 2**40  # some systems refuse to look further


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
    """Reads directories of an open TIFF file. `is_big` is whether its offsets have 64 bits (BigTIFF)."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        head = self._read(0, 8)
        if head[:4] not in _BEGINNINGS:
            raise BrokenTiff("this is no TIFF")
        self.order = "<" if head.startswith(b"II") else ">"
        self.is_big = b"+" in head[:4]
        self._count, self._offset, self._form = ("Q", "Q", "HHQQ") if self.is_big else ("H", "L", "HHLL")
        (self.first,) = self._numbers_at(8 if self.is_big else 4, self._offset)

    def directory(self, place: int) -> Directory:
        """Return the directory that begins at a place. Raises BrokenTiff."""
        (count,) = self._numbers_at(place, self._count)
        if count > _MOST_ENTRIES:
            raise BrokenTiff("a directory has too many entries")
        start, length = place + struct.calcsize(f"={self._count}"), struct.calcsize(f"={self._form}")
        data = self._read(start, length * count)
        entries = [self._entry(data, start, length * number) for number in range(count)]
        return Directory(place, entries, self._numbers_at(start + len(data), self._offset)[0])

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
        return list(self._numbers_at(entry.place, code, min(entry.count, _MOST_VALUES)))

    def first_number(self, directory: Directory, tag: int) -> int:
        """Return the first value of a tag, 0 if it has no whole number. Raises BrokenTiff."""
        entry = directory.get(tag)
        return next(iter(self.numbers(entry) if entry else ()), 0)

    def _entry(self, data: bytes, start: int, offset: int) -> Entry:
        tag, kind, count, value = struct.unpack_from(self.order + self._form, data, offset)
        room = struct.calcsize(f"={self._offset}")
        inside = start + offset + struct.calcsize(f"={self._form}") - room
        return Entry(tag, kind, count, inside if _SIZES.get(kind, 1) * count <= room else value)

    def _numbers_at(self, place: int, code: str, count: int = 1) -> tuple[int, ...]:
        form = f"{self.order}{count}{code}"
        return struct.unpack(form, self._read(place, struct.calcsize(form)))

    def _read(self, place: int, size: int) -> bytes:
        data = b""
        if place < _LONGEST_FILE:
            self._file.seek(place)
            data = self._file.read(size)
        if len(data) < size:
            raise BrokenTiff("the file ends before its directory")
        return data

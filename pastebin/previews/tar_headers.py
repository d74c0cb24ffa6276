"""What is in a tar file, by its headers (POSIX.1-2017, pax; GNU tar's long names)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from .archive_entries import ArchiveEntry

BLOCK = 512

# Extended headers hold names and times; a longer one is passed over.
_EXTENSION_LIMIT = 64 * 2**10

# The records of an extended header that a listing needs.
_RECORDS = frozenset({"path", "size", "mtime"})

_FILES, _FOLDER = (b"0", b"\0", b"7"), b"5"
_WITHOUT_DATA = (b"1", b"2", b"3", b"4", _FOLDER, b"6")


_PAX_LENGTH = re.compile(rb"([0-9]{1,6}) ")


class Source(Protocol):
    """Where a tar file is read from, forward only."""

    def read(self, size: int) -> bytes:
        """Return `size` bytes, fewer at the end."""

    def skip(self, size: int) -> None:
        """Pass over `size` bytes."""


class NotATar(ValueError):
    """A block that should be a header is none."""


@dataclass(frozen=True, slots=True)
class _Header:
    name: bytes
    size: int
    modified: int
    kind: bytes

    @property
    def data_size(self) -> int:
        """Return how many bytes follow before the next header."""
        size = 0 if self.kind in _WITHOUT_DATA else self.size
        return -(-size // BLOCK) * BLOCK


@dataclass
class _Extensions:
    """What extended headers said of the entry that follows them."""

    records: dict[str, bytes] = field(default_factory=dict)

    def take(self, kind: bytes, data: bytes) -> None:
        if kind == b"L":
            self.records["path"] = data.partition(b"\0")[0]
        elif kind == b"x":
            self.records.update((name, value) for name, value in _pax_records(data) if name in _RECORDS)

    def entry(self, header: _Header) -> ArchiveEntry:
        name = self.records.get("path", header.name).decode("utf-8", "surrogateescape")
        is_folder = header.kind == _FOLDER or name.endswith("/")
        size = header.size if header.kind in _FILES and not is_folder else 0
        modified = _seconds(self.records.get("mtime"), header.modified)
        return ArchiveEntry(name, size, is_folder, modified)


def tar_entries(source: Source) -> Iterator[ArchiveEntry]:
    """Yield the entries of a tar file, surrogates in names for bytes that are not UTF-8.

    Raises NotATar where it is damaged, or none at all.
    """
    extensions = _Extensions()
    while (block := source.read(BLOCK)).strip(b"\0") or not block:
        header = _header(block)
        if header.kind in (b"x", b"g", b"L", b"K"):
            extensions.take(header.kind, _extension(source, header))
            continue
        if "size" in extensions.records:  # over 8 GiB
            header = _Header(header.name, _decimal(extensions.records["size"]), header.modified, header.kind)
        yield extensions.entry(header)
        extensions = _Extensions()
        source.skip(header.data_size)


def _header(block: bytes) -> _Header:
    if len(block) < BLOCK or _number(block[148:156]) != sum(block[:148]) + 8 * 0x20 + sum(block[156:]):
        raise NotATar("not a tar header")
    name = block[:100].partition(b"\0")[0]
    if block[257:263] == b"ustar\0" and block[345]:
        name = block[345:500].partition(b"\0")[0] + b"/" + name
    return _Header(name, _number(block[124:136]), _number(block[136:148]), block[156:157])


def _number(text: bytes) -> int:
    """Return an octal number, or a binary one as GNU tar writes those that are too long."""
    if text[0] & 0x80:
        return int.from_bytes(text[1:])
    digits = text.strip(b" \0") or b"0"
    if not digits.isdigit():
        raise NotATar("not an octal number")
    try:
        return int(digits, 8)
    except ValueError as error:
        raise NotATar("not an octal number") from error


def _decimal(text: bytes) -> int:
    if not text.isdigit() or len(text) > 18:
        raise NotATar("not a number")
    return int(text)


def _extension(source: Source, header: _Header) -> bytes:
    if header.size > _EXTENSION_LIMIT:
        source.skip(header.data_size)
        return b""
    return source.read(header.data_size)[: header.size]


def _pax_records(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the records `<length> <name>=<value>\\n`, as far as they are well-formed."""
    start = 0
    while match := _PAX_LENGTH.match(data, start):
        end = start + int(match[1])
        if end <= match.end():
            return
        name, _, value = data[match.end() : end - 1].partition(b"=")
        yield name.decode("utf-8", "replace"), value
        start = end


def _seconds(precise: bytes | None, whole: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(precise) if precise else whole, UTC)
    except (ValueError, OverflowError, OSError):
        return None

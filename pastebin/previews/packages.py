"""Zip files that are documents: parts of them, by name, of which each and all have a bound."""

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, BinaryIO

from .budget import Deadline, OutOfBudget
from .zip_directory import NotAZip, read_directory

# Bytes of parts that are decompressed in all, the processor time that may take, bytes of a part read whole.
_MOST_BYTES = 48 * 2**20
_SECONDS = 1.5
_LONGEST_PART = 16 * 2**20

# Parts of a document: books have a few thousand.
_MOST_PARTS = 10_000

_PIECE = 64 * 2**10

_BROKEN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, KeyError, OSError, EOFError,
    ValueError, OverflowError, struct.error, zlib.error, lzma.LZMAError,
)  # fmt: skip


class BrokenPackage(ValueError):
    """A document is no zip, damaged, encrypted, too large, or lacks a part that it must have."""


class Package:
    """An opened document. The file stays open."""

    def __init__(self, file: BinaryIO) -> None:
        try:
            directory = read_directory(file, file.seek(0, 2))
            if directory.is_cut or directory.total > _MOST_PARTS:
                raise BrokenPackage("there are too many parts")
            self._zip = zipfile.ZipFile(file)
        except (NotAZip, *_BROKEN) as error:
            raise BrokenPackage("this is no document") from error
        self.names: list[str] = self._zip.namelist()
        self._left = _MOST_BYTES
        self._deadline = Deadline(_SECONDS)

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield a part piece by piece. Raises BrokenPackage, and OutOfBudget in between."""
        try:
            with self._zip.open(name) as part:
                yield from self._pieces(part)
        except _BROKEN as error:
            raise BrokenPackage(f"{name} cannot be read") from error

    def read(self, name: str) -> bytes:
        """Return a part as a whole. Raises BrokenPackage, OutOfBudget."""
        data = bytearray()
        for piece in self.pieces(name):
            data += piece
            if len(data) > _LONGEST_PART:
                raise OutOfBudget
        return bytes(data)

    def _pieces(self, part: IO[bytes]) -> Iterator[bytes]:
        while piece := part.read(_PIECE):
            self._deadline.check()
            self._left -= len(piece)
            if self._left < 0:
                raise OutOfBudget
            yield piece

"""What is to be shared: a file, what comes from a pipe, a folder."""

import codecs
import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from .failures import LocalFault
from .words import visible

STANDARD_INPUT = "-"


@dataclass(frozen=True)
class LocalFile:
    """A file of this machine, as it was when it was looked at."""

    path: Path
    name: str
    size: int
    changed: int

    def open(self) -> BinaryIO:
        """Open it, unbuffered."""
        try:
            return open(self.path, "rb", buffering=0)
        except OSError as error:
            raise _fault(self.path, error) from error

    def require_unchanged(self, file: BinaryIO) -> None:
        """Raise LocalFault if the file is another one by now."""
        now = os.fstat(file.fileno())
        if (now.st_size, now.st_mtime_ns) != (self.size, self.changed):
            raise LocalFault(f"{self.path} changed while it was sent; nothing was shared")


@dataclass(frozen=True)
class Pipe:
    """Bytes that come once, and nobody knows how many."""

    name: str | None
    stream: BinaryIO


@dataclass(frozen=True)
class Folder:
    """A folder: its files, named by their way from it."""

    path: Path
    name: str
    files: list[LocalFile]
    skipped: list[str]

    @property
    def size(self) -> int:
        """Return how many bytes the files have together."""
        return sum(file.size for file in self.files)


Source = LocalFile | Pipe | Folder


def source_of(argument: str, name: str | None) -> Source:
    """Return what an argument of the command line means; LocalFault if it is not there."""
    if argument == STANDARD_INPUT:
        return Pipe(name, sys.stdin.buffer)
    path = Path(argument)
    try:
        found = path.stat()
    except (OSError, ValueError) as error:
        raise _fault(path, error) from error
    if stat.S_ISDIR(found.st_mode):
        return _folder(path, name)
    own_name = name or path.name or path.resolve().name
    if stat.S_ISREG(found.st_mode):
        return LocalFile(path, own_name, found.st_size, found.st_mtime_ns)
    try:
        return Pipe(name, open(path, "rb"))
    except OSError as error:
        raise _fault(path, error) from error


def _folder(path: Path, name: str | None) -> Folder:
    skipped: list[str] = []
    files = list(_files_in(path, "", skipped))
    if not files:
        raise LocalFault(f"{path} has no files in it")
    return Folder(path, name or path.resolve().name, files, skipped)


def _files_in(folder: Path, way: str, skipped: list[str]) -> Iterator[LocalFile]:
    """Yield the files of a folder in the order of names; what is no file, a link too, is skipped."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        for entry in entries:
            name = f"{way}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                yield from _files_in(folder / entry.name, f"{name}/", skipped)
            elif entry.is_file(follow_symlinks=False):
                found = entry.stat(follow_symlinks=False)
                yield LocalFile(folder / entry.name, name, found.st_size, found.st_mtime_ns)
            else:
                skipped.append(name)
    except OSError as error:
        raise _fault(folder, error) from error


def read_fully(stream: BinaryIO, size: int) -> bytes:
    """Return so many bytes of a pipe, fewer only at its end."""
    data = bytearray()
    while len(data) < size and (piece := stream.read(size - len(data))):
        data += piece
    return bytes(data)


def name_for(data: bytes) -> str:
    """Return a name for nameless bytes, by their beginning."""
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(data[: 64 * 2**10])
    except UnicodeDecodeError:
        return "stdin"
    is_text = all(one.isprintable() or one in "\t\n\r\f\x1b" for one in text)
    return "stdin.txt" if is_text else "stdin"


def _fault(path: Path, error: Exception) -> LocalFault:
    reason = getattr(error, "strerror", None) or str(error)
    return LocalFault(f"{visible(str(path))}: {reason}")

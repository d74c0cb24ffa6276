"""One entry of an archive, by its number in the listing. A name says nothing of where it is written."""

import errno
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable
from itertools import islice
from typing import BinaryIO

from ..errors import NotExtractable, NotFound
from .archives import ZIP, decoded
from .budget import Deadline, OutOfBudget
from .decompression import ERRORS, Decompressed, Plain, compression
from .tar_headers import BLOCK, NotATar, Source, tar_entries
from .zip_directory import NotAZip, read_directory

# Bytes of an entry, of what comes before it in a compressed tar too, and the processor time of all.
MOST_BYTES = 128 * 2**20
_MOST_READ = 1024 * 2**20
_SECONDS = 6.0

_PIECE = 256 * 2**10

_BROKEN = (
    zipfile.BadZipFile, NotImplementedError, RuntimeError, LookupError, struct.error, EOFError, ValueError,
    OverflowError, zlib.error, lzma.LZMAError,
)  # fmt: skip

_NOT_THERE = "There is no such file in this archive."


def extract(archive: BinaryIO, number: int, target: BinaryIO) -> str:
    """Write the entry of a number, from 0, into `target`; return its name.

    Raises NotFound, NotExtractable.
    """
    head = archive.read(BLOCK)
    archive.seek(0)
    try:
        if head.startswith(ZIP):
            return _from_zip(archive, number, target)
        packed = compression(head)
        source: Source = Plain(archive, _SECONDS)
        if packed:
            source = Decompressed(archive, packed[1], most_bytes=_MOST_READ, seconds=_SECONDS)
        return _from_tar(source, number, target)
    except OutOfBudget as error:
        raise NotExtractable("This file is too large, or too far behind, to be taken out here.") from error
    except NotATar as error:
        raise NotFound(_NOT_THERE) from error
    except (*_BROKEN, *ERRORS) as error:
        # A damaged archive may say that something lies where no file has a place (EINVAL).
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise
        raise NotExtractable("This file is encrypted, damaged, or packed in an unknown way.") from error


def _from_zip(archive: BinaryIO, number: int, target: BinaryIO) -> str:
    try:
        directory = read_directory(archive, archive.seek(0, 2))
    except NotAZip as error:
        raise NotFound(_NOT_THERE) from error
    entry = next(islice(directory, number, None), None)
    if entry is None or entry.is_folder:
        raise NotFound(_NOT_THERE)
    with zipfile.ZipFile(archive) as opened, opened.open(opened.infolist()[number]) as member:
        _copy(member.read, entry.size, target)
    return entry.name


def _from_tar(source: Source, number: int, target: BinaryIO) -> str:
    entry = next(islice(tar_entries(source), number, None), None)
    if entry is None or entry.is_folder:
        raise NotFound(_NOT_THERE)
    _copy(source.read, entry.size, target)
    return decoded([entry])[0].name


def _copy(read: Callable[[int], bytes], size: int, target: BinaryIO) -> None:
    """Copy `size` bytes, however many there are."""
    if size > MOST_BYTES:
        raise OutOfBudget
    deadline, left = Deadline(_SECONDS), size
    while left:
        piece = read(min(_PIECE, left))
        if not piece:
            raise NotExtractable("The archive ends before this file does.")
        deadline.check()
        target.write(piece)
        left -= len(piece)

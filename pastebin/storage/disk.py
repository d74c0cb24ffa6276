"""What the operating system does for the store: errors, syncing, early writing."""

import ctypes
import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import StorageFull, Unavailable

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

_WRITE = 2  # SYNC_FILE_RANGE_WRITE of sync_file_range(2)

_library = ctypes.CDLL(None, use_errno=True)
_sync_file_range = getattr(_library, "sync_file_range", None)
if _sync_file_range is not None:
    _sync_file_range.argtypes = (ctypes.c_int, ctypes.c_int64, ctypes.c_int64, ctypes.c_uint)


@contextmanager
def own_errors() -> Iterator[None]:
    """Turn what the operating system says about the disk into the service's own errors."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise StorageFull("The server's disk is full. Nothing was stored; try again later.") from error
        raise Unavailable(f"The file store does not answer ({error.strerror}). Try again later.") from error


def sync_folder(folder: str | os.PathLike[str]) -> None:
    """Return when the names in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def start_writeback(descriptor: int, offset: int, length: int) -> None:
    """Start writing `length` bytes from `offset` to the disk.

    A hint only: on a system or file system without it nothing happens, and the fsync that
    follows does all the work.
    """
    if _sync_file_range is not None:
        _sync_file_range(descriptor, offset, length, _WRITE)

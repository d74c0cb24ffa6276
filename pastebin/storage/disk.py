"""What the operating system does for the store: errors, early writing."""

import ctypes
import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import PastebinError, StorageFull, Unavailable

# The folder, in that of the contents, of files that are not in their place yet.
TEMPORARY = "tmp"

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

_WRITE = 2  # SYNC_FILE_RANGE_WRITE of sync_file_range(2)

_library = ctypes.CDLL(None, use_errno=True)
_sync_file_range = getattr(_library, "sync_file_range", None)
if _sync_file_range is not None:
    _sync_file_range.argtypes = (ctypes.c_int, ctypes.c_int64, ctypes.c_int64, ctypes.c_uint)


def own_error(error: OSError) -> PastebinError:
    """Return what the service says where the operating system says `error` of the disk."""
    own: PastebinError
    if error.errno in _NO_ROOM:
        own = StorageFull("The server's disk is full. Nothing was stored; try again later.")
    else:
        own = Unavailable(f"The file store does not answer ({error.strerror}). Try again later.")
    own.__cause__ = error
    return own


@contextmanager
def own_errors() -> Iterator[None]:
    """Turn what the operating system says about the disk into the service's own errors."""
    try:
        yield
    except OSError as error:
        raise own_error(error) from error


def start_writeback(descriptor: int, offset: int, length: int) -> None:
    """Start writing `length` bytes from `offset` to the disk.

    A hint only: on a system or file system without it nothing happens, and the fsync that
    follows does all the work.
    """
    if _sync_file_range is not None:
        _sync_file_range(descriptor, offset, length, _WRITE)


def sync_folder(folder: str) -> None:
    """Return when the names in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

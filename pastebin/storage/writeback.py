"""Ask the kernel to start writing part of a file to the disk, without waiting for it."""

import ctypes

_WRITE = 2  # SYNC_FILE_RANGE_WRITE of sync_file_range(2)

_library = ctypes.CDLL(None, use_errno=True)
_sync_file_range = getattr(_library, "sync_file_range", None)
if _sync_file_range is not None:
    _sync_file_range.argtypes = (ctypes.c_int, ctypes.c_int64, ctypes.c_int64, ctypes.c_uint)


def start_writeback(descriptor: int, offset: int, length: int) -> None:
    """Start writing `length` bytes from `offset` to the disk.

    A hint only: on a system or file system without it nothing happens, and the fsync that
    follows does all the work.
    """
    if _sync_file_range is not None:
        _sync_file_range(descriptor, offset, length, _WRITE)

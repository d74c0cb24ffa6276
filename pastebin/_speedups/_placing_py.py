"""Files brought to their places, durably: the specification of `_placing_c`."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress

Move = tuple[str, str, int]
"""The path of a file, the place it is to have, and its size in bytes."""


def sync_folder(folder: str | os.PathLike[str]) -> None:
    """Return when the names in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_file(path: str) -> None:
    """Return when the bytes of a file are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def place(path: str, target: str, size: int, sync_folder: Callable[[str], None] | None) -> None:
    """Bring the file at `path` to `target`, durably if there is a `sync_folder`; OSError if that fails.

    Where a file of this size is at `target` already, that one stays and gets the present time,
    and the one at `path` is removed.
    """
    if _refresh(target, size):
        with suppress(FileNotFoundError):
            os.unlink(path)
    else:
        if sync_folder:
            sync_file(path)
        os.rename(path, target)
    if sync_folder:
        sync_folder(os.path.dirname(target))


def place_all(moves: Iterable[Move], durable: bool, /) -> list[OSError | None]:
    """Bring files to their places as `place` does; return for each None, or what kept it from there.

    With `durable`, files and the folders of their places are on the disk afterwards (fsync).
    """
    return [_attempt(*move, durable) for move in moves]


def _attempt(path: str, target: str, size: int, durable: bool) -> OSError | None:
    try:
        place(path, target, size, sync_folder if durable else None)
    except OSError as error:
        return error
    return None


def _refresh(path: str, size: int) -> bool:
    """Give a file of this size the present time; tell whether there is one."""
    try:
        if os.stat(path).st_size != size:
            return False
        os.utime(path, (now := time.time(), now))
    except FileNotFoundError:
        return False
    return True

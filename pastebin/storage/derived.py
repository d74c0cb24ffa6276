"""A bounded folder of things that can be made again, such as resized images.

Each is made once, however many ask for it at the same moment, in however many processes.
"""

import fcntl
import hashlib
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from .disk import own_errors

# The folder is counted again whenever this share of its limit was written since the last count.
RECOUNT_SHARE = 32

# Cut down to this share of the limit, so that not every write has to cut.
KEEP_SHARE = 0.9

# Reading refreshes an entry's time when it is older than this; the oldest go first.
REFRESH_SECONDS = 3600


class DerivedFolder:
    """Bytes by key in a folder of at most about `limit` bytes. Losing it costs only time."""

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder = folder
        self._limit = limit
        self._written = limit  # so that the first write counts what is there
        with own_errors():
            (folder / "locks").mkdir(parents=True, exist_ok=True)
            for shard in range(256):
                (folder / f"{shard:02x}").mkdir(exist_ok=True)

    def get(self, key: str) -> BinaryIO | None:
        """Return an unbuffered reader of what is kept under `key`, if anything is."""
        return self._open(self._path(key))

    def get_or_make(self, key: str, make: Callable[[], bytes]) -> BinaryIO:
        """Return an unbuffered reader of what is under `key`, made by `make` if need be.

        What `make` raises is passed on, and nothing is kept then.
        """
        path = self._path(key)
        found = self._open(path)
        if found is not None:
            return found
        with self._only_one(os.path.basename(path)):
            return self._open(path) or self._put(Path(path), make())

    def _path(self, key: str) -> str:
        name = hashlib.sha256(key.encode()).hexdigest()
        return f"{self._folder}/{name[:2]}/{name}"

    @staticmethod
    def _open(path: str) -> BinaryIO | None:
        with own_errors(), suppress(FileNotFoundError):
            reader = open(path, "rb", buffering=0)  # noqa: SIM115 (closed by who gets it)
            if time.time() - os.fstat(reader.fileno()).st_mtime > REFRESH_SECONDS:
                os.utime(reader.fileno())
            return reader
        return None

    @contextmanager
    def _only_one(self, name: str) -> Iterator[None]:
        """Keep everybody else who wants the same, and a 256th of the others, waiting."""
        with own_errors():
            lock = os.open(self._folder / "locks" / name[:2], os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _put(self, path: Path, data: bytes) -> BinaryIO:
        partial = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        with own_errors():
            try:
                partial.write_bytes(data)
                reader = partial.open("rb", buffering=0)
                partial.rename(path)
            finally:
                partial.unlink(missing_ok=True)
        self._written += len(data)
        if self._written >= self._limit // RECOUNT_SHARE:
            self._cut()
        return reader

    def _cut(self) -> None:
        """Remove the oldest entries until the folder is within its limit."""
        self._written = 0
        entries = []
        for path in self._folder.glob("[0-9a-f][0-9a-f]/*"):
            with suppress(FileNotFoundError):
                status = path.stat()
                entries.append((status.st_mtime, status.st_size, path))
        total = sum(size for _, size, _ in entries)
        if total <= self._limit:
            return
        for _, size, path in sorted(entries):
            if total <= self._limit * KEEP_SHARE:
                break
            path.unlink(missing_ok=True)
            total -= size

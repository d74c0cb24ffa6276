"""A bounded folder of things that can be made again, such as resized images.

Losing it, or a part of it, costs only time: nothing is synced, a damaged entry counts as none, and
where the folder cannot be written to, what was made lives in a file without a name. Two who miss
the same entry at the same moment may both make it, and either one's may stay.
"""

import hashlib
import io
import logging
import os
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from cachetools import LRUCache

from .derived_file import DerivedFile, DerivedWriter, is_whole, open_anonymous, read_trailer

log = logging.getLogger(__name__)

# The folder is counted again whenever this share of its limit was written since the last count.
RECOUNT_SHARE = 32

# Cut down to this share of the limit, so that not every write has to cut.
KEEP_SHARE = 0.9

# Reading refreshes an entry's time, by which the oldest go first, when it is older. It takes 1 µs.
REFRESH_NANOSECONDS = 50_000_000

# How long a folder that failed is not written to; it is logged each time.
PAUSE_SECONDS = 60.0

# Entries known to be whole for as long as nobody writes to them: a checksum takes 0.1 ms for 100 KB, about as
# long as all else that sending a cached image takes. The bytes of small ones stay in memory, as each call of
# the system gives the interpreter to another thread. Both count as so many bytes together.
KNOWN_BYTES = 16 * 2**20
KNOWN_ENTRY = 2**10
SMALL_SIZE = 64 * 2**10


@dataclass(frozen=True, slots=True)
class _Known:
    """An entry that was whole: its file's inode and time then, its bytes if it is small, its media type."""

    inode: int
    time: int
    data: bytes | None
    mimetype: str

    @property
    def weight(self) -> int:
        return KNOWN_ENTRY + len(self.data or b"")

    def is_as(self, status: os.stat_result) -> bool:
        return (self.inode, self.time) == (status.st_ino, status.st_mtime_ns)


class DerivedFolder:
    """Files by key in a folder of at most about `limit` bytes. Safe among threads and processes.

    What a key has before its first hyphen is the source: all that was made of it can be removed together.
    """

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder = folder
        self._limit = limit
        self._written = limit  # so that the first write counts what is there
        self._cutting = threading.Lock()
        self._known: LRUCache[str, _Known] = LRUCache(KNOWN_BYTES, lambda known: known.weight)
        self._lock = threading.Lock()  # of `_known`
        self._paused_until = 0.0

    def get(self, key: str) -> DerivedFile | None:
        """Return what is kept under `key`; None if that is nothing, or damaged."""
        path = self._path(key)
        with self._lock:
            known = self._known.get(path)
        if known is not None and known.data is not None:
            return self._from_memory(path, known, known.data) or self._from_disk(path, None)
        return self._from_disk(path, known)

    def _from_memory(self, path: str, known: _Known, data: bytes) -> DerivedFile | None:
        """Return an entry whose bytes are known, unless its file is gone or another one by now."""
        try:
            status = os.stat(path)
        except OSError:
            return None
        if not known.is_as(status):
            return None
        self._note_use(path, path, status, known)
        return DerivedFile(io.BytesIO(data), len(data), known.mimetype)

    def _from_disk(self, path: str, known: _Known | None) -> DerivedFile | None:
        try:
            reader = open(path, "rb", buffering=0)  # noqa: SIM115 - closed by who gets it
        except OSError:
            return None
        found = None
        try:
            found = self._checked(path, reader, known)
        except OSError as error:
            log.warning("A cached image cannot be read: %s", error)
        finally:
            if found is None:
                reader.close()
        return found

    def writer(self, key: str) -> DerivedWriter:
        """Return a writer for a new entry; one without a name where the folder is of no use."""
        if time.monotonic() >= self._paused_until:
            path = self._path(key)
            partial = f"{path}.{secrets.token_hex(4)}"
            try:
                return DerivedWriter(_create(partial), partial, path)
            except OSError as error:
                self.pause(error)
        return DerivedWriter(open_anonymous())

    def keep(self, writer: DerivedWriter, mimetype: str) -> DerivedFile:
        """End the writing and return what was written; it is found under its key if the folder allows."""
        file = DerivedFile(writer.file, os.fstat(writer.file.fileno()).st_size, mimetype)
        try:
            self._count(writer.keep(mimetype))
        except FileNotFoundError:  # it was cut away, or its folder was: that costs only the entry
            pass
        except OSError as error:
            self.pause(error)
        file.reader.seek(0)
        return file

    def pause(self, error: Exception) -> None:
        """Do not write to the folder for a while, as it failed."""
        now = time.monotonic()
        was_paused, self._paused_until = now < self._paused_until, now + PAUSE_SECONDS
        if not was_paused:
            log.error("Cached images are not kept in %s for a minute: %s", self._folder, error)

    def _path(self, key: str) -> str:
        name = f"{_mark(key.partition('-')[0])}{_mark(key)}"
        return f"{self._folder}/{name[:2]}/{name}"

    def remove_all_of(self, source: str) -> None:
        """Remove all that was made of a source, and is not being made."""
        mark = _mark(source)
        try:
            with os.scandir(f"{self._folder}/{mark[:2]}") as entries:
                paths = [entry.path for entry in entries if entry.name.startswith(mark)]
            for path in paths:
                with suppress(FileNotFoundError):
                    os.unlink(path)
        except FileNotFoundError:
            return
        except OSError as error:
            log.warning("Cached images of what was removed are still there: %s", error)

    def _checked(self, path: str, reader: BinaryIO, known: _Known | None) -> DerivedFile | None:
        """Return an open entry if it is whole, and note that it was used now."""
        found = read_trailer(reader)
        if found is None:
            return None
        file, checksum = found
        status = os.fstat(reader.fileno())
        if known is None or not known.is_as(status):
            if not is_whole(file, checksum):
                return None
            data = os.pread(reader.fileno(), file.size, 0) if file.size <= SMALL_SIZE else None
            known = _Known(status.st_ino, status.st_mtime_ns, data, file.mimetype)
        self._note_use(path, reader.fileno(), status, known)
        return file

    def _note_use(self, path: str, target: str | int, status: os.stat_result, known: _Known) -> None:
        """Set the time of an entry, by its path or descriptor, to now, unless that was done just now."""
        now = time.time_ns()
        if now - status.st_mtime_ns > REFRESH_NANOSECONDS:
            with suppress(OSError):  # read-only, or another user's
                os.utime(target, ns=(now, now))
                known = replace(known, time=now)
        with self._lock:
            self._known[path] = known

    def _count(self, size: int) -> None:
        """Cut the folder when much was written; one thread is enough for that."""
        self._written += size
        is_due = size and self._written >= self._limit // RECOUNT_SHARE
        if is_due and self._cutting.acquire(blocking=False):
            try:
                self._written = 0
                self._cut()
            finally:
                self._cutting.release()

    def _cut(self) -> None:
        """Remove the entries that were not used for longest until the folder is within its limit."""
        entries = sorted(self._entries())
        total = sum(size for _, size, _ in entries)
        if total <= self._limit:
            return
        for _, size, path in entries:
            if total <= self._limit * KEEP_SHARE:
                break
            with suppress(FileNotFoundError):
                os.unlink(path)
            total -= size

    def _entries(self) -> Iterator[tuple[int, int, str]]:
        """Yield last use (nanoseconds), size and path of everything in the folder."""
        for shard in range(256):
            with suppress(FileNotFoundError), os.scandir(f"{self._folder}/{shard:02x}") as entries:
                for entry in entries:
                    with suppress(FileNotFoundError):
                        status = entry.stat(follow_symlinks=False)
                        yield status.st_mtime_ns, status.st_size, entry.path


def _mark(text: str) -> str:
    """Return half a SHA-256 in hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _create(path: str) -> BinaryIO:
    """Create a file, and the folders it lies in if they are not there (any more)."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL
    try:
        descriptor = os.open(path, flags, 0o600)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        descriptor = os.open(path, flags, 0o600)
    return open(descriptor, "w+b", buffering=0)

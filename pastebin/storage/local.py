"""Contents as files in a folder, `ab/abcdef…` for the SHA-256 `abcdef…`."""

import errno
import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from .._speedups.hashing import ContentHash
from ..errors import StorageFull, Unavailable
from .background import BackgroundWriter
from .interface import Blob, BlobMissing, StoredBlob
from .writeback import start_writeback

_DIGEST = re.compile(r"[0-9a-f]{64}")
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

# Start writing to the disk after each piece of this size, so that little is left to the final fsync.
WRITEBACK_BYTES = 16 * 2**20

# A content that is larger than this is worth a thread of its own.
BACKGROUND_BYTES = 4 * 2**20


@contextmanager
def own_errors() -> Iterator[None]:
    """Turn what the operating system says about the disk into the service's own errors."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise StorageFull("The server's disk is full. Nothing was stored; try again later.") from error
        raise Unavailable(f"The file store does not answer ({error.strerror}). Try again later.") from error


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class LocalBlobStore:
    """A folder of contents. With `durable=False` nothing waits for the disk."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self._folder = folder
        self._temporary = folder / "tmp"
        self._trash = folder / "trash"
        self.durable = durable
        with own_errors():
            for place in (self._temporary, self._trash, *(folder / f"{n:02x}" for n in range(256))):
                place.mkdir(parents=True, exist_ok=True)
            _sync_folder(folder)

    def writer(self) -> "LocalBlobWriter":
        """Return a writer for a new content."""
        return LocalBlobWriter(self, self._temporary / secrets.token_hex(16))

    def path(self, sha256: str) -> Path:
        """Return where a content is or would be; ValueError if that is no SHA-256."""
        return Path(self._name(sha256))

    def _name(self, sha256: str) -> str:
        if not _DIGEST.fullmatch(sha256):
            raise ValueError("a content is named by 64 lower-case hex digits")
        return f"{self._folder}/{sha256[:2]}/{sha256}"

    def open(self, sha256: str) -> BinaryIO:
        """Return an unbuffered reader of a content; BlobMissing if it is not there."""
        try:
            with own_errors():
                return open(self._name(sha256), "rb", buffering=0)
        except Unavailable as error:
            if isinstance(error.__cause__, FileNotFoundError):
                raise BlobMissing("The content of this file is missing from the store.") from error
            raise

    def __contains__(self, sha256: str) -> bool:
        return self.path(sha256).is_file()

    def __iter__(self) -> Iterator[StoredBlob]:
        for shard in range(256):
            with os.scandir(self._folder / f"{shard:02x}") as entries:
                names = [entry.name for entry in entries if _DIGEST.fullmatch(entry.name)]
            for name in sorted(names):
                with suppress(FileNotFoundError):  # removed since it was listed
                    status = self.path(name).stat()
                    yield StoredBlob(name, status.st_size, status.st_mtime)

    def remove(self, sha256: str, unless_put_after: float) -> bool:
        """Remove a content unless it was put (again) after that moment; tell whether it is gone.

        An upload of the same bytes may put the content again at any moment. It refreshes the
        file's time, so: move the file out of the way, look at its time there, and put it back if
        it is fresh. An upload that comes after the move finds no file and places its own.
        """
        place, aside = self.path(sha256), self._trash / f"{sha256}.{secrets.token_hex(8)}"
        with own_errors():
            try:
                if place.stat().st_mtime > unless_put_after:
                    return False
                place.rename(aside)
            except FileNotFoundError:
                return False
            return self._bury(aside, place, unless_put_after)

    def _bury(self, aside: Path, place: Path, unless_put_after: float) -> bool:
        fresh = aside.stat().st_mtime > unless_put_after
        if fresh:
            with suppress(FileExistsError):
                os.link(aside, place)
        aside.unlink()
        return not fresh

    def remove_temporaries(self, older_than: float) -> int:
        """Remove what killed writers left behind before that moment; return how many files."""
        removed = 0
        with own_errors():
            for leftover in self._temporary.iterdir():
                with suppress(FileNotFoundError):
                    if leftover.stat().st_mtime < older_than:
                        leftover.unlink()
                        removed += 1
            self._undo_removals(older_than)
        return removed

    def _undo_removals(self, older_than: float) -> None:
        """Put back what a killed `remove` had moved aside; the time of that move is the change time."""
        for aside in self._trash.iterdir():
            with suppress(FileNotFoundError):
                if aside.stat().st_ctime >= older_than:
                    continue
                with suppress(FileExistsError):
                    os.link(aside, self.path(aside.name.partition(".")[0]))
                aside.unlink()

    def local_path(self, sha256: str) -> Path | None:
        """Return the file that holds a content."""
        return self.path(sha256)

    def spool_folder(self) -> Path | None:
        """Return the folder of unfinished writers, which is on the same disk as the contents."""
        return self._temporary

    def check(self) -> None:
        """Raise StorageFull or Unavailable unless a content could be put now."""
        with own_errors():
            probe = self._temporary / f"health-{secrets.token_hex(8)}"
            probe.write_bytes(b"ok")
            probe.unlink()


class LocalBlobWriter:
    """A content on its way into a LocalBlobStore: a file beside its place, hashed while written."""

    def __init__(self, store: LocalBlobStore, path: Path) -> None:
        self._store = store
        self._path = path
        self._hash = ContentHash()
        self._blob: Blob | None = None
        self._background: BackgroundWriter | None = None
        self._written = 0
        self._started = 0
        self.size = 0
        with own_errors():
            self._file = path.open("xb", buffering=0)

    def write(self, data: bytes) -> None:
        """Append `data`. From BACKGROUND_BYTES on, it is hashed here while a thread writes."""
        self.size += len(data)
        with own_errors():
            if self._background is None and self.size > BACKGROUND_BYTES:
                self._background = BackgroundWriter(self._append)
            if self._background is not None:
                self._background.put(data)
            else:
                self._append(data)
        self._hash.update(data)

    def _append(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[self._file.write(view) :]
        self._written += len(data)
        if self._store.durable and self._written - self._started >= WRITEBACK_BYTES:
            start_writeback(self._file.fileno(), self._started, self._written - self._started)
            self._started = self._written

    def finish(self) -> Blob:
        """End the writing and return what was written; nobody else can see it yet."""
        if self._blob is None:
            with own_errors():
                if self._background is not None:
                    self._background.close()
            self._blob = Blob(self._hash.sha256, self._hash.md5, self.size)
        return self._blob

    def reader(self) -> BinaryIO:
        """Return a new seekable reader of what was written."""
        with own_errors():
            return self._path.open("rb")

    def keep(self) -> Blob:
        """Put the content in its place, durably, and return it.

        A content that is there already is kept as it is, and its time refreshed so that no
        sweep takes it for forgotten before its row is committed.
        """
        blob, durable = self.finish(), self._store.durable
        place = self._store.path(blob.sha256)
        with own_errors():
            if not self._refresh(place):
                if durable:
                    os.fsync(self._file.fileno())
                self._path.rename(place)
            if durable:
                _sync_folder(place.parent)
        return blob

    def _refresh(self, place: Path) -> bool:
        """Refresh the time of a whole content at `place`; tell whether there is one."""
        try:
            if place.stat().st_size != self.size:
                return False
            os.utime(place, (now := time.time(), now))
        except FileNotFoundError:
            return False
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._background is not None:
            self._background.stop()
        self._file.close()
        self._path.unlink(missing_ok=True)

"""How a content comes into a FolderBlobStore: beside its place, hashed while written, then renamed."""

import os
from contextlib import suppress
from types import TracebackType
from typing import BinaryIO, Self

from .disk import own_errors, start_writeback, sync_folder
from .interface import HEAD_SIZE, Blob, StagedBlob, require_digest
from .stream_hash import StreamHash

# Start writing to the disk after each piece of this size, so that little is left to the final fsync.
WRITEBACK_BYTES = 16 * 2**20


def place_of(folder: str, sha256: str) -> str:
    """Return the path of a content; ValueError if that is no SHA-256."""
    require_digest(sha256)
    return f"{folder}/{sha256[:2]}/{sha256}"


def _sync(path: str) -> None:
    """Have the disk confirm what was written to a file, by whatever descriptor (fsync(2))."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class FolderBlobWriter:
    """A content on its way into `folder`, in the file `path` until it is staged."""

    def __init__(self, folder: str, path: str, *, durable: bool) -> None:
        self._folder = folder
        self._path = path
        self._durable = durable
        self._hash = StreamHash()
        self._blob: Blob | None = None
        self._started = 0
        self._is_staged = False
        self.size = 0
        with own_errors():
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o640)
            self._file = os.fdopen(descriptor, "wb", buffering=0)

    @property
    def head(self) -> bytes:
        """Return the first HEAD_SIZE bytes that were written, or all if they are fewer."""
        with self.reader() as written, own_errors():
            return written.read(HEAD_SIZE)

    def write(self, data: bytes) -> None:
        """Append `data`."""
        self.size += len(data)
        self._hash.update(data)
        with own_errors():
            view = memoryview(data)
            while view:
                view = view[self._file.write(view) :]
            if self._durable and self.size - self._started >= WRITEBACK_BYTES:
                start_writeback(self._file.fileno(), self._started, self.size - self._started)
                self._started = self.size

    def finish(self) -> Blob:
        """End the writing and return what was written; nobody else can see it yet.

        The file is closed: of the many files of a form only one is open at a time.
        """
        if self._blob is None:
            content = self._hash.current()
            self._hash.close()
            with own_errors():
                self._file.close()
            self._blob = Blob(content.sha256, content.md5, self.size)
        return self._blob

    def reader(self) -> BinaryIO:
        """Return a new seekable reader of what was written."""
        with own_errors():
            return open(self._path, "rb")

    def stage(self) -> StagedBlob:
        """Put the content in its place, durably, and return it.

        It replaces one that is there already: its time is new, so that no sweep takes it for forgotten
        before its row is committed, and nobody is told by the time an upload takes what is here.
        """
        blob = self.finish()
        place = place_of(self._folder, blob.sha256)
        with own_errors():
            if self._durable:
                _sync(self._path)
            os.rename(self._path, place)
            self._is_staged = True
            if self._durable:
                sync_folder(os.path.dirname(place))
        return StagedBlob(blob)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._hash.close()
        self._file.close()
        if not self._is_staged:
            with suppress(FileNotFoundError):
                os.unlink(self._path)

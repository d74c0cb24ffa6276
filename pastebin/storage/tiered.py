"""Two stores as one: small contents in the database, large ones in a folder."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from sqlalchemy.engine import Connection

from .database import DatabaseBlobStore
from .folder import FolderBlobStore
from .incoming_memory import IncomingMemory
from .interface import Blob, BlobMissing, BlobWriter, RemovedBlob, StagedBlob, StoredBlob


class TieredBlobStore:
    """Contents of at most `inline_size` bytes in `small`, others in `large`.

    Where a content lies is not remembered: another `inline_size` leaves what is there where it is.
    """

    def __init__(self, small: DatabaseBlobStore, large: FolderBlobStore, inline_size: int) -> None:
        self.small = small
        self.large = large
        self.inline_size = inline_size
        self.memory = IncomingMemory()
        self.unfinished = large.unfinished_contents(inline_size)

    def writer(self) -> "TieredBlobWriter":
        """Return a writer for a new content."""
        return TieredBlobWriter(self)

    def commit(self, connection: Connection, staged: Sequence[StagedBlob]) -> None:
        """Write the small ones; the large ones are in their places."""
        self.small.commit(connection, staged)

    def require(self, staged: StagedBlob) -> None:
        """Raise BlobMissing if a staged content was removed before its row was committed."""
        if staged.data is None:
            self.large.require(staged)

    def open(self, sha256: str) -> BinaryIO:
        """Return a seekable reader of a content; BlobMissing if it is in neither store.

        Of the two, the folder first: a file that is not there costs a call of the system, a row a statement.
        """
        found = self.small.open_cached(sha256) or self.large.open_if_exists(sha256)
        if found is not None:
            return found
        try:
            return self.small.open(sha256)
        except BlobMissing:  # or just moved into the folder
            return self.large.open(sha256)

    def __contains__(self, sha256: str) -> bool:
        return sha256 in self.large or sha256 in self.small

    def __iter__(self) -> Iterator[StoredBlob]:
        yield from self.small
        yield from self.large

    def remove(self, sha256: str, unless_put_after: float) -> bool:
        """Remove a content unless it was put (again) after that moment; tell whether it is gone."""
        removed = [store.remove(sha256, unless_put_after) for store in (self.small, self.large)]
        return any(removed) and sha256 not in self

    def set_aside(self, sha256: str, unless_put_after: float) -> "RemovedFromBoth":
        """Take a content out of reach of uploads in both stores."""
        return RemovedFromBoth(self, sha256, unless_put_after)

    def remove_temporaries(self, older_than: float) -> int:
        """Remove what killed writers left behind before that moment; return how many files."""
        return self.large.remove_temporaries(older_than)

    def path(self, sha256: str) -> Path | None:
        """Return the file that holds a content, if it has one."""
        path = self.large.path(sha256)
        return path if os.path.exists(path) else None

    def check(self) -> None:
        """Raise StorageFull or Unavailable unless a content could be put now."""
        self.large.check()


class RemovedFromBoth:
    """A content that was set aside wherever it lies."""

    def __init__(self, store: TieredBlobStore, sha256: str, unless_put_after: float) -> None:
        self._parts: list[RemovedBlob] = [store.small.set_aside(sha256, unless_put_after)]
        file = store.large.set_aside(sha256, unless_put_after)
        if file is not None:
            self._parts.append(file)

    def restore(self) -> None:
        """Put the content back."""
        for part in self._parts:
            part.restore()

    def delete(self, connection: Connection) -> None:
        """Remove what the database holds."""
        for part in self._parts:
            part.delete(connection)

    def forget(self) -> None:
        """Remove what the folder holds."""
        for part in self._parts:
            part.forget()


class TieredBlobWriter:
    """Gathers a content in memory until it is too large for that, then writes a file.

    Where all writers together have gathered too much, a small content goes through a file too.
    """

    def __init__(self, store: TieredBlobStore) -> None:
        self._store = store
        self._gathered = 0
        self._is_in_memory = store.inline_size > 0
        self._writer: BlobWriter = store.small.writer() if self._is_in_memory else store.large.writer()

    @property
    def size(self) -> int:
        """Return how many bytes were written so far."""
        return self._writer.size

    @property
    def head(self) -> bytes:
        """Return the first HEAD_SIZE bytes that were written, or all if they are fewer."""
        return self._writer.head

    def write(self, data: bytes) -> None:
        """Append `data`."""
        if self._is_in_memory and not self._gather(len(data)):
            with self._writer.reader() as gathered:
                self._writer = self._store.large.writer()
                self._writer.write(gathered.read())
            self._is_in_memory = False
            self._forget()
        self._writer.write(data)

    def _gather(self, size: int) -> bool:
        """Tell whether there is room in memory for so many bytes more, and take it."""
        if self.size + size > self._store.inline_size or not self._store.memory.take(size):
            return False
        self._gathered += size
        return True

    def _forget(self) -> None:
        self._store.memory.give_back(self._gathered)
        self._gathered = 0

    def finish(self) -> Blob:
        """End the writing and return what was written."""
        return self._writer.finish()

    def reader(self) -> BinaryIO:
        """Return a new seekable reader of what was written."""
        return self._writer.reader()

    def stage(self) -> StagedBlob:
        """Make the content durable but for what a transaction has to do, and return it."""
        if self._is_in_memory or not 0 < self._store.inline_size >= self.size:
            return self._writer.stage()
        with self._writer as written, written.reader() as gathered:
            return StagedBlob(written.finish(), gathered.read())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.__exit__(kind, error, trace)
        self._forget()

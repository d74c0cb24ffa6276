"""What a store of contents can do, whatever it keeps them in.

A content comes in by a writer. `stage()` brings it as far as it gets without the database, durably; what is
left goes into the transaction that also writes its row: `BlobStore.commit(connection, staged)`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Protocol, Self

from ..errors import Unavailable

# How much of a content's beginning a writer keeps at hand, in bytes.
HEAD_SIZE = 64 * 2**10

# How much is copied at a time, in bytes.
_PIECE = 2**20

_DIGEST = re.compile(r"[0-9a-f]{64}")


def is_digest(name: str) -> bool:
    """Tell whether a name is a SHA-256 in 64 lower-case hex digits."""
    return _DIGEST.fullmatch(name) is not None


def require_digest(name: str) -> None:
    """Raise ValueError for what names no content."""
    if not is_digest(name):
        raise ValueError("a content is named by 64 lower-case hex digits")


class BlobMissing(Unavailable):
    """A content that should be in the store is not there."""

    code = "content_missing"


@dataclass(frozen=True, slots=True)
class Blob:
    """A content: its hex digests and its size in bytes."""

    sha256: str
    md5: str
    size: int


@dataclass(frozen=True, slots=True)
class StagedBlob:
    """A content that only a transaction is missing; `data` is what that transaction writes, if anything."""

    blob: Blob
    data: bytes | None = None


@dataclass(frozen=True, slots=True)
class StoredBlob:
    """A content as the store lists it: hex SHA-256, bytes, and when it was last put (seconds since 1970)."""

    sha256: str
    size: int
    put_at: float


class BlobWriter(Protocol):
    """A content on its way in. Leaving the `with` block without `stage()` forgets it.

    Every method raises StorageFull when there is no room and Unavailable when the
    store does not answer.
    """

    @property
    def size(self) -> int:
        """Return how many bytes were written so far."""

    @property
    def head(self) -> bytes:
        """Return the first HEAD_SIZE bytes that were written, or all if they are fewer."""

    def write(self, data: bytes) -> None:
        """Append `data`."""

    def finish(self) -> Blob:
        """End the writing and return what was written; nobody else can see it yet."""

    def reader(self) -> BinaryIO:
        """Return a new seekable reader of what was written, after `finish()`."""

    def stage(self) -> StagedBlob:
        """Make the content durable but for what a transaction has to do, and return it."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def copy_into(source: BinaryIO, writer: BlobWriter) -> None:
    """Write what is left to read of a source."""
    while piece := source.read(_PIECE):
        writer.write(piece)


class RemovedBlob(Protocol):
    """A content that was set aside. One that is left so is put back by `remove_temporaries`."""

    def restore(self) -> None:
        """Put the content back."""

    def delete(self, connection: Any) -> None:
        """Remove the content for good, what the database holds in the transaction of `connection`."""

    def forget(self) -> None:
        """Remove what is left of it outside of the database, after that transaction."""


class BlobStore(Protocol):
    """Contents by their SHA-256 (64 hex digits). All methods may be called from several threads."""

    def writer(self) -> BlobWriter:
        """Return a writer for a new content."""

    def commit(self, connection: Any, staged: Sequence[StagedBlob]) -> None:
        """Write, in the transaction of `connection`, what these contents are missing.

        Putting a content twice changes nothing but the time of the last put.
        """

    def require(self, staged: StagedBlob) -> None:
        """Raise BlobMissing if a staged content was removed before its row was committed."""

    def open(self, sha256: str) -> BinaryIO:
        """Return a seekable reader of a content; BlobMissing if it is not there."""

    def __contains__(self, sha256: str) -> bool: ...

    def __iter__(self) -> Iterator[StoredBlob]: ...

    def remove(self, sha256: str, unless_put_after: float) -> bool:
        """Remove a content unless it was put (again) after that moment; tell whether it is gone."""

    def set_aside(self, sha256: str, unless_put_after: float) -> "RemovedBlob | None":
        """Take a content out of reach of uploads, so that it can be removed for good or be put back.

        None if it is not there, or was put (again) after that moment.
        """

    def remove_temporaries(self, older_than: float) -> int:
        """Remove what killed writers left behind before that moment; return how many."""

    def path(self, sha256: str) -> Path | None:
        """Return the file that holds a content, for a server that can send files itself; None without one."""

    def check(self) -> None:
        """Raise StorageFull or Unavailable unless a content could be put now. Leaves nothing behind."""

"""What a store of contents can do, whatever it keeps them in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Protocol, Self

from ..errors import PastebinError, Unavailable

# How much of a content's beginning a writer keeps at hand, in bytes.
HEAD_SIZE = 64 * 2**10


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
class StoredBlob:
    """A content as the store lists it: hex SHA-256, bytes, and when it was last put (seconds since 1970)."""

    sha256: str
    size: int
    put_at: float


class BlobWriter(Protocol):
    """A content on its way in. Leaving the `with` block without `keep()` forgets it.

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

    def keep(self) -> Blob:
        """Put the content in its place, durably, and return it. Putting it twice changes nothing."""

    def hand_over(self) -> Self:
        """End the writing, and leave to `BlobStore.keep` what the `with` block would forget at its end."""

    def discard(self) -> None:
        """Forget what was handed over and is not kept after all."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class BlobStore(Protocol):
    """Contents by their SHA-256 (64 hex digits). All methods may be called from several threads."""

    def writer(self) -> BlobWriter:
        """Return a writer for a new content."""

    def keep(self, writers: Sequence[Any]) -> Sequence[PastebinError | None]:
        """Keep what writers handed over, or discard it; return for each what went wrong, or None."""

    def open(self, sha256: str) -> BinaryIO:
        """Return a seekable reader of a content; BlobMissing if it is not there."""

    def __contains__(self, sha256: str) -> bool: ...

    def __iter__(self) -> Iterator[StoredBlob]: ...

    def remove(self, sha256: str, unless_put_after: float) -> bool:
        """Remove a content unless it was put (again) after that moment; tell whether it is gone."""

    def remove_temporaries(self, older_than: float) -> int:
        """Remove what unfinished writers left behind before that moment; return how many."""

    def spool_folder(self) -> Path | None:
        """Return a folder on the store's own disk for bodies on their way in, if there is one."""

    def check(self) -> None:
        """Raise StorageFull or Unavailable unless a content could be put now."""

"""Contents as files in a folder, `ab/abcdef…` for the SHA-256 `abcdef…`."""

import os
import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from .._speedups.placing import place_all, sync_folder
from ..errors import PastebinError, Unavailable
from .disk import own_error, own_errors
from .interface import BlobMissing, StoredBlob
from .writer import LocalBlobWriter

_DIGEST = re.compile(r"[0-9a-f]{64}")


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
            sync_folder(folder)

    def writer(self) -> "LocalBlobWriter":
        """Return a writer for a new content."""
        return LocalBlobWriter(self._name, f"{self._temporary}/{secrets.token_hex(16)}", durable=self.durable)

    def keep(self, writers: Sequence[LocalBlobWriter]) -> list[PastebinError | None]:
        """Keep what writers handed over, or discard it; return for each what went wrong, or None."""
        if len(writers) == 1:
            failures = [_failure(writers[0])]
        else:
            errors = place_all([writer.move() for writer in writers], self.durable)
            failures = [None if error is None else own_error(error) for error in errors]
        for writer, failure in zip(writers, failures, strict=True):
            if failure is not None:
                writer.discard()
        return failures

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

    def spool_folder(self) -> Path | None:
        """Return the folder of unfinished writers, which is on the same disk as the contents."""
        return self._temporary

    def check(self) -> None:
        """Raise StorageFull or Unavailable unless a content could be put now."""
        with own_errors():
            probe = self._temporary / f"health-{secrets.token_hex(8)}"
            probe.write_bytes(b"ok")
            probe.unlink()


def _failure(writer: LocalBlobWriter) -> PastebinError | None:
    try:
        writer.keep()
    except PastebinError as error:
        return error
    return None

"""Contents as files in a folder, `ab/abcdef…` for the SHA-256 `abcdef…`."""

import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from ..errors import StorageFull, Unavailable
from .disk import own_errors, sync_folder
from .folder_writer import FolderBlobWriter, place_of
from .interface import BlobMissing, StagedBlob, StoredBlob, is_digest

# Bytes that must be free for the store to call itself ready.
LEAST_FREE = 2**20


class FolderBlobStore:
    """A folder of contents. With `durable=False` nothing waits for the disk."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self._folder = folder
        self._name = str(folder)
        self._temporary = folder / "tmp"
        self._trash = folder / "trash"
        self.durable = durable
        with own_errors():
            folder.mkdir(parents=True, exist_ok=True, mode=0o750)
            for place in (self._temporary, self._trash, *(folder / f"{n:02x}" for n in range(256))):
                place.mkdir(exist_ok=True, mode=0o750)  # nginx may be of its group
            sync_folder(str(folder))

    def writer(self) -> FolderBlobWriter:
        """Return a writer for a new content."""
        partial = f"{self._temporary}/{secrets.token_hex(16)}"
        return FolderBlobWriter(self._name, partial, durable=self.durable)

    def commit(self, connection: Any, staged: Sequence[StagedBlob]) -> None:
        """Do nothing: a staged file is in its place already, and durable."""

    def path(self, sha256: str) -> Path:
        """Return where a content is or would be; ValueError if that is no SHA-256."""
        return Path(place_of(self._name, sha256))

    def open(self, sha256: str) -> BinaryIO:
        """Return an unbuffered reader of a content; BlobMissing if it is not there."""
        found = self.open_if_exists(sha256)
        if found is None:
            raise BlobMissing("The content of this file is missing from the store.")
        return found

    def open_if_exists(self, sha256: str) -> BinaryIO | None:
        """Return an unbuffered reader of a content, if it is there."""
        with own_errors(), suppress(FileNotFoundError):
            return open(place_of(self._name, sha256), "rb", buffering=0)
        return None

    def __contains__(self, sha256: str) -> bool:
        return self.path(sha256).is_file()

    def __iter__(self) -> Iterator[StoredBlob]:
        for shard in range(256):
            with os.scandir(self._folder / f"{shard:02x}") as entries:
                names = [entry.name for entry in entries if is_digest(entry.name)]
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
            return self._restore_or_delete(aside, place, unless_put_after)

    def _restore_or_delete(self, aside: Path, place: Path, unless_put_after: float) -> bool:
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

    def check(self) -> None:
        """Raise StorageFull or Unavailable unless a content could be put now. Writes nothing."""
        with own_errors():
            if not os.access(self._temporary, os.W_OK | os.X_OK):
                raise Unavailable("The file store cannot be written to.")
            room = os.statvfs(self._temporary)
            if room.f_bavail * room.f_frsize < LEAST_FREE or (room.f_files and not room.f_favail):
                raise StorageFull("The server's disk is full.")

"""Contents as files in a folder, `ab/abcdef…` for the SHA-256 `abcdef…`."""

import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from ..errors import StorageFull, Unavailable
from .disk import TEMPORARY, own_errors, sync_folder
from .folder_writer import FolderBlobWriter, place_of
from .interface import BlobMissing, StagedBlob, StoredBlob, is_digest
from .unfinished_folder import UnfinishedFolder

# Bytes that must be free for the store to call itself ready.
LEAST_FREE = 2**20


class RemovedFile:
    """A content that was moved aside, from its place."""

    def __init__(self, aside: Path, place: Path) -> None:
        self._aside = aside
        self._place = place

    def restore(self) -> None:
        """Move it back, unless an upload has put the content again."""
        with own_errors(), suppress(FileNotFoundError):
            with suppress(FileExistsError):
                os.link(self._aside, self._place)
            self._aside.unlink()

    def delete(self, connection: Any) -> None:
        """Do nothing: there is no row."""

    def forget(self) -> None:
        """Delete the file."""
        with own_errors(), suppress(FileNotFoundError):
            self._aside.unlink()


class FolderBlobStore:
    """A folder of contents. With `durable=False` nothing waits for the disk."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self._folder = folder
        self._name = str(folder)
        self._temporary = folder / TEMPORARY
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

    def unfinished_contents(self, inline_size: int = 0) -> UnfinishedFolder:
        """Return those that come in over several requests; up to `inline_size` they end elsewhere."""
        return UnfinishedFolder(self._name, inline_size=inline_size, durable=self.durable)

    def commit(self, connection: Any, staged: Sequence[StagedBlob]) -> None:
        """Do nothing: a staged file is in its place already, and durable."""

    def require(self, staged: StagedBlob) -> None:
        """Raise BlobMissing if a staged content was removed before its row was committed."""
        if not os.path.exists(place_of(self._name, staged.blob.sha256)):
            raise BlobMissing("The content was removed in the middle of its upload. Please send it again.")

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

        An upload of the same bytes may put the content again at any moment, in a file of its own. So: move
        the file out of the way, look at its time there, and put it back if it is fresh, unless another
        upload has placed its own meanwhile.
        """
        aside = self.set_aside(sha256, unless_put_after)
        if aside is None:
            return False
        aside.forget()
        return True

    def set_aside(self, sha256: str, unless_put_after: float) -> "RemovedFile | None":
        """Move a content out of the way; None if it is not there or was put (again) after that moment."""
        place, aside = self.path(sha256), self._trash / f"{sha256}.{secrets.token_hex(8)}"
        with own_errors():
            try:
                if place.stat().st_mtime > unless_put_after:
                    return None
                place.rename(aside)
            except FileNotFoundError:
                return None
            removed = RemovedFile(aside, place)
            if aside.stat().st_mtime > unless_put_after:
                removed.restore()
                return None
        return removed

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

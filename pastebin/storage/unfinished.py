"""Contents that come in over several requests, in whatever process: bytes that stay until they are whole."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any, BinaryIO, Self

from .._speedups.hashing import ContentHash
from ..errors import Locked
from .disk import own_error, own_errors, start_writeback, sync_folder
from .folder_writer import WRITEBACK_BYTES, place_of
from .interface import HEAD_SIZE, Blob, StagedBlob
from .stream_hash import StreamHash
from .unfinished_places import IsALink, Places
from .unfinished_state import WAIT_SECONDS, StateFile

# A writer from which no byte has come for so long gives way to another request, in nanoseconds.
STALLED_AFTER = 1_000_000_000

# How much is hashed again at most after a crash, in bytes.
CHECKPOINT_BYTES = 64 * 2**20

PIECE = 2**20
_PAUSE = 0.05

# Whether a hash can be taken up by another process; without that contents are hashed when they are whole.
HASH_RESUMES = bool(ContentHash().state())


class Unfinished:
    """An unfinished content, open, as a BlobWriter whose bytes stay when it is closed.

    All but `exclusive` and `close` want the lock to be held.
    """

    def __init__(self, places: Places, state: StateFile, name: str) -> None:
        self.state = state
        self.name = name
        self._places = places
        self._group = state.group
        self._hash: StreamHash | None = None
        self._hashed = 0
        self._started = 0
        self._descriptor: int | None = None
        with suppress(FileNotFoundError, IsALink):
            self._descriptor = places.open_data(self._group, name, os.O_RDWR | os.O_APPEND)

    @contextmanager
    def exclusive(self, seconds: float = WAIT_SECONDS) -> Iterator[None]:
        """Hold the lock while nobody writes. Whoever has been silent for a second is not waited for."""
        deadline = time.monotonic() + seconds
        while True:
            with self.state.locked(max(0.0, deadline - time.monotonic())):
                if not self.is_written_to:
                    self._settle()
                    yield
                    return
            if time.monotonic() >= deadline:
                raise Locked("Another request sends bytes of this upload. Try again in a moment.")
            time.sleep(_PAUSE)

    @property
    def is_written_to(self) -> bool:
        """Return whether a request is sending bytes now."""
        claim = self.state.claim
        return claim is not None and 0 <= time.monotonic_ns() - claim.moved_at < STALLED_AFTER

    def hold(self) -> None:
        """Have the bytes be somebody's until this is closed, however its process ends."""
        fcntl.flock(self._open(), fcntl.LOCK_EX | fcntl.LOCK_NB)

    @property
    def is_held(self) -> bool:
        """Tell whether the bytes are somebody's now."""
        if self._descriptor is None:
            return False
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        return False

    def _settle(self) -> None:
        """Bring what a killed or silent writer left into order: what counts is on the disk and hashed."""
        claim = self.state.claim
        if claim is not None:
            if claim.barrier is not None and self.size > claim.barrier:
                self.truncate(claim.barrier)
            self.state.save_claim(None)
        self.state.forget_progress(self.size)
        self.sync()

    @property
    def has_bytes(self) -> bool:
        """Return whether the bytes are here: a power cut may have left the note alone."""
        return self._descriptor is not None

    @property
    def size(self) -> int:
        """Return how many bytes there are: the length of the file."""
        return 0 if self._descriptor is None else os.fstat(self._descriptor).st_size

    @property
    def changed_at(self) -> float:
        """Return when the last byte came, in seconds since 1970."""
        return self.state.changed_at if self._descriptor is None else os.fstat(self._descriptor).st_mtime

    @property
    def head(self) -> bytes:
        """Return the first HEAD_SIZE bytes, or all if they are fewer."""
        return os.pread(self._open(), HEAD_SIZE, 0)

    def write(self, data: bytes) -> None:
        """Append `data`, or nothing of it: StorageFull, Unavailable."""
        stream = self._caught_up() if HASH_RESUMES else None
        self._append(data)
        if stream is not None:
            stream.update(data)
            self._hashed += len(data)
            if self._hashed - self.state.progress[0] >= CHECKPOINT_BYTES:
                self.sync()  # progress is of what is on the disk

    def _append(self, data: bytes) -> None:
        descriptor, before = self._open(), self.size
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(descriptor, view) :]
        except OSError as error:
            os.ftruncate(descriptor, before)
            raise own_error(error) from error
        after = before + len(data)
        if self._places.durable and after - self._started >= WRITEBACK_BYTES:
            start_writeback(descriptor, self._started, after - self._started)
            self._started = after

    def _open(self) -> int:
        if self._descriptor is None:
            raise own_error(FileNotFoundError(2, os.strerror(2)))
        return self._descriptor

    def _caught_up(self) -> StreamHash:
        """Return the hash of all bytes; those that are not in the last progress are read again."""
        if self._hash is None:
            self._hashed, state = self.state.progress
            try:
                self._hash = StreamHash(ContentHash.from_state(state))
            except ValueError:  # there is none, or one that only other machines take up
                self._hashed, self._hash = 0, StreamHash()
            self._started = self.size
        with own_errors():
            while self._hashed < self.size:
                piece = os.pread(self._open(), PIECE, self._hashed)
                self._hash.update(piece)
                self._hashed += len(piece)
        return self._hash

    def truncate(self, size: int) -> None:
        """Forget the bytes after the first `size`."""
        with own_errors():
            os.ftruncate(self._open(), size)
        self.state.forget_progress(size)
        self._forget_hash()

    def restart(self) -> None:
        """Forget all bytes; where a killed process or a power cut has left no place for them, make one."""
        with own_errors():
            if self._descriptor is None:
                os.makedirs(self._places.group(self._group), mode=0o750, exist_ok=True)
                flags = os.O_RDWR | os.O_APPEND | os.O_CREAT
                self._descriptor = self._places.open_data(self._group, self.name, flags)
        self.truncate(0)

    def _forget_hash(self) -> None:
        if self._hash is not None:
            self._hash.close()
            self._hash = None

    def sync(self) -> None:
        """Return when every byte is on the disk; after a failure those that may not be are gone."""
        offset, state = self.state.progress
        size = self.size
        if offset == size or self._descriptor is None:
            return
        if self._places.durable:
            try:
                os.fsync(self._descriptor)
            except OSError as error:
                self.truncate(offset)
                raise own_error(error) from error
            if not state:
                self._sync_names()
        if HASH_RESUMES:
            self.state.save_progress(size, self._caught_up().current().state())

    def _sync_names(self) -> None:
        self.state.sync()
        with own_errors():
            with self._places.opened_group(self._group) as folder:
                os.fsync(folder)
            sync_folder(self._places.folder)

    def save_note(self, note: dict[str, Any]) -> None:
        """Write a new note, and return when it is on the disk."""
        self.state.save_note(note)
        if self._places.durable:
            self.state.sync()

    def prefix_sha256(self) -> tuple[int, str]:
        """Return how many bytes are here for certain, and their SHA-256; not waiting for who writes."""
        claim = self.state.claim
        if claim is None:
            self._settle()
            return self.size, self._caught_up().current().sha256
        offset, state = self.state.progress
        if claim.barrier is not None and offset > claim.barrier:  # it has not been checked yet
            offset, state = 0, b""
        return offset, (ContentHash.from_state(state) if state else ContentHash()).sha256

    def finish(self) -> Blob:
        """Return what is here."""
        content = self._caught_up().current()
        return Blob(content.sha256, content.md5, self.size)

    def reader(self) -> BinaryIO:
        """Return a new seekable reader of what is here."""
        with own_errors():
            return open(self._places.open_data(self._group, self.name, os.O_RDONLY), "rb")

    def stage(self) -> StagedBlob:
        """Put the content in its place as well, durably: by a second name, so that it can be done again."""
        blob = self.finish()
        if 0 < self._places.inline_size >= blob.size:
            return StagedBlob(blob, os.pread(self._open(), blob.size, 0))
        place = place_of(self._places.store, blob.sha256)
        with own_errors():
            if self._places.durable:
                os.fsync(self._open())
            os.utime(self._open())
            partial = self._places.beside(place)
            self._places.link_data(self._group, self.name, partial)
            os.rename(partial, place)
            with suppress(FileNotFoundError):  # where both are names of this file, renaming does nothing
                os.unlink(partial)
            if self._places.durable:
                sync_folder(os.path.dirname(place))
        return StagedBlob(blob)

    def discard_bytes(self) -> None:
        """Remove the bytes, which are somewhere else now; the note stays."""
        with own_errors(), suppress(FileNotFoundError, IsALink):
            self._places.unlink_data(self._group, self.name)
        self._close_data()

    def remove(self) -> None:
        """Remove the bytes and the note."""
        self.discard_bytes()
        with own_errors(), suppress(FileNotFoundError):
            os.unlink(self._places.state(self.name))

    def close(self) -> None:
        """Close it; what is here stays."""
        self._forget_hash()
        self._close_data()
        self.state.close()

    def _close_data(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

"""What lies beside the bytes of an unfinished content: a lock, how far its hash is, who writes, and a note.

One small file, changed in place. What a power cut tears is told by a checksum: the entry before it counts.
"""

import fcntl
import json
import os
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from struct import Struct
from typing import Any

from ..errors import Locked, NotFound
from .disk import own_errors

# How long a request waits for others, in seconds: then it is told to come back.
WAIT_SECONDS = 5.0

_PAUSE = 0.02

# Progress: a number of bytes and the state of their hash, in two places that take turns, and a checksum.
_PROGRESS = Struct("<Q120sI")
_PROGRESS_AT = (0, 256)

# The writer's token, the moment of its last byte (monotonic nanoseconds), and its barrier + 1.
_CLAIM = Struct("<16sQQ")
_CLAIM_AT = 512
_NOBODY = bytes(16)

_GROUP = Struct("16s")
_GROUP_AT = 768

# Notes, a line of JSON each; the last whole one counts.
_NOTES_AT = 1024


@dataclass(frozen=True, slots=True)
class Claim:
    """Who writes, and since when nothing has come. Until it is checked, what counts ends at `barrier`."""

    token: bytes
    moved_at: int
    barrier: int | None = None


class StateFile:
    """The file, open. All but `locked`, `is_removed` and `close` want the lock to be held."""

    def __init__(self, path: str) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)

    @classmethod
    def create(cls, path: str, group: str, note: dict[str, Any]) -> None:
        """Make the file of a new content."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            _write(descriptor, _GROUP.pack(group.encode()), _GROUP_AT)
            _write(descriptor, _line(note), _NOTES_AT)
        except OSError:
            os.unlink(path)
            raise
        finally:
            os.close(descriptor)

    @contextmanager
    def locked(self, seconds: float = WAIT_SECONDS) -> Iterator[None]:
        """Hold the lock that all processes share; Locked after a while, NotFound once the file is removed."""
        deadline = time.monotonic() + seconds
        while not self._try_to_lock():
            if time.monotonic() >= deadline:
                raise Locked("Another request is at work on this upload. Try again in a moment.")
            time.sleep(_PAUSE)
        try:
            if self.is_removed:
                raise NotFound("There is no such upload.")
            yield
        finally:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def _try_to_lock(self) -> bool:
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    @property
    def is_removed(self) -> bool:
        """Tell whether somebody has removed the file; needs no lock."""
        return os.fstat(self._descriptor).st_nlink == 0

    @property
    def changed_at(self) -> float:
        """Return when it was changed last, in seconds since 1970."""
        return os.fstat(self._descriptor).st_mtime

    @property
    def group(self) -> str:
        """Return whose content it is; nothing if a power cut left nothing of that."""
        data = os.pread(self._descriptor, _GROUP.size, _GROUP_AT)
        return data.decode() if len(data) == _GROUP.size and data.isalnum() else ""

    @property
    def note(self) -> dict[str, Any]:
        """Return the last note that was written whole."""
        size = os.fstat(self._descriptor).st_size
        lines = os.pread(self._descriptor, max(size - _NOTES_AT, 0), _NOTES_AT).split(b"\n")[:-1]
        for line in reversed(lines):
            try:
                return dict(json.loads(line))
            except ValueError:  # torn by a power cut
                continue
        raise NotFound("There is no such upload.")

    def save_note(self, note: dict[str, Any]) -> None:
        """Write a new note behind the others."""
        with own_errors():
            size = os.fstat(self._descriptor).st_size
            torn = size > _NOTES_AT and os.pread(self._descriptor, 1, size - 1) != b"\n"
            _write(self._descriptor, b"\n" * torn + _line(note), max(size, _NOTES_AT))

    @property
    def progress(self) -> tuple[int, bytes]:
        """Return how many bytes are hashed and the state of the hash; 0 and nothing if nothing is known."""
        return max(self._entries(), default=(0, b""))

    def save_progress(self, offset: int, state: bytes) -> None:
        """Note how far the hash is, in the place of the older entry."""
        if not state:
            return
        older = min(_PROGRESS_AT, key=lambda place: self._entry(place) or (-1, b""))
        data = _PROGRESS.pack(offset, state, _checksum(offset, state))
        with own_errors():
            _write(self._descriptor, data, older)

    def forget_progress(self, beyond: int) -> None:
        """Forget entries of more bytes than there are."""
        for place in _PROGRESS_AT:
            entry = self._entry(place)
            if entry is not None and entry[0] > beyond:
                with own_errors():
                    _write(self._descriptor, bytes(_PROGRESS.size), place)

    def _entries(self) -> list[tuple[int, bytes]]:
        return [entry for place in _PROGRESS_AT if (entry := self._entry(place)) is not None]

    def _entry(self, place: int) -> tuple[int, bytes] | None:
        data = os.pread(self._descriptor, _PROGRESS.size, place)
        if len(data) < _PROGRESS.size:
            return None
        offset, state, checksum = _PROGRESS.unpack(data)
        return (offset, state) if checksum == _checksum(offset, state) else None

    @property
    def claim(self) -> Claim | None:
        """Return who writes, or has been killed while writing."""
        data = os.pread(self._descriptor, _CLAIM.size, _CLAIM_AT).ljust(_CLAIM.size, b"\0")
        token, moved_at, barrier = _CLAIM.unpack(data)
        return None if token == _NOBODY else Claim(token, moved_at, barrier - 1 if barrier else None)

    def save_claim(self, claim: Claim | None) -> None:
        """Say who writes; None for nobody."""
        given = claim or Claim(_NOBODY, 0)
        barrier = 0 if given.barrier is None else given.barrier + 1
        with own_errors():
            _write(self._descriptor, _CLAIM.pack(given.token, given.moved_at, barrier), _CLAIM_AT)

    def sync(self) -> None:
        """Return when all of it is on the disk."""
        with own_errors():
            os.fsync(self._descriptor)

    def close(self) -> None:
        """Close the file; a lock that is held ends."""
        os.close(self._descriptor)


def _line(note: dict[str, Any]) -> bytes:
    return json.dumps(note).encode() + b"\n"


def _checksum(offset: int, state: bytes) -> int:
    return zlib.crc32(state, zlib.crc32(offset.to_bytes(8, "little"))) ^ 0x5A5A5A5A


def _write(descriptor: int, data: bytes, place: int) -> None:
    if os.pwrite(descriptor, data, place) != len(data):
        raise OSError(28, os.strerror(28))

"""What has used up its limits or crashed a worker is not tried again for a while (a negative cache)."""

import hashlib
import os
import time
from contextlib import suppress
from pathlib import Path

SECONDS = 3600.0
MAX_ENTRIES = 4096

_REASONS = ("time", "memory", "crash")


class Quarantine:
    """A folder of tiny files that all processes share, or nothing if `folder` is None.

    A file is named by a hash of task and content, says why, and is valid for `seconds` from its
    modification. Losing the folder costs nothing, so errors of the disk are ignored.
    """

    def __init__(self, folder: Path | None, seconds: float = SECONDS, limit: int = MAX_ENTRIES) -> None:
        self._folder = folder
        self._seconds = seconds
        self._limit = limit

    def reason(self, task: str, key: str) -> str | None:
        """Return why a content is not to be tried: "time", "memory" or "crash"; None if it may be."""
        if self._folder is None:
            return None
        try:
            with open(self._path(self._folder, task, key), "rb") as file:
                age = time.time() - os.fstat(file.fileno()).st_mtime
                reason = file.read(16).decode("ascii", "replace")
        except OSError:
            return None
        # A file from the future is of a clock that was set back.
        return reason if age + 1 >= 0 and age < self._seconds and reason in _REASONS else None

    def remember(self, task: str, key: str, reason: str) -> None:
        """Keep why a content is not to be tried."""
        if self._folder is None:
            return
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._make_room(self._folder)
            self._path(self._folder, task, key).write_text(reason)

    def _make_room(self, folder: Path) -> None:
        """Remove what has expired, and the oldest until there is room for one more."""
        entries = sorted((entry.stat().st_mtime, entry.path) for entry in os.scandir(folder))
        oldest_valid = time.time() - self._seconds
        for number, (modified, path) in enumerate(entries):
            if modified > oldest_valid and len(entries) - number < self._limit:
                return
            with suppress(FileNotFoundError):
                os.unlink(path)

    def _path(self, folder: Path, task: str, key: str) -> Path:
        return folder / hashlib.sha256(f"{task}\0{key}".encode()).hexdigest()[:40]

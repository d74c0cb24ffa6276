"""All unfinished contents."""

import errno
import os
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from typing import Any

from .disk import own_errors
from .unfinished import Unfinished
from .unfinished_places import Places
from .unfinished_state import StateFile


class UnfinishedFolder:
    """Unfinished contents by names that the caller has made up: 32 hex digits. Groups are 16 of them."""

    def __init__(self, store: str, *, inline_size: int = 0, durable: bool = True) -> None:
        self._places = Places(store, inline_size, durable=durable)
        with own_errors():
            os.makedirs(self._places.folder, mode=0o750, exist_ok=True)

    def create(self, name: str, group: str, note: dict[str, Any]) -> None:
        """Make an empty one. It is not synced before it has bytes: there is nothing to lose."""
        places = self._places
        with own_errors():
            StateFile.create(places.state(name), group, note)
            while True:
                os.makedirs(places.group(group), mode=0o750, exist_ok=True)
                with suppress(FileNotFoundError):  # the folder was empty, and has just been removed
                    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
                    os.close(os.open(places.data(group, name), flags, 0o640))
                    return

    def open(self, name: str) -> Unfinished | None:
        """Return one, which the caller closes; None if there is none of that name."""
        with own_errors():
            try:
                state = StateFile(self._places.state(name))
            except FileNotFoundError:
                return None
            except OSError as error:
                if error.errno == errno.ELOOP:  # a symbolic link, which is none of ours
                    return None
                raise
            with ExitStack() as undo:
                undo.callback(state.close)
                found = Unfinished(self._places, state, name)
                undo.pop_all()
            return found

    def count(self, group: str) -> int:
        """Return how many of a group have bytes here, or may get some."""
        with own_errors(), suppress(FileNotFoundError):
            return len(os.listdir(self._places.group(group)))
        return 0

    def names(self) -> Iterator[str]:
        """Yield the names of all."""
        with own_errors(), os.scandir(self._places.folder) as entries:
            files = [entry.name for entry in entries if entry.is_file(follow_symlinks=False)]
        yield from (name.removesuffix(".state") for name in files if name.endswith(".state"))

    def remove_orphans(self, before: float) -> None:
        """Remove bytes without a note, as a power cut may leave them, and empty folders."""
        with own_errors(), os.scandir(self._places.folder) as entries:
            folders = [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
        for folder in folders:
            with own_errors(), os.scandir(folder) as files:
                for file in files:
                    self._remove_orphan(file, before)
            with suppress(OSError):
                os.rmdir(folder)

    def _remove_orphan(self, file: "os.DirEntry[str]", before: float) -> None:
        if not os.path.exists(self._places.state(file.name)):
            with suppress(FileNotFoundError):
                if file.stat(follow_symlinks=False).st_mtime < before:
                    os.unlink(file.path)

    def room(self) -> int:
        """Return how many bytes are free."""
        with own_errors():
            found = os.statvfs(self._places.folder)
        return found.f_bavail * found.f_frsize

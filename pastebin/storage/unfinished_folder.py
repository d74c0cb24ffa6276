"""All unfinished contents."""

import errno
import os
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from typing import Any

from .disk import own_errors, sync_folder
from .unfinished import Unfinished
from .unfinished_places import IsALink, Places
from .unfinished_state import StateFile


class UnfinishedFolder:
    """Unfinished contents by names that the caller has made up: 32 hex digits. Groups are 16 of them."""

    def __init__(self, store: str, *, inline_size: int = 0, durable: bool = True) -> None:
        self._places = Places(store, inline_size, durable=durable)
        with own_errors():
            os.makedirs(self._places.folder, mode=0o750, exist_ok=True)
            if durable:
                sync_folder(store)

    def create(self, name: str, group: str, note: dict[str, Any]) -> None:
        """Make an empty one, unless it is there. It is not synced before it has bytes: none can be lost."""
        path = self._places.state(name)
        with own_errors():
            try:
                StateFile.create(path, group, note)
            except FileExistsError:
                return
            try:
                self._create_data(name, group)
            except OSError:
                os.unlink(path)
                raise

    def _create_data(self, name: str, group: str) -> None:
        while True:
            os.makedirs(self._places.group(group), mode=0o750, exist_ok=True)
            with suppress(FileNotFoundError):  # the folder was empty, and has just been removed
                os.close(self._places.open_data(group, name, os.O_RDWR | os.O_CREAT))
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
        with own_errors(), suppress(FileNotFoundError, IsALink), self._places.opened_group(group) as folder:
            return len(os.listdir(folder))
        return 0

    def names(self) -> Iterator[str]:
        """Yield the names of all."""
        with own_errors(), os.scandir(self._places.folder) as entries:
            files = [entry.name for entry in entries if entry.is_file(follow_symlinks=False)]
        yield from (name.removesuffix(".state") for name in files if name.endswith(".state"))

    def remove_orphans(self, before: float) -> None:
        """Remove bytes without a note, as a power cut may leave them, and empty folders."""
        with own_errors(), os.scandir(self._places.folder) as entries:
            groups = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
        for group in groups:
            with (
                own_errors(),
                suppress(FileNotFoundError, IsALink),
                self._places.opened_group(group) as folder,
            ):
                self._remove_orphans_in(folder, before)
            with suppress(OSError):
                os.rmdir(self._places.group(group))

    def _remove_orphans_in(self, folder: int, before: float) -> None:
        for name in os.listdir(folder):
            if not os.path.exists(self._places.state(name)):
                with suppress(FileNotFoundError):
                    if os.stat(name, dir_fd=folder, follow_symlinks=False).st_mtime < before:
                        os.unlink(name, dir_fd=folder)

    def room(self) -> int:
        """Return how many bytes are free."""
        with own_errors():
            found = os.statvfs(self._places.folder)
        return found.f_bavail * found.f_frsize

"""Where unfinished contents lie in a folder of contents."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from .disk import TEMPORARY

_NO_LINKS = os.O_NOFOLLOW | os.O_CLOEXEC

# What the operating system says of a symbolic link where a folder or a file of ours should be.
_LINKS = frozenset({errno.ELOOP, errno.ENOTDIR})


class IsALink(OSError):
    """A symbolic link is where a folder or a file of ours should be. Nothing goes through it."""


class Places:
    """Where unfinished contents lie: `store` is the folder of the finished ones, on the same file system."""

    def __init__(self, store: str, inline_size: int, *, durable: bool) -> None:
        self.store = store
        self.folder = f"{store}/unfinished"
        self.inline_size = inline_size
        self.durable = durable

    def beside(self, place: str) -> str:
        """Return where a second name of the bytes is made, to be moved into its place."""
        return f"{self.store}/{TEMPORARY}/{os.path.basename(place)}.{secrets.token_hex(8)}"

    def group(self, group: str) -> str:
        """Return the folder of one group's bytes."""
        return f"{self.folder}/{group}"

    @contextmanager
    def opened_group(self, group: str) -> Iterator[int]:
        """Give the folder of one group's bytes, which no link stands for; IsALink, FileNotFoundError."""
        with _no_links():
            folder = os.open(self.group(group), os.O_RDONLY | os.O_DIRECTORY | _NO_LINKS)
        try:
            yield folder
        finally:
            os.close(folder)

    def open_data(self, group: str, name: str, flags: int) -> int:
        """Open a content's bytes; IsALink, FileNotFoundError."""
        with self.opened_group(group) as folder, _no_links():
            return os.open(name, flags | _NO_LINKS, 0o640, dir_fd=folder)

    def unlink_data(self, group: str, name: str) -> None:
        """Remove a content's bytes; IsALink, FileNotFoundError."""
        with self.opened_group(group) as folder:
            os.unlink(name, dir_fd=folder)

    def link_data(self, group: str, name: str, to: str) -> None:
        """Give a content's bytes a second name."""
        with self.opened_group(group) as folder:
            os.link(name, to, src_dir_fd=folder, follow_symlinks=False)

    def state(self, name: str) -> str:
        """Return the path of what lies beside them."""
        return f"{self.folder}/{name}.state"


@contextmanager
def _no_links() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _LINKS:
            raise IsALink(*error.args) from error
        raise

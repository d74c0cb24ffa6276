"""Files by public name and by short code."""

from typing import Any

from ..errors import NotFound
from ..services import Services
from ..services.files import StoredFile
from .base import Container, Noun


class FileContext(Noun):
    """A file that exists, seen in one of its ways."""

    def __init__(self, name: str, parent: Any, file: StoredFile) -> None:
        super().__init__(name, parent)
        self.file = file


class PreviewContext(FileContext):
    """`/p/<filehash>`: its page."""


class InlineContext(FileContext):
    """`/i/<filehash>`: its bytes, to be looked at."""


class DownloadContext(FileContext):
    """`/d/<filehash>`: its bytes, to be saved."""


class ResizedContext(FileContext):
    """`/r/<filehash>`: a resized copy as a file of its own."""


class ShortLinkContext(FileContext):
    """`/s/<short>`: its short link."""


class FilesByHash(Container):
    """`/p`, `/i`, `/d`, `/r`: leads to files by public name."""

    def __init__(self, name: str, parent: Any, services: Services, child: type[FileContext]) -> None:
        super().__init__(name, parent)
        self._services = services
        self._child = child

    def __getitem__(self, filehash: str) -> FileContext:
        try:
            file = self._find(filehash)
        except NotFound as error:
            raise KeyError(filehash) from error
        return self._child(filehash, self, file)

    def _find(self, filehash: str) -> StoredFile:
        return self._services.files.by_hash(filehash)


class LegacyFilesByHash(FilesByHash):
    """The same, and a file of the older service that is not known yet is taken in."""

    def _find(self, filehash: str) -> StoredFile:
        try:
            return super()._find(filehash)
        except NotFound:
            folder = self._services.legacy
            taken = folder.take_in(filehash) if folder else None
            if taken is None:
                raise
            return taken.file


class FilesByShortCode(Container):
    """`/s`: leads to files by short code."""

    def __init__(self, name: str, parent: Any, services: Services) -> None:
        super().__init__(name, parent)
        self._services = services

    def __getitem__(self, code: str) -> ShortLinkContext:
        try:
            file = self._services.files.by_short(code)
        except NotFound as error:
            raise KeyError(code) from error
        return ShortLinkContext(code, self, file)

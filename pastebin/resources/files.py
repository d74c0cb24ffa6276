"""Files by public name and by short code."""

from typing import Any

from ..errors import NotFound
from ..services import Services
from ..services.files import ContentPending, StoredFile
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


class QRCodeContext(FileContext):
    """`/q/<filehash>`: its short link as a QR code."""


class Files(Container):
    """Leads to files, each seen as `child`. What `_find` does not find is no address."""

    def __init__(self, name: str, parent: Any, services: Services, child: type[FileContext]) -> None:
        super().__init__(name, parent)
        self._services = services
        self._child = child

    def __getitem__(self, name: str) -> FileContext:
        try:
            return self._child(name, self, self._find(name))
        except KeyError as error:  # a bug, which traversal would take for a missing file
            raise RuntimeError("looking for a file failed") from error
        except NotFound as error:
            raise KeyError(name) from error

    def _find(self, name: str) -> StoredFile:
        raise NotImplementedError


class FilesByHash(Files):
    """`/p`, `/i`, `/d`, `/r`: leads to files by public name."""

    def _find(self, name: str) -> StoredFile:
        return self._services.files.by_hash(name)


class LegacyFilesByHash(FilesByHash):
    """The same, and a file of the older service that is not known yet is taken in."""

    def _find(self, name: str) -> StoredFile:
        try:
            return super()._find(name)
        except NotFound:
            return _import(self._services, name)


class FilesByShortCode(Files):
    """`/s`: leads to files by short code, those of the older service included."""

    def _find(self, name: str) -> StoredFile:
        try:
            return self._services.files.by_short(name)
        except ContentPending as pending:
            return _import(self._services, pending.filehash)


def _import(services: Services, filehash: str) -> StoredFile:
    """Return a file of the older service, taken in now; NotFound if its folder has none."""
    link = services.legacy.import_file(filehash) if services.legacy else None
    if link is None:
        raise NotFound("There is no such file.")
    return link.file

"""Files by public name and by short code, as far as the visitor may see them."""

from typing import Any, ClassVar

from ..errors import Banned, NotFound
from ..services import Services
from ..services.files import ContentPending
from ..services.gate import Decision, Guarded, Purpose
from ..services.stored_file import StoredFile
from .base import Container, Noun
from .visitor import Visitor


class FileContext(Noun):
    """A file that exists and that the visitor may see, in one of its ways."""

    purpose: ClassVar[Purpose]

    def __init__(self, name: str, parent: Any, file: StoredFile) -> None:
        super().__init__(name, parent)
        self.file = file


class PreviewContext(FileContext):
    """`/p/<filehash>`: its page."""

    purpose = Purpose.PAGE
    methods = ("GET", "HEAD", "POST")


class InlineContext(FileContext):
    """`/i/<filehash>`: its bytes, to be looked at."""

    purpose = Purpose.BYTES


class DownloadContext(FileContext):
    """`/d/<filehash>`: its bytes, to be saved."""

    purpose = Purpose.BYTES


class ResizedContext(FileContext):
    """`/r/<filehash>`: a resized copy as a file of its own."""

    purpose = Purpose.COPY


class ThumbnailContext(FileContext):
    """`/t/<filehash>`: a small picture of it."""

    purpose = Purpose.COPY


class ShortLinkContext(FileContext):
    """`/s/<short>`: its short link."""

    purpose = Purpose.SHORT_LINK


class QRCodeContext(FileContext):
    """`/q/<filehash>`: its short link as a QR code."""

    purpose = Purpose.QR_CODE


class LockedContext(Noun):
    """A file or a collection in any of its ways, whose password the visitor has not shown."""

    methods = ("GET", "HEAD", "POST")

    def __init__(self, name: str, parent: Any, item: Guarded) -> None:
        super().__init__(name, parent)
        self.item = item


class LimitedContext(Noun):
    """A file's bytes, in the way of `child`, that the visitor gets only by taking one of its downloads."""

    methods = ("GET", "HEAD", "POST")

    def __init__(self, name: str, parent: Any, file: StoredFile, child: type[FileContext]) -> None:
        super().__init__(name, parent)
        self.file = file
        self.child = child


class Files(Container):
    """Leads to files, each seen as `child`, as far as the gate lets the visitor."""

    def __init__(
        self, name: str, parent: Any, services: Services, visitor: Visitor, child: type[FileContext]
    ) -> None:
        super().__init__(name, parent)
        self._services = services
        self._visitor = visitor
        self._child = child

    def __getitem__(self, name: str) -> Noun:
        file = self._look_up(name)
        decision = self._visitor.decide(file, self._child.purpose)
        if decision is Decision.NOT_THERE:
            raise KeyError(name)
        if decision is Decision.LOCKED:
            return LockedContext(name, self, file)
        if decision is Decision.LIMITED:
            return LimitedContext(name, self, file, self._child)
        return self._child(name, self, file)

    def for_card(self, name: str) -> StoredFile:
        """Return a file that another site may show something of; KeyError if it may not."""
        file = self._look_up(name)
        if self._visitor.decide(file, Purpose.CARD) is not Decision.ALLOWED:
            raise KeyError(name)
        return file

    def _look_up(self, name: str) -> StoredFile:
        try:
            return self._find(name)
        except KeyError as error:  # a bug, which traversal would take for a missing file
            raise RuntimeError("looking for a file failed") from error
        except NotFound as error:
            raise KeyError(name) from error

    def _find(self, name: str) -> StoredFile:
        raise NotImplementedError


class FilesByHash(Files):
    """`/p`, `/i`, `/d`, `/r`, `/q`, `/t`: leads to files by public name."""

    def _find(self, name: str) -> StoredFile:
        return self._services.files.by_hash(name)


class LegacyFilesByHash(FilesByHash):
    """`/p`, `/i`, `/d`: the same, and a file of the older service that is not known yet is taken in."""

    def _find(self, name: str) -> StoredFile:
        try:
            return super()._find(name)
        except NotFound:
            return _import(self._services, name)


class FilesByShortCode(Files):
    """`/s`: leads to files by short code, those of the older service included."""

    def _find(self, name: str) -> StoredFile:
        self._visitor.require_tries()
        try:
            return self._services.files.by_short(name)
        except ContentPending as pending:
            return _import(self._services, pending.filehash)
        except NotFound:
            self._visitor.count_wrong_try()
            raise


def _import(services: Services, filehash: str) -> StoredFile:
    """Return a file of the older service, taken in now; NotFound if its folder has none that is allowed."""
    try:
        link = services.legacy.import_file(filehash) if services.legacy else None
    except Banned as error:
        raise NotFound("There is no such file.") from error
    if link is None:
        raise NotFound("There is no such file.")
    return link.file

"""Taking files in: look at the bytes, stage them in the store, commit them with their link."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

from ..errors import ImageTooLarge, NotAnImage
from ..images import ImageFormat, ImageLimits, Transform, probe
from ..media import types as media
from ..media.sniffing import sniff
from ..names import suffix_of, with_suffix
from ..storage import BlobStore, BlobWriter, StagedBlob, open_anonymous
from .bans import BanList
from .committer import Committer
from .file_records import (
    Content,
    Link,
    NewLink,
    legacy_key,
    new_management_key,
    own_key,
    upload_key,
)
from .passwords import FilePasswords
from .rendering import ImageRenderer
from .stored_file import StoredFile
from .terms import NO_POLICY, NO_TERMS, Terms, TermsPolicy

# Suffixes that fit a result as well as the one it would get.
_SUFFIXES = {"image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif")}

# How much of a source is copied at a time, in bytes.
PIECE = 2**20


@dataclass(frozen=True, slots=True)
class UploadOptions:
    """What an uploader asks for: a crop or resize before storing, and terms."""

    transform: Transform | None = None
    terms: Terms = NO_TERMS

    @classmethod
    def from_fields(
        cls, fields: Mapping[str, str], limits: ImageLimits, policy: TermsPolicy = NO_POLICY
    ) -> "UploadOptions":
        """Read the fields `w` and `h` of a form, and terms; BadTransform or BadTerm if one is wrong.

        The field `unlisted`, which older forms have, is the visibility.
        """
        size = {name: text for name, text in fields.items() if name in ("w", "h")}
        given = dict(fields)
        if given.get("unlisted") and not given.get("visibility"):
            given["visibility"] = "unlisted"
        terms = Terms.from_fields(given, policy, datetime.now(UTC))
        return cls(Transform.from_params(size, limits), terms)


_NO_OPTIONS = UploadOptions()


class UploadService:
    """Uploads. When a method returns, the content and the link are on the disk."""

    def __init__(
        self,
        committer: Committer,
        store: BlobStore,
        limits: ImageLimits,
        renderer: ImageRenderer,
        passwords: FilePasswords,
        bans: BanList,
        *,
        is_listing: bool = False,
        is_drawing: bool = True,
    ) -> None:
        self._committer = committer
        self._store = store
        self._limits = limits
        self._renderer = renderer
        self._passwords = passwords
        self._bans = bans
        self._is_listing = is_listing
        self._is_drawing = is_drawing

    def add(self, writer: BlobWriter, filename: str, options: UploadOptions = _NO_OPTIONS) -> Link:
        """Take in what was written, resized first if that is asked for.

        Raises Banned, NotAnImage, ImageTooLarge, TaskKilled or Overloaded where resizing is not possible,
        StorageFull and Unavailable; nothing is kept then.
        """
        if options.transform is None:
            return self._commit(writer, filename, options.terms)
        with open_anonymous() as target, self._store.writer() as resized:
            image = self._renderer.render_upload(writer, options.transform, target)
            target.seek(0)
            _copy(target, resized)
            return self._commit(resized, _named_as(image.format, filename), options.terms)

    def _commit(self, writer: BlobWriter, filename: str, terms: Terms) -> Link:
        content = self.examine(writer, filename)
        management_key = new_management_key()
        is_own = terms.needs_own_link
        wanted = NewLink(
            content,
            filename,
            own_key(management_key) if is_own else upload_key(content.blob, filename),
            is_listed=self._is_listing and terms.visibility in (None, "listed"),
            terms=terms,
            management_key=management_key,
            password_hash=None if terms.password is None else self._passwords.hash(terms.password),
            is_drawn=self._is_drawing,
        )
        return self._committer.commit(self._staged(writer, content), wanted)

    def add_copy(self, data: BinaryIO, filename: str, key: str, source: StoredFile) -> Link:
        """Take in what is left to read of `data` as a resized copy of a file, under that one's terms.

        Its link has `key`, and no holder: it ends with the file.
        """
        with self._store.writer() as writer:
            _copy(data, writer)
            content = self.examine(writer, filename)
            wanted = NewLink(
                content,
                filename,
                key,
                terms=Terms(expires=source.expires),
                password_hash=source.password,
                source=source,
                is_drawn=self._is_drawing,
            )
            return self._committer.commit(self._staged(writer, content), wanted)

    def import_file(self, source: BinaryIO, filehash: str, *, has_row: bool) -> Link:
        """Take in a file of the older service, which has a public name already, and maybe a row."""
        with self._store.writer() as writer:
            _copy(source, writer)
            content = self.examine(writer, filehash)
            if has_row:
                return self._committer.complete(self._staged(writer, content), filehash, content)
            key = legacy_key(filehash)
            wanted = NewLink(content, filehash, key, filehash=filehash, is_drawn=self._is_drawing)
            return self._committer.commit(self._staged(writer, content), wanted)

    def _staged(self, writer: BlobWriter, content: Content) -> StagedBlob:
        """Stage what was written. Banned where nobody may upload it."""
        self._bans.refuse(content.blob.sha256)
        return writer.stage()

    def examine(self, writer: BlobWriter, filename: str) -> Content:
        """Return what was written with its media type and, for an image, its sides."""
        blob = writer.finish()
        head = writer.head
        found = sniff(head, filename, is_whole=blob.size == len(head))
        width, height = self._sides(writer) if media.is_raster(found.mimetype) else (0, 0)
        return Content(blob, found, width, height)

    def _sides(self, writer: BlobWriter) -> tuple[int, int]:
        """Return an image's sides in pixels; 0 and 0 for one that is broken or too large to show."""
        try:
            with writer.reader() as reader:
                info = probe(reader, self._limits)
        except (NotAnImage, ImageTooLarge):
            return 0, 0
        return info.width, info.height


def _copy(source: BinaryIO, writer: BlobWriter) -> None:
    while piece := source.read(PIECE):
        writer.write(piece)


def _named_as(found: ImageFormat, filename: str) -> str:
    """Return a filename with the suffix of an image's format, unless it has a fitting one."""
    if suffix_of(filename) in _SUFFIXES.get(found.mimetype, (f".{found.suffix}",)):
        return filename
    return with_suffix(filename, "", f".{found.suffix}")

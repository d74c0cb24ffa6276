"""Taking files in: look at the bytes, stage them in the store, commit them with their link."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from ..errors import ImageTooLarge, NotAnImage
from ..images import ImageFormat, ImageLimits, Transform, probe
from ..media import types as media
from ..media.sniffing import sniff
from ..names import suffix_of, with_suffix
from ..storage import BlobStore, BlobWriter, open_anonymous
from .committer import Committer
from .file_records import Content, Link, NewLink, legacy_key, upload_key
from .rendering import ImageRenderer

# Suffixes that fit a result as well as the one it would get.
_SUFFIXES = {"image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif")}

# How much of a source is copied at a time, in bytes.
PIECE = 2**20


@dataclass(frozen=True, slots=True)
class UploadOptions:
    """What an uploader asks for: a crop or resize before storing, and to be kept off the list."""

    transform: Transform | None = None
    unlisted: bool = False

    @classmethod
    def from_fields(cls, fields: Mapping[str, str], limits: ImageLimits) -> "UploadOptions":
        """Read the fields `w`, `h` and `unlisted` of a form; BadTransform if a size is wrong."""
        size = {name: text for name, text in fields.items() if name in ("w", "h")}
        return cls(Transform.from_params(size, limits), bool(fields.get("unlisted")))


_NO_OPTIONS = UploadOptions()


class UploadService:
    """Uploads. When a method returns, the content and the link are on the disk."""

    def __init__(
        self,
        committer: Committer,
        store: BlobStore,
        limits: ImageLimits,
        renderer: ImageRenderer,
        *,
        is_listing: bool = False,
    ) -> None:
        self._committer = committer
        self._store = store
        self._limits = limits
        self._renderer = renderer
        self._is_listing = is_listing

    def add(self, writer: BlobWriter, filename: str, options: UploadOptions = _NO_OPTIONS) -> Link:
        """Take in what was written, resized first if that is asked for.

        Raises NotAnImage, ImageTooLarge, TaskKilled or Overloaded where resizing is not possible,
        StorageFull and Unavailable; nothing is kept then.
        """
        is_listed = self._is_listing and not options.unlisted
        if options.transform is None:
            return self._commit(writer, filename, is_listed)
        with open_anonymous() as target, self._store.writer() as resized:
            image = self._renderer.render_upload(writer, options.transform, target)
            target.seek(0)
            _copy(target, resized)
            return self._commit(resized, _named_as(image.format, filename), is_listed)

    def _commit(self, writer: BlobWriter, filename: str, is_listed: bool) -> Link:
        content = self.examine(writer, filename)
        wanted = NewLink(content, filename, upload_key(content.blob, filename), is_listed)
        return self._committer.commit(writer.stage(), wanted)

    def add_copy(self, source: BinaryIO, filename: str, key: str) -> Link:
        """Take in what is left to read of `source` as the file whose link has `key`."""
        with self._store.writer() as writer:
            _copy(source, writer)
            content = self.examine(writer, filename)
            return self._committer.commit(writer.stage(), NewLink(content, filename, key))

    def import_file(self, source: BinaryIO, filehash: str, *, has_row: bool) -> Link:
        """Take in a file of the older service, which has a public name already, and maybe a row."""
        with self._store.writer() as writer:
            _copy(source, writer)
            content = self.examine(writer, filehash)
            if has_row:
                return self._committer.complete(writer.stage(), filehash, content)
            wanted = NewLink(content, filehash, legacy_key(filehash), filehash=filehash)
            return self._committer.commit(writer.stage(), wanted)

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

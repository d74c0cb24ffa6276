"""Any size or crop of an image: cached bytes for an address, or a file of its own."""

from dataclasses import dataclass
from typing import BinaryIO

from ..errors import BadTransform, NotAnImage
from ..images import Rendered, Transform
from ..media import types as media
from ..names import with_suffix
from ..storage import DerivedFolder
from .file_records import FileRecords, Link, resize_key
from .files import StoredFile
from .rendering import ImageRenderer
from .uploads import UploadService


@dataclass(frozen=True, slots=True)
class ResizedImage:
    """A resized image's bytes, its media type and what identifies it for caches."""

    reader: BinaryIO
    mimetype: str
    tag: str


class ResizeService:
    """Resizing of stored images."""

    def __init__(
        self, derived: DerivedFolder, records: FileRecords, uploads: UploadService, renderer: ImageRenderer
    ) -> None:
        self._derived = derived
        self._records = records
        self._uploads = uploads
        self._renderer = renderer

    def image(self, file: StoredFile, transform: Transform) -> ResizedImage:
        """Return an image resized, from the cache or made now.

        Raises NotAnImage, ImageTooLarge, and BadTransform when the transform does not fit the image.
        """
        _require_image(file)
        tag = f"{file.sha256}-{transform.key}"
        reader = self._derived.get_or_make(tag, lambda: _packed(self._renderer.render_file(file, transform)))
        length = int.from_bytes(reader.read(1))
        return ResizedImage(reader, reader.read(length).decode(), tag)

    def as_file(self, file: StoredFile, transform: Transform | None) -> Link:
        """Return an image resized, as a file of its own; the same request gives the same file."""
        if transform is None:
            raise BadTransform("Say which size: ?w=800 or ?w=800&h=600, for example.")
        _require_image(file)
        key = resize_key(file.filehash, transform.key)
        found = self._records.find(key)
        if found is not None:
            return Link(found, created=False)
        image = self._renderer.render_file(file, transform)
        name = with_suffix(file.filename, f"-{image.width}x{image.height}", f".{image.suffix}")
        return self._uploads.add_bytes(image.data, name, key)


def _require_image(file: StoredFile) -> None:
    if not media.is_raster(file.mimetype):
        raise NotAnImage("Only images can be cropped or resized, and this file is none.")


def _packed(image: Rendered) -> bytes:
    """Return the media type, its length before it, and the bytes: a derived file tells its own type."""
    mimetype = image.mimetype.encode()
    return bytes([len(mimetype)]) + mimetype + image.data

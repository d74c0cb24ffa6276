"""Any size or crop of an image: cached bytes for an address, or a file of its own."""

from dataclasses import dataclass
from typing import BinaryIO

from ..errors import BadTransform, NotAnImage, StorageFull
from ..images import ENCODER_VERSION, Transform
from ..images.signatures import UNSUPPORTED
from ..media import types as media
from ..names import with_suffix
from ..storage import DerivedFile, DerivedFolder, open_anonymous
from .file_records import FileRecords, Link, resize_key
from .files import StoredFile
from .rendering import ImageRenderer
from .uploads import UploadService


@dataclass(frozen=True, slots=True)
class ResizedImage:
    """A resized image's bytes, `size` of them, its media type and what identifies it for caches."""

    reader: BinaryIO
    size: int
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

        Raises NotAnImage, ImageTooLarge, BadTransform when the transform does not fit the image,
        TaskKilled when it is too costly, and Overloaded.
        """
        _require_image(file)
        tag = f"{file.sha256}-{transform.key}-{ENCODER_VERSION}"
        found = self._derived.get(tag) or self._make(file, transform, tag)
        return ResizedImage(found.reader, found.size, found.mimetype, tag)

    def as_file(self, file: StoredFile, transform: Transform | None) -> Link:
        """Return an image resized, as a file of its own; the same request gives the same file."""
        if transform is None:
            raise BadTransform("Say which size: ?w=800 or ?w=800&h=600, for example.")
        _require_image(file)
        key = resize_key(file.filehash, transform.key)
        found = self._records.find(key)
        if found is not None:
            return Link(found, created=False)
        with open_anonymous() as target:
            image = self._renderer.render_file(file, transform, target)
            name = with_suffix(file.filename, f"-{image.width}x{image.height}", f".{image.format.suffix}")
            target.seek(0)
            return self._uploads.add_copy(target, name, key, file)

    def _make(self, file: StoredFile, transform: Transform, tag: str) -> DerivedFile:
        try:
            return self._render(file, transform, tag)
        except StorageFull as error:
            self._derived.pause(error)
        return self._render(file, transform, tag)  # without the folder

    def _render(self, file: StoredFile, transform: Transform, tag: str) -> DerivedFile:
        with self._derived.writer(tag) as writer:
            image = self._renderer.render_file(file, transform, writer.file)
            return self._derived.keep(writer, image.format.mimetype)


def _require_image(file: StoredFile) -> None:
    if file.mimetype.startswith("image/") and not media.is_raster(file.mimetype):
        raise NotAnImage(UNSUPPORTED)
    if not media.is_raster(file.mimetype):
        raise NotAnImage("Only images can be cropped or resized, and this file isn't one.")

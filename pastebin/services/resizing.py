"""Any size or crop of an image: cached bytes for an address, or a file of its own."""

import io
import threading
from dataclasses import dataclass
from typing import BinaryIO

from ..errors import BadTransform, NotAnImage
from ..images import ImageLimits, Rendered, Transform, render
from ..pace import before_long
from ..storage import BlobStore, DerivedFolder
from . import media
from .files import StoredFile
from .links import Link, LinkService, resize_key
from .names import with_suffix
from .uploads import UploadService

# Files up to this size, in bytes, are read into memory before they are decoded.
WHOLE = 16 * 2**20


@dataclass(frozen=True, slots=True)
class ResizedImage:
    """A resized image's bytes, its media type and what identifies it for caches."""

    reader: BinaryIO
    mimetype: str
    tag: str


class ResizeService:
    """Resizing. At most `slots` images are decoded at a time, as each may need much memory."""

    def __init__(
        self,
        store: BlobStore,
        derived: DerivedFolder,
        links: LinkService,
        uploads: UploadService,
        limits: ImageLimits,
        slots: threading.Semaphore,
    ) -> None:
        self._store = store
        self._derived = derived
        self._links = links
        self._uploads = uploads
        self._limits = limits
        self._slots = slots

    def image(self, file: StoredFile, transform: Transform) -> ResizedImage:
        """Return an image resized, from the cache or made now.

        Raises NotAnImage, ImageTooLarge, and BadTransform when the transform does not fit the image.
        """
        self._require_image(file)
        tag = f"{file.sha256}-{transform.key}"
        reader = self._derived.get_or_make(tag, lambda: _packed(self._render(file, transform)))
        length = int.from_bytes(reader.read(1))
        return ResizedImage(reader, reader.read(length).decode(), tag)

    def as_file(self, file: StoredFile, transform: Transform | None) -> Link:
        """Return an image resized, as a file of its own; the same request gives the same file."""
        if transform is None:
            raise BadTransform("Say which size: ?w=800 or ?w=800&h=600, for example.")
        self._require_image(file)
        key = resize_key(file.filehash, transform.key)
        found = self._links.find(key)
        if found is not None:
            return Link(found, created=False)
        image = self._render(file, transform)
        name = with_suffix(file.filename, f"-{image.width}x{image.height}", f".{image.suffix}")
        return self._uploads.add_bytes(image.data, name, key)

    def _render(self, file: StoredFile, transform: Transform) -> Rendered:
        before_long()
        with self._slots, self._store.open(file.sha256) as source:
            return render(_at_hand(source, file.size), transform, self._limits)

    @staticmethod
    def _require_image(file: StoredFile) -> None:
        if not media.is_raster(file.mimetype):
            raise NotAnImage("Only images can be cropped or resized, and this file is none.")


def _at_hand(source: BinaryIO, size: int) -> BinaryIO:
    """Return a source that is read without calling the system for every few bytes."""
    return io.BytesIO(source.read()) if size <= WHOLE else io.BufferedReader(source)  # type: ignore[type-var]


def _packed(image: Rendered) -> bytes:
    """Return the media type, its length before it, and the bytes: a derived file tells its own type."""
    mimetype = image.mimetype.encode()
    return bytes([len(mimetype)]) + mimetype + image.data

"""Cropping and resizing of stored or just received images."""

import io
import os
import threading
from typing import BinaryIO

from ..images import ImageLimits, Rendered, Transform, render
from ..storage import BlobStore, BlobWriter
from .files import StoredFile

# Files up to this size, in bytes, are read into memory before they are decoded.
WHOLE = 16 * 2**20


class ImageRenderer:
    """Renders images; at most as many at a time as there are processors, as each may need much memory."""

    def __init__(self, store: BlobStore, limits: ImageLimits) -> None:
        self._store = store
        self._limits = limits
        self._slots = threading.BoundedSemaphore(os.cpu_count() or 1)

    def render_file(self, file: StoredFile, transform: Transform) -> Rendered:
        """Return a stored image resized; NotAnImage, ImageTooLarge, or BadTransform if that does not fit."""
        with self._slots, self._store.open(file.sha256) as source:
            return render(_at_hand(source, file.size), transform, self._limits)

    def render_upload(self, writer: BlobWriter, transform: Transform) -> Rendered:
        """Return a received image resized; raises as `render_file` does."""
        size = writer.finish().size
        with self._slots, writer.reader() as source:
            return render(_at_hand(source, size), transform, self._limits)


def _at_hand(source: BinaryIO, size: int) -> BinaryIO:
    """Return a source that is read without calling the system for every few bytes."""
    return io.BytesIO(source.read()) if size <= WHOLE else io.BufferedReader(source)  # type: ignore[type-var]

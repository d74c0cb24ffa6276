"""Taking files in: look at the bytes, put them in the store, give them a link."""

import threading
from concurrent.futures import Future
from contextlib import nullcontext

from ..errors import ImageTooLarge, NotAnImage
from ..images import ImageLimits, Transform, probe, render
from ..storage import BlobStore, BlobWriter
from . import media
from .forms import UploadForm
from .intake import Intake
from .links import Content, Link, LinkService, NewLink, upload_key
from .names import suffix_of, with_suffix
from .sniffing import looks_like_text, sniff

# Suffixes that fit a result as well as the one it would get.
_SUFFIXES = {"image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif")}


class UploadService:
    """Uploads. A content is durable in the store before its row is written.

    At most `slots` images are decoded at a time, as each may need much memory.
    """

    def __init__(
        self,
        links: LinkService,
        store: BlobStore,
        limits: ImageLimits,
        *,
        intake: Intake | None = None,
        listed: bool = False,
        slots: threading.Semaphore | None = None,
    ) -> None:
        self._links = links
        self._store = store
        self._limits = limits
        self._intake = intake or Intake(store, links)
        self._listed = listed
        self._slots = slots or nullcontext()

    def add(self, form: UploadForm) -> "Future[Link]":
        """Take in the file of a form, resized first if the form says so (fields `w` and `h`).

        It is listed where uploads are, unless the field `unlisted` says something.
        Raises BadTransform, NotAnImage or ImageTooLarge where resizing is asked for and not
        possible, StorageFull and Unavailable, now or by what comes; nothing is kept then.
        """
        given = {name: text for name, text in form.fields.items() if name in ("w", "h")}
        transform = Transform.from_params(given, self._limits)
        listed = self._listed and not form.fields.get("unlisted")
        if transform is None:
            return self._admit(form.writer, form.filename, listed)
        return self._add_resized(form, transform, listed)

    def _admit(self, writer: BlobWriter, filename: str, listed: bool) -> "Future[Link]":
        def describe() -> NewLink:
            content = self.examine(writer)
            return NewLink(content, filename, upload_key(content.blob, filename), listed)

        # Small and no text: libmagic and Pillow are done with it in a fraction of a millisecond.
        is_quick = writer.size == len(writer.head) and not looks_like_text(writer.head)
        return self._intake.admit(writer.hand_over(), describe, is_quick=is_quick)

    def add_bytes(self, data: bytes, filename: str, key: str) -> Link:
        """Take in `data` as the file whose link has `key`."""
        with self._store.writer() as writer:
            writer.write(data)
            content = self.examine(writer)
            writer.keep()
        return self._links.give(content, filename, key)

    def _add_resized(self, form: UploadForm, transform: Transform, listed: bool) -> "Future[Link]":
        form.writer.finish()
        with self._slots, form.writer.reader() as source:
            image = render(source, transform, self._limits)
        filename = form.filename
        if suffix_of(filename) not in _SUFFIXES.get(image.mimetype, (f".{image.suffix}",)):
            filename = with_suffix(filename, "", f".{image.suffix}")
        with self._store.writer() as writer:
            writer.write(image.data)
            return self._admit(writer, filename, listed)

    def examine(self, writer: BlobWriter) -> Content:
        """Return what was written with its media type and, for an image, its sides."""
        blob = writer.finish()
        found = sniff(writer.head)
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

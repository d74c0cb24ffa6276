"""The first look at what comes in: its media type, and the sides of an image."""

from dataclasses import replace

from ..errors import ImageTooLarge, NotAnImage
from ..images import ImageLimits, probe
from ..media import types as media
from ..media.sniffing import ascii_or_utf8, sniff
from ..storage import BlobWriter
from .file_records import Content


def examine(writer: BlobWriter, filename: str, limits: ImageLimits, *, is_typed: bool = False) -> Content:
    """Return what was written with its media type and, for an image, its sides. What was typed is text."""
    blob = writer.finish()
    head = writer.head
    is_whole = blob.size == len(head)
    found = sniff(head, filename, is_whole=is_whole, is_typed=is_typed)
    if found.encoding == "us-ascii" and not is_whole:
        found = replace(found, encoding=_encoding_of_rest(writer, len(head)))
    width, height = _sides(writer, limits) if media.is_raster(found.mimetype) else (0, 0)
    return Content(blob, found, width, height)


def _encoding_of_rest(writer: BlobWriter, start: int) -> str:
    with writer.reader() as reader:
        reader.seek(start)
        return ascii_or_utf8(reader)


def _sides(writer: BlobWriter, limits: ImageLimits) -> tuple[int, int]:
    """Return an image's sides in pixels; 0 and 0 for one that is broken or too large to show."""
    try:
        with writer.reader() as reader:
            info = probe(reader, limits)
    except (NotAnImage, ImageTooLarge):
        return 0, 0
    return info.width, info.height

"""What an image is, by its header: a bounded look in the service's own process.

No decoder is called here: each makes something of all that a header says, or decodes while it opens a file.
What reads sizes sees a file that ends the look after so many bytes and calls. Metadata of cameras takes some
hundred calls, a hostile header as much as the file is long.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

from pastebin.errors import NotAnImage
from pastebin.images import containers, gif_structure, headers, icons, jxl, png, raw
from pastebin.images.decoding import check_pixels, decoding, identify
from pastebin.images.geometry import Size, oriented_size
from pastebin.images.limits import DEFAULT_LIMITS, ImageLimits

# Bytes and calls of one look; together they take about 10 ms.
MOST_BYTES = 8 * 2**20
MOST_CALLS = 5000

# Pixels that a side has at most; no format here means more, but a field of its header may say so.
_LONGEST_SIDE = 2**31 - 1


@dataclass(frozen=True, slots=True)
class ImageInfo:
    """Format (a name of `signatures.FORMATS`) and displayed size in pixels."""

    format: str
    mimetype: str
    width: int
    height: int


class _BoundedReader(io.RawIOBase):
    """Reads from another file until it was asked for too much; it is not closed with this one."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._bytes_left = MOST_BYTES
        self._calls_left = MOST_CALLS

    def read(self, size: int = -1, /) -> bytes:
        """Return at most `size` bytes. Raises NotAnImage when the look has taken too long."""
        wanted = self._bytes_left + 1 if size < 0 else size
        if not self._calls_left or wanted > self._bytes_left + 1:
            raise NotAnImage("the header of this image is too long")
        data = self._file.read(wanted)
        self._calls_left -= 1
        self._bytes_left -= len(data)
        if self._bytes_left < 0:
            raise NotAnImage("the header of this image is too long")
        return data

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Move to a position of the file."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Return the position in the file."""
        return self._file.tell()

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True


# How the stored size and the EXIF orientation of each format are read.
_SIZES: dict[str, Callable[[Any], tuple[Size, int]]] = {
    "jpeg": headers.jpeg_size,
    "png": png.stored_size,
    "gif": lambda file: (gif_structure.canvas_size(file), 1),
    "webp": lambda file: (containers.webp_canvas(file), containers.webp_orientation(file)),
    "avif": containers.avif_size,
    "bmp": headers.bitmap_size,
    "tiff": headers.tiff_size,
    "ico": lambda file: (icons.largest_size(file), 1),
    "heic": containers.avif_size,
    "jxl": jxl.stored_size,
    "psd": headers.photoshop_size,
    "raw": raw.stored_size,
}


def probe(file: BinaryIO, limits: ImageLimits = DEFAULT_LIMITS) -> ImageInfo:
    """Read an image's header. Raises NotAnImage, and ImageTooLarge over `limits.max_pixels`.

    A file that probes well may still turn out broken or too costly when its pixels are decoded.
    """
    found, _ = identify(file, limits)
    with decoding():
        stored, orientation = _SIZES[found.name](_BoundedReader(file))
    if not all(0 < side <= _LONGEST_SIDE for side in stored):
        raise NotAnImage("this image states no size that an image can have")
    check_pixels(stored, limits)
    return ImageInfo(found.name, found.mimetype, *oriented_size(stored, orientation))

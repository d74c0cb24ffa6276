"""JPEG XL: its size from the header, as the decoder decodes all of a file when it opens it (libjxl).

Layouts: ISO/IEC 18181-1, D.2 and D.3; 18181-2, 4.
"""

import struct
from typing import BinaryIO

from PIL import Image

from pastebin.errors import NotAnImage
from pastebin.images import exif
from pastebin.images.geometry import Size

CODESTREAM = b"\xff\x0a"
CONTAINER = b"\0\0\0\x0cJXL \r\n\x87\n"

_MOST_BOXES = 1000
_HEADER = 64  # bytes of a codestream that hold all that is read here

# Width by height, where the header says it so.
_RATIOS = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))
_SIDE_BITS = (9, 13, 18, 30)


def open_jxl(file: BinaryIO) -> Image.Image:
    """Open and decode a JPEG XL. One that was a JPEG is not turned yet, others are."""
    from pillow_jxl import JpegXLImagePlugin  # noqa: PLC0415 - for workers only

    JpegXLImagePlugin.DECODE_THREADS = 0
    return JpegXLImagePlugin.JXLImageFile(file)


def orientation_left(image: Image.Image) -> int:
    """Return how an opened JPEG XL is still to be turned, 1 to 8."""
    return exif.orientation(image.info.get("exif")) if getattr(image, "jpeg", False) else 1


def stored_size(file: BinaryIO) -> tuple[Size, int]:
    """Read the stored size of a JPEG XL, and its orientation, 1 to 8."""
    bits = _Bits(_codestream(file))
    size = _size(bits)
    if bits.take(1) or not bits.take(1):  # all is as usual, or only the colours are not
        return size, 1
    return size, bits.take(3) + 1


class _Bits:
    """Bits of a codestream, the lowest of each byte first."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data, "little")

    def take(self, count: int) -> int:
        taken = self._value & ((1 << count) - 1)
        self._value >>= count
        return taken

    def side(self) -> int:
        return self.take(_SIDE_BITS[self.take(2)]) + 1


def _size(bits: _Bits) -> Size:
    is_small = bits.take(1)
    height = 8 * (bits.take(5) + 1) if is_small else bits.side()
    ratio = bits.take(3)
    if ratio:
        across, down = _RATIOS[ratio - 1]
        return height * across // down, height
    return (8 * (bits.take(5) + 1) if is_small else bits.side()), height


def _codestream(file: BinaryIO) -> bytes:
    """Return the beginning of the codestream, behind its signature."""
    file.seek(0)
    head = file.read(_HEADER)
    if not head.startswith(CODESTREAM):
        head = _first_part(file)
    if not head.startswith(CODESTREAM):
        raise NotAnImage("this JPEG XL has no picture in it")
    return head[2:]


def _first_part(file: BinaryIO) -> bytes:
    position = 0
    for _ in range(_MOST_BOXES):
        file.seek(position)
        head = file.read(16)
        if len(head) < 8:
            break
        length, kind = struct.unpack_from(">L4s", head)
        start = 8
        if length == 1 and len(head) == 16:
            (length,) = struct.unpack_from(">Q", head, 8)
            start = 16
        if kind in (b"jxlc", b"jxlp"):
            file.seek(position + start + (4 if kind == b"jxlp" else 0))
            return file.read(_HEADER)
        if length < start:
            break
        position += length
    return b""

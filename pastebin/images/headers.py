"""Sizes from the headers of JPEG, BMP, TIFF and PSD, without what else a decoder does while it opens a file.

Pillow makes objects of all that a header says: of 8 MiB it makes 232 MiB, or takes two seconds. Layouts:
ITU-T T.81, annex B; BITMAPINFOHEADER; Adobe Photoshop File Formats.
"""

import struct
from typing import BinaryIO

from PIL.PsdImagePlugin import MODES

from pastebin.errors import NotAnImage
from pastebin.images import exif
from pastebin.images.geometry import Size
from pastebin.images.tiff_directories import TiffReader

# Marks of frames in a JPEG, which begin with its size.
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_STANDING_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_APPLICATION_1, _START_OF_SCAN, _END = 0xE1, 0xDA, 0xD9
_EXIF = b"Exif\0\0"

_OLDEST_BITMAP = 12  # bytes of its header

_WIDTH, _HEIGHT, _ORIENTATION = 256, 257, 274

_UNSUPPORTED = "this kind of image is not supported, though its format is"


def jpeg_size(file: BinaryIO) -> tuple[Size, int]:
    """Return the size of a JPEG and its orientation, 1 to 8."""
    file.seek(2)
    size, turned = None, 0
    while (kind := _next_marker(file)) not in (_START_OF_SCAN, _END):
        if kind in _STANDING_ALONE:
            continue
        end = int.from_bytes(_exactly(file, 2), "big") + file.tell() - 2
        if kind in FRAMES:
            size = _frame_size(_exactly(file, 6))
        elif kind == _APPLICATION_1 and not turned and file.read(len(_EXIF)) == _EXIF:
            turned = exif.orientation(file.read(end - file.tell()))
        file.seek(end)
    if size is None:
        raise NotAnImage("this JPEG does not state its size")
    return size, turned or 1


def bitmap_size(file: BinaryIO) -> tuple[Size, int]:
    """Return the size of a BMP, which is never turned."""
    file.seek(14)
    header = _exactly(file, 12)
    if header[0] == _OLDEST_BITMAP:
        return struct.unpack_from("<HH", header, 4), 1
    width, height = struct.unpack_from("<ll", header, 4)
    return (width, abs(height)), 1


def photoshop_size(file: BinaryIO) -> tuple[Size, int]:
    """Return the size of a PSD, which is never turned."""
    file.seek(14)
    height, width, bits, mode = struct.unpack(">LLHH", _exactly(file, 12))
    if (mode, bits) not in MODES:
        raise NotAnImage(_UNSUPPORTED)
    return (width, height), 1


def tiff_size(file: BinaryIO) -> tuple[Size, int]:
    """Return the stored size of a TIFF and its orientation, 1 to 8."""
    reader = TiffReader(file)
    directory = reader.directory(reader.first)
    width, height, turned = (reader.first_number(directory, tag) for tag in (_WIDTH, _HEIGHT, _ORIENTATION))
    return (width, height), turned if 1 <= turned <= 8 else 1


def _next_marker(file: BinaryIO) -> int:
    """Return the kind of the segment that begins here; any number of bytes FF may stand before it."""
    start, kind = _exactly(file, 2)
    if start != 0xFF:
        raise NotAnImage("the segments of this JPEG do not follow one another")
    while kind == 0xFF:
        kind = _exactly(file, 1)[0]
    return kind


def _frame_size(frame: bytes) -> Size:
    bits, height, width, layers = struct.unpack(">BHHB", frame)
    if bits != 8 or layers not in (1, 3, 4):
        raise NotAnImage(_UNSUPPORTED)
    return width, height


def _exactly(file: BinaryIO, size: int) -> bytes:
    data = file.read(size)
    if len(data) < size:
        raise NotAnImage("the file ends within its header")
    return data

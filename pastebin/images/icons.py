"""The largest picture of an ICO file.

Pillow decodes an icon while opening it, whatever the size of the PNG inside; here the
size of the picture is read first.
"""

import struct
from typing import BinaryIO

from PIL import Image
from PIL.IcoImagePlugin import IcoFile

from pastebin.errors import ImageTooLarge, NotAnImage
from pastebin.images.geometry import Size
from pastebin.images.limits import ImageLimits

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MAX_PICTURES = 256


def open_icon(file: BinaryIO, limits: ImageLimits) -> Image.Image:
    """Open the largest picture of an icon; a PNG inside is not decoded yet.

    Raises NotAnImage when there is none, ImageTooLarge when it has too many pixels.
    """
    icon = _opened(file)
    width, height = _picture_size(file, icon.entry[0].offset)
    if width * height > limits.max_pixels:
        raise ImageTooLarge(
            f"the icon has {width} × {height} pixels; at most {limits.max_pixels} are decoded"
        )
    return icon.frame(0)


def largest_size(file: BinaryIO) -> Size:
    """Return the size of an icon's largest picture without opening that."""
    return _picture_size(file, _opened(file).entry[0].offset)


def _opened(file: BinaryIO) -> IcoFile:
    file.seek(4)
    (pictures,) = struct.unpack("<H", file.read(2))
    if not 0 < pictures <= _MAX_PICTURES:
        raise NotAnImage("this icon holds no picture, or too many")
    file.seek(0)
    return IcoFile(file)


def _picture_size(file: BinaryIO, offset: int) -> Size:
    file.seek(offset)
    head = file.read(24)
    if head.startswith(_PNG_SIGNATURE):
        width, height = struct.unpack_from(">LL", head, 16)
        return width, height
    width, height = struct.unpack_from("<ll", head, 4)
    return abs(width), abs(height) // 2

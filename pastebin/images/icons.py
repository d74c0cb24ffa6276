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
    picture = icon.frame(0)
    return _with_mask(file, icon.entry[0].offset, picture) if _is_invisible(picture) else picture


def largest_size(file: BinaryIO) -> Size:
    """Return the size of an icon's largest picture without opening that."""
    return _picture_size(file, _opened(file).entry[0].offset)


def _is_invisible(picture: Image.Image) -> bool:
    """Tell whether a bitmap has 32 bits a pixel and says nothing of transparency in them."""
    return picture.mode == "RGBA" and picture.format != "PNG" and picture.getchannel("A").getextrema()[1] == 0


def _with_mask(file: BinaryIO, offset: int, picture: Image.Image) -> Image.Image:
    """Give a picture the transparency that its mask of one bit a pixel says; opaque without one."""
    stride = -(-picture.width // 32) * 4
    file.seek(offset)
    (header,) = struct.unpack("<L", file.read(4))
    file.seek(offset + header + 4 * picture.width * picture.height)
    data = file.read(stride * picture.height)
    if len(data) < stride * picture.height:
        picture.putalpha(255)
        return picture
    mask = Image.frombuffer("1", picture.size, data, "raw", ("1;I", stride, -1))
    picture.putalpha(mask.convert("L"))
    return picture


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

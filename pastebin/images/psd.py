"""PSD by its composite; one whose samples Pillow does not read by the small picture in it, if there is one.

Layout: Adobe Photoshop File Formats Specification, thumbnail resource (1036).
"""

import struct
from typing import BinaryIO, cast

from PIL import Image
from PIL.PsdImagePlugin import PsdImageFile

from pastebin.images.jpeg import open_jpeg
from pastebin.images.spliced import SplicedFile

_THUMBNAIL = b"8BIM\x04\x0c\0\0"
_FIELDS = 28  # before the JPEG
_JPEG = 1

_HEADER = 26
_SEARCHED = 4 * 2**20


def open_psd(file: BinaryIO) -> Image.Image:
    """Open a PSD."""
    try:
        return PsdImageFile(file)
    except (KeyError, OSError, SyntaxError):
        found = _thumbnail(file)
        if found is None:
            raise
    return open_jpeg(cast(BinaryIO, SplicedFile(file, [found])))


def _thumbnail(file: BinaryIO) -> tuple[int, int] | None:
    """Return where in a PSD a JPEG of it begins and ends."""
    file.seek(_HEADER)
    data = file.read(_SEARCHED)
    place = data.find(_THUMBNAIL)
    fields = data[place + len(_THUMBNAIL) :][: 4 + _FIELDS]
    if place < 0 or len(fields) < 4 + _FIELDS:
        return None
    length, kind = struct.unpack_from(">LL", fields)
    start = _HEADER + place + len(_THUMBNAIL) + 4
    return (start + _FIELDS, start + length) if kind == _JPEG and length > _FIELDS else None

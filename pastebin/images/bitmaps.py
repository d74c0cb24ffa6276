"""BMP with what Pillow leaves out: the profile that a header of version 5 embeds (BITMAPV5HEADER)."""

import struct
from typing import BinaryIO

from PIL.BmpImagePlugin import BmpImageFile

_FILE_HEADER = 14
_LENGTH = 124
_EMBEDDED = 0x4D424544  # "MBED"

# The largest profile that is read, in bytes.
_LONGEST = 4 * 2**20


def open_bitmap(file: BinaryIO) -> BmpImageFile:
    """Open a BMP. Its `info` has the profile that it embeds."""
    image = BmpImageFile(file)
    profile = _profile(file)
    if profile:
        image.info["icc_profile"] = profile
    return image


def _profile(file: BinaryIO) -> bytes | None:
    file.seek(_FILE_HEADER)
    header = file.read(_LENGTH)
    if len(header) < _LENGTH or struct.unpack_from("<L", header)[0] != _LENGTH:
        return None
    if struct.unpack_from("<L", header, 56)[0] != _EMBEDDED:
        return None
    offset, size = struct.unpack_from("<LL", header, 112)
    if not 0 < size <= _LONGEST:
        return None
    file.seek(_FILE_HEADER + offset)
    return file.read(size)

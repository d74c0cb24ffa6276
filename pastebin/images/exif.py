"""The one EXIF tag that matters here: how the image is to be turned for viewing."""

import struct

from pastebin.media.tiff_entries import entries, short

_ORIENTATION = 0x0112
_SHORT = 3


def orientation(exif: bytes | None) -> int:
    """Read the orientation, 1 to 8, from an EXIF block; 1 when there is none or it is broken.

    Only the first directory is looked at. The block may begin with `Exif\\0\\0` (JPEG) or not.
    """
    if not exif:
        return 1
    tiff = exif.removeprefix(b"Exif\0\0")
    try:
        found = (one for one in entries(tiff) if one.tag == _ORIENTATION and one.kind == _SHORT)
        value = next((short(tiff, one) for one in found), 1)
    except struct.error:
        return 1
    return value if 1 <= value <= 8 else 1


def orientation_block(value: int) -> bytes:
    """Return an EXIF block (TIFF) that says nothing but how to turn a picture."""
    return b"MM\0*\0\0\0\x08\0\1" + struct.pack(">HHLHH", _ORIENTATION, _SHORT, 1, value, 0) + bytes(4)

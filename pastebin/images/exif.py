"""The one EXIF tag that matters here: how the image is to be turned for viewing."""

import struct

_ORIENTATION = 0x0112
_SHORT = 3
_MAX_ENTRIES = 512


def orientation(exif: bytes | None) -> int:
    """Read the orientation, 1 to 8, from an EXIF block; 1 when there is none or it is broken.

    Only the first directory is looked at. The block may begin with `Exif\\0\\0` (JPEG) or not.
    """
    if not exif:
        return 1
    try:
        value = _read(exif.removeprefix(b"Exif\0\0"))
    except struct.error:
        return 1
    return value if 1 <= value <= 8 else 1


def _read(tiff: bytes) -> int:
    order = "<" if tiff.startswith(b"II") else ">"
    (directory,) = struct.unpack_from(f"{order}L", tiff, 4)
    (entries,) = struct.unpack_from(f"{order}H", tiff, directory)
    for entry in range(min(entries, _MAX_ENTRIES)):
        tag, kind, _, value = struct.unpack_from(f"{order}HHLH", tiff, directory + 2 + 12 * entry)
        if tag == _ORIENTATION and kind == _SHORT:
            return int(value)
    return 1


def orientation_block(value: int) -> bytes:
    """Return an EXIF block (TIFF) that says nothing but how to turn a picture."""
    return b"MM\0*\0\0\0\x08\0\1" + struct.pack(">HHLHH", _ORIENTATION, _SHORT, 1, value, 0) + bytes(4)

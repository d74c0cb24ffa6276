"""Raw photographs of cameras: TIFF files by their first bytes, told by their first directory.

Layouts: TIFF 6.0, section 2; Adobe's DNG 1.7.1, chapter 4.
"""

import struct

from .tiff_entries import entries

RAW = {
    "image/x-canon-cr2": "Canon CR2",
    "image/x-nikon-nef": "Nikon NEF",
    "image/x-sony-arw": "Sony ARW",
    "image/x-adobe-dng": "DNG",
}

_KIND, _MAKE, _DIRECTORIES, _DNG = 0x00FE, 0x010F, 0x014A, 0xC612
_SMALLER = 1  # the kind of a picture that is a smaller one of another
_MAKERS = {b"NIKON": "image/x-nikon-nef", b"SONY": "image/x-sony-arw"}


def raw_type(head: bytes) -> str | None:
    """Return the media type of a raw photograph by its beginning; None for a TIFF that is none."""
    if head[8:10] == b"CR":
        return "image/x-canon-cr2"
    try:
        found = {entry.tag: entry.value for entry in entries(head)}
    except struct.error:  # it lies further behind
        return None
    if _DNG in found:
        return "image/x-adobe-dng"
    if _DIRECTORIES not in found or found.get(_KIND) != _SMALLER:
        return None
    place = found.get(_MAKE, 0)
    return next((kind for maker, kind in _MAKERS.items() if head.startswith(maker, place)), None)

"""Raw photographs of cameras: TIFF files by their first bytes, told by their first directory.

Layouts: TIFF 6.0, section 2; Adobe's DNG 1.7.1, chapter 4.
"""

import struct

RAW = {
    "image/x-canon-cr2": "Canon CR2",
    "image/x-nikon-nef": "Nikon NEF",
    "image/x-sony-arw": "Sony ARW",
    "image/x-adobe-dng": "DNG",
}

_KIND, _MAKE, _DIRECTORIES, _DNG = 0x00FE, 0x010F, 0x014A, 0xC612
_SMALLER = 1  # the kind of a picture that is a smaller one of another
_MAKERS = {b"NIKON": "image/x-nikon-nef", b"SONY": "image/x-sony-arw"}
_MOST_ENTRIES = 200


def raw_type(head: bytes) -> str | None:
    """Return the media type of a raw photograph by its beginning; None for a TIFF that is none."""
    if head[8:10] == b"CR":
        return "image/x-canon-cr2"
    try:
        entries = _first_directory(head)
    except struct.error:  # it lies further behind
        return None
    if _DNG in entries:
        return "image/x-adobe-dng"
    if _DIRECTORIES not in entries or entries.get(_KIND) != _SMALLER:
        return None
    place = entries.get(_MAKE, 0)
    return next((kind for maker, kind in _MAKERS.items() if head.startswith(maker, place)), None)


def _first_directory(head: bytes) -> dict[int, int]:
    """Return the values, or where they are, of the first directory by their tags."""
    order = "<" if head.startswith(b"II") else ">"
    (start,) = struct.unpack_from(f"{order}L", head, 4)
    (count,) = struct.unpack_from(f"{order}H", head, start)
    entries = (
        struct.unpack_from(f"{order}HHLL", head, start + 2 + 12 * number)
        for number in range(min(count, _MOST_ENTRIES))
    )
    return {tag: value for tag, _, _, value in entries}

"""Raw photographs of cameras, told by their first bytes; most are TIFF files, told by their first directory.

Layouts: TIFF 6.0, section 2; Adobe's DNG 1.7.1, chapter 4; others as ExifTool documents them.
"""

import struct

from .tiff_entries import Entry, entries, short

RAW = {
    "image/x-canon-cr2": "Canon CR2",
    "image/x-canon-cr3": "Canon CR3",
    "image/x-nikon-nef": "Nikon NEF",
    "image/x-sony-arw": "Sony ARW",
    "image/x-adobe-dng": "DNG",
    "image/x-fuji-raf": "Fujifilm RAF",
    "image/x-panasonic-rw2": "Panasonic RW2",
    "image/x-olympus-orf": "Olympus ORF",
    "image/x-pentax-pef": "Pentax PEF",
    "image/x-samsung-srw": "Samsung SRW",
}

# What no other kind of file begins with.
_SIGNATURES = {
    b"FUJIFILMCCD-RAW ": "image/x-fuji-raf",
    b"IIU\0": "image/x-panasonic-rw2",
    b"IIRO": "image/x-olympus-orf",
    b"IIRS": "image/x-olympus-orf",
    b"MMOR": "image/x-olympus-orf",
}
_CR3 = b"ftypcrx "

_KIND, _COMPRESSION, _MAKE, _DIRECTORIES, _DNG = 0x00FE, 0x0103, 0x010F, 0x014A, 0xC612
_SMALLER = 1  # the kind of a picture that is a smaller one of another
_MAKERS = {b"NIKON": "image/x-nikon-nef", b"SONY": "image/x-sony-arw", b"SAMSUNG": "image/x-samsung-srw"}
_PENTAX = (b"PENTAX", b"RICOH", b"Asahi")
_OF_PENTAX = 0xFFFF  # how its raw data is packed


def raw_signature(head: bytes) -> str | None:
    """Return the media type of a raw photograph that is no TIFF by its first 16 bytes; None for any other."""
    if head[4:12] == _CR3:
        return "image/x-canon-cr3"
    return next((kind for mark, kind in _SIGNATURES.items() if head.startswith(mark)), None)


def raw_type(head: bytes) -> str | None:
    """Return the media type of a raw photograph by the beginning of a TIFF; None for one that is none."""
    if head[8:10] == b"CR":
        return "image/x-canon-cr2"
    try:
        return _type_of({entry.tag: entry for entry in entries(head)}, head)
    except struct.error:  # it lies further behind
        return None


def _type_of(found: dict[int, Entry], head: bytes) -> str | None:
    if _DNG in found:
        return "image/x-adobe-dng"
    make = found.get(_MAKE)
    place = make.value if make else len(head)
    packed = found.get(_COMPRESSION)
    if packed and short(head, packed) == _OF_PENTAX and head.startswith(_PENTAX, place):
        return "image/x-pentax-pef"
    kind = found.get(_KIND)
    if _DIRECTORIES not in found or kind is None or kind.value != _SMALLER:
        return None
    return next((kind for maker, kind in _MAKERS.items() if head.startswith(maker, place)), None)

"""What metadata says of people: kinds, told from EXIF, XMP and IPTC without reading values."""

import re
import struct
from collections.abc import Iterator

from pastebin.media.tiff_entries import byte_order, entries

# In the order in which they are listed.
KINDS = ("position", "camera", "time", "author", "text", "software", "preview", "other")

# Tags of EXIF 2.32 by the kind of what they say. Those of the picture itself are not here.
_TAGS = {
    0x010E: "text", 0x010F: "camera", 0x0110: "camera", 0x0131: "software", 0x0132: "time", 0x013B: "author",
    0x013C: "software", 0x8298: "author", 0x83BB: "text", 0x9003: "time", 0x9004: "time", 0x927C: "camera",
    0x9286: "text", 0x9C9B: "text", 0x9C9C: "text", 0x9C9D: "author", 0x9C9E: "text", 0x9C9F: "text",
    0xA420: "other", 0xA430: "author", 0xA431: "camera", 0xA433: "camera", 0xA434: "camera", 0xA435: "camera",
}  # fmt: skip
# Tags that only stand in TIFF files: names of documents and pages, Photoshop's resources and layers, what
# printers are told; and where on Earth it lies (GeoTIFF 1.1, 7.1).
_TIFF_TAGS = {
    0x010D: "text",
    0x011D: "text",
    0x8649: "other",
    0x935C: "other",
    0xC4A5: "other",
    0xA480: "text",
}
_TIFF_TAGS |= dict.fromkeys((0x830E, 0x8482, 0x85D8, 0x87AF, 0x87B0, 0x87B1), "position")
_GPS, _DETAILS = 0x8825, 0x8769

# Directories that a block leads to and that are looked into; two are usual.
_MOST_DIRECTORIES = 4

_XMP_KINDS = {
    b"GPSL": "position", b"photoshop:City": "position", b"photoshop:Country": "position",
    b"photoshop:State": "position", b":Location": "position",
    b"tiff:Make": "camera", b"tiff:Model": "camera", b"aux:": "camera", b"SerialNumber": "camera",
    b"Date": "time",
    b"dc:creator": "author", b"dc:rights": "author", b"photoshop:Credit": "author", b"Person": "author",
    b"tiff:Artist": "author", b"OwnerName": "author", b"mwg-rs:Name": "author",
    b"dc:description": "text", b"dc:title": "text", b"dc:subject": "text", b"photoshop:Headline": "text",
    b"UserComment": "text",
    b"CreatorTool": "software",
}  # fmt: skip

# Data sets of IPTC-IIM 4.2, record 2.
_IPTC_KINDS = {
    5: "text", 15: "text", 25: "text", 40: "text", 55: "time", 60: "time", 62: "time", 63: "time",
    65: "software", 70: "software", 80: "author", 85: "author", 90: "position", 92: "position",
    95: "position", 100: "position", 101: "position", 105: "text", 110: "author",
    115: "author", 116: "author", 118: "author", 120: "text", 122: "author",
}  # fmt: skip
_IPTC_SET = re.compile(rb"\x1c\x02(.)", re.DOTALL)


def in_exif(tiff: bytes) -> set[str]:
    """Return the kinds in an EXIF block, with `Exif\\0\\0` before it or not; `other` for a broken one."""
    found = set[str]()
    try:
        for kind in _kinds(tiff.removeprefix(b"Exif\0\0")):
            found.add(kind)
    except struct.error:
        return found or {"other"}
    return found


def kind_of_tag(tag: int) -> str:
    """Return the kind of what a tag of TIFF or EXIF says; nothing for those of the picture itself."""
    return _TAGS.get(tag) or _TIFF_TAGS.get(tag, "")


def in_xmp(data: bytes) -> set[str]:
    """Return the kinds in a packet of XMP."""
    return {kind for mark, kind in _XMP_KINDS.items() if mark in data} or {"other"}


def in_iptc(data: bytes) -> set[str]:
    """Return the kinds in data of IPTC, whatever stands around it."""
    found = {_IPTC_KINDS.get(match[1][0], "") for match in _IPTC_SET.finditer(data)}
    return found - {""} or {"other"}


def _kinds(tiff: bytes) -> Iterator[str]:
    order = byte_order(tiff)
    (first,) = struct.unpack_from(f"{order}L", tiff, 4)
    later, places = set[int](), set[int]()
    for entry in entries(tiff):
        if entry.tag in (_DETAILS, _GPS) and len(later | places) >= _MOST_DIRECTORIES:
            continue
        if entry.tag == _DETAILS:
            later.add(entry.value)
        elif entry.tag == _GPS and entry.value not in places:
            places.add(entry.value)
            tags = {one.tag for one in entries(tiff, entry.value)}
            yield "position" if tags & {2, 4} else "other"
        elif entry.tag in _TAGS:
            yield _TAGS[entry.tag]
    for directory in later:
        yield from (_TAGS[one.tag] for one in entries(tiff, directory) if one.tag in _TAGS)
    (count,) = struct.unpack_from(f"{order}H", tiff, first)
    if (
        len(tiff) >= first + 6 + 12 * count
        and struct.unpack_from(f"{order}L", tiff, first + 2 + 12 * count)[0]
    ):
        yield "preview"

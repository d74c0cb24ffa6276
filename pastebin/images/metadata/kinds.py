"""What the metadata of a picture says of people: kinds, told from EXIF and XMP without reading values."""

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
# Tags that only stand in TIFF files: host, page, IPTC, Photoshop's resources, file's own names.
_TIFF_TAGS = {0x010D: "text", 0x011D: "text", 0x013C: "software", 0x8649: "other"}
_GPS, _DETAILS = 0x8825, 0x8769

_XMP_KINDS = {
    b"GPSL": "position", b"tiff:Make": "camera", b"tiff:Model": "camera", b"aux:Serial": "camera",
    b"Date": "time", b"dc:creator": "author", b"CreatorTool": "software", b"dc:description": "text",
    b"photoshop:City": "position",
}  # fmt: skip


def in_exif(tiff: bytes) -> set[str]:
    """Return the kinds in an EXIF block, with `Exif\\0\\0` before it or not; `other` for a broken one."""
    tiff = tiff.removeprefix(b"Exif\0\0")
    try:
        return set(_kinds(tiff))
    except struct.error:
        return {"other"}


def kind_of_tag(tag: int) -> str:
    """Return the kind of what a tag of TIFF or EXIF says; nothing for those of the picture itself."""
    return _TAGS.get(tag) or _TIFF_TAGS.get(tag, "")


def in_xmp(data: bytes) -> set[str]:
    """Return the kinds in a packet of XMP."""
    return {kind for mark, kind in _XMP_KINDS.items() if mark in data} or {"other"}


def _kinds(tiff: bytes) -> Iterator[str]:
    order = byte_order(tiff)
    (first,) = struct.unpack_from(f"{order}L", tiff, 4)
    later = []
    for entry in entries(tiff):
        if entry.tag == _DETAILS:
            later.append(entry.value)
        elif entry.tag == _GPS:
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

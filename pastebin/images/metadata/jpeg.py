"""JPEG without metadata: segments are left out, the compressed data stays. Layout: ITU-T T.81, annex B."""

import re
from typing import BinaryIO

from pastebin.images.exif import orientation, orientation_block
from pastebin.images.metadata.kinds import in_iptc, in_xmp
from pastebin.images.metadata.plan import Plan, Unreadable, read_exactly

_COMMENT, _START_OF_SCAN, _END = 0xFE, 0xDA, 0xD9
_FIRST_APP, _LAST_APP = 0xE0, 0xEF
_EXIF, _XMP = b"Exif\0\0", b"http://ns.adobe.com/"
# Segments of applications that say how pixels are meant: JFIF, profiles, Adobe's colours.
_JFIF = b"JFIF\0"
_KEPT = (_JFIF, b"ICC_PROFILE\0", b"Adobe")
_IPTC = b"Photoshop 3.0\0"

# What stands in a JFIF segment before the small picture that it may have: 12 bytes, then its sides.
_JFIF_FIELDS = 12

# How comments begin that programs write about themselves.
_PROGRAMS = (b"CREATOR: ", b"Lavc", b"Created with ", b"File written by ", b"Optimized by ", b"LEAD Tech")

# A marker within compressed data, other than those that belong there.
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_PIECE = 2**20
_MOST_SEGMENTS = 5000


def plan_jpeg(file: BinaryIO, size: int) -> Plan:
    """Plan a JPEG without metadata. What follows its end is left out."""
    plan = Plan()
    read_exactly(file, 0, 2)
    plan.keep(0, 2)
    position = 2
    for _ in range(_MOST_SEGMENTS):
        marker = read_exactly(file, position, 2)
        if marker[0] != 0xFF:
            raise Unreadable("a marker is missing")
        if marker[1] == 0xFF:  # filling
            position += 1
            continue
        if marker[1] == _END:
            plan.keep(position, position + 2)
            if size > position + 2:
                plan.removed.add("other")
            return plan
        position = _take_segment(plan, file, position, marker[1], size)
        if position >= size:
            plan.is_whole = False
            return plan
    raise Unreadable("there are too many segments")


def _take_segment(plan: Plan, file: BinaryIO, position: int, kind: int, size: int) -> int:
    """Keep a segment or not; return where the next one begins."""
    length = int.from_bytes(read_exactly(file, position + 2, 2), "big")
    end = position + 2 + length
    if end > size:
        raise Unreadable("a segment is cut")
    if kind == _START_OF_SCAN:
        end = _end_of_scan(file, end, size)
        plan.keep(position, end)
    elif kind == _COMMENT or _FIRST_APP <= kind <= _LAST_APP:
        _take_application(plan, position, end, kind, read_exactly(file, position + 4, max(length - 2, 0)))
    else:
        plan.keep(position, end)
    return end


def _take_application(plan: Plan, position: int, end: int, kind: int, data: bytes) -> None:
    if data.startswith(_JFIF) and len(data) > _JFIF_FIELDS + 2:
        plan.removed.add("preview")
        fields = data[:_JFIF_FIELDS] + bytes(2)
        plan.pieces.append(bytes((0xFF, kind)) + (len(fields) + 2).to_bytes(2, "big") + fields)
    elif kind != _COMMENT and data.startswith(_KEPT):
        plan.keep(position, end)
    elif data.startswith(_EXIF):
        plan.leave_out_exif(data)
        turned = orientation(data)
        if turned > 1:
            block = _EXIF + orientation_block(turned)
            plan.pieces.append(b"\xff\xe1" + (len(block) + 2).to_bytes(2, "big") + block)
    elif data.startswith(_XMP):
        plan.removed |= in_xmp(data)
    elif data.startswith(_IPTC):
        plan.removed |= in_iptc(data)
    elif kind == _COMMENT:
        plan.removed.add("software" if data.startswith(_PROGRAMS) else "text")
    else:
        plan.removed.add("other")


def _end_of_scan(file: BinaryIO, position: int, size: int) -> int:
    """Return where compressed data ends: at the next marker, or with the file."""
    last = b""
    while position < size:
        file.seek(position)
        piece = file.read(_PIECE)
        if not piece:
            break
        found = _MARKER.search(last + piece)
        if found:
            return position - len(last) + found.start()
        last = piece[-1:]
        position += len(piece)
    return size

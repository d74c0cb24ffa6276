"""AVIF, HEIC and JPEG XL without metadata (ISO/IEC 14496-12, 8.11; 18181-2).

In AVIF and HEIC other boxes point at positions in the file, so what an item of metadata holds is
blanked, and nothing moves. In JPEG XL the boxes of metadata are left out.
"""

import struct
from collections.abc import Iterator
from typing import BinaryIO

from pastebin.images.iso_boxes import Box, BrokenBox, boxes
from pastebin.images.metadata.kinds import in_xmp
from pastebin.images.metadata.plan import Plan, Unreadable, read_exactly

_LONGEST = 16 * 2**20
# An EXIF block that says nothing; decoders refuse what is none.
_NO_EXIF = b"\0\0\0\0MM\0*\0\0\0\x08\0\0"
_HEIF_SHOWN = frozenset(b"ftyp meta mini mdat moov moof idat pdin styp sidx".split())
_JXL_SHOWN = frozenset({b"JXL ", b"ftyp", b"jxll", b"jxli", b"jxlc", b"jxlp", b"jbrd", b"jhgm"})


def plan_jxl(file: BinaryIO, size: int) -> Plan:
    """Plan a JPEG XL without metadata. What was a JPEG can still be shown, but not be made one again."""
    plan = Plan()
    if read_exactly(file, 0, 2) == b"\xff\x0a":
        plan.keep(0, size)
        return plan
    found = list(boxes(file, 0, size))
    is_rebuilt = any(box.kind == b"jbrd" for box in found)
    for kind, start, content, end in found:
        if kind not in _JXL_SHOWN:
            data = read_exactly(file, content, min(end - content, _LONGEST))
            _leave_out(plan, kind, data, 4)
        elif kind != b"jbrd":
            plan.keep(start, end)
    if is_rebuilt and not plan.removed:
        plan.pieces = [(0, size)]
    return plan


def plan_heif(file: BinaryIO, size: int) -> Plan:
    """Plan an AVIF or HEIC whose items of metadata hold nothing, and whose other boxes are free space."""
    plan, patches = Plan(), dict[int, bytes]()
    for start, end, kind in sorted(_metadata(file, size)):
        if end - start > _LONGEST:
            raise Unreadable("there is too much metadata")
        data = read_exactly(file, start, end - start)
        blank = (_NO_EXIF if kind == b"Exif" else b"").ljust(end - start, b"\0")[: end - start]
        if data != blank:
            # An item's EXIF begins as far on as its first four bytes say.
            _leave_out(plan, kind, data, 4 + int.from_bytes(data[:4], "big"))
            patches[start] = blank
    end = _free_others(file, size, plan, patches)
    plan.splice(patches, end)
    return plan


def _free_others(file: BinaryIO, size: int, plan: Plan, patches: dict[int, bytes]) -> int:
    """Free the boxes that show nothing, as films; return where the last one that shows something ends."""
    found = _outer_boxes(file, size)
    last = max((box.end for box in found if box.kind in _HEIF_SHOWN), default=0)
    for box in found:
        if box.end - box.start > _LONGEST and box.end < last:
            raise Unreadable("there is too much metadata")
        data = b"" if box.kind in _HEIF_SHOWN else _beginning(file, box)
        if box.kind in _HEIF_SHOWN or (box.kind == b"free" and not any(data)):
            continue
        plan.removed |= in_xmp(data) if b"xmpmeta" in data else {"other"}
        if box.end < last:
            patches[box.start + 4] = b"free"
            patches[box.content] = bytes(box.end - box.content)
    return last


def _outer_boxes(file: BinaryIO, size: int) -> list[Box]:
    """Return the outermost boxes; what is none, or longer than the file, as a box to its end."""
    found: list[Box] = []
    try:
        for box in boxes(file, 0, size):
            found.append(box)
    except BrokenBox:
        start = found[-1].end if found else 0
        file.seek(start)
        found.append(Box(file.read(8)[4:], start, min(start + 8, size), size))
    rest = found[-1].end if found else 0
    if rest < size:
        found.append(Box(b"", rest, rest, size))
    return found


def _beginning(file: BinaryIO, box: Box) -> bytes:
    return read_exactly(file, box.content, min(box.end - box.content, _LONGEST))


def _leave_out(plan: Plan, kind: bytes, data: bytes, exif_start: int) -> None:
    if kind == b"Exif":
        plan.leave_out_exif(data[exif_start:])
    else:
        plan.removed |= in_xmp(data)


def _metadata(file: BinaryIO, size: int) -> Iterator[tuple[int, int, bytes]]:
    """Yield beginning, end and type of what the items of metadata hold."""
    meta = next((box for box in boxes(file, 0, size) if box[0] == b"meta"), None)
    if meta is None:
        return
    inner = {kind: (start, end) for kind, _, start, end in boxes(file, meta[2] + 4, meta[3])}
    types = dict(_item_types(file, *inner.get(b"iinf", (0, 0))))
    base = inner.get(b"idat", (0, 0))[0]
    for number, method, start, end in _extents(file, *inner.get(b"iloc", (0, 0))):
        kind = types.get(number)
        offset = base if method == 1 else 0
        if kind in (b"Exif", b"mime") and start < end and end + offset <= size:
            yield start + offset, end + offset, kind


def _item_types(file: BinaryIO, start: int, end: int) -> Iterator[tuple[int, bytes]]:
    if start == end:
        return
    version = read_exactly(file, start, 1)[0]
    for kind, _, content, stop in boxes(file, start + (6 if version == 0 else 8), end):
        data = read_exactly(file, content, min(stop - content, 16))
        if kind == b"infe" and data[:1] == b"\2" and len(data) >= 12:
            yield struct.unpack_from(">H", data, 4)[0], data[8:12]
        elif kind == b"infe" and data[:1] == b"\3" and len(data) >= 14:
            yield struct.unpack_from(">L", data, 4)[0], data[10:14]


def _extents(file: BinaryIO, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield number, method of construction, beginning and end of each extent of each item."""
    if start == end:
        return
    numbers = _Numbers(read_exactly(file, start, min(end - start, _LONGEST)))
    version = numbers.take(1)
    numbers.take(3)
    sizes = numbers.take(2)
    offset_size, length_size, base_size = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    index_size = sizes & 15 if version in (1, 2) else 0
    for _ in range(numbers.take(2 if version < 2 else 4)):
        number = numbers.take(2 if version < 2 else 4)
        method = numbers.take(2) & 15 if version in (1, 2) else 0
        numbers.take(2)
        base = numbers.take(base_size)
        for _ in range(numbers.take(2)):
            numbers.take(index_size)
            offset = base + numbers.take(offset_size)
            yield number, method, offset, offset + numbers.take(length_size)


class _Numbers:
    """Numbers one after the other, the highest byte first."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._position = 0

    def take(self, size: int) -> int:
        found = self._data[self._position : self._position + size]
        if len(found) < size:
            raise Unreadable("a box ends within a number")
        self._position += size
        return int.from_bytes(found, "big")

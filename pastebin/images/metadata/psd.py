"""PSD without metadata: resources that say nothing of the pixels are left out.

Layout: Adobe Photoshop File Formats Specification, image resources.
"""

import struct
from typing import BinaryIO

from pastebin.images.exif import orientation, orientation_block
from pastebin.images.metadata.kinds import in_iptc, in_xmp
from pastebin.images.metadata.plan import Plan, Unreadable, read_exactly

# Resources that are left out, by what they say.
_KINDS = {
    1008: "text", 1028: "other", 1033: "preview", 1035: "text", 1036: "preview", 1044: "other", 1058: "other",
    1059: "other", 1060: "other", 1061: "other", 1086: "text", 1087: "text", 1088: "other",
}  # fmt: skip
_IPTC, _EXIF, _XMP = 1028, 1058, 1060

_HEADER = 26
_LONGEST = 64 * 2**20
_MOST_RESOURCES = 2000


def plan_psd(file: BinaryIO, size: int) -> Plan:
    """Plan a PSD without metadata."""
    plan = Plan()
    start = _HEADER + 4 + _number(file, _HEADER)  # behind the header and the colours
    length = _number(file, start)
    end = start + 4 + length
    if length > _LONGEST or end > size:
        raise Unreadable("the resources are cut")
    kept = _kept(read_exactly(file, start + 4, length), plan)
    plan.keep(0, start)
    plan.pieces.append(struct.pack(">L", len(kept)))
    plan.pieces.append(kept)
    plan.keep(end, size)
    return plan


def _number(file: BinaryIO, place: int) -> int:
    return int.from_bytes(read_exactly(file, place, 4), "big")


def _kept(data: bytes, plan: Plan) -> bytes:
    """Return the resources that stay; note in the plan what the others say."""
    kept: list[bytes] = []
    position = 0
    for _ in range(_MOST_RESOURCES):
        if position >= len(data):
            return b"".join(kept)
        if len(data) < position + 12:
            raise Unreadable("a resource is cut")
        (kind,) = struct.unpack_from(">H", data, position + 4)
        start = position + 6 + _even(1 + data[position + 6])
        (length,) = struct.unpack_from(">L", data.ljust(start + 4, b"\0"), start)
        end = start + 4 + _even(length)
        if kind in _KINDS:
            kept.append(_leave_out(kind, data[start + 4 : start + 4 + length], plan))
        else:
            kept.append(data[position:end])
        position = end
    raise Unreadable("there are too many resources")


def _leave_out(kind: int, data: bytes, plan: Plan) -> bytes:
    """Note what a resource says; return what has to stand in its place."""
    if kind == _XMP:
        plan.removed |= in_xmp(data)
    elif kind == _IPTC:
        plan.removed |= in_iptc(data)
    elif kind == _EXIF:
        plan.leave_out_exif(data)
        turned = orientation(data)
        if turned > 1:
            block = orientation_block(turned)
            return b"8BIM" + struct.pack(">HHL", _EXIF, 0, len(block)) + block
    else:
        plan.removed.add(_KINDS[kind])
    return b""


def _even(length: int) -> int:
    return length + length % 2

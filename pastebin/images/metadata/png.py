"""PNG without metadata: chunks that say nothing of the pixels are left out."""

import struct
import zlib
from typing import BinaryIO

from pastebin.images.exif import orientation, orientation_block
from pastebin.images.metadata.kinds import in_xmp
from pastebin.images.metadata.plan import Plan, Unreadable, read_exactly

# Chunks that a picture is shown by, besides those that no picture can do without.
_SHOWN = frozenset(b"tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT acTL fcTL fdAT".split())
_KINDS = {b"tIME": "time", b"tEXt": "text", b"zTXt": "text", b"iTXt": "text"}
_ANCILLARY = 0x20
_LONGEST = 16 * 2**20
_MOST_CHUNKS = 200_000


def plan_png(file: BinaryIO, size: int) -> Plan:
    """Plan a PNG without metadata. What follows its end is left out."""
    plan = Plan()
    plan.keep(0, 8)
    position = 8
    for _ in range(_MOST_CHUNKS):
        if position == size:
            plan.is_whole = False
            return plan
        length, kind = struct.unpack(">L4s", read_exactly(file, position, 8))
        end = position + 12 + length
        if kind[0] & _ANCILLARY and kind not in _SHOWN:
            _leave_out(plan, kind, read_exactly(file, position + 8, min(length, _LONGEST)))
        else:
            plan.keep(position, min(end, size))
        position = end
        if kind == b"IEND":
            if size > end:
                plan.removed.add("other")
            return plan
        if position > size:
            raise Unreadable("a chunk is cut")
    raise Unreadable("there are too many chunks")


def _leave_out(plan: Plan, kind: bytes, data: bytes) -> None:
    if kind == b"eXIf":
        plan.leave_out_exif(data)
        turned = orientation(data)
        if turned > 1:
            plan.pieces.append(_chunk(b"eXIf", orientation_block(turned)))
    elif b"xmpmeta" in data or data.startswith(b"XML:com.adobe.xmp"):
        plan.removed |= in_xmp(data)
    else:
        plan.removed.add(_KINDS.get(kind, "other"))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

"""WebP without metadata (RFC 9649, 2.7): its chunks EXIF, XMP and all unknown ones are left out."""

import struct
from typing import BinaryIO

from pastebin.images.exif import orientation, orientation_block
from pastebin.images.metadata.kinds import in_xmp
from pastebin.images.metadata.plan import Plan, Unreadable, read_exactly
from pastebin.images.spliced import Piece

_SHOWN = frozenset({b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_EXIF_FLAG, _XMP_FLAG = 0x08, 0x04
_LONGEST = 16 * 2**20
_MOST_CHUNKS = 10_000


def plan_webp(file: BinaryIO, size: int) -> Plan:
    """Plan a WebP without metadata. What follows its end is left out."""
    stated = 8 + struct.unpack("<L", read_exactly(file, 4, 4))[0]
    end = min(stated, size)
    body, turned = Plan(), 1
    if size > stated:
        body.removed.add("other")
    flags: bytes | None = None
    position = 12
    for _ in range(_MOST_CHUNKS):
        if position + 8 > end:
            break
        kind, length = struct.unpack("<4sL", read_exactly(file, position, 8))
        following = min(position + 8 + length + length % 2, end)
        if kind == b"VP8X" and flags is None:
            flags = read_exactly(file, position + 8, 10)
        elif kind in _SHOWN:
            body.keep(position, following)
        else:
            data = read_exactly(file, position + 8, min(length, _LONGEST, end - position - 8))
            turned = _leave_out(body, kind, data) or turned
        position = following
    else:
        raise Unreadable("there are too many chunks")
    return Plan(_whole(body.pieces, flags, turned), body.removed, exif=body.exif)


def _leave_out(plan: Plan, kind: bytes, data: bytes) -> int:
    """Note a chunk that is not kept; return the orientation that it asks for, 0 for none."""
    if kind == b"EXIF":
        plan.leave_out_exif(data)
        return orientation(data)
    plan.removed |= in_xmp(data) if kind == b"XMP " else {"other"}
    return 0


def _whole(pieces: list[Piece], flags: bytes | None, turned: int) -> list[Piece]:
    """Return a file of chunks: a header that fits, and the orientation if there is one."""
    extended, exif = b"", b""
    if flags is not None:
        exif = orientation_block(turned) if turned > 1 else b""
        kept = flags[0] & ~(_EXIF_FLAG | _XMP_FLAG) | (_EXIF_FLAG if exif else 0)
        extended = struct.pack("<4sL", b"VP8X", 10) + bytes([kept]) + flags[1:]
        if exif:
            exif = struct.pack("<4sL", b"EXIF", len(exif)) + exif
    length = 4 + len(extended) + sum(map(_length, pieces)) + len(exif)
    return [b"RIFF" + struct.pack("<L", length) + b"WEBP" + extended, *pieces, exif]


def _length(piece: Piece) -> int:
    return len(piece) if isinstance(piece, bytes) else piece[1] - piece[0]

"""PNG without metadata: chunks that say nothing of the pixels are left out."""

import struct
import zlib
from typing import BinaryIO

from pastebin.images.exif import orientation, orientation_block
from pastebin.images.metadata.kinds import in_exif, in_iptc, in_xmp
from pastebin.images.metadata.plan import Plan, Unreadable, read_exactly

# Chunks that a picture is shown by, besides those that no picture can do without.
_SHOWN = frozenset(b"tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT acTL fcTL fdAT".split())
_TEXTS = (b"tEXt", b"zTXt", b"iTXt")

# Words by which texts are called (PNG specification, third edition, 11.3.3.1; ImageMagick's profiles).
_WORDS = {
    b"Author": "author", b"Copyright": "author", b"Creation Time": "time", b"Software": "software",
    b"Source": "camera", b"date:create": "time", b"date:modify": "time", b"date:timestamp": "time",
    b"Thumb::URI": "other",
}  # fmt: skip
_XMP, _PROFILE = b"XML:com.adobe.xmp", b"Raw profile type "

# Bytes of a packed text that are looked at.
_MOST_UNPACKED = 2**20
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
    elif kind in _TEXTS:
        plan.removed |= _in_text(kind, data)
    else:
        plan.removed.add("time" if kind == b"tIME" else "other")


def _in_text(kind: bytes, data: bytes) -> set[str]:
    """Return the kinds of what a text says, by the word that it is called by."""
    word, _, rest = data.partition(b"\0")
    if word == _XMP or b"xmpmeta" in data:
        return in_xmp(_unpacked(rest[2:].split(b"\0", 2)[-1]))
    if word.startswith(_PROFILE):
        return _in_profile(word.removeprefix(_PROFILE), _unpacked(rest[1:]) if kind == b"zTXt" else rest)
    return {"position" if word.startswith(b"exif:GPS") else _WORDS.get(word, "text")}


def _in_profile(name: bytes, text: bytes) -> set[str]:
    """Return the kinds in a profile as ImageMagick writes it: its name and length in lines, then digits."""
    digits = b"".join(text.split()[2:])
    data = (
        bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii", "replace")) if _is_hex(digits) else b""
    )
    if name in (b"exif", b"APP1") and not data.startswith(b"http"):
        return in_exif(data)
    return in_iptc(data) if name in (b"iptc", b"8bim") else in_xmp(data)


def _is_hex(digits: bytes) -> bool:
    return not digits.strip(b"0123456789abcdefABCDEF")


def _unpacked(data: bytes) -> bytes:
    """Return what is packed in a text, its beginning only; the data itself if it is not packed."""
    try:
        return zlib.decompressobj().decompress(data, _MOST_UNPACKED)
    except zlib.error:
        return data


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

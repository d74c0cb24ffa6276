"""Sizes from the headers of WebP and AVIF, whose decoders want the whole file in memory to tell them.

Layouts: RFC 9649, sections 2.5 to 2.7; ISO/IEC 14496-12, 4.2 and 23008-12, 6.5.
"""

import struct
from collections.abc import Iterator
from typing import BinaryIO

from pastebin.errors import NotAnImage
from pastebin.images import exif
from pastebin.images.geometry import Size

_MOST_PARTS = 1000
_MOST_BYTES = 2**20

# As turning by 90° counter-clockwise, this often, is called in EXIF.
_TURNS = (1, 8, 3, 6)


def webp_canvas(file: BinaryIO) -> Size:
    """Read the canvas size of a WebP."""
    file.seek(12)
    head = file.read(18)
    if head.startswith(b"VP8X"):
        return int.from_bytes(head[12:15], "little") + 1, int.from_bytes(head[15:18], "little") + 1
    if head.startswith(b"VP8L"):
        bits = int.from_bytes(head[9:13], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack_from("<HH", head, 14)
    return width & 0x3FFF, height & 0x3FFF


def webp_orientation(file: BinaryIO) -> int:
    """Read the EXIF orientation of a WebP, 1 to 8."""
    position = 12
    for _ in range(_MOST_PARTS):
        file.seek(position)
        head = file.read(8)
        if len(head) < 8:
            break
        kind, length = struct.unpack("<4sL", head)
        if kind == b"EXIF":
            return exif.orientation(file.read(min(length, _MOST_BYTES)))
        position += 8 + length + length % 2
    return 1


def avif_size(file: BinaryIO) -> tuple[Size, int]:
    """Read the stored size of an AVIF, the largest it states, and its orientation, 1 to 8."""
    properties = _within(_within(_meta(file), b"iprp"), b"ipco")
    sizes, orientation = [], 1
    for kind, data in _boxes(properties):
        if kind == b"ispe" and len(data) >= 12:
            sizes.append(struct.unpack_from(">LL", data, 4))
        elif kind == b"irot" and data:
            orientation = _TURNS[data[0] & 3]
    if not sizes:
        raise NotAnImage("this AVIF does not state its size")
    return max(sizes, key=lambda size: size[0] * size[1]), orientation


def nclx(file: BinaryIO) -> bytes | None:
    """Read the numbers by which an AVIF or HEIF says its colours: primaries, transfer, matrix, range."""
    try:
        properties = _within(_within(_meta(file), b"iprp"), b"ipco")
    except NotAnImage:  # a film without a still
        return None
    for kind, data in _boxes(properties):
        if kind == b"colr" and data.startswith(b"nclx") and len(data) >= 11:
            primaries, transfer, matrix = struct.unpack_from(">HHH", data, 4)
            return bytes(min(number, 255) for number in (primaries, transfer, matrix, data[10] >> 7))
    return None


def _meta(file: BinaryIO) -> bytes:
    """Return what the box `meta` at the file's top level holds."""
    position = 0
    for _ in range(_MOST_PARTS):
        file.seek(position)
        head = file.read(8)
        if len(head) < 8:
            break
        length, kind = struct.unpack(">L4s", head)
        if kind == b"meta":
            return file.read(min(max(length - 8, 0), _MOST_BYTES))[4:]  # after version and flags
        if length < 8:  # to the end of the file, or of 64 bits
            length = int.from_bytes(file.read(8)) if length == 1 else 0
        if length < 8:
            break
        position += length
    raise NotAnImage("this AVIF describes no image")


def _within(data: bytes, wanted: bytes) -> bytes:
    return next((content for kind, content in _boxes(data) if kind == wanted), b"")


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield kind and content of each of the boxes that lie in `data` one after the other."""
    position = 0
    for _ in range(_MOST_PARTS):
        if position + 8 > len(data):
            return
        length, kind = struct.unpack_from(">L4s", data, position)
        if length < 8:
            return
        yield kind, data[position + 8 : position + length]
        position += length

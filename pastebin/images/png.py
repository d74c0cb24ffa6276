"""PNG as browsers read it: what does not carry pixels may be damaged, and is then as if it were not there.

Chunks are those of the PNG specification, third edition, section 11.
"""

import struct
import zlib
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast

from PIL.PngImagePlugin import PngImageFile

from pastebin.errors import NotAnImage
from pastebin.images import exif
from pastebin.images.geometry import Size
from pastebin.images.spliced import Piece, SplicedFile

_SIGNATURE_LENGTH = 8
# Chunks of an animation.
_ANIMATION = (b"acTL", b"fcTL", b"fdAT")

_ANCILLARY = 0x20  # the bit of a chunk's first letter

# Bytes of which chunks have that many or more; Pillow refuses a picture for one that has less.
_LEAST = {
    b"cHRM": 32,
    b"gAMA": 4,
    b"sRGB": 1,
    b"pHYs": 9,
    b"iCCP": 3,
    b"acTL": 8,
    b"tEXt": 1,
    b"iTXt": 5,
    b"zTXt": 2,
}

# Chunks before the pixels that are looked at, and bytes of one; Pillow checks others itself.
_MOST_CHUNKS = 1000
_LONGEST = 2**20


@dataclass(slots=True)
class _Header:
    """What there is before the pixels: pieces of the file that are whole, and what Pillow does not read."""

    pieces: list[Piece] = field(default_factory=list)
    is_damaged: bool = False
    cicp: bytes = b""
    grey_bits: int = 0
    size: Size = (0, 0)
    exif: bytes = b""


def open_png(file: BinaryIO) -> PngImageFile:
    """Open a PNG. Its `info` has `cicp`, four bytes, where the file says its colours so."""
    header = _read_header(file)
    file.seek(0)
    image = PngImageFile(cast(BinaryIO, SplicedFile(file, header.pieces)) if header.is_damaged else file)
    if len(header.cicp) == 4:
        image.info["cicp"] = header.cicp
    _scale_key(image.info, header.grey_bits)
    return image


def stored_size(file: BinaryIO) -> tuple[Size, int]:
    """Return the stored size of a PNG and its orientation, 1 to 8, by its chunks before the pixels."""
    header = _read_header(file)
    if not all(header.size):
        raise NotAnImage("this PNG does not state its size")
    return header.size, exif.orientation(header.exif)


def without_animation(file: BinaryIO) -> BinaryIO | None:
    """Return a PNG without what makes it move, as browsers show one whose frames are broken.

    None for a file that is none, or does not move.
    """
    file.seek(0)
    if file.read(_SIGNATURE_LENGTH) != b"\x89PNG\r\n\x1a\n":
        return None
    pieces: list[tuple[int, int]] = []
    start, position = 0, _SIGNATURE_LENGTH
    while len(pieces) < _MOST_CHUNKS:
        file.seek(position)
        head = file.read(8)
        if len(head) < 8:
            break
        end = position + 12 + int.from_bytes(head[:4], "big")
        if head[4:] in _ANIMATION:
            pieces.append((start, position))
            start = end
        position = end
    rest = (min(start, file.seek(0, 2)), file.tell())
    return cast(BinaryIO, SplicedFile(file, [*pieces, rest])) if pieces else None


def has_damaged_chunks(file: BinaryIO) -> bool:
    """Tell whether a file is a PNG with chunks before its pixels that have wrong checksums."""
    file.seek(0)
    return file.read(_SIGNATURE_LENGTH) == b"\x89PNG\r\n\x1a\n" and _read_header(file).is_damaged


def _read_header(file: BinaryIO) -> _Header:
    found, position = _Header(), _SIGNATURE_LENGTH
    length_of_file = file.seek(0, 2)
    start = 0
    for _ in range(_MOST_CHUNKS):
        file.seek(position)
        head = file.read(8)
        if len(head) < 8 or head[4:] == b"IDAT":
            break
        length, kind = struct.unpack(">L4s", head)
        end = position + 12 + length
        if length <= _LONGEST:
            body = file.read(length + 4)
            if _is_damaged(kind, body):
                found.is_damaged = True
                found.pieces.append((start, position))
                start = end
            else:
                _take(found, kind, body[:-4])
        position = end
    found.pieces.append((start, length_of_file))
    return found


def _is_damaged(kind: bytes, body: bytes) -> bool:
    """Tell whether a chunk that is not needed for the pixels is cut, or has a wrong checksum."""
    if not kind[0] & _ANCILLARY:
        return False
    is_cut = len(body) - 4 < _LEAST.get(kind, 0)
    return is_cut or zlib.crc32(kind + body[:-4]).to_bytes(4, "big") != body[-4:]


def _take(found: _Header, kind: bytes, data: bytes) -> None:
    if kind == b"cICP":
        found.cicp = data
    elif kind == b"eXIf":
        found.exif = data
    elif kind == b"IHDR" and len(data) == 13:
        found.size = struct.unpack_from(">LL", data)
        found.grey_bits = data[8] if data[9] == 0 else 0


def _scale_key(info: dict[Any, Any], bits: int) -> None:
    """Scale the transparent grey as Pillow scales samples of 2 and 4 bits."""
    key = info.get("transparency")
    if bits in (2, 4) and isinstance(key, int):
        info["transparency"] = (key & (2**bits - 1)) * (255 // (2**bits - 1))

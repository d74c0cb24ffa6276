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

# Chunks that a picture can do without and that Pillow is shown, by the bytes that they have. For some others,
# and for those that are not as they should be, it refuses a picture.
_LENGTHS = {b"cHRM": 32, b"gAMA": 4, b"sRGB": 1, b"acTL": 8, b"fcTL": 26}
_READ = frozenset({*_LENGTHS, b"iCCP", b"tRNS", b"eXIf", b"fdAT"})
_INTENTS = 4  # of sRGB

# Bytes that a transparent colour takes, by the type of colours; with a palette it is one a colour at most.
_KEYS = {0: 2, 2: 6}
_PALETTE = 3

# The longest word by which a profile is called, and the longest profile.
_LONGEST_WORD = 80
_LONGEST_PROFILE = 2**20

# Chunks before the pixels that are looked at, and bytes of one; Pillow checks others itself.
_MOST_CHUNKS = 1000
_LONGEST = 2**20


@dataclass(slots=True)
class _Header:
    """What there is before the pixels: pieces of the file that are whole, and what Pillow does not read."""

    pieces: list[Piece] = field(default_factory=list)
    is_damaged: bool = False
    cicp: bytes = b""
    bits: int = 0
    colours: int = 0
    palette: int = 0
    size: Size = (0, 0)
    exif: bytes = b""


class _Png(PngImageFile):
    """Pillow's PNG, which may have texts that are too long for Pillow behind its pixels."""

    def load_end(self) -> None:
        try:
            super().load_end()
        except ValueError:
            if self.is_animated:
                raise


def open_png(file: BinaryIO) -> PngImageFile:
    """Open a PNG. Its `info` has `cicp`, four bytes, where the file says its colours so."""
    header = _read_header(file, is_unpacking=True)
    file.seek(0)
    is_whole = len(header.pieces) == 1
    image = _Png(file if is_whole else cast(BinaryIO, SplicedFile(file, header.pieces)))
    if len(header.cicp) == 4:
        image.info["cicp"] = header.cicp
    _scale_key(image.info, 0 if header.colours else header.bits)
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


def _read_header(file: BinaryIO, *, is_unpacking: bool = False) -> _Header:
    """Read the chunks before the pixels; only a worker is to unpack what is packed in them."""
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
        body = file.read(length + 4) if length <= _LONGEST else b""
        if not _take(found, kind, body, is_unpacking):
            if start < position:
                found.pieces.append((start, position))
            start = end
        position = end
    found.pieces.append((start, length_of_file))
    return found


def _take(found: _Header, kind: bytes, body: bytes, is_unpacking: bool) -> bool:
    """Note what a chunk says; return whether Pillow is shown it."""
    data = body[:-4]
    if not kind[0] & _ANCILLARY:
        _note(found, kind, data)
        return True
    if not body or zlib.crc32(kind + data).to_bytes(4, "big") != body[-4:]:
        found.is_damaged = found.is_damaged or bool(body)
        return False
    _note(found, kind, data)
    if kind == b"iCCP" and is_unpacking:
        return _is_profile(data)
    return kind in _READ and len(data) == _LENGTHS.get(kind, len(data)) and _is_sound(found, kind, data)


def _is_sound(found: _Header, kind: bytes, data: bytes) -> bool:
    if kind == b"sRGB":
        return data[0] < _INTENTS
    if kind != b"tRNS":
        return True
    if found.colours == _PALETTE:
        return 0 < len(data) <= found.palette
    return len(data) == _KEYS.get(found.colours)


def _is_profile(data: bytes) -> bool:
    """Tell whether a profile can be unpacked and is none too long."""
    word, end, _ = data[:_LONGEST_WORD].partition(b"\0")
    packed = data[len(word) + 1 :]
    if not (word and end) or packed[:1] != b"\0":
        return False
    unpacker = zlib.decompressobj()
    try:
        unpacker.decompress(packed[1:], _LONGEST_PROFILE)
    except zlib.error:
        return False
    return unpacker.eof


def _note(found: _Header, kind: bytes, data: bytes) -> None:
    if kind == b"cICP":
        found.cicp = data
    elif kind == b"eXIf":
        found.exif = data
    elif kind == b"PLTE":
        found.palette = len(data) // 3
    elif kind == b"IHDR" and len(data) == 13:
        found.size = struct.unpack_from(">LL", data)
        found.bits, found.colours = data[8], data[9]


def _scale_key(info: dict[Any, Any], bits: int) -> None:
    """Scale the transparent grey as Pillow scales samples of 2 and 4 bits."""
    key = info.get("transparency")
    if bits in (2, 4) and isinstance(key, int):
        info["transparency"] = (key & (2**bits - 1)) * (255 // (2**bits - 1))

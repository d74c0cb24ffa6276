"""A PNG whose pixels are all there, but whose checksum of them is wrong (RFC 1950, 2.2): browsers show it."""

import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast

from pastebin.images.spliced import SplicedFile

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEADER, _CHECKSUM = 2, 4  # bytes around what is packed
_PIECE, _UNPACKED = 2**16, 2**20
_MOST_CHUNKS = 200_000


def with_right_checksum(file: BinaryIO) -> BinaryIO | None:
    """Return a PNG with the checksum that its pixels have; None for what is none, or lacks more."""
    file.seek(0)
    if file.read(len(_SIGNATURE)) != _SIGNATURE:
        return None
    unpacker, checksum = zlib.decompressobj(-zlib.MAX_WBITS), 1
    try:
        for data, end, left in _packed(file):
            packed = data
            while packed and not unpacker.eof:
                checksum = zlib.adler32(unpacker.decompress(packed, _UNPACKED), checksum)
                packed = unpacker.unconsumed_tail
            if unpacker.eof:
                place, rest = end - len(unpacker.unused_data), len(unpacker.unused_data) + left
                return _replaced(file, place, checksum) if rest >= _CHECKSUM else None
    except zlib.error:
        return None
    return None


def _replaced(file: BinaryIO, place: int, checksum: int) -> BinaryIO:
    right, rest = checksum.to_bytes(_CHECKSUM, "big"), (place + _CHECKSUM, file.seek(0, 2))
    return cast(BinaryIO, SplicedFile(file, [(0, place), right, rest]))


def _packed(file: BinaryIO) -> Iterator[tuple[bytes, int, int]]:
    """Yield pieces of what is packed, where each ends in the file, and how much of its chunk follows."""
    position, skipped = len(_SIGNATURE), _HEADER
    for _ in range(_MOST_CHUNKS):
        file.seek(position)
        head = file.read(8)
        if len(head) < 8:
            return
        start, end = position + 8, position + 8 + int.from_bytes(head[:4], "big")
        while head[4:] == b"IDAT" and start < end:
            file.seek(start)
            data = file.read(min(_PIECE, end - start))
            if not data:
                return
            start += len(data)
            yield data[skipped:], start, end - start
            skipped = max(0, skipped - len(data))
        position = end + 4

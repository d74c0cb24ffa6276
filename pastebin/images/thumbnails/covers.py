"""The picture that a sound carries: MP3 (ID3v2), FLAC and MP4. Bounded, and nothing is decoded.

Layouts: id3.org's ID3v2.3.0 and 2.4.0, 4.14; RFC 9639, 8.8; QuickTime File Format, metadata atoms.
"""

import io
import struct
from collections.abc import Iterator
from typing import BinaryIO

_LONGEST_TAG = 16 * 2**20
_MOST_PARTS = 2000
_FLAC_PICTURE = 6
_FRONT = 3  # the type of a picture that is the front of a cover


def find_cover(file: BinaryIO) -> BinaryIO | None:
    """Return the picture in a sound, the front of the cover if there are several; None without one."""
    file.seek(0)
    head = file.read(12)
    try:
        if head.startswith(b"ID3"):
            return _best(_in_id3(file, head))
        if head.startswith(b"fLaC"):
            return _best(_in_flac(file))
        if head[4:8] == b"ftyp":
            return _best(_in_mp4(file))
    except (struct.error, IndexError, ValueError):
        return None
    return None


def _best(pictures: Iterator[tuple[int, bytes]]) -> BinaryIO | None:
    found = list(pictures)
    best = next((data for kind, data in found if kind == _FRONT), found[0][1] if found else b"")
    return io.BytesIO(best) if best else None


def _in_id3(file: BinaryIO, head: bytes) -> Iterator[tuple[int, bytes]]:
    version = head[3]
    size = _synchsafe(head[6:10])
    file.seek(10)
    data = file.read(min(size, _LONGEST_TAG))
    if head[5] & 0x80 and version < 4:
        data = data.replace(b"\xff\0", b"\xff")
    position, width = 0, 6 if version == 2 else 10
    for _ in range(_MOST_PARTS):
        name = data[position : position + (3 if version == 2 else 4)]
        if len(data) < position + width or not name.isalnum():
            return
        length = _frame_length(data[position : position + width], version)
        body = data[position + width : position + width + length]
        if name in (b"APIC", b"PIC"):
            yield _picture(body, has_mime=name == b"APIC")
        position += width + length


def _frame_length(frame: bytes, version: int) -> int:
    if version == 2:
        return int.from_bytes(frame[3:6], "big")
    return _synchsafe(frame[4:8]) if version == 4 else int.from_bytes(frame[4:8], "big")


def _synchsafe(data: bytes) -> int:
    return sum((byte & 0x7F) << shift for byte, shift in zip(data, (21, 14, 7, 0), strict=True))


def _picture(body: bytes, *, has_mime: bool) -> tuple[int, bytes]:
    """Return kind and bytes of the picture in a frame: encoding, format, kind, description, picture."""
    start = body.index(b"\0", 1) + 1 if has_mime else 4
    kind = body[start]
    is_wide = body[0] in (1, 2)
    position = start + 1
    if is_wide:
        while body[position : position + 2] != b"\0\0" and position < len(body):
            position += 2
        return kind, body[position + 2 :]
    return kind, body[body.index(b"\0", position) + 1 :]


def _in_flac(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    position = 4
    for _ in range(_MOST_PARTS):
        file.seek(position)
        head = file.read(4)
        if len(head) < 4:
            return
        length = int.from_bytes(head[1:], "big")
        if head[0] & 0x7F == _FLAC_PICTURE:
            body = file.read(length)
            kind, mime = struct.unpack_from(">LL", body)
            (text,) = struct.unpack_from(">L", body, 8 + mime)
            start = 12 + mime + text + 16
            (size,) = struct.unpack_from(">L", body, start)
            yield kind, body[start + 4 : start + 4 + size]
        if head[0] & 0x80:
            return
        position += 4 + length


def _in_mp4(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    start, end = 0, file.seek(0, 2)
    for name in (b"moov", b"udta", b"meta", b"ilst", b"covr", b"data"):
        inner = next(((s, e) for kind, s, e in _boxes(file, start, end) if kind == name), None)
        if inner is None:
            return
        start, end = inner
        start += {b"meta": 4, b"data": 8}.get(name, 0)
    if end - start <= _LONGEST_TAG:
        file.seek(start)
        yield _FRONT, file.read(end - start)


def _boxes(file: BinaryIO, position: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    for _ in range(_MOST_PARTS):
        file.seek(position)
        head = file.read(16)
        if position + 8 > end or len(head) < 8:
            return
        length, kind = struct.unpack_from(">L4s", head)
        start = position + 8
        if length == 1 and len(head) == 16:
            (length,) = struct.unpack_from(">Q", head, 8)
            start += 8
        stop = position + length if length else end
        if stop < start or stop > end:
            return
        yield kind, start, stop
        position = stop

"""How often an animated AVIF is played: Pillow neither tells nor writes it.

A list of edits that is repeated, and a duration of the track so many times as long as its own, or
none that is known for what is played for ever. Layouts: ISO/IEC 14496-12, 8.2.2, 8.3.2 and 8.6.6;
23000-22, 7; that is how libavif, and so Chromium and Firefox, read and write it.
"""

import struct
from typing import BinaryIO

from pastebin.images.iso_boxes import Box, BrokenBox, boxes, inside

_MOVIE, _TRACK, _EDITS = (b"mvhd",), (b"trak", b"tkhd"), (b"trak", b"edts", b"elst")

# Where the duration stands behind the head of a box: of version 0, with 32 bits, and of version 1, with 64.
_PLACES = {_MOVIE: (16, 24), _TRACK: (20, 28), _EDITS: (8, 8)}
_NUMBERS = (">L", ">Q")
_FOR_EVER = (2**32 - 1, 2**64 - 1)


def plays(file: BinaryIO) -> int:
    """Return how often an animated AVIF is shown, 0 for ever."""
    try:
        movie = _movie(file)
        edits = next(inside(file, movie, *_EDITS), None)
        track = next(inside(file, movie, *_TRACK), None)
        if edits is None or track is None:
            return 0
        whole, once = _duration(file, track, _TRACK), _duration(file, edits, _EDITS)
        is_repeated = _bytes(file, edits.content + 3, 1)[0] & 1
    except (BrokenBox, struct.error, IndexError):
        return 0
    if not is_repeated:
        return 1
    return 0 if whole in _FOR_EVER or not once else -(-whole // once)


def tell_plays(output: BinaryIO, count: int) -> None:
    """Write into an animated AVIF of libavif that it is shown `count` times, rather than for ever.

    `output` may be read; it stands at its end afterwards.
    """
    movie = _movie(output)
    (once,) = {_duration(output, box, _EDITS) for box in inside(output, movie, *_EDITS)}
    for path in (_MOVIE, _TRACK):
        for box in list(inside(output, movie, *path)):
            version = _version(output, box)
            output.seek(box.content + _PLACES[path][version])
            output.write(struct.pack(_NUMBERS[version], once * count))
    output.flush()
    output.seek(0, 2)


def _movie(file: BinaryIO) -> Box:
    found = next((box for box in boxes(file, 0, file.seek(0, 2)) if box.kind == b"moov"), None)
    if found is None:
        raise BrokenBox("there is no animation")
    return found


def _duration(file: BinaryIO, box: Box, path: tuple[bytes, ...]) -> int:
    version = _version(file, box)
    number = _NUMBERS[version]
    data = _bytes(file, box.content + _PLACES[path][version], struct.calcsize(number))
    return int(struct.unpack(number, data)[0])


def _version(file: BinaryIO, box: Box) -> int:
    return int(_bytes(file, box.content, 1) == b"\1")


def _bytes(file: BinaryIO, place: int, size: int) -> bytes:
    file.seek(place)
    return file.read(size)

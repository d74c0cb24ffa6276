"""A bounded look at the structure of a GIF, without decoding a pixel.

Pillow's own frame count reads a file to its end, and its decoder lets a frame enlarge
the canvas; both are settled here first. Layout: GIF89a specification, W3C.
"""

import struct
from typing import BinaryIO

from pastebin.errors import ImageTooLarge, NotAnImage

_TRAILER, _EXTENSION, _IMAGE = b";", b"!", b","


def count_frames(file: BinaryIO, max_frames: int, max_pixels: int) -> int:
    """Count the frames of a GIF, at most up to `max_frames` + 1.

    Raises NotAnImage when the structure is broken before the first frame ends, and
    ImageTooLarge when a frame reaches beyond `max_pixels` from the canvas's corner.
    """
    file.seek(0)
    header = file.read(13)
    if len(header) < 13:
        raise NotAnImage("the GIF ends within its header")
    size = struct.unpack_from("<HH", header, 6)
    _skip_colours(file, header[10])
    frames = 0
    while frames <= max_frames and (kind := file.read(1)) not in (b"", _TRAILER):
        if kind == _EXTENSION:
            file.seek(1, 1)
            _skip_blocks(file)
        elif kind == _IMAGE:
            size = _skip_image(file, size, max_pixels)
            frames += 1
    return frames


def _skip_image(file: BinaryIO, size: tuple[int, ...], max_pixels: int) -> tuple[int, int]:
    descriptor = file.read(9)
    if len(descriptor) < 9:
        raise NotAnImage("the GIF ends within a frame")
    left, top, width, height = struct.unpack_from("<HHHH", descriptor)
    reached = max(size[0], left + width), max(size[1], top + height)
    if reached[0] * reached[1] > max_pixels:
        raise ImageTooLarge(f"the GIF has more than {max_pixels} pixels")
    _skip_colours(file, descriptor[8])
    file.seek(1, 1)
    _skip_blocks(file)
    return reached


def _skip_colours(file: BinaryIO, flags: int) -> None:
    if flags & 0x80:
        file.seek(3 << (flags & 7) + 1, 1)


def _skip_blocks(file: BinaryIO) -> None:
    while (length := file.read(1)) and length[0]:
        file.seek(length[0], 1)

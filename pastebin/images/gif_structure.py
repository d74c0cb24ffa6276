"""A bounded look at the structure of a GIF, without decoding a pixel.

Pillow's own frame count reads a file to its end, and its decoder lets a frame enlarge
the canvas; both are settled here first. Layout: GIF89a specification, W3C.
"""

import struct
from collections.abc import Iterator
from typing import BinaryIO

from pastebin.errors import ImageTooLarge, NotAnImage
from pastebin.images.geometry import Size

_TRAILER, _EXTENSION, _IMAGE = b";", b"!", b","


def canvas_size(file: BinaryIO) -> Size:
    """Return the size of the canvas, enlarged by the first frame as its decoder does.

    Pillow takes memory for that frame while it opens a file, however large the frame says that it is.
    Raises NotAnImage when there is no frame.
    """
    for size in _canvases(file):
        return size
    raise NotAnImage("the GIF has no frame")


def count_frames(file: BinaryIO, max_frames: int, max_pixels: int) -> int:
    """Count the frames of a GIF, at most up to `max_frames` + 1.

    Raises NotAnImage when the structure is broken before the first frame ends, and
    ImageTooLarge when a frame reaches beyond `max_pixels` from the canvas's corner.
    """
    frames = 0
    for width, height in _canvases(file):
        if width * height > max_pixels:
            raise ImageTooLarge(f"the GIF has more than {max_pixels} pixels")
        frames += 1
        if frames > max_frames:
            break
    return frames


def _canvases(file: BinaryIO) -> Iterator[Size]:
    """Give the size of the canvas at each frame, enlarged by those that reach beyond it."""
    file.seek(0)
    header = file.read(13)
    if len(header) < 13:
        raise NotAnImage("the GIF ends within its header")
    width, height = struct.unpack_from("<HH", header, 6)
    _skip_colours(file, header[10])
    while (kind := file.read(1)) not in (b"", _TRAILER):
        if kind == _EXTENSION:
            file.seek(1, 1)
            _skip_blocks(file)
        elif kind == _IMAGE:
            descriptor = file.read(9)
            if len(descriptor) < 9:
                raise NotAnImage("the GIF ends within a frame")
            frame = struct.unpack_from("<HHHH", descriptor)
            width, height = max(width, frame[0] + frame[2]), max(height, frame[1] + frame[3])
            yield width, height
            _skip_colours(file, descriptor[8])
            file.seek(1, 1)
            _skip_blocks(file)


def _skip_colours(file: BinaryIO, flags: int) -> None:
    if flags & 0x80:
        file.seek(3 << (flags & 7) + 1, 1)


def _skip_blocks(file: BinaryIO) -> None:
    while (length := file.read(1)) and length[0]:
        file.seek(length[0], 1)
